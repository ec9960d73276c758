"""When an SMS may arrive: Monday to Saturday, 8:00 to 20:00, never on a public holiday.

The hours are those of the recipient's département. One whose département is not known is taken to
live in Paris's time zone: only a contact left without a postcode is concerned.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from campaigns.models import PARIS
from territory.models import Departement, PublicHoliday

OPENS = time(8)
CLOSES = time(20)
SUNDAY = 6
# Longer than any run of Sundays and holidays, so that the next opening is always inside it.
HORIZON = timedelta(days=14)


@dataclass(frozen=True)
class Holidays:
    """The public holidays of the days to come, by area: '' is the whole country."""

    by_area: dict[str, frozenset[date]]

    @classmethod
    def around(cls, now: datetime) -> Self:
        """Those that matter at `now`, in one query."""
        # A day either way: it may already be tomorrow in Nouméa and still yesterday in Papeete.
        first, last = now.date() - timedelta(days=1), now.date() + HORIZON
        areas: dict[str, set[date]] = {}
        rows = PublicHoliday.objects.filter(date__range=(first, last)).values_list("area", "date")
        for area, day in rows:
            areas.setdefault(area, set()).add(day)
        return cls({area: frozenset(days) for area, days in areas.items()})

    def of(self, departement: Departement | None) -> frozenset[date]:
        national = self.by_area.get("", frozenset())
        return national | self.by_area.get(departement.pk, frozenset()) if departement else national


def next_allowed(
    at: datetime,
    departement: Departement | None,
    holidays: Holidays,
    *,
    opens: time = OPENS,
    closes: time = CLOSES,
) -> datetime:
    """`at` itself when an SMS may arrive then, else the next instant at which it may.

    Other acts have other hours: `opens` and `closes`.
    """
    zone = ZoneInfo(departement.time_zone) if departement else PARIS
    closed_days = holidays.of(departement)
    local = at.astimezone(zone)
    day = local.date()
    if not _is_closed(day, closed_days) and opens <= local.time() < closes:
        return at
    if local.time() >= opens:
        day += timedelta(days=1)
    while _is_closed(day, closed_days):
        day += timedelta(days=1)
    return datetime.combine(day, opens, tzinfo=zone)


def _is_closed(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() == SUNDAY or day in holidays
