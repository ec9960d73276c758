"""Organisations and roles. Places and agreements are typed one a line and checked line by line."""

import re
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from core.fields import LineField
from core.text import fold, without_controls
from organisations.actions import details_seen
from organisations.enums import Role
from organisations.fields import OfficePhoneField
from organisations.models import Organisation
from territory.models import CollectiveAgreement, Commune

IDCC_AT_START = re.compile(r"(?:IDCC\s*)?(\d{1,4})\b", re.IGNORECASE)
TOWN = re.compile(r"\d{5} \S")
# What the window of an envelope shows, below the name.
MOST_ADDRESS_LINES, LONGEST_LINE = 5, 60
INSEE_AT_END = re.compile(r"^(?P<name>.*?)[\s(]*\b(?P<insee>\d[\dAB]\d{3})\)?$")
ROLE_CHOICES = [
    (Role.MILITANT, "Militant·e : saisit des contacts, ne voit que les siens"),
    (Role.STAFF, "Équipe : voit et rappelle les contacts de l’organisation"),
    (Role.ADMIN, "Responsable : fait partie de l’équipe, invite et gère les membres"),
]


class LinesField(forms.CharField):
    """A text of one thing a line; cleans to [(line number, text), …] without the empty ones."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"rows": rows, "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> Any:
        lines = enumerate(super().clean(value).splitlines(), 1)
        return [(number, line.strip()) for number, line in lines if line.strip()]


def check_each(lines: Iterable[tuple[int, str]], read: Any) -> list[Any]:
    """`read` each line; all the problems are raised together, each with its line number."""
    found, errors = [], []
    for number, line in lines:
        try:
            found.append(read(line))
        except ValueError as problem:
            errors.append(f"Ligne {number} : {problem}")
    if errors:
        raise ValidationError(errors)
    return found


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Rôle", choices=ROLE_CHOICES, widget=forms.RadioSelect)


class FilterForm(forms.Form):
    q = forms.CharField(label="Chercher une organisation", required=False, max_length=80)


class NameForm(forms.Form):
    name = LineField(label="Nom de l’organisation", max_length=150)

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        if organisation:
            self.initial["name"] = organisation.name


class ContactDetailsForm(forms.Form):
    """Where an organisation is written to and called."""

    postal_address = LinesField(
        label="Adresse postale",
        required=False,
        rows=4,
        help_text="Telle que sur une enveloppe, sans le nom : la rue, puis « 14000 Caen ».",
    )
    phone = OfficePhoneField(label="Téléphone", required=False)
    # What was on screen: nobody overwrites what they did not see.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(
            postal_address=organisation.postal_address,
            phone=organisation.phone,
            seen=details_seen(organisation),
        )
        self.fields["phone"].read_as_in(organisation.seat)  # type: ignore[attr-defined]

    def clean_postal_address(self) -> str:
        lines = [without_controls(line) for _, line in self.cleaned_data["postal_address"]]
        if len(lines) > MOST_ADDRESS_LINES or any(len(line) > LONGEST_LINE for line in lines):
            raise ValidationError(
                f"{MOST_ADDRESS_LINES} lignes de {LONGEST_LINE} caractères au plus : "
                "la place d’une adresse sur une enveloppe."
            )
        if lines and not any(TOWN.match(line) for line in lines):
            raise ValidationError("Il manque le code postal et la ville : « 14000 Caen ».")
        return "\n".join(lines)

    def show_newer(self, organisation: Organisation) -> None:
        """Keep what was typed beside what somebody else wrote; sending again replaces that."""
        sent = cast(QueryDict, self.data).copy()
        sent["seen"] = details_seen(organisation)
        self.data = sent
        self.add_error(
            None,
            "Quelqu’un vient de modifier cette adresse. Ce que vous avez écrit est encore là : "
            "comparez, puis enregistrez de nouveau pour le garder.",
        )


class LocalUnionForm(NameForm):
    parent = forms.ModelChoiceField(
        label="Union départementale", queryset=Organisation.objects.none(), empty_label="Choisir…"
    )
    communes = LinesField(
        label="Communes",
        required=False,
        help_text="Une par ligne : son nom, ou son code INSEE. Par exemple « Caen » ou « 14118 ».",
    )
    postcodes = LinesField(
        label="Codes postaux",
        required=False,
        rows=3,
        help_text="Un par ligne, pour les arrondissements de Paris, Lyon et Marseille.",
    )

    def __init__(self, *args: Any, parents: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        union = self.organisation
        if union:
            del self.fields["parent"]
            communes = [f"{commune.name} ({commune.insee})" for commune in union.communes.all()]
            self.initial["communes"] = "\n".join(communes)
            self.initial["postcodes"] = "\n".join(union.postcodes)
        elif len(choice := parents[:2]) == 1:
            self.initial["parent"] = choice[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        parent = self.organisation.parent if self.organisation else data.get("parent")
        if parent is None:
            return data
        for name, read in (("communes", read_commune), ("postcodes", read_postcode)):
            try:
                lines = data.get(name, [])
                data[name] = check_each(lines, lambda text, read=read: read(text, parent))
            except ValidationError as error:
                self.add_error(name, error)
        if not self.errors and not data["communes"] and not data["postcodes"]:
            self.add_error("communes", "Indiquez au moins une commune ou un code postal.")
        return data


def read_commune(text: str, parent: Organisation) -> Commune:
    """The commune of the UD's département that a line names. Raises `ValueError`."""
    there = Commune.objects.filter(departement=parent.departement_id)
    code = INSEE_AT_END.match(text.upper())
    if code:
        commune = there.filter(pk=code["insee"]).first()
        if commune is None:
            raise ValueError(f"aucune commune de code INSEE {code['insee']} dans {parent}.")
        return commune
    named = [commune for commune in there.matching(text) if fold(commune.name) == fold(text)]
    if not named:
        raise ValueError(f"« {text[:60]} » n’est pas une commune de {parent}.")
    if len(named) > 1:
        codes = " ou ".join(commune.insee for commune in named)
        raise ValueError(f"plusieurs communes s’appellent « {text[:60]} » : écrivez {codes}.")
    return named[0]


def read_postcode(text: str, parent: Organisation) -> str:
    """A postcode of the UD's département. Raises `ValueError`."""
    code = text.replace(" ", "")
    there = Commune.objects.filter(departement=parent.departement_id)
    if not re.fullmatch(r"\d{5}", code):
        raise ValueError(f"« {text[:20]} » n’est pas un code postal : 5 chiffres attendus.")
    if not there.with_postcode(code).exists():
        raise ValueError(f"le code postal {code} n’existe pas dans {parent}.")
    return code


class FederationForm(NameForm):
    agreements = LinesField(
        label="Conventions collectives (IDCC)",
        required=False,
        rows=10,
        help_text="Un code par ligne. Le titre peut suivre : « 3239 Particuliers employeurs ».",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.organisation:
            own = self.organisation.agreements.all()
            codes = [f"{agreement.idcc} {agreement.short_title}" for agreement in own]
            self.initial["agreements"] = "\n".join(codes)

    def clean_agreements(self) -> list[CollectiveAgreement]:
        return check_each(self.cleaned_data["agreements"], read_agreement)


def read_agreement(text: str) -> CollectiveAgreement:
    """The agreement whose code starts the line. Raises `ValueError`."""
    code = IDCC_AT_START.match(text)
    agreement = CollectiveAgreement.objects.filter(pk=code[1].zfill(4)).first() if code else None
    if agreement is None:
        raise ValueError(f"aucune convention collective de code « {text[:20]} ».")
    return agreement
