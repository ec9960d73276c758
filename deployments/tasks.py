"""Beat says "look": who must be written to, asked or forgotten is in PostgreSQL."""

from datetime import datetime

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from campaigns import clock
from deployments import chasing, confirming, feeds, forgetting
from deployments.models import CalendarFeed

log = structlog.get_logger()


@shared_task(ignore_result=True)
def chase_debriefs() -> None:
    chasing.chase_debriefs()


def ask_to_note(feed: CalendarFeed) -> None:
    """Have a worker note that a calendar was read: reading changes nothing, nor waits for Redis."""
    now = clock.now()
    if not feeds.should_note(feed, now):
        return
    try:
        note_feed_reading.delay(feed.pk, now.isoformat())
    except OperationalError as error:
        log.warning("feed-reading-not-noted", error=str(error))


@shared_task(ignore_result=True)
def note_feed_reading(pk: int, at: str) -> None:
    feeds.note_reading(pk=pk, at=datetime.fromisoformat(at))


@shared_task(ignore_result=True)
def ask_teams_to_confirm() -> None:
    confirming.ask_confirmations()


@shared_task(ignore_result=True)
def forget_old_teams() -> None:
    forgetting.forget_old_teams()
