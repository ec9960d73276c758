"""Scarce places: whoever gives one locks the session, recounts, then writes."""

from collections.abc import Collection
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F

from campaigns import clock
from webinars import mails
from webinars.enums import RegistrationState
from webinars.models import Registration, RegistrationQuerySet, Webinar

log = structlog.get_logger()


class WebinarClosed(Exception):
    """The session is not announced, off, or over."""


def lock_webinar(webinar: Webinar) -> Webinar:
    """The session, held until the transaction ends."""
    return lock_webinars([webinar.pk])[webinar.pk]


def lock_webinars(pks: Collection[int]) -> dict[int, Webinar]:
    """Several sessions by their numbers, always locked in the same order."""
    rows = Webinar.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("series", "organisation").filter(pk__in=pks).order_by("pk")
    return {webinar.pk: webinar for webinar in found}


def lock_registration(registration: Registration) -> Registration:
    """Somebody's row as it is now, locked after their session."""
    webinar = lock_webinar(registration.webinar)
    current = locked_rows().get(pk=registration.pk)
    current.webinar = webinar
    return current


def locked_rows() -> RegistrationQuerySet:
    """Registrations that nobody changes meanwhile: going through the door locks its row alone."""
    rows = Registration.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("user", "organisation")


def free_places(webinar: Webinar) -> int | None:
    """How many are left; None without a limit."""
    if webinar.capacity is None:
        return None
    return max(webinar.capacity - webinar.registrations.registered().count(), 0)


def give_place(registration: Registration, *, asked_at: datetime) -> None:
    """A place, else one on the waiting list from `asked_at`. The session is locked; not saved."""
    if free_places(registration.webinar) == 0:
        registration.state, registration.queued_at = RegistrationState.WAITING, asked_at
    else:
        registration.state, registration.queued_at = RegistrationState.REGISTERED, None
    registration.cancelled_at = None


def fill_places(webinar: Webinar) -> list[Registration]:
    """Give what is free to those who wait, in their order, and tell them. The session is locked."""
    if not webinar.is_open_at(clock.now()):
        return []
    promoted = list(webinar.registrations.waiting()[: free_places(webinar)])
    if not promoted:
        return []
    Registration.objects.filter(pk__in=[one.pk for one in promoted]).update(
        state=RegistrationState.REGISTERED, queued_at=None, sequence=F("sequence") + 1
    )
    for one in promoted:
        one.state, one.queued_at, one.webinar = RegistrationState.REGISTERED, None, webinar
        one.sequence += 1
    mails.tell(promoted, mails.PLACE)
    log.info("webinar-places-given", webinar=webinar.pk, number=len(promoted))
    return promoted


def fill_freed_places() -> int:
    """Look once more, whatever freed them: safe to repeat. Answers how many places were given."""
    wanted = Webinar.objects.to_come(clock.now()).filter(
        registrations__state=RegistrationState.WAITING
    )
    return sum(_fill(pk) for pk in sorted(set(wanted.order_by("pk").values_list("pk", flat=True))))


@transaction.atomic
def _fill(pk: int) -> int:
    return len(fill_places(lock_webinars([pk])[pk]))
