"""Fields of the forms about an action."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy

from core.text import fold
from territory.models import Commune

FIRST_YEAR, LAST_YEAR = 2020, 2060


def seen_anew(data: Mapping[str, Any], revision: int) -> QueryDict:
    """What was typed, about the state `revision`: sent again, it replaces that one."""
    sent = QueryDict(mutable=True)
    sent.update(data)
    sent["revision"] = str(revision)
    return sent


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


class DayField(forms.DateField):
    """A day, within the years an action can be of."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError("Vérifiez l’année.")
        return day


class HourField(forms.TimeField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, **kwargs)


def local_instant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The instant of an hour on the wall; of two, when clocks go back, the first."""
    return datetime.combine(day, hour, tzinfo=zone)
