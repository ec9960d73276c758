"""Every write on follow-ups: take somebody to call, note how it ended, take it back."""

from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from calls import effects, invitations
from calls.effects import CallReport, Ending, MeetingDraft
from calls.enums import Effect, MeetingState
from calls.errors import AlreadyTaken, LeaseLost, MeetingMoved, NoLongerCallable, UndoRefused
from calls.models import (
    Call,
    CallScript,
    CallUndo,
    Escalation,
    FollowUp,
    FollowUpQuerySet,
    Meeting,
    Outcome,
)
from calls.rules import is_callable, is_reachable
from campaigns import clock
from campaigns.enums import Phase
from contacts.actions import record_standing
from contacts.models import Contact
from organisations.models import Organisation, User

log = structlog.get_logger()

LEASE = timedelta(minutes=10)
# Whoever leaves the page keeps the person this long: a page reloaded is not a page left.
LEAVING = timedelta(seconds=30)


@transaction.atomic
def take_next(*, caller: User, queue: FollowUpQuerySet) -> FollowUp | None:
    """Reserve the next person of `queue` for `caller`, or None when nobody is left.

    Whoever holds somebody already gets the same one: a second tab takes nobody more. Somebody
    who withdrew during the call is not called again.
    """
    _lock_caller(caller)
    held = FollowUp.objects.leased_to(caller).open().first()
    if held is not None and is_reachable(held):
        return held
    passed_over: list[int] = []
    while True:
        waiting = queue.free().exclude(pk__in=passed_over).for_queue(caller)
        row = waiting.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
        if row is None:
            return None
        # Refusals are keyed hashes, which no query joins: asked once the row is ours. They are
        # few: the sweeper cancels them.
        if is_callable(row):
            return _lease(row, caller)
        passed_over.append(row.pk)


@transaction.atomic
def take(*, caller: User, follow_up: FollowUp) -> FollowUp:
    """Reserve one chosen person. Raises `AlreadyTaken`, `NoLongerCallable`."""
    _lock_caller(caller)
    row = FollowUp.objects.select_for_update(of=("self",), no_key=True).get(pk=follow_up.pk)
    if not (row.is_open and is_reachable(row)):
        raise NoLongerCallable
    if not FollowUp.objects.free().filter(pk=row.pk).exists() and row.lease_holder_id != caller.pk:
        raise AlreadyTaken(row.lease_holder, row.lease_until)
    return _lease(row, caller)


@transaction.atomic
def extend_lease(*, caller: User, follow_up: FollowUp) -> FollowUp:
    """Keep the person for the length of a lease from now. Raises `LeaseLost`."""
    row = FollowUp.objects.select_for_update(of=("self",), no_key=True).get(pk=follow_up.pk)
    _check_held(row, caller)
    FollowUp.objects.filter(pk=row.pk).update(lease_until=Now() + LEASE)
    row.refresh_from_db(fields=["lease_until"])
    return row


@transaction.atomic
def leave(*, caller: User, follow_up: FollowUp) -> None:
    """The page was left: the person is free again in a moment."""
    held = FollowUp.objects.leased_to(caller).filter(pk=follow_up.pk)
    held.filter(lease_until__gt=Now() + LEAVING).update(lease_until=Now() + LEAVING)


@transaction.atomic
def release(*, caller: User, follow_up: FollowUp) -> None:
    """Give the person back without a call."""
    FollowUp.objects.filter(pk=follow_up.pk, lease_holder=caller).update(
        lease_holder=None, lease_since=None, lease_until=None
    )


def _lock_caller(caller: User) -> None:
    """One act of a caller at a time: two tabs never hold two people."""
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=caller.pk)


def _lease(row: FollowUp, caller: User) -> FollowUp:
    FollowUp.objects.filter(lease_holder=caller).exclude(pk=row.pk).update(
        lease_holder=None, lease_since=None, lease_until=None
    )
    FollowUp.objects.filter(pk=row.pk).update(
        lease_holder=caller, lease_since=Now(), lease_until=Now() + LEASE
    )
    return FollowUp.objects.get(pk=row.pk)


def _check_held(row: FollowUp, caller: User) -> None:
    """A lease that ran out still counts as long as nobody else took the person."""
    if not row.is_open or row.lease_holder_id != caller.pk:
        raise LeaseLost


@transaction.atomic
def record_call(*, follow_up: FollowUp, caller: User, report: CallReport) -> Call:
    """Note how a call ended, and do what its outcome asks for.

    The person's agreement is looked at once more. Raises `LeaseLost`, `NoLongerCallable`.
    """
    row, contact = _lock(follow_up)
    _check_held(row, caller)
    if not is_reachable(row) and report.outcome.effect != Effect.REFUSED:
        raise NoLongerCallable
    now = clock.now()
    before = effects.snapshot(row, contact)
    ending = Ending(follow_up=row, contact=contact, caller=caller, report=report, now=now)
    ending.apply()
    if ending.standing:
        record_standing(contact=contact, author=caller, **ending.standing)
    started_at = row.lease_since
    row.lease_holder = row.lease_since = row.lease_until = None
    row.save()
    taught = {name: effects.as_json(value) for name, value in ending.standing.items()}
    ended_at = timezone.now()
    return Call.objects.create(
        follow_up=row,
        caller=caller,
        outcome=report.outcome,
        outcome_label=report.outcome.label,
        started_at=min(started_at or ended_at, ended_at),
        ended_at=ended_at,
        note=report.note,
        next_attempt_at=row.next_attempt_at if row.is_open else None,
        meeting=ending.meeting,
        before=before | {"elsewhere": ending.elsewhere, "taught": taught},
    )


