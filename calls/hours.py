"""When somebody may be called: Monday to Saturday, 9:00 to 20:00, never on a public holiday.

The hours are those of the person's workplace, overseas included.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from messaging.quiet_hours import Holidays, next_allowed
from territory.models import Departement

OPENS = time(9)
CLOSES = time(20)
# A new attempt falls in another part of the day: before noon, at lunch, after work.
MORNING, LUNCH, EVENING = time(10), time(12, 30), time(18)


def next_opening(
    at: datetime, departement: Departement, holidays: Holidays | None = None
) -> datetime:
    """`at` itself when the person may be called then, else the next instant at which they may."""
    holidays = holidays or Holidays.around(at)
    return next_allowed(at, departement, holidays, opens=OPENS, closes=CLOSES)


def closed_departements(at: datetime) -> list[str]:
    """Where nobody may be called at `at`; two queries."""
    holidays = Holidays.around(at)
    return [
        departement.pk
        for departement in Departement.objects.order_by("pk")
        if next_opening(at, departement, holidays) > at
    ]


def is_elsewhere(local: datetime) -> bool:
    """Whether the clocks of where `local` is said show another hour than the reader's."""
    return local.utcoffset() != timezone.localtime(local).utcoffset()


def another_time(at: datetime, departement: Departement, *, days: int) -> datetime:
    """`days` later at another hour than `at`, when the person may be called."""
    zone = ZoneInfo(departement.time_zone)
    local = at.astimezone(zone)
    afternoon = MORNING if local.time() < time(16) else LUNCH
    hour = EVENING if local.time() < time(12) else afternoon
    wanted = datetime.combine(local.date() + timedelta(days=days), hour, tzinfo=zone)
    return next_opening(wanted, departement)
