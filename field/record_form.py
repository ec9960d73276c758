"""The rules of the activist's form, for what a tablet sealed.

It stands below the actions because records are opened by the workers, not only on a page.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from contacts.captures import Details
from contacts.enums import Wish
from contacts.forms import ContactForm, TradeField
from contacts.models import ConsentWording
from contacts.places import Place
from contacts.reading import PlaceReader, UnclearPlace
from contacts.rules import current_wordings
from territory.models import Trade


def beside_current(
    ticked: Iterable[ConsentWording], current: Iterable[ConsentWording]
) -> list[ConsentWording]:
    """The words the person heard where they agreed, today's on the other channels."""
    return list({wording.channel: wording for wording in [*current, *ticked]}.values())


class KnownTradeField(TradeField):
    """A trade among those read once for many records, retired ones included."""

    known: dict[str, Trade]

    def to_python(self, value: Any) -> Trade | None:
        if value in self.empty_values:
            return None
        try:
            return self.known[value.pk if isinstance(value, Trade) else str(value)]
        except KeyError as error:
            message = self.error_messages["unknown"]
            raise ValidationError(message, code="unknown") from error


class RecordForm(ContactForm):
    """A person met in the street, as typed on a tablet, to be read or corrected.

    One form reads many records: `read()` takes each in turn.
    """

    trade = KnownTradeField(
        label="Métier",
        queryset=Trade.objects.in_use(),
        empty_label="Choisissez un métier",
        error_messages={
            "required": "Choisissez un métier, ou « Autre ».",
            "unknown": "Ce métier n’est plus proposé : choisissez-en un autre.",
        },
    )
    commune = forms.CharField(
        label="Commune du travail",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    postcode = forms.CharField(
        label="Code postal du travail",
        required=False,
        max_length=10,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "data-short": ""}
        ),
    )
    wishes = forms.MultipleChoiceField(
        label="La personne souhaite",
        choices=Wish,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label="Note", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ["first_name", "phone", "email", "trade", "commune", "postcode"]

    def __init__(self, *args: Any, places: PlaceReader | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["form_token"]
        for name in ("postcode", "commune"):
            self.fields[name].is_one_of_two = True  # type: ignore[attr-defined]
        self.current = current_wordings()
        self.places = places or PlaceReader()
        self.fields["trade"].known = {trade.pk: trade for trade in Trade.objects.all()}  # type: ignore[attr-defined]
        self.fields["first_name"].error_messages["required"] = "Écrivez le prénom."

    def clean_postcode(self) -> str:
        commune = str(self.cleaned_data.get("commune", ""))
        try:
            self.place: Place = self.places.read(str(self.cleaned_data["postcode"]), commune)
        except UnclearPlace as error:
            raise ValidationError(str(error)) from error
        return self.place.postcode

    def read(self, data: dict[str, Any], ticked: list[ConsentWording]) -> ErrorDict:
        """Validate one more record with the same form; its errors, empty when it is good."""
        self.is_bound, self.data = True, data
        self.wordings = beside_current(ticked, self.current)
        self.full_clean()
        return self.errors

    def details_in(self, language: str) -> Details:
        return replace(self.details(), language=language)
