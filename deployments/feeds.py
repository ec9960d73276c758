"""Writes about the addresses that calendar programs read."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from campaigns import clock
from core.tokens import hash_secret, make_secret
from deployments.enums import FeedKind
from deployments.models import CalendarFeed
from organisations.models import Organisation, User

MOST_FEEDS = 10
# Programs read every few minutes; its owner wants to know the day.
NOTED_EVERY = timedelta(hours=1)


class TooManyFeeds(Exception):
    """The person has as many addresses as one can keep in mind."""


@transaction.atomic
def open_feed(
    *, user: User, kind: str, organisation: Organisation | None = None
) -> tuple[CalendarFeed, str]:
    """Make an address; its secret is returned this once. Raises `TooManyFeeds`."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if CalendarFeed.objects.active().filter(user=locked).count() >= MOST_FEEDS:
        raise TooManyFeeds
    secret = make_secret()
    feed = CalendarFeed.objects.create(
        user=user, kind=FeedKind(kind), secret_hash=hash_secret(secret),
        organisation=organisation if kind == FeedKind.ORGANISATION else None,
    )  # fmt: skip
    return feed, secret


def revoke_feed(*, feed: CalendarFeed) -> None:
    """From now on its address answers that there is nothing."""
    CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=clock.now())


def note_reading(*, pk: int, at: datetime) -> None:
    """Keep when a program last read; an older reading changes nothing."""
    never = Q(last_read_at=None) | Q(last_read_at__lt=at)
    CalendarFeed.objects.filter(never, pk=pk).update(last_read_at=at)


def should_note(feed: CalendarFeed, at: datetime) -> bool:
    return feed.last_read_at is None or at - feed.last_read_at >= NOTED_EVERY
