"""Fields of the forms about a session."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from territory.local_time import PARIS

LOCAL = "%Y-%m-%dT%H:%M"
FIRST_YEAR, LAST_YEAR = 2020, 2060


class ParisMoment(forms.DateTimeField):
    """A day and an hour by the clocks of Paris, wherever they are typed."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
    default_error_messages = {"invalid": "Écrivez un jour et une heure."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(PARIS):
            return super().prepare_value(value)

    def clean(self, value: Any) -> datetime | None:
        with timezone.override(PARIS):
            moment: datetime | None = super().clean(value)
        if moment and not FIRST_YEAR <= moment.astimezone(PARIS).year <= LAST_YEAR:
            raise forms.ValidationError("Vérifiez l’année.")
        return moment
