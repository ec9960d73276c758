"""Forms of the field. They only validate: each ends in one call of an action."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings

from core.fields import LineField
from core.text import fold
from field.envelopes import BadUpload, Upload, read_export
from field.models import GOALS, FieldSession
from organisations.models import Organisation

LONGEST = timedelta(days=92)


class SessionEditForm(forms.Form):
    label = LineField(
        label="Intitulé",
        max_length=150,
        help_text="Ce que verront les militant·es : « Marché de Bayeux, samedi matin ».",
        error_messages={"required": "Donnez un intitulé à cette session."},
    )
    starts_on = forms.DateField(
        label="Premier jour",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choisissez le premier jour."},
    )
    ends_on = forms.DateField(
        label="Dernier jour",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Le QR code ouvre des tablettes du premier au dernier jour compris.",
        error_messages={"required": "Choisissez le dernier jour."},
    )

    def clean_label(self) -> str:
        label = str(self.cleaned_data["label"])
        if not fold(label):
            raise forms.ValidationError("Donnez un intitulé à cette session.")
        return label

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on: date | None = cleaned.get("starts_on")
        ends_on: date | None = cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Le dernier jour vient après le premier.")
        elif starts_on and ends_on and ends_on - starts_on > LONGEST:
            self.add_error("ends_on", "Trois mois au plus : ouvrez plutôt plusieurs sessions.")
        return cleaned

    @classmethod
    def for_session(cls, session: FieldSession, data: Any = None) -> "SessionEditForm":
        initial = {
            "label": session.label, "starts_on": session.starts_on, "ends_on": session.ends_on,
        }  # fmt: skip
        return cls(data, initial=initial)


class SessionForm(SessionEditForm):
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), empty_label=None
    )
    field_order = ["label", "organisation", "starts_on", "ends_on"]

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = Organisation.objects.filter(pk__in=[item.pk for item in organisations])
        self.fields["organisation"].queryset = allowed.order_by("kind", "name")  # type: ignore[attr-defined]


class EnrolmentForm(forms.Form):
    """What a tablet is told when it opens: who holds it, and how many contacts they aim for."""

    first_name = LineField(
        label="Votre prénom",
        max_length=80,
        help_text="Pour votre compteur. Vous pourrez passer la tablette à quelqu’un d’autre.",
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": "Écrivez votre prénom."},
    )
    goal = forms.TypedChoiceField(
        label="Votre objectif",
        choices=GOALS,
        coerce=int,
        initial=5,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un objectif."},
    )

    def clean_first_name(self) -> str:
        name = str(self.cleaned_data["first_name"])
        if not fold(name):
            raise forms.ValidationError("Écrivez votre prénom.")
        return name


class ExportForm(forms.Form):
    """The file a tablet exported when nothing else worked."""

    file = forms.FileField(
        label="Fichier exporté par la tablette",
        help_text="Il se termine par « .json ». Il est chiffré : seul ce site sait le lire.",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
        error_messages={
            "required": "Choisissez le fichier exporté par la tablette.",
            "empty": "Ce fichier est vide.",
        },
    )

    upload: Upload

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError("Ce fichier est trop gros : 20 Mo au plus.")
        try:
            self.upload = read_export(file.read())
        except BadUpload as error:
            raise forms.ValidationError(str(error)) from error
        if not self.upload.envelopes:
            raise forms.ValidationError("Aucune fiche lisible dans ce fichier.")
        return file
