"""Forms about a team. They only validate: each ends in one call of an action."""

from typing import Any

import phonenumbers
from django import forms
from phonenumbers import PhoneNumberFormat

from contacts.names import NOT_A_FIRST_NAME, is_name
from contacts.places import WrongPhone, read_phone
from core.fields import LineField
from deployments.enums import FIELD_ROLE
from deployments.fields import seen_anew
from deployments.models import Deployment, Shift, TeamMember, TeamRole
from deployments.staffing import may_be_told
from deployments.team_rules import Choice, roles_to_sign_up, team_roles
from deployments.team_wording import shift_words, taken_words
from organisations.enums import Mandate
from organisations.models import User

DATE = {"type": "date"}


class RoleForm(forms.Form):
    """What somebody does in a team."""

    role = forms.ModelChoiceField(
        label="Rôle", queryset=TeamRole.objects.none(), empty_label=None, initial=FIELD_ROLE
    )
    mandates = forms.MultipleChoiceField(
        label="Mandats",
        choices=Mandate,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ceux que la personne détient : ils servent aux points d’information.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = team_roles()  # type: ignore[attr-defined]


class PersonForm(RoleForm):
    """Somebody without an account, or whose account nobody looks up: a number or an address."""

    first_name = LineField(
        label="Prénom",
        max_length=80,
        error_messages={"required": "Écrivez le prénom."},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    phone = forms.CharField(
        label="Téléphone",
        required=False,
        max_length=30,
        help_text="Un téléphone ou un e-mail : l’un suffit.",
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(
        label="ou adresse e-mail",
        required=False,
        max_length=254,
        error_messages={"invalid": "Cette adresse e-mail semble incomplète."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["first_name", "phone", "email", "role", "mandates"]

    def __init__(self, *args: Any, deployment: Deployment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departement = deployment.departement
        self.region = departement.phone_region if departement else "FR"
        for name in ("phone", "email"):
            # One of the two is needed: neither is simply optional.
            self.fields[name].is_one_of_two = True  # type: ignore[attr-defined]

    def clean_first_name(self) -> str:
        name = str(self.cleaned_data["first_name"])
        if not is_name(name):
            raise forms.ValidationError(NOT_A_FIRST_NAME)
        return name

    def clean_phone(self) -> str:
        text = str(self.cleaned_data["phone"]).strip()
        if not text:
            return ""
        try:
            number = read_phone(text, self.region)
        except WrongPhone as error:
            raise forms.ValidationError(
                "Ce numéro ne semble pas valide. Vérifiez-le, par exemple 06 12 34 56 78."
            ) from error
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not (cleaned["phone"] or cleaned["email"]):
            self.add_error("phone", "Écrivez un téléphone ou une adresse e-mail : l’un suffit.")
        return cleaned


class SignUpForm(PersonForm):
    """The form behind the link of an action. `website` is a trap for robots."""

    website = forms.CharField(
        label="Ne rien écrire ici",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = roles_to_sign_up()  # type: ignore[attr-defined]
        self.fields["role"].label = "Ce que vous aimeriez faire"
        self.fields["mandates"].label = "Vos mandats"
        self.fields[
            "mandates"
        ].help_text = "Si vous en avez : ils servent aux points d’information."

    @property
    def is_robot(self) -> bool:
        return bool(self.data.get("website"))

    def person(self) -> dict[str, Any]:
        """The arguments of `sign_up`."""
        return {name: value for name, value in self.cleaned_data.items() if name != "website"}


class PickForm(RoleForm):
    """Accounts chosen from a list; who is absent or taken is shown and cannot be ticked."""

    people = forms.ModelMultipleChoiceField(
        label="Qui invitez-vous ?",
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une personne."},
    )
    field_order = ["people", "role"]

    def __init__(
        self, *args: Any, choices: list[Choice], deployment: Deployment, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["mandates"]
        free = [one.user.pk for one in choices if not one.obstacle and not one.clash]
        people = self.fields["people"]
        people.queryset = User.objects.filter(pk__in=free).order_by("first_name", "last_name", "pk")  # type: ignore[attr-defined]
        people.label_from_instance = User.get_full_name  # type: ignore[attr-defined]
        self.unavailable = [
            (one.user.get_full_name(), _why_not(one, deployment))
            for one in choices
            if one.obstacle or one.clash
        ]
        self.has_choices = bool(free)


def _why_not(choice: Choice, deployment: Deployment) -> str:
    return taken_words(choice.clash, deployment.zone) if choice.clash else choice.obstacle


class MemberForm(RoleForm):
    """The role, the mandates and the pair of somebody of a team, as they were on screen."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    pair = forms.IntegerField(
        label="Binôme",
        required=False,
        min_value=1,
        max_value=99,
        help_text="Les personnes de même numéro vont ensemble.",
    )

    @classmethod
    def for_member(cls, member: TeamMember, data: Any = None) -> "MemberForm":
        initial = {
            "revision": member.revision, "role": member.role_id, "mandates": member.mandates,
            "pair": member.pair,
        }  # fmt: skip
        return cls(data, initial=initial)

    def show_newer(self, member: TeamMember) -> None:
        """Keep what was typed; sending it again replaces the state of `member`."""
        self.data = seen_anew(self.data, member.revision)


class RemovalForm(forms.Form):
    """Whether who is taken off a team is told so."""

    is_told = forms.BooleanField(label="Prévenir cette personne", required=False, initial=True)

    def __init__(self, *args: Any, member: TeamMember, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_told(member, by):
            del self.fields["is_told"]
            return
        channel = "un SMS" if member.phone else "un e-mail"
        self.fields[
            "is_told"
        ].help_text = f"Elle reçoit {channel} de remerciement, qui dit qu’on ne l’attend plus."


class AnswerForm(forms.Form):
    """Which shifts somebody comes to, when there are several, and who becomes pilot instead."""

    shifts = forms.ModelMultipleChoiceField(
        label="Quand venez-vous ?",
        queryset=Shift.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans rien cocher, vous venez à tous.",
    )

    def __init__(self, *args: Any, member: TeamMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = member.deployment.zone
        shifts = self.fields["shifts"]
        shifts.queryset = Shift.objects.filter(deployment=member.deployment)  # type: ignore[attr-defined]
        shifts.label_from_instance = lambda shift: shift_words(shift, zone)  # type: ignore[attr-defined]
        self.has_choice = shifts.queryset.count() > 1  # type: ignore[attr-defined]
        if not self.has_choice:
            del self.fields["shifts"]


class SuccessorForm(forms.Form):
    successor = forms.ModelChoiceField(
        label="Qui prend le relais ?",
        queryset=TeamMember.objects.none(),
        required=False,
        empty_label="Je ne sais pas encore",
    )

    def __init__(self, *args: Any, candidates: list[TeamMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = TeamMember.objects.filter(pk__in=[one.pk for one in candidates])
        self.fields["successor"].queryset = allowed  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    first = forms.DateField(
        label="Du",
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        error_messages={"required": "Quel est le premier jour ?"},
    )
    last = forms.DateField(
        label="au",
        required=False,
        widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"),
        help_text="Ce jour compris. Sans rien écrire : un seul jour.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "Le dernier jour vient après le premier.")
        if first and "last" in cleaned and not last:
            cleaned["last"] = first
        return cleaned
