"""Read-only: the library is edited on its own pages, where publication is checked."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from library.models import Document, DocumentVersion, RightsSheet, RightsSheetVersion


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


@admin.register(RightsSheet)
class RightsSheetAdmin(ReadOnly):
    list_display = ("title", "slug", "is_general", "position")
    search_fields = ("title", "slug")


@admin.register(RightsSheetVersion)
class RightsSheetVersionAdmin(ReadOnly):
    list_display = ("sheet", "number", "state", "verified_on", "published_at")
    list_filter = ("state",)
    list_select_related = ("sheet",)


@admin.register(Document)
class DocumentAdmin(ReadOnly):
    list_display = ("title", "kind", "retired_at")
    list_filter = ("kind",)


@admin.register(DocumentVersion)
class DocumentVersionAdmin(ReadOnly):
    list_display = ("document", "number", "name", "content_type", "size", "added_at")
    list_select_related = ("document",)
