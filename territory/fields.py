"""Fields of the forms that ask for a place."""

from typing import Any

from django import forms
from django.urls import reverse_lazy

from core.text import fold
from territory.models import Commune


class CommuneField(forms.CharField):
    """A commune, typed by name or postcode or chosen from the suggestions; gives a `Commune`.

    With several of one name, the département's number tells them apart: « Saint-Denis (93) ».
    """

    def __init__(self, **kwargs: Any) -> None:
        attributes = {
            "autocomplete": "off",
            "data-lookup-url": reverse_lazy("territory:lookup"),
            "data-lookup-kind": "commune",
        }
        super().__init__(max_length=80, widget=forms.TextInput(attrs=attributes), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Commune) else value

    def clean(self, value: Any) -> Commune | None:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        found = self._find(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError("Aucune commune ne porte ce nom.")
        names = ", ".join(str(commune) for commune in found[:4])
        raise forms.ValidationError(f"Plusieurs communes : écrivez par exemple {names}.")

    @staticmethod
    def _find(text: str) -> list[Commune]:
        name, _, rest = text.partition("(")
        communes = Commune.objects.select_related("departement")
        digits = text.replace(" ", "")
        if digits.isdigit():
            return list(communes.with_postcode(digits)[:5])
        near = communes.matching(name)
        if rest:
            near = near.filter(departement=rest.strip(" )").upper())
        found = list(near[:50])
        return [one for one in found if fold(one.name) == fold(name)] or found
