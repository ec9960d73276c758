"""Reminders: at the moments each session chose, to everybody who comes, in one sweep."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q

from campaigns import clock
from webinars import mails
from webinars.enums import WebinarState
from webinars.models import Reminder

log = structlog.get_logger()

MINUTE = timedelta(minutes=1)


def write_due_reminders() -> int:
    """Write the reminders whose moment has come, each once per date; answers how many mails.

    Safe to repeat, and in two workers at once.
    """
    now = clock.now()
    total = sum(_write(pk, now) for pk in _due(now))
    if total:
        log.info("webinar-reminders-written", number=total)
    return total


def _due(now: datetime) -> list[int]:
    """Those of sessions not begun, the nearest to the start first."""
    moment = ExpressionWrapper(
        F("webinar__starts_at") - F("minutes_before") * MINUTE, output_field=DateTimeField()
    )
    to_come = Reminder.objects.filter(
        webinar__state=WebinarState.ANNOUNCED, webinar__starts_at__gt=now
    )
    not_yet = Q(written_for=None) | ~Q(written_for=F("webinar__starts_at"))
    due = to_come.annotate(moment=moment).filter(not_yet, moment__lte=now)
    return list(due.order_by("webinar", "minutes_before").values_list("pk", flat=True))


@transaction.atomic
def _write(pk: int, now: datetime) -> int:
    """The mark and the mails stand or fall together.

    Marked without a mail: a moment that was past when the date was set, since that was told then,
    and one that a nearer moment has overtaken, after a stop of the workers.
    """
    free = Reminder.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    one = free.select_related("webinar").filter(pk=pk).first()
    if one is None or one.webinar.starts_at is None or one.written_for == one.webinar.starts_at:
        return 0
    webinar, starts_at = one.webinar, one.webinar.starts_at
    one.written_for = starts_at
    one.save(update_fields=["written_for"])
    moment = starts_at - timedelta(minutes=one.minutes_before)
    nearer = webinar.reminders.filter(written_for=starts_at, minutes_before__lt=one.minutes_before)
    if moment < (webinar.dates_set_at or moment) or nearer.exists():
        return 0
    return mails.remind(webinar, one.minutes_before)
