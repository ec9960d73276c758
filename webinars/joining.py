"""The door: what a personal link opens now, and what is noted of who goes through.

A link is one person's, and people have a telephone and a computer: a second device is let in and
noted, staff see how many there were and may close the link. Where a session allows one device at
a time, the second is offered a new link by mail, which closes the first: its owner loses a minute,
and whoever it was forwarded to does not read that mail.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from campaigns import clock
from core.tokens import hash_secret
from webinars.enums import Door, WebinarState
from webinars.meetings import Unreadable, open_room
from webinars.models import Join, Meeting, Registration

log = structlog.get_logger()

# Discussions go on, and some come late.
STAYS_OPEN = timedelta(minutes=30)
# Whoever reloads the page within as many minutes enters once.
ONE_ENTRY = timedelta(minutes=5)


@dataclass(frozen=True)
class Doorstep:
    """What somebody sees with their link in hand."""

    door: Door
    # None while the session has no date.
    opens_at: datetime | None
    replay_url: str = ""


@dataclass(frozen=True)
class Entry:
    """What came of wanting to go through: the meeting's address, if the door was open."""

    door: Door
    address: str = ""


def doorstep(
    registration: Registration, *, device: str = "", now: datetime | None = None
) -> Doorstep:
    """What the link opens at this moment, on a device known by its cookie. Writes nothing."""
    now = now or clock.now()
    webinar = registration.webinar
    opens_at = None
    if webinar.starts_at is not None:
        opens_at = webinar.starts_at - timedelta(minutes=webinar.opens_minutes_before)
    door = _door(registration, device, opens_at, now)
    return Doorstep(door, opens_at, webinar.replay_url if door == Door.OVER else "")


@transaction.atomic
def join(*, registration: Registration, device: str) -> Entry:
    """Go through the door: notes the presence and answers the meeting's address, if it is open.

    The address is for a redirection alone: it is neither shown, logged nor kept.
    """
    rows = Registration.objects.select_for_update(of=("self",), no_key=True)
    one = rows.select_related("webinar").get(pk=registration.pk)
    now = clock.now()
    door = doorstep(one, device=device, now=now).door
    if door != Door.OPEN:
        return Entry(door)
    try:
        room = open_room(one.webinar.meeting)
    except Unreadable:
        # They wait, as before a room is given; whoever keeps the keys must hear of it.
        log.error("webinar-meeting-unreadable", webinar=one.webinar_id)
        return Entry(Door.EARLY)
    _note(one, device, now)
    return Entry(door, room.address)


def _door(one: Registration, device: str, opens_at: datetime | None, now: datetime) -> Door:
    webinar = one.webinar
    if one.revoked_at is not None:
        return Door.GONE
    if webinar.state != WebinarState.ANNOUNCED or not one.has_place:
        return Door.SHUT
    if webinar.ends_at is not None and webinar.ends_at + STAYS_OPEN <= now:
        return Door.OVER
    has_room = Meeting.objects.filter(webinar=webinar).exists()
    if opens_at is None or now < opens_at or not has_room:
        return Door.EARLY
    if webinar.one_device and one.device_hash and one.device_hash != _hash(device):
        return Door.ELSEWHERE
    return Door.OPEN


def _note(one: Registration, device: str, now: datetime) -> None:
    hashed = _hash(device)
    lately = one.joins.filter(device_hash=hashed, joined_at__gt=now - ONE_ENTRY)
    if not lately.exists():
        Join.objects.create(registration=one, joined_at=now, device_hash=hashed)
    one.device_hash = one.device_hash or hashed
    one.joined_at = one.joined_at or now
    one.attended = True
    one.save(update_fields=["device_hash", "joined_at", "attended"])


def _hash(device: str) -> str:
    return hash_secret(device) if device else ""
