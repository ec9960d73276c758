"""Lines of the preparation: hours, roles, things to take, costs. A blank line is left out."""

from collections.abc import Iterable
from datetime import time
from itertools import pairwise
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory

from core.fields import LineField
from deployments.fields import DayField, HourField
from deployments.forms import check_hours, slot_on
from deployments.models import Deployment, TeamMember, TeamRole
from deployments.preparation_rules import bearers_in, offered_roles
from deployments.preparing import Cost, Line, Need
from deployments.shifts import Slot
from organisations.enums import Mandate

MOST_ROWS = 80
BLANK_ROWS = 2


class RowForm(forms.Form):
    """One line. `what` names it for who hears the page instead of seeing it."""

    what = "Ligne"

    def __init__(self, *args: Any, deployment: Deployment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deployment = deployment

    @property
    def changed_data(self) -> list[str]:
        """What was typed: a line that is blank but for its number is a line taken away."""
        return [name for name in super().changed_data if name != "pk"]


class SlotRow(RowForm):
    what = "Créneau"
    day = DayField(label="Jour", error_messages={"required": "Quel jour ?"})
    starts = HourField(label="De", error_messages={"required": "À quelle heure commence-t-on ?"})
    ends = HourField(label="À", error_messages={"required": "À quelle heure finit-on ?"})
    label = LineField(label="Nom du créneau", max_length=60, required=False)

    def clean_ends(self) -> time:
        ends: time = self.cleaned_data["ends"]
        if starts := self.cleaned_data.get("starts"):
            check_hours(starts, ends)
        return ends

    def value(self) -> Slot:
        data = self.cleaned_data
        zone = self.deployment.zone
        return slot_on(data["day"], data["starts"], data["ends"], zone, data["label"])


class NeedRow(RowForm):
    what = "Rôle"
    role = forms.ModelChoiceField(
        TeamRole.objects.none(), label="Rôle", error_messages={"required": "Quel rôle ?"}
    )
    minimum = forms.IntegerField(label="Au moins", min_value=1, max_value=99)
    mandate = forms.ChoiceField(
        label="Mandat demandé", required=False, choices=[("", "Aucun"), *Mandate.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = offered_roles()  # type: ignore[attr-defined]

    def value(self) -> Need:
        data = self.cleaned_data
        return Need(role=data["role"], minimum=data["minimum"], mandate=data["mandate"])


class LineRow(RowForm):
    what = "À prendre"
    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    label = LineField(
        label="Quoi", max_length=150, error_messages={"required": "Que faut-il prendre ?"}
    )
    is_ready = forms.BooleanField(label="Prêt", required=False)
    quantity = LineField(label="Combien", max_length=40, required=False)
    bearer = forms.ModelChoiceField(
        TeamMember.objects.none(), label="Qui l’apporte", required=False, empty_label="Personne"
    )
    category = LineField(label="Rubrique", max_length=40, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bearer"].queryset = bearers_in(self.deployment)  # type: ignore[attr-defined]

    def value(self) -> Line:
        data = {name: self.cleaned_data[name] for name in self.fields if name != "DELETE"}
        return Line(**data)


class CostRow(RowForm):
    what = "Dépense"
    label = LineField(
        label="Poste", max_length=120, error_messages={"required": "Quelle dépense ?"}
    )
    euros = forms.DecimalField(
        label="Montant (€)", min_value=0, max_value=999_999, decimal_places=2, localize=True
    )

    def value(self) -> Cost:
        return Cost(label=self.cleaned_data["label"], euros=self.cleaned_data["euros"])


class BaseRows(BaseFormSet):
    default_error_messages = {
        "missing_management_form": "La page est arrivée incomplète. Rechargez-la et recommencez.",
        "too_many_forms": f"{MOST_ROWS} lignes au plus.",
    }
    # What tells two lines apart, and what is said of two that are alike.
    key: tuple[str, ...] = ()
    twice = ""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Retirer"

    def values(self) -> list[Any]:
        """The lines to keep, once the formset is valid."""
        return [form.value() for form in self._kept()]  # type: ignore[attr-defined]

    def clean(self) -> None:
        seen = set()
        for form in self._kept():
            mark = tuple(form.cleaned_data.get(name) for name in self.key)
            if self.key and mark in seen:
                raise forms.ValidationError(self.twice)
            seen.add(mark)

    def _kept(self) -> Iterable[forms.Form]:
        removed = self.deleted_forms
        return [
            form
            for form in self.forms
            if form.is_valid() and form.cleaned_data and form not in removed
        ]


class SlotRows(BaseRows):
    key = ("day", "starts", "label")
    twice = "Deux créneaux du même nom commencent en même temps."

    def clean(self) -> None:
        super().clean()
        by_name = sorted(self.values(), key=lambda slot: (slot.label, slot.starts_at))
        for one, other in pairwise(by_name):
            if one.label == other.label and other.starts_at < one.ends_at:
                raise forms.ValidationError(
                    "Deux créneaux se chevauchent : donnez-leur un nom à chacun s’ils ont lieu "
                    "en même temps."
                )


class NeedRows(BaseRows):
    key = ("role", "mandate")
    twice = "Le même rôle est écrit deux fois : augmentez plutôt son nombre."


def _rows(form: type[RowForm], base: type[BaseRows] = BaseRows) -> Any:
    return formset_factory(
        form, base, extra=BLANK_ROWS, max_num=MOST_ROWS, validate_max=True, can_delete=True,
        absolute_max=MOST_ROWS + BLANK_ROWS,
    )  # fmt: skip


Slots = _rows(SlotRow, SlotRows)
Needs = _rows(NeedRow, NeedRows)
Lines = _rows(LineRow)
Costs = _rows(CostRow)
