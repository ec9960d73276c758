"""Forms of the great moments of an action: each says which state the person saw."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from campaigns import clock
from core.fields import LineField
from deployments.enums import Weekday
from deployments.fields import DayField, local_instant, seen_anew
from deployments.models import Deployment
from deployments.past import ask_about_past_start

# A series beyond this is planned anew.
MOST_REPEATS = 52


class ActForm(forms.Form):
    """An act on an action as it was on screen."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, deployment: Deployment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["revision"] = deployment.revision
        self.deployment = deployment

    def show_newer(self, deployment: Deployment) -> None:
        """Say that somebody changed `deployment` meanwhile; sending again acts on that state."""
        self.data = seen_anew(self.data, deployment.revision)
        self.add_error(
            None,
            "Quelqu’un vient de modifier cette action. Voici où elle en est : vérifiez, puis "
            "validez de nouveau.",
        )


class CancelForm(ActForm):
    reason = LineField(
        label="Pourquoi ?",
        max_length=300,
        help_text="Ce que liront les organisations prévenues et l’équipe.",
        error_messages={"required": "Dites pourquoi en quelques mots."},
    )


class CopyForm(ActForm):
    day = DayField(
        label="Nouveau jour",
        required=False,
        help_text="Vide : la copie garde la même date, à changer ensuite.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start = self.starts_at() if "day" in cleaned else None
        if start := start or self.deployment.starts_at:
            ask_about_past_start(self, self.deployment, start)
        return cleaned

    def starts_at(self) -> datetime | None:
        """The first instant of the copy, at the same hour on the wall."""
        day = self.cleaned_data["day"]
        if day is None or self.deployment.starts_at is None:
            return None
        local = self.deployment.starts_at.astimezone(self.deployment.zone)
        return local_instant(day, local.time(), self.deployment.zone)


class RepeatForm(ActForm):
    weekdays = forms.TypedMultipleChoiceField(
        label="Chaque semaine le",
        choices=Weekday,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un jour de la semaine."},
    )
    until = DayField(label="Jusqu’au", error_messages={"required": "Jusqu’à quel jour ?"})

    def __init__(self, *args: Any, deployment: Deployment, **kwargs: Any) -> None:
        super().__init__(*args, deployment=deployment, **kwargs)
        if deployment.starts_at is None:
            raise ValueError("what has no date is not repeated")
        self.first = deployment.starts_at.astimezone(deployment.zone)
        self.initial["weekdays"] = [self.first.isoweekday()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "until" in cleaned and "weekdays" in cleaned:
            count = len(self._days(cleaned["weekdays"], cleaned["until"]))
            if not count:
                self.add_error("until", "Aucun de ces jours ne vient d’ici là.")
            elif count > MOST_REPEATS:
                self.add_error("until", f"{MOST_REPEATS} fois au plus : choisissez plus tôt.")
        return cleaned

    def starts(self) -> list[datetime]:
        """The first instant of each repeat, at the same hour on the wall whatever the clocks do."""
        days = self._days(self.cleaned_data["weekdays"], self.cleaned_data["until"])
        return [local_instant(day, self.first.time(), self.deployment.zone) for day in days]

    def _days(self, weekdays: list[int], until: date) -> list[date]:
        """Those days after the action's own and after today, one too many at most."""
        today = clock.now().astimezone(self.deployment.zone).date()
        after = max(self.first.date(), today)
        found: list[date] = []
        for step in range(1, min((until - after).days, 7 * (MOST_REPEATS + 1)) + 1):
            if (day := after + timedelta(days=step)).isoweekday() in weekdays:
                found.append(day)
        return found[: MOST_REPEATS + 1]
