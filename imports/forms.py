"""A list's file, its columns, and how its people agreed. Each form ends in one action."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from contacts.enums import ConsentChannel
from contacts.reading import PlaceReader, UnclearPlace
from imports.enums import ConsentOrigin, Target
from imports.files import LIMITS
from imports.models import ContactImport
from organisations.models import Organisation
from territory.models import Trade

SHORTEST_WORDS = 20
IGNORED = ""


class UploadForm(forms.Form):
    organisation = forms.ModelChoiceField(
        label="Au nom de", queryset=Organisation.objects.none(), empty_label=None
    )
    label = forms.CharField(
        label="Intitulé",
        max_length=150,
        help_text="Pour vous y retrouver : « Adhérent·es des permanences, 2025 ».",
        error_messages={"required": "Donnez un intitulé à cette liste."},
    )
    file = forms.FileField(
        label="Fichier",
        error_messages={
            "required": "Choisissez un fichier.",
            "empty": "Ce fichier est vide.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.ods"}),
    )

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = Organisation.objects.filter(pk__in=[each.pk for each in organisations])
        self.fields["organisation"].queryset = allowed.order_by("name")  # type: ignore[attr-defined]
        if len(organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = organisations[0].pk
        self.fields["file"].help_text = (
            f"CSV, Excel (.xlsx) ou LibreOffice (.ods), avec une ligne de titres. {LIMITS}, "
            f"{filesizeformat(settings.UPLOAD_MAX_BYTES)}."
        )

    def opened(self) -> dict[str, Any]:
        """Keyword arguments of `open_import`."""
        file: UploadedFile = self.cleaned_data["file"]
        return {
            "organisation": self.cleaned_data["organisation"],
            "label": self.cleaned_data["label"],
            "file": file.file,
            "file_name": file.name or "liste",
            "size": file.size or 0,
            "largest": settings.UPLOAD_MAX_BYTES,
        }


class ColumnsForm(forms.Form):
    """One choice per column of the file, and what stands for the columns it lacks."""

    default_trade = forms.ModelChoiceField(
        label="Métier, si la colonne est vide ou absente",
        queryset=Trade.objects.in_use(),
        required=False,
        empty_label="Inconnu",
    )
    default_postcode = forms.CharField(
        label="Code postal du travail, si la colonne est vide ou absente",
        required=False,
        max_length=5,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-short": ""}),
    )

    def __init__(self, *args: Any, contact_import: ContactImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headers: list[str] = contact_import.headers
        chosen = {at: target for target, at in contact_import.columns.items()}
        choices = [(IGNORED, "Ne pas importer"), *Target.choices]
        for at, header in enumerate(self.headers):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=header, choices=choices, required=False, initial=chosen.get(at, IGNORED)
            )
        self.fields["default_trade"].initial = contact_import.default_trade_id
        self.fields["default_postcode"].initial = contact_import.default_postcode

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{at}"] for at in range(len(self.headers))]

    def clean_default_postcode(self) -> str:
        postcode = str(self.cleaned_data["default_postcode"]).replace(" ", "")
        if postcode:
            try:
                PlaceReader().read(postcode)
            except UnclearPlace as error:
                raise forms.ValidationError(str(error)) from error
        return postcode

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        columns = self.columns
        for target in Target:
            twice = [at for at, chosen in self._chosen() if chosen == target]
            for at in twice[1:]:
                self.add_error(
                    f"column_{at}", f"« {target.label} » est déjà prise par une autre colonne."
                )
        if Target.FIRST_NAME not in columns:
            self.add_error(None, "Dites quelle colonne contient le prénom.")
        if not columns.keys() & {Target.PHONE, Target.MOBILE, Target.EMAIL}:
            self.add_error(None, "Dites quelle colonne contient un téléphone ou un e-mail.")
        has_place = columns.keys() & {Target.POSTCODE, Target.COMMUNE}
        if not (has_place or cleaned.get("default_postcode") or "default_postcode" in self.errors):
            self.add_error(
                "default_postcode",
                "Aucune colonne ne dit où les personnes travaillent : écrivez un code postal "
                "pour toute la liste.",
            )
        return cleaned

    def _chosen(self) -> list[tuple[int, str]]:
        return [
            (at, target)
            for at in range(len(self.headers))
            if (target := self.cleaned_data.get(f"column_{at}", IGNORED))
        ]

    @property
    def columns(self) -> dict[str, int]:
        return {target: at for at, target in self._chosen()}

    def chosen(self) -> dict[str, Any]:
        """Keyword arguments of `choose_columns`."""
        data = self.cleaned_data
        return {
            "columns": self.columns,
            "default_trade": data["default_trade"],
            "default_postcode": data["default_postcode"],
        }


class ProofForm(forms.Form):
    """How, when and with which words the people of a list agreed. Without it nothing enters."""

    origin = forms.ChoiceField(
        label="Comment ces personnes ont-elles donné leur accord ?",
        choices=ConsentOrigin,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites comment l’accord a été donné."},
    )
    consented_on = forms.DateField(
        label="Quand ?",
        help_text="Le jour, ou le dernier jour si cela s’est fait en plusieurs fois.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": "Dites quand l’accord a été donné.",
            "invalid": "Écrivez une date, par exemple 25/11/2025.",
        },
    )
    words = forms.CharField(
        label="Le texte que ces personnes ont accepté",
        max_length=4000,
        help_text="Recopiez-le mot pour mot : c’est la preuve, chaque personne peut la demander.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Recopiez le texte accepté : sans lui, rien n’est importé."},
    )
    circumstances = forms.CharField(
        label="Circonstances",
        required=False,
        max_length=2000,
        help_text="Lieu, événement, où sont gardés les originaux.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    channels = forms.MultipleChoiceField(
        label="Elles ont accepté d’être jointes…",
        choices=[
            (ConsentChannel.EMAIL, "par e-mail"),
            (ConsentChannel.SMS, "par SMS"),
            (ConsentChannel.CALL, "par téléphone, de vive voix"),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un moyen : sans accord, rien n’est importé."},
    )
    asked_to_be_called = forms.BooleanField(
        label="Ces personnes ont demandé à être rappelées",
        required=False,
        help_text=(
            "Chacune est alors à appeler par l’union de son lieu de travail. Sans cette case, la "
            "liste n’ajoute aucun appel à passer."
        ),
    )
    sends_welcome = forms.BooleanField(
        label="Écrire tout de suite à chaque personne, par e-mail ou sinon par SMS",
        required=False,
        help_text=(
            "Elle reçoit ses fiches de droits et son lien personnel, qui confirme son adresse. "
            "Une adresse e-mail jamais confirmée ne sert pas."
        ),
    )
    attested = forms.BooleanField(
        label=(
            "J’atteste que chaque personne de cette liste a donné cet accord, et que nous pouvons "
            "le montrer."
        ),
        error_messages={"required": "Sans cette attestation, rien n’est importé."},
    )

    @classmethod
    def for_import(cls, contact_import: ContactImport, data: Any = None) -> "ProofForm":
        names = ("origin", "consented_on", "words", "circumstances", "channels")
        initial = {name: getattr(contact_import, name) for name in names}
        initial["asked_to_be_called"] = contact_import.asked_to_be_called
        initial["sends_welcome"] = contact_import.sends_welcome
        return cls(data, initial=initial)

    def clean_words(self) -> str:
        words = str(self.cleaned_data["words"]).strip()
        if len(words) < SHORTEST_WORDS:
            raise forms.ValidationError("Ce texte est trop court : recopiez-le en entier.")
        return words

    def clean_consented_on(self) -> Any:
        day = self.cleaned_data["consented_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Cette date est dans le futur.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        channels = cleaned.get("channels")
        if channels and cleaned.get("asked_to_be_called") and ConsentChannel.CALL not in channels:
            self.add_error(
                "asked_to_be_called",
                "Cochez aussi « par téléphone » : sans cet accord, personne n’est appelé.",
            )
        return cleaned

    def declared(self) -> dict[str, Any]:
        """Keyword arguments of `declare_consent`."""
        return {key: value for key, value in self.cleaned_data.items() if key != "attested"}
