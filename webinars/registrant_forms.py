"""Forms about who comes to a session."""

from typing import Any

from django import forms

from core.fields import LineField
from core.text import fold
from organisations.models import Organisation
from webinars.enums import RegistrationState
from webinars.models import RegistrationQuerySet
from webinars.registering import Applicant
from webinars.rules import organisations_to_choose

NO_NAME = "Écrivez le nom de cette personne."
PRESENCES = [("", "Peu importe"), ("oui", "Présent·e"), ("non", "Pas venu·e")]


class PeopleFilterForm(forms.Form):
    """Filters of the list of a session's people."""

    q = forms.CharField(
        label="Chercher", required=False, max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": "Nom, adresse, organisation"}),
    )  # fmt: skip
    etat = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *RegistrationState.choices]
    )
    presence = forms.ChoiceField(label="Présence", required=False, choices=PRESENCES)
    appareils = forms.BooleanField(label="Lien ouvert sur plusieurs appareils", required=False)

    def narrow(self, people: RegistrationQuerySet) -> RegistrationQuerySet:
        """Of `people`, those the valid filters keep."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("q"):
            people = people.matching(chosen["q"])
        if chosen.get("etat"):
            people = people.filter(state=chosen["etat"])
        if chosen.get("presence") == "oui":
            people = people.came()
        if chosen.get("presence") == "non":
            people = people.missed()
        if chosen.get("appareils"):
            people = people.on_several_devices()
        return people

    @property
    def is_filtering(self) -> bool:
        return self.is_valid() and any(self.cleaned_data.values())


class AddForm(forms.Form):
    """Somebody who asked for it by word of mouth."""

    name = LineField(label="Nom", max_length=120, error_messages={"required": NO_NAME})
    email = forms.EmailField(
        label="Adresse e-mail", max_length=254,
        help_text="Son lien personnel part à cette adresse.",
        error_messages={
            "required": "Écrivez son adresse e-mail : son lien y part.",
            "invalid": "Cette adresse semble incomplète, par exemple prenom@exemple.fr.",
        },
    )  # fmt: skip
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Organisation", required=False, empty_label="Une autre"
    )
    organisation_name = LineField(
        label="Si c’est une autre, laquelle ?", max_length=150, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations_to_choose()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not fold(name):
            raise forms.ValidationError(NO_NAME)
        return name

    def applicant(self) -> Applicant:
        data = self.cleaned_data
        own = data["organisation"]
        return Applicant(
            email=data["email"], name=data["name"], organisation=own,
            organisation_name="" if own else data["organisation_name"],
        )  # fmt: skip


class ReplyForm(forms.Form):
    """What staff add to the mail of their answer."""

    reply = LineField(
        label="Un mot pour elle ou lui", max_length=300, required=False,
        help_text="Il est dans le mail qui part.",
    )  # fmt: skip


class RemovalForm(ReplyForm):
    for_good = forms.BooleanField(
        label="Ne plus l’accepter à cette séance", required=False,
        help_text="Sinon, cette personne peut se réinscrire elle-même.",
    )  # fmt: skip


class ExportForm(forms.Form):
    reason = LineField(
        label="Pourquoi ce fichier ?", max_length=200,
        help_text="Des noms et des adresses sortent d’ici : la raison est gardée avec votre nom.",
        error_messages={"required": "Dites pourquoi en quelques mots."},
    )  # fmt: skip
    file_type = forms.ChoiceField(
        label="Format", choices=[("xlsx", "Excel (.xlsx)"), ("csv", "CSV")],
        initial="xlsx", widget=forms.RadioSelect,
    )  # fmt: skip
