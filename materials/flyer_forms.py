"""Forms about flyers. They only validate: each ends in one call of a verb."""

import uuid
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import get_language_info

from core.fields import LineField
from materials import flyer_rules
from materials.flyer_batches import MOST_FLYERS
from materials.flyer_drawing import PHONE, Layout
from materials.flyer_enums import FlyerFormat, Ink
from materials.models import FlyerText
from materials.models.flyers import FRENCH
from organisations.models import Organisation, User
from territory.fields import CommuneField
from territory.models import Trade

FORM_SALT = "materials.flyer"
FORM_MAX_AGE = 24 * 3600
MOST_COPIES = 5_000_000
NO_TRADE = "tous"
COPIES_ERRORS = {"required": "Indiquez combien d’exemplaires.", "min_value": "Au moins 1."}


class LayoutForm(forms.Form):
    """What an address of a file asks for; anything else is not found."""

    format = forms.ChoiceField(choices=[*FlyerFormat.choices, (PHONE, PHONE)], required=False)
    ink = forms.ChoiceField(choices=Ink, required=False)
    cut = forms.BooleanField(required=False)

    def layout(self) -> Layout:
        data = self.cleaned_data
        return Layout(data["format"] or FlyerFormat.A5, data["ink"] or Ink.COLOUR, data["cut"])


class _PrintedForm(forms.Form):
    """What every print asks: its size, its ink, and how many."""

    form_token = forms.CharField(widget=forms.HiddenInput, required=False)
    format = forms.ChoiceField(label="Format", choices=FlyerFormat, initial=FlyerFormat.A5)
    ink = forms.ChoiceField(
        label="Encre", choices=Ink, initial=Ink.COLOUR, widget=forms.RadioSelect
    )
    has_crop_marks = forms.BooleanField(
        label="Traits de coupe et fond perdu de 3 mm",
        required=False,
        help_text="Votre imprimeur vous le dira : laissez vide pour imprimer au local.",
    )
    language = forms.ChoiceField(label="Langue", required=False)
    copies = forms.IntegerField(
        label="Exemplaires", min_value=1, max_value=MOST_COPIES, error_messages=COPIES_ERRORS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_token"].initial = signing.dumps(str(uuid.uuid4()), salt=FORM_SALT)
        languages = flyer_rules.languages_in_use()
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (code, get_language_info(code)["name_local"].capitalize()) for code in languages
        ]
        if len(languages) < 2:
            del self.fields["language"]

    def token(self) -> str:
        """The same for a form sent twice; a new one when it was tampered with or is too old."""
        try:
            return str(signing.loads(
                self.cleaned_data["form_token"], salt=FORM_SALT, max_age=FORM_MAX_AGE
            ))  # fmt: skip
        except signing.BadSignature:
            return str(uuid.uuid4())

    def layout(self) -> Layout:
        data = self.cleaned_data
        return Layout(data["format"], data["ink"], data["has_crop_marks"])

    def spoken(self) -> str:
        return self.cleaned_data.get("language") or FRENCH


class FlyerForm(_PrintedForm):
    organisation = forms.ModelChoiceField(
        label="Organisation", queryset=Organisation.objects.none(), empty_label=None
    )
    trade = forms.ModelChoiceField(
        label="Métier",
        queryset=Trade.objects.in_use(),
        required=False,
        empty_label="Tous les métiers",
    )
    commune = CommuneField(
        label="Commune ou code postal",
        required=False,
        help_text="Le tract dit alors « Coiffeur·se · Caen ».",
    )
    cost = forms.DecimalField(
        label="Coût du tirage (€)",
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text="Modifiable plus tard : il donne le coût par contact.",
    )
    field_order = ("form_token", "organisation", "trade", "commune", "format", "ink",
                   "has_crop_marks", "language", "copies", "cost")  # fmt: skip

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = Organisation.objects.filter(pk__in=[each.pk for each in organisations])
        self.fields["organisation"].queryset = allowed.order_by("name", "pk")  # type: ignore[attr-defined]

    def opened(self) -> dict[str, Any]:
        """Keyword arguments of `open_run`."""
        data = self.cleaned_data
        names = ("organisation", "trade", "commune", "copies", "cost")
        typed = [str(data[name]) for name in names] + [str(self.layout()), self.spoken()]
        seed = "|".join([self.token(), *typed]).encode()
        return {name: data[name] for name in names} | {
            "seed": seed, "layout": self.layout(), "language": self.spoken(),
        }  # fmt: skip


