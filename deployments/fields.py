"""Fields of the forms about an action."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

FIRST_YEAR, LAST_YEAR = 2020, 2060


def seen_anew(data: Mapping[str, Any], revision: int) -> QueryDict:
    """What was typed, about the state `revision`: sent again, it replaces that one."""
    sent = QueryDict(mutable=True)
    sent.update(data)
    sent["revision"] = str(revision)
    return sent


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
