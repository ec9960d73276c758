"""Forms about a whole series. They only validate: each ends in one call of a verb of `series`."""

from datetime import date
from typing import Any, cast

from django import forms
from django.http import QueryDict

from core.dates import day_of_week
from core.fields import LineField
from deployments import series
from deployments.models import Deployment
from deployments.series_rules import (
    ASPECTS,
    Sibling,
    changes,
    first_day,
    moved_start,
    value_of,
)
from organisations.models import User

# A series moved further is planned anew.
FURTHEST = 60
CHANGED = (
    "Quelqu’un vient de modifier une action de cette série. Voici où elles en sont : vérifiez, "
    "puis validez de nouveau."
)


class SeriesForm(forms.Form):
    """Which actions of a series an act is about, as they were on screen."""

    # The revision of each, as « 12:3,13:1 ».
    seen = forms.RegexField(r"^(\d+:\d+(,\d+:\d+)*)?$", widget=forms.HiddenInput, max_length=2000)
    chosen = forms.TypedMultipleChoiceField(
        label="Pour quelles actions ?", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une action."},
        help_text="Celles qui ont été changées à part restent comme elles sont, sauf si vous les "
        "cochez.",
    )  # fmt: skip
    # Whether the preview was read.
    is_sure = forms.BooleanField(required=False, widget=forms.HiddenInput)
    field_order: tuple[str, ...] = ()

    def __init__(
        self, data: Any = None, *, model: Deployment, siblings: list[Sibling], today: date
    ) -> None:
        super().__init__(data)
        self.model, self.siblings, self.today = model, siblings, today
        self.fields["chosen"].choices = [(one.deployment.pk, one.label) for one in siblings]  # type: ignore[attr-defined]
        self.initial["chosen"] = [one.deployment.pk for one in siblings if not one.differs]
        self.initial["seen"] = self._revisions_now()
        self.order_fields(self.field_order)

    def _revisions_now(self) -> str:
        rows = [one.deployment for one in self.siblings]
        return ",".join(f"{one.pk}:{one.revision}" for one in rows)

    @property
    def picked(self) -> list[Deployment]:
        numbers = self.cleaned_data.get("chosen") or []
        return [one.deployment for one in self.siblings if one.deployment.pk in numbers]

    def revisions(self) -> dict[int, int]:
        """By action chosen, the revision that was on screen."""
        pairs = (pair.split(":") for pair in self.cleaned_data["seen"].split(",") if pair)
        seen = {int(pk): int(revision) for pk, revision in pairs}
        return {pk: seen.get(pk, 0) for pk in self.cleaned_data["chosen"]}

    def show_newer(self) -> None:
        self._send_again(seen=self._revisions_now(), is_sure="")
        self.add_error(None, CHANGED)

    def sure(self) -> "SeriesForm":
        """The same, to be sent from the preview: nothing is typed there any more."""
        self._send_again(is_sure="1")
        return self

    def _send_again(self, **changes: str) -> None:
        sent = cast(QueryDict, self.data).copy()
        for name, value in changes.items():
            sent[name] = value
        self.data = sent

    def preview(self) -> list[tuple[Deployment, list[str]]]:
        """What becomes of each action chosen; nothing for those that stay as they are."""
        raise NotImplementedError

    def act(self, author: User) -> list[Deployment]:
        raise NotImplementedError


class AlikeForm(SeriesForm):
    field_order = ("aspects", "chosen")
    aspects = forms.MultipleChoiceField(
        label="Que prendre de cette action ?", choices=list(ASPECTS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez ce qui doit être pareil."},
    )  # fmt: skip

    def __init__(
        self, *args: Any, model: Deployment, siblings: list[Sibling], **kwargs: Any
    ) -> None:
        others = [one for one in siblings if one.deployment.pk != model.pk]
        super().__init__(*args, model=model, siblings=others, **kwargs)
        self.initial["aspects"] = [
            name
            for name in ASPECTS
            if any(value_of(one.deployment, name) != value_of(model, name) for one in others)
        ]

    def clean_aspects(self) -> list[str]:
        aspects: list[str] = self.cleaned_data["aspects"]
        if "place" in aspects and self.model.commune is None:
            raise forms.ValidationError("Cette action n’a pas encore de lieu.")
        return aspects

    def preview(self) -> list[tuple[Deployment, list[str]]]:
        aspects = self.cleaned_data["aspects"]
        return [(one, changes(self.model, one, aspects)) for one in self.picked]

    def act(self, author: User) -> list[Deployment]:
        changed = {one.pk for one, words in self.preview() if words}
        revisions = {pk: seen for pk, seen in self.revisions().items() if pk in changed}
        aspects = self.cleaned_data["aspects"]
        return series.make_alike(model=self.model, revisions=revisions, aspects=aspects)


class ShiftForm(SeriesForm):
    field_order = ("days", "chosen")
    days = forms.IntegerField(
        label="De combien de jours ?", min_value=-FURTHEST, max_value=FURTHEST,
        help_text="1 : du mercredi au jeudi. -7 : une semaine plus tôt. Les heures restent.",
        error_messages={"required": "De combien de jours ?"},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        days = cleaned.get("days")
        if days == 0:
            self.add_error("days", "Avec 0, rien ne bouge.")
        past = [one for one in self.picked if days and moved_start(one, days) < self.today]
        if past:
            self.add_error(
                "days",
                f"Le {day_of_week(first_day(past[0]))} passerait au "
                f"{day_of_week(moved_start(past[0], days or 0))}, déjà passé. Décalez moins, ou "
                "décochez cette action.",
            )
        return cleaned

    def preview(self) -> list[tuple[Deployment, list[str]]]:
        days = self.cleaned_data["days"]
        return [(one, [f"passe au {day_of_week(moved_start(one, days))}"]) for one in self.picked]

    def act(self, author: User) -> list[Deployment]:
        return series.move_series(revisions=self.revisions(), days=self.cleaned_data["days"])


class CallOffForm(SeriesForm):
    field_order = ("reason", "chosen")
    reason = LineField(
        label="Pourquoi ?",
        max_length=300,
        help_text="Ce que liront les organisations prévenues et les équipes.",
        error_messages={"required": "Dites pourquoi en quelques mots."},
    )

    def preview(self) -> list[tuple[Deployment, list[str]]]:
        return [(one, ["est annulée"]) for one in self.picked]

    def act(self, author: User) -> list[Deployment]:
        reason = self.cleaned_data["reason"]
        return series.cancel_series(revisions=self.revisions(), reason=reason, author=author)
