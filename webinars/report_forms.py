"""Filters of the participation of organisations."""

from collections.abc import Sequence
from typing import Any

from django import forms

from organisations.enums import Kind
from webinars.audience import PLURALS
from webinars.models import Series
from webinars.staff_rules import all_series


class ParticipationForm(forms.Form):
    serie = forms.ModelChoiceField(
        Series.objects.none(), label="Série", required=False, empty_label="Toute la campagne"
    )
    genre = forms.ChoiceField(label="Organisations", required=False)

    def __init__(self, *args: Any, kinds: Sequence[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        self.fields["serie"].queryset = all_series()  # type: ignore[attr-defined]
        self.fields["genre"].choices = [  # type: ignore[attr-defined]
            (kind, PLURALS[kind][0].upper() + PLURALS[kind][1:]) for kind in kinds
        ]

    def series(self) -> Series | None:
        self.is_valid()
        return self.cleaned_data.get("serie")

    def kind(self) -> Kind | None:
        """The kind asked for, else the first the person may read; None when there is none."""
        self.is_valid()
        asked = self.cleaned_data.get("genre")
        return Kind(asked) if asked else next(iter(self.kinds), None)