def _lock(follow_up: FollowUp) -> tuple[FollowUp, Contact]:
    """The person, then the follow-up: the order in which captures lock them too."""
    contact = Contact.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=follow_up.contact_id
    )
    row = FollowUp.objects.select_for_update(no_key=True, of=("self",)).get(pk=follow_up.pk)
    row.contact = contact
    return row, contact


@transaction.atomic
def undo_call(*, call: Call, caller: User) -> FollowUp:
    """Take back one's last call of a follow-up within `UNDO_WINDOW`, and all it did.

    What somebody changed since is left alone. Raises `UndoRefused`.
    """
    row, contact = _lock(call.follow_up)
    last = Call.objects.standing().filter(follow_up=row).order_by("-ended_at", "-pk").first()
    is_fresh = timezone.now() - call.ended_at <= invitations.UNDO_WINDOW
    if last is None or last.pk != call.pk or call.caller_id != caller.pk or not is_fresh:
        raise UndoRefused
    others = FollowUp.objects.open().filter(contact=contact).exclude(pk=row.pk)
    if others.exists():
        raise UndoRefused
    _restore(row, contact, call, caller)
    CallUndo.objects.create(call=call)
    return row


def _restore(row: FollowUp, contact: Contact, call: Call, caller: User) -> None:
    before: dict[str, Any] = call.before
    for name, value in effects.from_json(before["follow_up"]).items():
        setattr(row, name, value)
    row.save()
    old = effects.from_json(before["standing"])
    taught = before["taught"]
    unchanged = [name for name in taught if effects.as_json(getattr(contact, name)) == taught[name]]
    if unchanged:
        record_standing(contact=contact, author=caller, **{name: old[name] for name in unchanged})
    if call.outcome.effect == Effect.REFUSED:
        effects.unrefuse(before["elsewhere"], caller)
    invitations.stop_letter(before["elsewhere"].get("message", ""))
    if call.meeting:
        # Somebody may have called it off already, which is all this asks for.
        with suppress(MeetingMoved):
            cancel_meeting(meeting=call.meeting)


@transaction.atomic
def move_meeting(*, meeting: Meeting, draft: MeetingDraft) -> Meeting:
    """Another time or place: the same appointment in the person's calendar, one sequence later.

    Raises `MeetingMoved`.
    """
    row = _lock_meeting(meeting)
    row.starts_at, row.minutes, row.place = draft.starts_at, draft.minutes, draft.place
    invitations.stop_waiting(row)
    row.sequence += 1
    row.updated_at = timezone.now()
    row.save()
    invitations.invite(row, row.follow_up.contact)
    return row


@transaction.atomic
def cancel_meeting(*, meeting: Meeting) -> Meeting:
    """Call the appointment off, and out of the calendar of whoever was told. `MeetingMoved`."""
    row = _lock_meeting(meeting)
    row.state = MeetingState.CANCELLED
    row.sequence += 1
    row.updated_at = timezone.now()
    row.save()
    invitations.withdraw_invitation(row, row.follow_up.contact)
    return row


def _lock_meeting(meeting: Meeting) -> Meeting:
    rows = Meeting.objects.planned().select_for_update(no_key=True, of=("self",))
    row = rows.select_related("follow_up__contact__departement", "follow_up__organisation")
    try:
        return row.get(pk=meeting.pk)
    except Meeting.DoesNotExist as error:
        raise MeetingMoved from error


@transaction.atomic
def assign(
    *,
    follow_ups: FollowUpQuerySet,
    keys: Collection[int],
    assignee: User,
    organisation: Organisation,
) -> int:
    """Give open follow-ups to a member of `organisation`; answer how many."""
    rows = follow_ups.open().filter(pk__in=keys).order_by()
    pks = list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    return FollowUp.objects.filter(pk__in=pks).update(
        assigned_to=assignee, assigned_for=organisation
    )


@transaction.atomic
def unassign(*, follow_ups: FollowUpQuerySet, keys: Collection[int]) -> int:
    rows = follow_ups.open().filter(pk__in=keys).order_by()
    pks = list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    return FollowUp.objects.filter(pk__in=pks).update(assigned_to=None, assigned_for=None)


@transaction.atomic
def rewrite_script(*, phase: Phase, text: str, author: User) -> CallScript:
    """Say something else in a phase of the campaign."""
    script, _ = CallScript.objects.update_or_create(
        phase=phase, defaults={"text": text, "updated_at": timezone.now()}
    )
    log.info("call-script-rewritten", phase=phase, user=author.pk)
    return script


@transaction.atomic
def restore_script(*, phase: Phase, author: User) -> None:
    """Come back to the words that were shipped."""
    CallScript.objects.filter(phase=phase).delete()
    log.info("call-script-restored", phase=phase, user=author.pk)


@transaction.atomic
def change_rules(
    *, outcomes: Collection[Outcome], escalations: Collection[Escalation], author: User
) -> None:
    """Write the words and figures of the outcomes, and when a late follow-up moves on."""
    Outcome.objects.bulk_update(
        outcomes, ["label", "help_text", "retry_after_days", "max_attempts", "is_active"]
    )
    Escalation.objects.bulk_update(escalations, ["days_late"])
    log.info("call-rules-changed", user=author.pk)
