"""Forms of the series: their words, whom they are for, and who is welcome by name."""

import re
from typing import Any

from django import forms

from core.fields import LineField
from core.text import fold
from organisations.enums import Kind, Mandate
from webinars.models import Series

OPEN, BELONGING, ASKING = "open", "belonging", "asking"
AUDIENCES = [
    (OPEN, "Tout le monde, sans demander"),
    (BELONGING, "Des organisations ou des mandats précis"),
    (ASKING, "Sur demande : vous répondez à chacun·e"),
]
SEPARATORS = re.compile(r"[\s,;]+")
MOST_ADDRESSES = 2000


class SeriesForm(forms.Form):
    title = LineField(
        label="Nom", max_length=120, error_messages={"required": "Donnez un nom à cette série."}
    )
    description = forms.CharField(
        label="Présentation", required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    audience = forms.ChoiceField(
        label="À qui s’adresse-t-elle ?", choices=AUDIENCES, widget=forms.RadioSelect,
        initial=BELONGING, error_messages={"required": "Choisissez à qui elle s’adresse."},
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="Organisations", choices=Kind, required=False, widget=forms.CheckboxSelectMultiple
    )
    mandates = forms.MultipleChoiceField(
        label="Mandats", choices=Mandate, required=False, widget=forms.CheckboxSelectMultiple
    )
    is_active = forms.BooleanField(
        label="Proposée pour de nouvelles séances", required=False, initial=True
    )

    @classmethod
    def for_series(cls, series: Series, data: Any = None) -> "SeriesForm":
        audience = BELONGING if series.kinds or series.mandates else ASKING
        return cls(
            data,
            initial={
                "title": series.title, "description": series.description,
                "audience": OPEN if series.is_open else audience, "kinds": series.kinds,
                "mandates": series.mandates, "is_active": series.is_active,
            },
        )  # fmt: skip

    def clean_title(self) -> str:
        title = str(self.cleaned_data["title"])
        if not fold(title):
            raise forms.ValidationError("Donnez un nom à cette série.")
        return title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = [*cleaned.get("kinds", []), *cleaned.get("mandates", [])]
        if cleaned.get("audience") == BELONGING and not named:
            self.add_error("kinds", "Cochez au moins une organisation ou un mandat.")
        return cleaned

    def details(self) -> dict[str, Any]:
        """The fields of the series; those who are named only when the audience is."""
        data = self.cleaned_data
        belonging = data["audience"] == BELONGING
        return {
            "title": data["title"], "description": data["description"],
            "is_open": data["audience"] == OPEN,
            "kinds": data["kinds"] if belonging else [],
            "mandates": data["mandates"] if belonging else [],
        }  # fmt: skip


class AdmitForm(forms.Form):
    """Addresses welcome in a series: pasted from a list, known by their hash alone."""

    addresses = forms.CharField(
        label="Adresses e-mail", widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="Une par ligne, ou séparées par des virgules : la liste des candidat·es CPRI, "
        "par exemple.",
        error_messages={"required": "Collez au moins une adresse."},
    )  # fmt: skip

    def clean_addresses(self) -> list[str]:
        found = list(filter(None, SEPARATORS.split(self.cleaned_data["addresses"])))
        if len(found) > MOST_ADDRESSES:
            raise forms.ValidationError(f"{MOST_ADDRESSES} adresses au plus à la fois.")
        check = forms.EmailField().clean
        for address in found:
            try:
                check(address)
            except forms.ValidationError as error:
                raise forms.ValidationError(f"« {address} » n’est pas une adresse.") from error
        return found
