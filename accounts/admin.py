"""The technical administration stands behind the same door as the rest."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Invitation

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_title = admin.site.site_header = "Campagne TPE"


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """To look at: an invitation is written by an action, which also writes its mail."""

    list_display = ["email", "organisation", "role", "created_at", "accepted_at", "revoked_at"]
    list_select_related = ["organisation"]
    search_fields = ["email", "organisation__name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False
