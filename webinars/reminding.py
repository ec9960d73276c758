"""Reminders: at the moments each session chose, to everybody who comes, in one sweep."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Q

from campaigns import clock
from webinars import mails
from webinars.enums import WebinarState
from webinars.models import Reminder, Webinar

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
    """Sessions, not begun, one of whose moments has come and was not written for their date."""
    moment = ExpressionWrapper(
        F("webinar__starts_at") - F("minutes_before") * MINUTE, output_field=DateTimeField()
    )
    to_come = Reminder.objects.filter(
        webinar__state=WebinarState.ANNOUNCED, webinar__starts_at__gt=now
    )
    not_yet = Q(written_for=None) | ~Q(written_for=F("webinar__starts_at"))
    due = to_come.annotate(moment=moment).filter(not_yet, moment__lte=now)
    return sorted(set(due.order_by("webinar").values_list("webinar_id", flat=True)))


@transaction.atomic
def _write(pk: int, now: datetime) -> int:
    """The marks and the mails stand or fall together.

    Of several moments due at once, after a stop of the workers, the nearest to the start is
    written; one that was past when the date was set is not, since the date was told then.
    """
    free = Webinar.objects.announced().select_for_update(skip_locked=True, no_key=True)
    webinar = free.filter(pk=pk, starts_at__gt=now).first()
    if webinar is None or webinar.starts_at is None:
        return 0
    starts_at = webinar.starts_at
    moments = list(webinar.reminders.order_by("minutes_before"))
    due = [one for one in moments if starts_at - one.minutes_before * MINUTE <= now]
    waiting = [one for one in due if one.written_for != starts_at]
    webinar.reminders.filter(pk__in=[one.pk for one in waiting]).update(written_for=starts_at)
    if not waiting or waiting[0] != due[0]:
        return 0
    minutes = due[0].minutes_before
    if webinar.dates_set_at and starts_at - minutes * MINUTE < webinar.dates_set_at:
        return 0
    return mails.remind(webinar, minutes)
