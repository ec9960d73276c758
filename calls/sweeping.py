"""What time alone changes: who was forgotten, who works elsewhere now, who waits too long."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from calls.creation import open_missing_follow_ups
from calls.enums import MoveCause, Reason, Status
from calls.models import Escalation, FollowUp, FollowUpMove, FollowUpQuerySet
from calls.routing import route_contacts
from calls.rules import is_reachable_by, ways_known
from campaigns import clock
from contacts.addresses import agreed_channels_of
from organisations.models import Organisation

log = structlog.get_logger()

BATCH = 2000
# UL, UD, comité régional, confédération: nobody stands higher.
HIGHEST = 4


def sweep_follow_ups() -> dict[str, int]:
    """Bring the follow-ups up to date; safe to repeat, and in two workers at once."""
    counts = {
        "cancelled": cancel_unreachable(),
        "opened": open_missing_follow_ups(),
        "moved": _until_done(follow_places),
        "escalated": _until_done(escalate_late),
    }
    log.info("follow-ups-swept", **counts)
    return counts


def _until_done(sweep: Callable[[], int]) -> int:
    """A batch per transaction, so that nobody waits long for a row."""
    total = 0
    while True:
        done = sweep()
        total += done
        if done < BATCH:
            return total


def cancel_unreachable() -> int:
    """Close what nobody can answer any more, batch by batch: withdrawn, refused, voted since.

    Who agrees again is opened again by `open_missing_follow_ups`.
    """
    cancelled, last = 0, 0
    while True:
        with transaction.atomic():
            rows = list(_lock_free_after(last))
            closed = {row.pk for row in rows} - _answerable(rows)
            FollowUp.objects.filter(pk__in=closed).update(
                status=Status.CANCELLED, closed_at=timezone.now(), lease_holder=None,
                lease_since=None, lease_until=None,
            )  # fmt: skip
        cancelled += len(closed)
        if len(rows) < BATCH:
            return cancelled
        last = rows[-1].pk


def _lock_free_after(last: int) -> FollowUpQuerySet:
    rows = FollowUp.objects.open().free().filter(pk__gt=last).select_related("contact")
    locked = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return locked.order_by("pk")[:BATCH]


def _answerable(rows: Collection[FollowUp]) -> set[int]:
    """Those a call or a letter can answer; an address may still be confirmed tomorrow."""
    agreed = agreed_channels_of({row.contact for row in rows})
    return {
        row.pk
        for row in rows
        if is_reachable_by(row, agreed[row.contact_id] & ways_known(row.contact))
        and (row.contact.voted_at is None or row.reasons != [Reason.CONSENT])
    }


@transaction.atomic
def follow_places() -> int:
    """Route again a batch of those whose person works elsewhere, or in another branch."""
    moved = FollowUp.objects.moved_place().select_for_update(
        skip_locked=True, of=("self",), no_key=True
    )
    rows = list(moved.select_related("contact").order_by("pk")[:BATCH])
    routes = route_contacts([row.contact for row in rows])
    passed = []
    for row in rows:
        route = routes[row.contact_id]
        if row.organisation_id != route.organisation:
            passed.append(_move(row, route.organisation, MoveCause.PLACE))
        row.federation_id, row.place = route.federation, route.place
    _save(rows, passed)
    return len(rows)


@transaction.atomic
def escalate_late() -> int:
    """Pass on a batch of what waits too long where it is, by the confederation's rules."""
    now = clock.now()
    targets = _targets()
    if not targets:
        return 0
    waits_too_long = Q(pk__in=[])
    for days in {days for _, days in targets.values()}:
        sources = [pk for pk, (_, each) in targets.items() if each == days]
        limit = timedelta(days=days)
        waits_too_long |= Q(
            organisation__in=sources,
            due_at__lt=now - limit,
            organisation_since__lt=timezone.now() - limit,
        )
    late = FollowUp.objects.owed().filter(waits_too_long).free().order_by("due_at", "pk")
    rows = list(late.select_for_update(skip_locked=True, of=("self",), no_key=True)[:BATCH])
    passed = [
        _move(row, targets[row.organisation_id][0], MoveCause.LATE)
        for row in rows
        if row.organisation_id
    ]
    _save(rows, passed)
    return len(rows)


def _targets() -> Mapping[int, tuple[int, int]]:
    """By organisation: who takes over its late follow-ups, and after how many days."""
    rules = {rule.from_kind: rule for rule in Escalation.objects.order_by("pk")}
    organisations = {row.pk: row for row in Organisation.objects.order_by("pk")}
    found = {}
    for row in organisations.values():
        if rule := rules.get(row.kind):
            above = _ancestor(row, rule.to_kind, organisations)
            if above is not None:
                found[row.pk] = (above.pk, rule.days_late)
    return found


def _ancestor(
    organisation: Organisation, kind: str, organisations: Mapping[int, Organisation]
) -> Organisation | None:
    above: Organisation | None = organisation
    for _ in range(HIGHEST):
        above = organisations.get(above.parent_id or 0) if above else None
        if above and above.kind == kind and above.is_active:
            return above
    return None


def _move(row: FollowUp, organisation: int | None, cause: MoveCause) -> FollowUpMove:
    """Nobody in particular is asked any more: the new organisation decides."""
    move = FollowUpMove(
        follow_up=row, from_organisation_id=row.organisation_id,
        to_organisation_id=organisation, cause=cause,
    )  # fmt: skip
    row.organisation_id = organisation
    row.organisation_since = timezone.now()
    row.assigned_to = row.assigned_for = None
    return move


def _save(rows: Collection[FollowUp], moves: Collection[FollowUpMove]) -> None:
    if not rows:
        return
    fields = [
        "organisation", "organisation_since", "federation", "place", "assigned_to", "assigned_for",
    ]  # fmt: skip
    FollowUp.objects.bulk_update(rows, fields)
    FollowUpMove.objects.bulk_create(moves)
