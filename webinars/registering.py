"""Registering, leaving, asking to come: with or without an account, the same answer to all.

Anybody may type anybody's address: what an address is registered for is only ever told by mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from campaigns import clock
from messaging.addresses import normalised
from messaging.enums import Channel
from organisations.models import Organisation, User
from territory.local_time import zone_or_paris
from webinars import mails
from webinars.audience import address_hash, admit, belongs
from webinars.enums import RegistrationState
from webinars.links import secret_hash
from webinars.models import Registration, Webinar
from webinars.places import (
    WebinarClosed,
    fill_places,
    give_place,
    lock_registration,
    lock_webinar,
    lock_webinars,
    locked_rows,
)

log = structlog.get_logger()

# A stranger may not fill somebody's letter box; a whole season fits in.
MOST_IN_A_DAY = 15
# Mails of one kind about one registration, a day; the last one says that they come.
MOST_TOLD = {mails.LEFT: 3, mails.WORD: 4}
# The first mail is still on its way: pressing the button twice sends one.
FRESH = timedelta(minutes=10)


class NotWelcome(Exception):
    """Staff took them off the list for good."""


class TooManyInADay(Exception):
    """An address registers for so many sessions a day, and no more."""


@dataclass(frozen=True)
class Applicant:
    """Somebody who wants to come, as they say it; `user` is whom the page knows, if it does."""

    email: str
    name: str
    organisation: Organisation | None = None
    organisation_name: str = ""
    mandate: str = ""
    # For those who answer, when the session is for others.
    reason: str = ""
    time_zone: str = "Europe/Paris"
    user: User | None = None

    @classmethod
    def of(cls, user: User, **fields: str) -> "Applicant":
        """Somebody with an account: their name, address and nearest organisation are known."""
        own = [membership.organisation for membership in user.active_memberships]
        return cls(
            email=user.email, name=user.get_full_name(), user=user,
            organisation=user.nearest_organisation or next(iter(own), None),
            **{"time_zone": user.time_zone} | fields,
        )  # fmt: skip


@transaction.atomic
def register(*, webinars: Sequence[Webinar], applicant: Applicant) -> list[Registration]:
    """Register an address for one or several sessions; those that are closed are left out.

    A replay, however the address is spelled, answers the same rows and mails the same link again,
    once an hour; who had left comes back, unless staff took them off for good. Who is not of the
    audience asks, and staff answer. Raises `InvalidAddress`.
    """
    hashed = address_hash(applicant.email)
    user = applicant.user or _account_of(applicant.email)
    now = clock.now()
    locked = lock_webinars([webinar.pk for webinar in webinars])
    known = _known(locked, hashed, user)
    room = MOST_IN_A_DAY - _since_yesterday(hashed, now)
    registrations = []
    for webinar in locked.values():
        if not webinar.is_open_at(now):
            continue
        one = known.get(webinar.pk)
        if one is None and room > 0:
            room -= 1
            one = _new(webinar, hashed, applicant, user)
            _welcome(one, now)
        elif one is not None:
            one.webinar = webinar
            _take_up_again(one, user, now)
        if one is not None:
            registrations.append(one)
    return registrations


@transaction.atomic
def add_registrant(*, webinar: Webinar, applicant: Applicant, added_by: User) -> Registration:
    """Register somebody who asked for it by word of mouth: who adds them vouches for them.

    They get the mail everybody gets; who was taken off for good is let in again. Raises
    `WebinarClosed`, `TooManyInADay`, `InvalidAddress`.
    """
    hashed = address_hash(applicant.email)
    user = applicant.user or _account_of(applicant.email)
    if not lock_webinar(webinar).is_open_at(clock.now()):
        raise WebinarClosed
    if not belongs(webinar.series, hashed, user):
        admit(hashes=[hashed], added_by=added_by, series=webinar.series)
    known = _known({webinar.pk: webinar}, hashed, user)
    Registration.objects.filter(pk__in=[one.pk for one in known.values()]).update(barred_at=None)
    found = register(webinars=[webinar], applicant=applicant)
    if not found:
        raise TooManyInADay
    log.info("webinar-registrant-added", registration=found[0].pk, user=added_by.pk)
    return found[0]


@transaction.atomic
def cancel_registration(
    *,
    registration: Registration,
    cancelled_by: User | None = None,
    reply: str = "",
    for_good: bool = False,
) -> Registration:
    """Leave: the first who waits gets the place in the same instant. Repeating it does nothing.

    Who was there stays among those who were: only staff may take that back. `cancelled_by` when
    staff do it for somebody, who reads their `reply` in the mail, and who does not come back by
    themselves when it is `for_good`.
    """
    one = lock_registration(registration)
    now = clock.now()
    # Who was refused has nothing to leave, and would ask again by coming back.
    has_left = one.state in (RegistrationState.CANCELLED, RegistrationState.REFUSED)
    was_there = bool(one.attended) and cancelled_by is None
    if has_left or was_there or one.webinar.is_over_at(now):
        return one
    one.state, one.queued_at, one.cancelled_at = RegistrationState.CANCELLED, None, now
    if cancelled_by is not None:
        _note_decision(one, cancelled_by, reply, now)
        one.barred_at = now if for_good else None
    one.sequence += 1
    one.save()
    _tell_change(one, mails.LEFT, by_staff=cancelled_by is not None)
    fill_places(one.webinar)
    return one


@transaction.atomic
def come_back(*, registration: Registration) -> Registration:
    """Undo a cancellation: a place while there is one, else the waiting list, a request as before.

    Raises `WebinarClosed` and `NotWelcome`.
    """
    one = lock_registration(registration)
    now = clock.now()
    if not one.webinar.is_open_at(now):
        raise WebinarClosed
    if one.barred_at is not None:
        raise NotWelcome
    if one.state == RegistrationState.CANCELLED:
        _take_up_again(one, None, now)
    return one


@transaction.atomic
def correct_details(*, registration: Registration, name: str, time_zone: str) -> Registration:
    """Change how somebody is called, and by which clocks they are told the hours."""
    one = lock_registration(registration)
    one.name, one.time_zone = name, zone_or_paris(time_zone).key
    one.save(update_fields=["name", "time_zone"])
    return one


@transaction.atomic
def approve(*, registration: Registration, decided_by: User, reply: str = "") -> list[Registration]:
    """Let somebody in who asked to or was taken off for good.

    Their address is known for the other sessions. A mandate they gave and that the series is for
    counts in every series it opens. Answers what was settled with it: none when somebody else
    answered first.
    """
    series = registration.webinar.series
    concerned = Q(state=RegistrationState.ASKED) | Q(pk=registration.pk)
    asked = Registration.objects.filter(concerned, address_hash=registration.address_hash)
    locked = lock_webinars(set(asked.values_list("webinar_id", flat=True)))
    rows = list(
        locked_rows()
        .filter(concerned, address_hash=registration.address_hash, webinar__in=locked)
        .order_by("webinar", "pk")
    )
    if not any(one.pk == registration.pk and can_be_let_in(one) for one in rows):
        return []
    is_theirs = registration.mandate in series.mandates
    admit(
        hashes=[registration.address_hash],
        added_by=decided_by,
        series=None if is_theirs else series,
        mandate=registration.mandate if is_theirs else "",
    )
    settled = []
    for one in rows:
        one.webinar = locked[one.webinar_id]
        is_open = one.webinar.is_open_at(clock.now())
        if is_open and belongs(one.webinar.series, one.address_hash, one.user):
            _let_in(one, decided_by, reply)
            settled.append(one)
    return settled


@transaction.atomic
def refuse(*, registration: Registration, decided_by: User, reply: str = "") -> Registration:
    """Say no to somebody who asked to come; it can be approved later."""
    one = lock_registration(registration)
    if one.state != RegistrationState.ASKED:
        return one
    one.state = RegistrationState.REFUSED
    _note_decision(one, decided_by, reply, clock.now())
    one.sequence += 1
    one.save()
    mails.tell([one], mails.REFUSED)
    log.info("webinar-request-refused", registration=one.pk, user=decided_by.pk)
    return one


_UNDER_WAY = (
    RegistrationState.REGISTERED, RegistrationState.WAITING, RegistrationState.ASKED,
)  # fmt: skip
_ANSWERABLE = (RegistrationState.ASKED, RegistrationState.REFUSED)


def can_be_let_in(one: Registration) -> bool:
    """Whether staff have a yes to say: to a request, refused or not, and to who was taken off."""
    return one.state in _ANSWERABLE or one.barred_at is not None


def _account_of(email: str) -> User | None:
    address = normalised(Channel.EMAIL, email)
    return User.objects.filter(email=address, is_active=True).first()


def _known(webinars: dict[int, Webinar], hashed: str, user: User | None) -> dict[int, Registration]:
    """By session, what an address, or the account behind it, is registered for."""
    same = Q(address_hash=hashed)
    if user is not None:
        same |= Q(user=user)
    rows = locked_rows().filter(same, webinar__in=webinars).order_by("pk")
    return {one.webinar_id: one for one in rows}


def _since_yesterday(hashed: str, now: datetime) -> int:
    lately = Registration.objects.filter(address_hash=hashed)
    return lately.filter(registered_at__gt=now - timedelta(days=1)).count()


def _new(webinar: Webinar, hashed: str, applicant: Applicant, user: User | None) -> Registration:
    one = Registration(
        webinar=webinar, address_hash=hashed, user=user,
        email=normalised(Channel.EMAIL, applicant.email), name=applicant.name,
        organisation=applicant.organisation, organisation_name=applicant.organisation_name,
        mandate=applicant.mandate, reason=applicant.reason,
        time_zone=zone_or_paris(applicant.time_zone).key, registered_at=clock.now(),
    )  # fmt: skip
    one.secret_hash = secret_hash(one.seed)
    return one


def _welcome(one: Registration, now: datetime) -> None:
    """A place, the waiting list or a request. The session is locked."""
    one.reply = ""
    if belongs(one.webinar.series, one.address_hash, one.user):
        give_place(one, asked_at=now)
    else:
        one.state, one.queued_at, one.cancelled_at = RegistrationState.ASKED, None, None
    one.save()
    _tell_change(one, mails.WORD)
    if one.state == RegistrationState.ASKED:
        mails.warn_managers(one)


def _tell_change(one: Registration, purpose: str, *, by_staff: bool = False) -> None:
    """Who leaves and comes back over and over reads it on their page, not in twenty mails."""
    most = MOST_TOLD.get(purpose, 0)
    if by_staff or not one.sequence or mails.told_since_yesterday(one, purpose) < most:
        mails.tell([one], purpose)


def _take_up_again(one: Registration, user: User | None, now: datetime) -> None:
    """Who had left comes back; who had to ask and is of the audience by now is let in."""
    one.user = one.user or user
    is_back = one.state == RegistrationState.CANCELLED and one.barred_at is None
    if is_back or (
        one.state in _ANSWERABLE and belongs(one.webinar.series, one.address_hash, one.user)
    ):
        one.sequence += 1
        _welcome(one, now)
        return
    if user is not None:
        one.save(update_fields=["user"])
    _remind_of_link(one, now)


def _remind_of_link(one: Registration, now: datetime) -> None:
    """Keep the promise of a mail to who registers again: they lost the first, or never got it."""
    is_fresh = now - one.registered_at < FRESH
    if not is_fresh and one.revoked_at is None and one.state in _UNDER_WAY:
        mails.tell([one], mails.LINK, occasion=f"{now:%Y%m%d%H}")


def _note_decision(one: Registration, decided_by: User, reply: str, now: datetime) -> None:
    one.decided_by, one.decided_at, one.reply = decided_by, now, reply


def _let_in(one: Registration, decided_by: User, reply: str) -> None:
    one.barred_at = None
    # Their turn in the waiting list is that of the day they asked.
    give_place(one, asked_at=one.registered_at)
    _note_decision(one, decided_by, reply, clock.now())
    one.sequence += 1
    one.save()
    mails.tell([one], mails.APPROVED)
    log.info("webinar-request-approved", registration=one.pk, user=decided_by.pk)
