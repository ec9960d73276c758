"""Forms of the great moments of a session: each says which state the person saw."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from core.fields import LineField
from webinars.fields import ParisMoment
from webinars.models import Webinar
from webinars.staff_forms import LONGEST, USUAL_MINUTES, minutes_between, span


class ActForm(forms.Form):
    """An act on a session as it was on screen."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, webinar: Webinar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["revision"] = webinar.revision
        self.webinar = webinar

    def show_newer(self, webinar: Webinar) -> None:
        """Say that somebody changed `webinar` meanwhile; sending again acts on that state."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["revision"] = str(webinar.revision)
        self.data = sent
        self.add_error(
            None,
            "Quelqu’un vient de modifier cette séance. Voici où elle en est : vérifiez, puis "
            "validez de nouveau.",
        )


IN_THE_PAST = "Cette heure est déjà passée. Vérifiez le jour, le mois et l’année."


class MoveForm(ActForm):
    starts_at = ParisMoment(
        label="Jour et heure (à Paris)", error_messages={"required": "Quel jour, à quelle heure ?"}
    )
    minutes = forms.IntegerField(label="Durée (minutes)", min_value=5, max_value=LONGEST)

    def __init__(self, *args: Any, webinar: Webinar, **kwargs: Any) -> None:
        super().__init__(*args, webinar=webinar, **kwargs)
        self.initial.update(starts_at=webinar.starts_at, minutes=USUAL_MINUTES)
        if webinar.starts_at and webinar.ends_at:
            self.initial["minutes"] = minutes_between(webinar.starts_at, webinar.ends_at)

    def span(self) -> dict[str, datetime | None]:
        return span(self.cleaned_data)


class CancelForm(ActForm):
    reason = LineField(
        label="Pourquoi ?",
        max_length=300,
        help_text="Ce que liront les personnes inscrites.",
        error_messages={"required": "Dites pourquoi en quelques mots."},
    )


class CopyForm(ActForm):
    starts_at = ParisMoment(
        label="Jour et heure de la copie (à Paris)", required=False,
        help_text="Vide : la date reste à venir.",
    )  # fmt: skip

    def span(self) -> dict[str, datetime | None]:
        """As long as the original."""
        original, minutes = self.webinar, USUAL_MINUTES
        if original.starts_at and original.ends_at:
            minutes = minutes_between(original.starts_at, original.ends_at)
        return span(self.cleaned_data | {"minutes": minutes})
