"""The rate the e-mail provider allows, kept by all workers together."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q

from messaging.enums import Channel, Status
from messaging.models import Message, MessageQuerySet

WINDOW = timedelta(minutes=1)
# One in so many is kept for answers to an act: a log-in code never waits behind a mailing.
KEPT = 10
# Of `pg_advisory_xact_lock`: any number that nothing else of ours locks.
LOCK = 0x5061636500


def within_rate(due: MessageQuerySet, size: int, now: datetime) -> tuple[MessageQuerySet, int]:
    """Of `due`, what may be claimed within `EMAIL_PER_MINUTE`, and how many of `size`.

    Two workers count one after the other: the lock is held until the claim is committed.
    """
    rate = settings.EMAIL_PER_MINUTE
    if not rate:
        return due, size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    room = rate - _begun(now)
    bulk_room = room - rate // KEPT
    if bulk_room > 0:
        return due, min(size, bulk_room)
    if room > 0:
        is_mailing = Q(channel=Channel.EMAIL, is_transactional=False)
        return due.exclude(is_mailing), min(size, room)
    return due.exclude(channel=Channel.EMAIL), size


def _begun(now: datetime) -> int:
    """Mails handed over within the last minute, and those a worker is about to."""
    lately = Q(last_attempt_at__gt=now - WINDOW)
    about_to = Q(status=Status.CLAIMED, handed_over_at=None)
    return Message.objects.filter(lately | about_to, channel=Channel.EMAIL).count()
