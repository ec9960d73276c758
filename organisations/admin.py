"""Technical administration, for the few who keep the installation running."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from core.fields import LineField
from organisations.fields import OfficePhoneField
from organisations.models import Membership, Organisation, User


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["organisation"]


PERSON_NAMES = {"first_name": LineField, "last_name": LineField}


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["email", "first_name", "last_name", "is_active", "is_staff", "is_superuser"]
        field_classes = PERSON_NAMES


class OrganisationForm(forms.ModelForm):
    phone = OfficePhoneField(label="Téléphone", required=False)

    class Meta:
        model = Organisation
        fields = [
            "kind", "name", "slug", "parent", "region", "departement", "communes", "postcodes",
            "agreements", "postal_address", "phone", "is_active",
        ]  # fmt: skip
        field_classes = {"name": LineField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].read_as_in(self.instance.seat)  # type: ignore[attr-defined]


class NewUserForm(forms.ModelForm):
    """An account without a password: its first log-in is a code sent to the address."""

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name"]
        field_classes = PERSON_NAMES

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ["email", "first_name", "last_name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "first_name", "last_name"]
    form = UserForm
    fields = ["email", "first_name", "last_name", "is_active", "is_staff", "is_superuser"]
    inlines = [MembershipInline]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            return NewUserForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return ["email", "first_name", "last_name"] if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """The address is the identifier, proved by the log-in codes it receives.

        Staff rights are given by a superuser alone.
        """
        fixed = ["email"] if obj else []
        return fixed if request.user.is_superuser else [*fixed, "is_staff", "is_superuser"]

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj else []


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    form = OrganisationForm
    list_display = ["name", "kind", "parent", "is_active"]
    list_filter = ["kind", "is_active"]
    list_select_related = ["parent"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["parent"]
    raw_id_fields = ["communes", "agreements", "region", "departement"]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "organisation", "role", "started_at", "ended_at"]
    list_filter = ["role"]
    list_select_related = ["user", "organisation"]
    search_fields = ["user__email", "user__first_name", "user__last_name", "organisation__name"]
    autocomplete_fields = ["user", "organisation"]
