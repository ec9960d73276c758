"""Invitations, and what people change of their own account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.fields import LineField
from organisations.enums import Role
from organisations.forms import ROLE_CHOICES
from organisations.models import Membership, Organisation, User

MOST_AT_ONCE = 50


class InvitationForm(forms.Form):
    emails = forms.CharField(
        label="Adresses e-mail",
        help_text=f"Une adresse par ligne, {MOST_AT_ONCE} au plus à la fois.",
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(
        label="Rôle", choices=ROLE_CHOICES, initial=Role.MILITANT, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_emails(self) -> list[str]:
        lines = self.cleaned_data["emails"].splitlines()
        numbered = [(number, line.strip().lower()) for number, line in enumerate(lines, 1)]
        filled = [(number, email) for number, email in numbered if email]
        if len(filled) > MOST_AT_ONCE:
            raise ValidationError(f"{len(filled)} adresses : {MOST_AT_ONCE} au plus à la fois.")
        members = self._members_among([email for _, email in filled])
        errors = [
            f"Ligne {number} : {problem}"
            for number, email in filled
            if (problem := _find_problem(email, members))
        ]
        if errors:
            raise ValidationError(errors)
        return list(dict.fromkeys(email for _, email in filled))

    def _members_among(self, emails: list[str]) -> set[str]:
        members = Membership.objects.active().filter(
            organisation=self.organisation, user__email__in=emails
        )
        return set(members.values_list("user__email", flat=True))


def _find_problem(email: str, members: set[str]) -> str:
    if email in members:
        return f"« {email} » fait déjà partie de l’organisation."
    try:
        validate_email(email)
    except ValidationError:
        return f"« {email[:80]} » n’est pas une adresse e-mail."
    return "" if len(email) <= 254 else "cette adresse est trop longue."


class NameForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name"]
        field_classes = {"first_name": LineField, "last_name": LineField}
        labels = {"first_name": "Prénom", "last_name": "Nom"}
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
        }
