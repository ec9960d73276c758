"""The parts of a programme, line by line. A blank line is left out."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from core.fields import LineField
from webinars.actions import Step

MOST_PARTS = 20
BLANK_ROWS = 2


class PartRow(forms.Form):
    # Names the line for who hears the page instead of seeing it.
    what = "Partie"
    title = LineField(
        label="Sujet", max_length=150, error_messages={"required": "De quoi parle-t-on ?"}
    )
    speakers = LineField(label="Qui parle", max_length=300, required=False)
    minutes = forms.IntegerField(label="Minutes", required=False, min_value=1, max_value=600)

    def value(self) -> Step:
        data = self.cleaned_data
        return Step(title=data["title"], minutes=data["minutes"], speakers=data["speakers"])


class PartRows(BaseFormSet):
    default_error_messages = {
        "missing_management_form": "La page est arrivée incomplète. Rechargez-la et recommencez.",
        "too_many_forms": f"{MOST_PARTS} parties au plus.",
    }

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = "Ordre"
        form.fields["ORDER"].help_text = "1 vient en premier."
        form.fields["DELETE"].label = "Retirer"
        if index is not None and index >= self.initial_form_count():
            # A blank line is simply left blank.
            form.fields["DELETE"].widget = forms.HiddenInput()

    def values(self) -> list[Step]:
        """The parts to keep, in the order of their ranks, once the lines are valid."""
        removed = self.deleted_forms
        kept = [one for one in self.forms if one.cleaned_data.get("title") and one not in removed]
        kept.sort(key=lambda one: one.cleaned_data["ORDER"] or MOST_PARTS + 1)
        return [one.value() for one in kept]


Parts: Any = formset_factory(
    PartRow, PartRows, extra=BLANK_ROWS, max_num=MOST_PARTS, validate_max=True, can_delete=True,
    can_order=True,     absolute_max=MOST_PARTS + BLANK_ROWS,
)  # fmt: skip
