"""Forms of the planning. They only validate: each ends in one call of an action."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from core.fields import LineField
from core.text import fold
from deployments.fields import DayField, HourField, local_instant
from deployments.models import DeploymentType
from deployments.past import ask_about_past
from deployments.rules import types_in_use
from deployments.shifts import Slot
from organisations.models import Organisation
from territory.fields import CommuneField

# Longer than any night of an action: the end was meant to be of the same day.
LONGEST = timedelta(hours=14)


def check_hours(starts: time, ends: time) -> None:
    """Raises `ValidationError` where an end before the start would make a day and a night of it."""
    anyday = date(2000, 1, 1)
    lasts = datetime.combine(anyday, ends) - datetime.combine(anyday, starts)
    if ends <= starts and lasts + timedelta(days=1) > LONGEST:
        raise forms.ValidationError(
            "La fin vient avant le début. Jusqu’au lendemain matin, un créneau dure "
            f"{LONGEST // timedelta(hours=1)} heures au plus : faites-en deux."
        )


def slot_on(day: date, starts: time, ends: time, zone: ZoneInfo, label: str = "") -> Slot:
    """The hours typed, in `zone`; an end before the start is the next day's."""
    next_day = timedelta(days=1 if ends <= starts else 0)
    return Slot(local_instant(day, starts, zone), local_instant(day + next_day, ends, zone), label)


class NewDeploymentForm(forms.Form):
    """What is enough to note an action; the preparation asks for the rest."""

    title = LineField(
        label="Intitulé",
        max_length=150,
        help_text="Ce que tout le monde verra : « Marché de Bayeux, tractage boulangeries ».",
        error_messages={"required": "Donnez un intitulé à cette action."},
    )
    organisation = forms.ModelChoiceField(
        label="Organisation pilote", queryset=Organisation.objects.none(), empty_label=None
    )
    types = forms.ModelMultipleChoiceField(
        label="Type d’action",
        queryset=DeploymentType.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    commune = CommuneField(
        label="Commune", required=False, help_text="Peut être hors de votre territoire."
    )
    day = DayField(
        label="Jour", required=False, help_text="Vous pourrez ajouter d’autres jours ensuite."
    )
    starts = HourField(label="De", required=False)
    ends = HourField(label="À", required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = Organisation.objects.filter(pk__in=[one.pk for one in organisations])
        self.fields["organisation"].queryset = allowed.order_by("kind", "name")  # type: ignore[attr-defined]
        self.fields["types"].queryset = types_in_use()  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        title = str(self.cleaned_data["title"])
        if not fold(title):
            raise forms.ValidationError("Donnez un intitulé à cette action.")
        return title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, starts, ends = (cleaned.get(name) for name in ("day", "starts", "ends"))
        if day and "starts" in cleaned and not starts:
            self.add_error("starts", "À quelle heure commence-t-on ce jour-là ?")
        if day and "ends" in cleaned and not ends:
            self.add_error("ends", "À quelle heure finit-on ?")
        if not day and (starts or ends) and "day" in cleaned:
            self.add_error("day", "De quel jour s’agit-il ?")
        if day and starts and ends:
            try:
                check_hours(starts, ends)
            except forms.ValidationError as error:
                self.add_error("ends", error)
            else:
                slot = slot_on(day, starts, ends, self._zone(cleaned))
                ask_about_past(self, slot.starts_at, slot.ends_at)
        return cleaned

    @staticmethod
    def _zone(data: dict[str, Any]) -> ZoneInfo:
        """That of the place, else of who plans; both may have been mistyped."""
        commune, organisation = data.get("commune"), data.get("organisation")
        where = commune.departement if commune else organisation
        return ZoneInfo(where.time_zone if where else "Europe/Paris")

    def slots(self, zone: ZoneInfo) -> list[Slot]:
        data = self.cleaned_data
        if not data["day"]:
            return []
        return [slot_on(data["day"], data["starts"], data["ends"], zone)]

    def details(self) -> dict[str, Any]:
        """The arguments of `create_deployment`."""
        data = self.cleaned_data
        names = ("title", "organisation", "types", "commune")
        return {name: data[name] for name in names} | {
            "slots": self.slots(self._zone(data)),
            "has_fixed_point": any(one.has_fixed_point for one in data["types"]),
        }
