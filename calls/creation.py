"""Follow-ups are made set-based: from captures as they are stored, and by the sweeper."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from calls.enums import Reason, Status
from calls.expressions import agrees_to_calls
from calls.models import FollowUp
from calls.routing import route_contacts
from campaigns import clock
from contacts.addresses import agreed_channels_of
from contacts.enums import CaptureMethod, ConsentChannel, Purpose, Wish
from contacts.hooks import Met
from contacts.models import Consent, Contact, ContactQuerySet

# Who wishes something is called by tomorrow; who merely agreed, within three days.
WISH_WITHIN = timedelta(days=1)
CONSENT_WITHIN = timedelta(days=3)
# Nobody called this month is called again only because they scanned a second QR code.
RECENTLY_CALLED = timedelta(days=30)
BATCH = 2000

Reasons = Mapping[int, set[str]]


def follow_captures(met: Met) -> None:
    """Open a follow-up for each person met who wants one; a constant number of queries.

    Runs inside the captures' transaction. Who is already to be called gains the new reasons.
    """
    reasons = _reasons(met)
    contacts = {each.contact_id: each.contact for each in met.captures if each.contact}
    wanted = {pk: contact for pk, contact in contacts.items() if pk in reasons}
    if not wanted:
        return
    now = clock.now()
    # Whoever was created by this batch has no follow-up yet.
    created = {each.contact_id for each in met.captures if each.created_contact}
    opened, recent = _known_follow_ups(wanted.keys() - created, now)
    _add_reasons(opened, reasons, now)
    new = [
        contact
        for pk, contact in wanted.items()
        if pk not in opened
        and not (pk in recent and reasons[pk] == {Reason.CONSENT})
        # A wish without a number to call is answered in writing.
        and (_wishes(reasons[pk]) or ConsentChannel.CALL in met.agreed[pk])
    ]
    create_follow_ups(new, reasons, now)


def _reasons(met: Met) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for capture in met.captures:
        if capture.contact_id and capture.wishes:
            found[capture.contact_id].update(capture.wishes)
    for consent in met.consents:
        # A list of thousands who agree to calls is no list of people to call: they are when they
        # asked.
        is_heard = consent.capture is not None and consent.capture.method != CaptureMethod.IMPORT
        if consent.channel == ConsentChannel.CALL and consent.is_given and is_heard:
            found[consent.contact_id].add(Reason.CONSENT)
    return found


def _known_follow_ups(
    contacts: Collection[int], now: datetime
) -> tuple[dict[int, FollowUp], set[int]]:
    """The open follow-ups by contact, locked, and the contacts called lately."""
    if not contacts:
        return {}, set()
    known = FollowUp.objects.filter(contact__in=contacts).order_by("pk")
    opened = {row.contact_id: row for row in known.open().select_for_update(of=("self",))}
    called = known.filter(status=Status.DONE, closed_at__gte=now - RECENTLY_CALLED)
    return opened, set(called.values_list("contact_id", flat=True))


def _add_reasons(opened: Mapping[int, FollowUp], reasons: Reasons, now: datetime) -> None:
    changed = []
    for pk, row in opened.items():
        if missing := reasons[pk] - set(row.reasons):
            row.reasons = in_order({*row.reasons, *missing})
            row.due_at = min(row.due_at, due_at(row.reasons, now))
            changed.append(row)
    if changed:
        FollowUp.objects.bulk_update(changed, ["reasons", "due_at"])


def create_follow_ups(contacts: Collection[Contact], reasons: Reasons, now: datetime) -> None:
    """Write the rows; whoever has an open one meanwhile keeps it."""
    if not contacts:
        return
    routes = route_contacts(contacts)
    rows = [
        FollowUp(
            contact=contact,
            reasons=in_order(reasons[contact.pk]),
            organisation_id=routes[contact.pk].organisation,
            federation_id=routes[contact.pk].federation,
            place=routes[contact.pk].place,
            next_attempt_at=now,
            due_at=due_at(reasons[contact.pk], now),
        )
        for contact in contacts
    ]
    FollowUp.objects.bulk_create(rows, ignore_conflicts=True)


def in_order(reasons: Iterable[str]) -> list[str]:
    chosen = set(reasons)
    return [reason.value for reason in Reason if reason.value in chosen]


def due_at(reasons: Iterable[str], now: datetime) -> datetime:
    return now + (WISH_WITHIN if _wishes(reasons) else CONSENT_WITHIN)


def _wishes(reasons: Iterable[str]) -> set[str]:
    return set(reasons) & set(Wish.values)


def open_missing_follow_ups() -> int:
    """Open those nothing opened: agreed on the personal page, before this room existed, can be
    called again, or corrected a wrong number since. Return how many.

    Agreeing on an imported list alone opens nothing.
    """
    opened, last = 0, 0
    while True:
        with transaction.atomic():
            contacts = list(_forgotten().filter(pk__gt=last).order_by("pk")[:BATCH])
            channels = agreed_channels_of(contacts)
            callable_ = [one for one in contacts if ConsentChannel.CALL in channels[one.pk]]
            reasons: Reasons = {one.pk: {Reason.CONSENT} for one in callable_}
            create_follow_ups(callable_, reasons, clock.now())
        opened += len(callable_)
        if len(contacts) < BATCH:
            return opened
        last = contacts[-1].pk


def _forgotten() -> ContactQuerySet:
    given = Consent.objects.filter(
        contact=OuterRef("pk"), purpose=Purpose.CALL_BACK, channel=ConsentChannel.CALL
    ).order_by("-given_at", "-pk")
    is_same_number = Q(wrong_number="") | Q(wrong_number=OuterRef("phone"))
    called = Q(status=Status.DONE, closed_at__gte=clock.now() - RECENTLY_CALLED)
    # What was cancelled answered nobody: the person could not be reached then.
    since_agreed = Q(created_at__gte=OuterRef("agreed_at")) & ~Q(status=Status.CANCELLED)
    answered = FollowUp.objects.filter(contact=OuterRef("pk")).filter(
        Q(status=Status.OPEN) | (since_agreed | called) & is_same_number
    )
    return (
        Contact.objects.exclude(phone="")
        .filter(voted_at=None)
        .alias(
            agreed=agrees_to_calls("pk"),
            agreed_at=given.values("given_at")[:1],
            agreed_by=Coalesce(given.values("capture__method")[:1], Value("")),
        )
        .filter(agreed=True)
        .exclude(agreed_by=CaptureMethod.IMPORT)
        .filter(~Exists(answered))
    )
