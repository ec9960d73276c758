"""When an activist cannot come."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from deployments.models import Absence
from organisations.models import User


def note_absence(*, user: User, first: date, last: date) -> Absence:
    """Note whole days, both included, by the hours of where the person acts."""
    zone = ZoneInfo(user.time_zone)
    during = DateTimeTZRange(
        datetime.combine(first, time(), tzinfo=zone),
        datetime.combine(last + timedelta(days=1), time(), tzinfo=zone),
    )
    return Absence.objects.get_or_create(user=user, during=during)[0]


def take_absence_back(*, absence: Absence) -> None:
    absence.delete()
