"""Every write of the planning: from the draft to the announced session, moved, cancelled, copied.

Who changes something says which state they saw (`revision`); a newer one is never overwritten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from campaigns import clock
from campaigns.models import Campaign
from core.tokens import make_code
from organisations.models import Organisation, User
from webinars import mails
from webinars.enums import WebinarState
from webinars.models import Part, Reminder, Series, Webinar
from webinars.places import fill_places, lock_webinar

log = structlog.get_logger()

# The day before and an hour before, in minutes.
USUAL_REMINDERS = (1440, 60)
# Kept by a copy: neither dates, nor room, nor replay, nor who came.
COPIED = (
    "campaign", "series", "organisation", "title", "description", "guest", "time_zone", "capacity",
    "opens_minutes_before", "one_device", "slides",
)  # fmt: skip


class WebinarMoved(Exception):
    """Somebody else changed this session meanwhile."""


class KeepsItsDate(Exception):
    """A session that has a date is moved or cancelled; calendars would keep a date taken away."""


class InThePast(Exception):
    """A session to come is never moved to an hour that is past: nobody could move it back."""


class NotADraft(Exception):
    """A session that was announced is cancelled, never deleted: people may have registered."""


@dataclass(frozen=True)
class Step:
    """A part of the programme, before it is stored."""

    title: str
    minutes: int | None = None
    speakers: str = ""


@transaction.atomic
def create_webinar(
    *,
    campaign: Campaign,
    series: Series,
    organisation: Organisation,
    title: str,
    created_by: User | None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    steps: Sequence[Step] = (),
    reminders: Sequence[int] = USUAL_REMINDERS,
    **fields: Any,
) -> Webinar:
    """Prepare a session, with its programme and the usual reminders; nobody is told yet."""
    now = clock.now()
    documents = fields.pop("documents", ())
    webinar = Webinar.objects.create(
        campaign=campaign, series=series, organisation=organisation, code=make_code(), title=title,
        created_by=created_by, starts_at=starts_at, ends_at=ends_at,
        dates_set_at=now if starts_at else None, created_at=now, updated_at=now, **fields,
    )  # fmt: skip
    webinar.documents.set(documents)
    _put_steps(webinar, steps)
    _put_reminders(webinar, reminders)
    return webinar


@transaction.atomic
def change_webinar(*, webinar: Webinar, revision: int, **fields: Any) -> Webinar:
    """Change fields of a session, its dates too: those who come are told of a new hour.

    More places go to those who wait. Raises `WebinarMoved` when `revision`, the one that was on
    screen, is no longer its own, `KeepsItsDate` for an announced session left without one, and
    `InThePast`. What is over may be corrected, and nobody is told.
    """
    webinar = _lock(webinar, revision)
    if "documents" in fields:
        webinar.documents.set(fields.pop("documents"))
    before = (webinar.starts_at, webinar.ends_at, webinar.title)
    was_over = webinar.is_over_at(clock.now())
    for name, value in fields.items():
        setattr(webinar, name, value)
    moved = before[:2] != (webinar.starts_at, webinar.ends_at)
    if before[0] and webinar.starts_at is None and webinar.announced_at:
        raise KeepsItsDate
    if moved and webinar.announced_at and not was_over and _would_be_past(webinar, before[0]):
        raise InThePast
    if moved:
        webinar.dates_set_at = clock.now() if webinar.starts_at else None
    if moved or before[2] != webinar.title:
        webinar.sequence += 1
    _finish(webinar)
    if moved and not webinar.is_over_at(clock.now()):
        mails.tell_everybody(webinar, mails.MOVED)
    fill_places(webinar)
    return webinar


def _would_be_past(webinar: Webinar, former: datetime | None) -> bool:
    """Whether its new hour is past; one that is being held keeps its start and lasts longer."""
    now, start = clock.now(), webinar.starts_at
    has_begun = start is not None and start <= now and start != former
    return has_begun or webinar.is_over_at(now)


@transaction.atomic
def move_webinar(*, webinar: Webinar, revision: int, starts_at: datetime) -> Webinar:
    """Hold it at another moment, for as long as before. Raises `WebinarMoved`."""
    if webinar.starts_at is None or webinar.ends_at is None:
        raise ValueError("a session without a date has no length to keep")
    ends_at = starts_at + (webinar.ends_at - webinar.starts_at)
    return change_webinar(webinar=webinar, revision=revision, starts_at=starts_at, ends_at=ends_at)


@transaction.atomic
def set_programme(*, webinar: Webinar, revision: int, steps: Sequence[Step]) -> Webinar:
    """Replace the parts of the programme. Raises `WebinarMoved`."""
    webinar = _lock(webinar, revision)
    webinar.parts.all().delete()
    _put_steps(webinar, steps)
    _finish(webinar)
    return webinar


@transaction.atomic
def set_reminders(*, webinar: Webinar, revision: int, minutes: Sequence[int]) -> Webinar:
    """Choose when people are reminded, in minutes before; one that was written stays written."""
    webinar = _lock(webinar, revision)
    webinar.reminders.exclude(minutes_before__in=minutes).delete()
    _put_reminders(webinar, minutes)
    _finish(webinar)
    return webinar


@transaction.atomic
def set_moment(
    *, webinar: Webinar, revision: int, reminders: Sequence[int], **fields: Any
) -> Webinar:
    """Say when it is held, when the door opens and when people are reminded: one change for all.

    Raises what `change_webinar` raises.
    """
    changed = change_webinar(webinar=webinar, revision=revision, **fields)
    return set_reminders(webinar=changed, revision=changed.revision, minutes=reminders)


@transaction.atomic
def announce_webinar(*, webinar: Webinar, revision: int) -> Webinar:
    """Open registration; also undoes a cancellation, of which those who come are told.

    Its date may come later. Raises `WebinarMoved`.
    """
    webinar = _lock(webinar, revision)
    comes_back = webinar.state == WebinarState.CANCELLED and webinar.announced_at is not None
    now = clock.now()
    webinar.state = WebinarState.ANNOUNCED
    webinar.announced_at = webinar.announced_at or now
    webinar.cancelled_at, webinar.cancel_reason = None, ""
    if comes_back:
        webinar.sequence += 1
        webinar.dates_set_at = now if webinar.starts_at else None
    _finish(webinar)
    if comes_back:
        mails.tell_everybody(webinar, mails.BACK)
        fill_places(webinar)
    log.info("webinar-announced", webinar=webinar.pk)
    return webinar


@transaction.atomic
def cancel_webinar(*, webinar: Webinar, revision: int, reason: str) -> Webinar:
    """Call a session off and tell everybody who comes, waits or asked. Raises `WebinarMoved`."""
    webinar = _lock(webinar, revision)
    if webinar.state == WebinarState.CANCELLED:
        return webinar
    webinar.state, webinar.cancel_reason = WebinarState.CANCELLED, reason
    webinar.cancelled_at = clock.now()
    webinar.sequence += 1
    _finish(webinar)
    mails.tell_everybody(webinar, mails.OFF)
    log.info("webinar-cancelled", webinar=webinar.pk)
    return webinar


@transaction.atomic
def copy_webinar(
    *,
    webinar: Webinar,
    created_by: User,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Webinar:
    """The same session another time, as a draft: programme, documents and reminders copied."""
    return create_webinar(
        **{name: getattr(webinar, name) for name in COPIED},
        created_by=created_by,
        starts_at=starts_at,
        ends_at=ends_at,
        documents=list(webinar.documents.all()),
        steps=[Step(one.title, one.minutes, one.speakers) for one in webinar.parts.all()],
        reminders=[one.minutes_before for one in webinar.reminders.all()],
    )


@transaction.atomic
def delete_webinar(*, webinar: Webinar, revision: int, author: User) -> None:
    """Delete a draft. Raises `NotADraft` for any session that was announced, and `WebinarMoved`."""
    webinar = _lock(webinar, revision)
    if webinar.announced_at is not None:
        raise NotADraft
    log.info("webinar-deleted", webinar=webinar.pk, user=author.pk)
    webinar.delete()


def _lock(webinar: Webinar, revision: int) -> Webinar:
    current = lock_webinar(webinar)
    if current.revision != revision:
        raise WebinarMoved
    return current


def _put_steps(webinar: Webinar, steps: Sequence[Step]) -> None:
    Part.objects.bulk_create(
        Part(webinar=webinar, position=rank, **vars(step)) for rank, step in enumerate(steps)
    )


def _put_reminders(webinar: Webinar, minutes: Sequence[int]) -> None:
    Reminder.objects.bulk_create(
        [Reminder(webinar=webinar, minutes_before=each) for each in sorted(set(minutes))],
        ignore_conflicts=True,
    )


def _finish(webinar: Webinar) -> None:
    webinar.updated_at = clock.now()
    webinar.revision += 1
    webinar.save()
