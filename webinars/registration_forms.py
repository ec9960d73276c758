"""Forms by which people register. They only validate: each ends in one call of `register`."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from contacts.names import is_name
from core.fields import LineField
from core.text import fold, without_controls
from organisations.enums import Kind, Mandate
from organisations.models import User
from territory.local_time import PARIS
from webinars import rules
from webinars.agenda import Line
from webinars.local_hours import ZONES
from webinars.models import Webinar
from webinars.registering import Applicant

NO_NAME = "Écrivez votre prénom et votre nom."
NOT_A_NAME = "Un prénom et un nom seulement : des lettres, sans chiffre ni adresse."
NOT_AN_ORGANISATION = "Le nom d’une organisation seulement, sans adresse ni lien."
# A telephone makes a link of « gain.example », a spreadsheet a formula of « =… ».
ACTS_IN_A_MESSAGE = re.compile(r"[/\\@<>=]|[.。․．｡][^\W\d_]{2,}|\s\.\w|^[+\-|]")
WRONG_EMAIL = "Cette adresse e-mail semble incomplète, par exemple prenom@exemple.fr."
# What a select calls the organisations of each kind.
GROUPS = {
    Kind.CONFEDERATION: "Confédération",
    Kind.REGION: "Comités régionaux",
    Kind.UD: "Unions départementales",
    Kind.UL: "Unions locales",
    Kind.FD: "Fédérations",
}


def robot_trap() -> forms.CharField:
    """Only a robot fills in a field nobody sees."""
    return forms.CharField(
        label="Ne rien écrire ici",
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )


class SessionsForm(forms.Form):
    """Which of the offered sessions somebody wants to come to, in one go."""

    sessions = forms.MultipleChoiceField(
        label="Séances",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une séance.",
            "invalid_choice": "Une séance choisie n’accepte plus d’inscription.",
        },
    )
    mandate = forms.ChoiceField(
        label="Votre mandat",
        required=False,
        choices=[("", "Aucun de ceux-là"), *Mandate.choices],
        help_text="Certaines séances s’adressent à qui en détient un.",
    )
    reason = LineField(
        label="Pourquoi venir",
        required=False,
        max_length=300,
        help_text="Si la séance s’adresse à d’autres que vous, l’équipe qui l’organise lit ces "
        "mots et vous répond.",
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        sessions = self.fields["sessions"]
        sessions.choices = [  # type: ignore[attr-defined]
            (line.webinar.code, f"{line.webinar.title} – {line.when}") for line in lines
        ]
        if len(lines) == 1:
            sessions.widget = forms.MultipleHiddenInput()
        asked = [line.webinar.series for line in lines if self._may_have_to_ask(line)]
        if not any(one.mandates for one in asked):
            del self.fields["mandate"]
        if not asked:
            del self.fields["reason"]

    def _may_have_to_ask(self, line: Line) -> bool:
        return not line.webinar.series.is_open

    def chosen(self) -> list[Webinar]:
        codes = self.cleaned_data.get("sessions", [])
        return [line.webinar for line in self.lines if line.webinar.code in codes]

    @property
    def is_robot(self) -> bool:
        return False

    def applicant(self) -> Applicant:
        raise NotImplementedError

    def _told(self) -> dict[str, Any]:
        """What is said for those who answer requests."""
        return {name: self.cleaned_data.get(name, "") for name in ("mandate", "reason")}


class MemberForm(SessionsForm):
    """Somebody with an account: everything else is known."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def _may_have_to_ask(self, line: Line) -> bool:
        return line.must_ask

    def applicant(self) -> Applicant:
        return Applicant.of(self.user, **self._told())


class GuestForm(SessionsForm):
    """Somebody without an account, or who is not logged in."""

    name = LineField(
        label="Prénom et nom",
        max_length=120,
        error_messages={"required": NO_NAME},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="Adresse e-mail",
        max_length=254,
        help_text="Votre lien personnel y arrive, et nulle part ailleurs.",
        error_messages={"required": "Écrivez votre adresse e-mail.", "invalid": WRONG_EMAIL},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    organisation = forms.ModelChoiceField(
        label="Votre organisation",
        queryset=rules.organisations_to_choose(),
        required=False,
        error_messages={"invalid_choice": "Cette organisation n’est pas dans la liste."},
    )
    organisation_name = LineField(
        label="ou son nom, si elle n’est pas dans la liste",
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    time_zone = forms.ChoiceField(
        label="Où êtes-vous ?",
        choices=ZONES,
        initial=PARIS.key,
        help_text="Vos messages disent l’heure de là-bas, avec celle de Paris.",
    )
    website = robot_trap()
    field_order = [
        "sessions", "name", "email", "organisation", "organisation_name", "mandate", "reason",
        "time_zone",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = _grouped()  # type: ignore[attr-defined]
        if "reason" in self.fields:
            for name in ("organisation", "organisation_name"):
                # One of the two is needed: neither is simply optional.
                self.fields[name].is_one_of_two = True  # type: ignore[attr-defined]

    @property
    def is_robot(self) -> bool:
        return bool(self.data.get("website"))

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not fold(name):
            raise forms.ValidationError(NO_NAME)
        if not is_name(name, longest=120):
            raise forms.ValidationError(NOT_A_NAME)
        return name

    def clean_organisation_name(self) -> str:
        name = without_controls(str(self.cleaned_data["organisation_name"])).strip()
        if ACTS_IN_A_MESSAGE.search(name):
            raise forms.ValidationError(NOT_AN_ORGANISATION)
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_for_some = not all(one.series.is_open for one in self.chosen())
        said = cleaned.get("organisation") or cleaned.get("organisation_name")
        if is_for_some and not said and "organisation" not in self.errors:
            self.add_error(
                "organisation",
                "Choisissez votre organisation, ou écrivez son nom juste en dessous.",
            )
        return cleaned

    def applicant(self) -> Applicant:
        data = self.cleaned_data
        names = ("email", "name", "organisation", "organisation_name", "time_zone")
        return Applicant(**{name: data[name] for name in names}, **self._told())


def _grouped() -> list[Any]:
    """The organisations by kind, the widest first, after an empty choice."""
    named: dict[str, list[tuple[int, str]]] = {kind: [] for kind in GROUPS}
    for organisation in rules.organisations_to_choose():
        named[organisation.kind].append((organisation.pk, organisation.name))
    groups = [(GROUPS[Kind(kind)], choices) for kind, choices in named.items() if choices]
    return [("", "Choisissez, ou passez"), *groups]
