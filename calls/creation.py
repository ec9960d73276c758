"""Follow-ups are made set-based: from captures as they are stored, and by the sweeper."""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
from contacts.models import Capture, Consent, Contact, ContactQuerySet

# Who wishes something is called by tomorrow; who merely agreed, within three days.
WISH_WITHIN = timedelta(days=1)
CONSENT_WITHIN = timedelta(days=3)
# Nobody called this month is called again only because they scanned a second QR code.
RECENTLY_CALLED = timedelta(days=30)
BATCH = 2000

Reasons = Mapping[int, set[str]]


def follow_captures(captures: Sequence[Capture]) -> None:
    """Open a follow-up for each person met who wants one; a constant number of queries.

    Runs inside the captures' transaction. Who is already to be called gains the new reasons.
    """
    contacts = {capture.contact_id: capture.contact for capture in captures if capture.contact}
    reasons = _reasons(captures)
    wanted = [contact for pk, contact in contacts.items() if contact and pk in reasons]
    if wanted:
        _open(wanted, reasons)


def _reasons(captures: Sequence[Capture]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for capture in captures:
        if capture.contact_id and capture.wishes:
            found.setdefault(capture.contact_id, set()).update(capture.wishes)
    # A list of thousands who agree to calls is no list of people to call: they are when they asked.
    met = [capture for capture in captures if capture.method != CaptureMethod.IMPORT]
    given = Consent.objects.filter(
        capture__in=met, channel=ConsentChannel.CALL, is_given=True
    ).order_by("pk")
    for pk in given.values_list("contact_id", flat=True):
        found.setdefault(pk, set()).add(Reason.CONSENT)
    return found


def _open(contacts: Collection[Contact], reasons: Reasons) -> None:
    known = FollowUp.objects.filter(contact__in=contacts).order_by("pk")
    opened = {row.contact_id: row for row in known.open().select_for_update(of=("self",))}
    _add_reasons(opened, reasons)
    recent = set(
        known.filter(status=Status.DONE, closed_at__gte=clock.now() - RECENTLY_CALLED)
        .values_list("contact_id", flat=True)
    )  # fmt: skip
    channels = agreed_channels_of(contacts)
    new = [
        contact
        for contact in contacts
        if contact.pk not in opened
        and not (contact.pk in recent and reasons[contact.pk] == {Reason.CONSENT})
        # A wish without a number to call is answered in writing.
        and (_wishes(reasons[contact.pk]) or ConsentChannel.CALL in channels[contact.pk])
    ]
    create_follow_ups(new, reasons)


def _add_reasons(opened: Mapping[int, FollowUp], reasons: Reasons) -> None:
    changed = []
    now = clock.now()
    for pk, row in opened.items():
        if missing := reasons[pk] - set(row.reasons):
            row.reasons = in_order({*row.reasons, *missing})
            row.due_at = min(row.due_at, due_at(row.reasons, now))
            changed.append(row)
    if changed:
        FollowUp.objects.bulk_update(changed, ["reasons", "due_at"])


def create_follow_ups(contacts: Collection[Contact], reasons: Reasons) -> None:
    """Write the rows; whoever has an open one meanwhile keeps it."""
    if not contacts:
        return
    now = clock.now()
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
            create_follow_ups(callable_, {one.pk: {Reason.CONSENT} for one in callable_})
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
