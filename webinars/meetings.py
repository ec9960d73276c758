"""The meeting room's address: encrypted at rest, opened only for who goes through the door.

It is under the keys of `core.ciphers`, so that `rotate_secrets` puts it under a new `SECRET_KEY`.
"""

import json
from dataclasses import asdict, dataclass, field

import structlog
from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from campaigns import clock
from core.ciphers import Resealed, cipher
from organisations.models import User
from webinars.models import Meeting, Webinar

log = structlog.get_logger()

PURPOSE = "webinar-meeting"


class NotAnAddress(ValueError):
    """A room is entered by an https address: browsers lead a form on to no other."""


class Unreadable(ValueError):
    """No key of the ring opens it."""


@dataclass(frozen=True)
class Room:
    """What one needs to enter; none of it shows in a traceback."""

    address: str = field(repr=False)
    number: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


def seal(room: Room) -> str:
    return cipher(PURPOSE).encrypt(json.dumps(asdict(room)).encode()).decode()


def open_room(meeting: Meeting) -> Room:
    """Raises `Unreadable`."""
    try:
        plain = cipher(PURPOSE).decrypt(meeting.sealed.encode())
    except InvalidToken as error:
        raise Unreadable(f"meeting of webinar {meeting.webinar_id}") from error
    return Room(**json.loads(plain))


@transaction.atomic
def set_meeting(*, webinar: Webinar, room: Room, provider: str, author: User | None) -> Meeting:
    """Say where a session is held; those who registered keep their own link, and get no mail.

    Raises `NotAnAddress`.
    """
    try:
        URLValidator(schemes=["https"])(room.address)
    except ValidationError as error:
        raise NotAnAddress from error
    meeting, _ = Meeting.objects.update_or_create(
        webinar=webinar,
        defaults={
            "sealed": seal(room), "provider": provider, "changed_by": author,
            "changed_at": clock.now(),
        },
    )  # fmt: skip
    log.info("webinar-meeting-changed", webinar=webinar.pk, user=author.pk if author else None)
    return meeting


def check_meeting(*, meeting: Meeting, author: User) -> str:
    """The meeting's address, for a redirection alone; who looked is logged. Raises `Unreadable`."""
    room = open_room(meeting)
    log.info("webinar-meeting-checked", webinar=meeting.webinar_id, user=author.pk)
    return room.address


@transaction.atomic
def remove_meeting(*, webinar: Webinar, author: User) -> None:
    """Whoever goes to the door waits until another room is given."""
    Meeting.objects.filter(webinar=webinar).delete()
    log.info("webinar-meeting-removed", webinar=webinar.pk, user=author.pk)


@transaction.atomic
def reseal_meetings() -> Resealed:
    """Put every address under today's `SECRET_KEY`; those that no key opens stay as they are."""
    done, unreadable = 0, []
    for meeting in Meeting.objects.select_for_update(no_key=True).order_by("pk"):
        try:
            meeting.sealed = cipher(PURPOSE).rotate(meeting.sealed.encode()).decode()
        except InvalidToken:
            unreadable.append(f"webinaire {meeting.webinar_id}")
            continue
        meeting.save(update_fields=["sealed"])
        done += 1
    return Resealed(done, tuple(unreadable))