class RunForm(forms.Form):
    """What was printed in the end."""

    copies = forms.IntegerField(
        label="Exemplaires", min_value=1, max_value=MOST_COPIES, error_messages=COPIES_ERRORS
    )
    cost = FlyerForm.base_fields["cost"]


class BatchForm(_PrintedForm):
    every_union = forms.BooleanField(label="Toutes les unions ci-dessous", required=False)
    organisations = forms.ModelMultipleChoiceField(
        label="Unions",
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    every_trade = forms.BooleanField(label="Tous les métiers ci-dessous", required=False)
    trades = forms.MultipleChoiceField(
        label="Métiers", widget=forms.CheckboxSelectMultiple, required=False
    )
    field_order = ("form_token", "every_union", "organisations", "every_trade", "trades",
                   "format", "ink", "has_crop_marks", "language", "copies")  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unions = flyer_rules.organisations_of_batches(user)
        self._trades = {trade.pk: trade for trade in Trade.objects.in_use()}
        self.fields["organisations"].queryset = self._unions  # type: ignore[attr-defined]
        self.fields["trades"].choices = [  # type: ignore[attr-defined]
            (NO_TRADE, "Sans métier : le tract générique"),
            *((trade.pk, trade.label) for trade in self._trades.values()),
        ]
        self.fields["copies"].help_text = "De chaque tract."

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("every_union"):
            data["organisations"] = self._unions
        if data.get("every_trade"):
            data["trades"] = [NO_TRADE, *self._trades]
        if not data.get("organisations"):
            self.add_error("organisations", "Choisissez au moins une union.")
        if not data.get("trades"):
            self.add_error("trades", "Choisissez au moins un métier.")
        count = len(data.get("organisations") or []) * len(data.get("trades") or [])
        if count > MOST_FLYERS:
            self.add_error(
                "trades",
                f"Cela ferait {count} tracts : {MOST_FLYERS} au plus par lot. Faites-en plusieurs.",
            )
        return data

    def opened(self) -> dict[str, Any]:
        """Keyword arguments of `open_batch`."""
        data = self.cleaned_data
        return {
            "pk": uuid.UUID(self.token()),
            "organisations": list(data["organisations"]),
            "trades": [self._trades.get(slug) for slug in data["trades"]],
            "layout": self.layout(),
            "language": self.spoken(),
            "copies": data["copies"],
        }


class TextForm(forms.Form):
    """What a flyer says to some trades."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    headline = LineField(
        label="Accroche",
        max_length=60,
        help_text="Une phrase qui se lit à un mètre : 60 signes au plus.",
        error_messages={"required": "Écrivez une accroche."},
    )
    first = LineField(
        label="Premier droit", max_length=110, error_messages={"required": "Écrivez un droit."}
    )
    second = LineField(label="Deuxième droit", max_length=110, required=False)
    third = LineField(label="Troisième droit", max_length=110, required=False)

    @classmethod
    def for_text(cls, text: FlyerText, data: Any = None) -> "TextForm":
        rights = dict(zip(("first", "second", "third"), text.rights, strict=False))
        return cls(data, initial={"revision": text.revision, "headline": text.headline, **rights})

    def corrected(self) -> dict[str, Any]:
        """Keyword arguments of `correct_text`."""
        data = self.cleaned_data
        rights = [data[name] for name in ("first", "second", "third") if data[name]]
        return {"headline": data["headline"], "rights": rights, "revision": data["revision"]}
