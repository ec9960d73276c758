"""What each outcome does to the follow-up and to the person, and how it is taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime

from calls import invitations
from calls.enums import REACHED, Effect, Status
from calls.hours import CLOSES, another_time, next_opening
from calls.models import FollowUp, Meeting, Outcome
from contacts.actions import restore_consents, withdraw_consent
from contacts.addresses import e164
from contacts.enums import ConsentChannel, Joining, Purpose
from contacts.models import STANDING, Contact
from messaging.actions import lift_suppressions, suppress
from messaging.enums import SuppressedChannel, SuppressionReason
from messaging.models import Suppression
from organisations.models import User

# A person must be called within this time of the hour agreed or planned.
GRACE = timedelta(days=1)
STATE = (
    "status", "due_at", "next_attempt_at", "attempts", "last_outcome_id", "needs_vote_help",
    "wrong_number", "closed_at",
)  # fmt: skip
TO_CALLS = {"purpose": Purpose.CALL_BACK, "channel": ConsentChannel.CALL}
INSTANTS = {"due_at", "next_attempt_at", "closed_at", "voted_at", "reached_at"}


@dataclass(frozen=True)
class MeetingDraft:
    starts_at: datetime
    minutes: int
    place: str


@dataclass(frozen=True)
class CallReport:
    """What the caller noted. `later_at` and `meeting` go with the outcomes that ask for them."""

    outcome: Outcome
    note: str = ""
    later_at: datetime | None = None
    meeting: MeetingDraft | None = None
    # What the person said of themselves, by field of the contact; empty ones change nothing.
    standing: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Ending:
    """One call coming to its end: changes the follow-up in memory, the rest in the database."""

    follow_up: FollowUp
    contact: Contact
    caller: User
    report: CallReport
    now: datetime
    meeting: Meeting | None = None
    # What the call teaches of the person, and what taking it back needs.
    standing: dict[str, Any] = field(default_factory=dict)
    elsewhere: dict[str, Any] = field(default_factory=dict)

    def apply(self) -> None:
        outcome = self.report.outcome
        self.standing = {key: value for key, value in self.report.standing.items() if value}
        self.follow_up.last_outcome = outcome
        if outcome.effect in REACHED and self.contact.reached_at is None:
            self.standing["reached_at"] = self.now
        EFFECTS[Effect(outcome.effect)](self)

    def close(self) -> None:
        self.follow_up.status = Status.DONE
        self.follow_up.closed_at = self.now

    def call_again(self, at: datetime) -> None:
        self.follow_up.next_attempt_at = at
        self.follow_up.due_at = at + GRACE


def _retry(ending: Ending) -> None:
    row, outcome = ending.follow_up, ending.report.outcome
    row.attempts += 1
    if row.attempts >= outcome.max_attempts:
        ending.close()
        _write_instead(ending, "missed")
        return
    days = outcome.retry_after_days
    ending.call_again(another_time(ending.now, ending.contact.departement, days=days))


def _later(ending: Ending) -> None:
    ending.follow_up.attempts = 0
    ending.call_again(ending.report.later_at or ending.now)


def _talked(ending: Ending) -> None:
    ending.close()


def _help_to_vote(ending: Ending) -> None:
    """Stays open for today: until the end of the calling hours where the person works."""
    row, departement = ending.follow_up, ending.contact.departement
    row.needs_vote_help, row.attempts = True, 0
    row.next_attempt_at = next_opening(ending.now + timedelta(hours=1), departement)
    local = row.next_attempt_at.astimezone(ZoneInfo(departement.time_zone))
    row.due_at = datetime.combine(local.date(), CLOSES, tzinfo=local.tzinfo)


def _meet(ending: Ending) -> None:
    draft = ending.report.meeting
    if draft is None:
        raise ValueError("an appointment needs a day and a place")
    ending.meeting = Meeting.objects.create(
        follow_up=ending.follow_up, organiser=ending.caller, starts_at=draft.starts_at,
        minutes=draft.minutes, place=draft.place,
    )  # fmt: skip
    invitations.invite(ending.meeting, ending.contact)
    ending.close()


def _voted(ending: Ending) -> None:
    ending.standing.setdefault("voted_at", ending.contact.voted_at or ending.now)
    ending.follow_up.needs_vote_help = False
    ending.close()


def _joined(ending: Ending) -> None:
    ending.standing["joining"] = Joining.MEMBER
    ending.close()


def _wrong_number(ending: Ending) -> None:
    ending.follow_up.wrong_number = e164(ending.contact)
    ending.close()
    _write_instead(ending, "wrong_number")


def _write_instead(ending: Ending, template: str) -> None:
    key = invitations.write_instead(ending.follow_up, ending.contact, template)
    if key:
        ending.elsewhere["message"] = key


def _refused(ending: Ending) -> None:
    """Do-not-call everywhere: the agreement ends, the number is called by nobody any more."""
    number = e164(ending.contact)
    ending.close()
    ending.elsewhere["withdrawn"] = withdraw_consent(
        contact=ending.contact, author=ending.caller, **TO_CALLS
    )
    if not number:
        return
    refusal = Suppression.objects.for_address(SuppressedChannel.CALL, number)
    ending.elsewhere["suppressed"] = "" if refusal.exists() else number
    suppress(channel=SuppressedChannel.CALL, address=number, reason=SuppressionReason.DO_NOT_CALL)
    others = FollowUp.objects.open().filter(contact__phone=number).exclude(pk=ending.follow_up.pk)
    pks = list(others.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    FollowUp.objects.filter(pk__in=pks).update(
        status=Status.CANCELLED, closed_at=ending.now, lease_holder=None, lease_until=None
    )
    ending.elsewhere["cancelled"] = pks


EFFECTS: dict[Effect, Callable[[Ending], None]] = {
    Effect.RETRY: _retry,
    Effect.LATER: _later,
    Effect.TALKED: _talked,
    Effect.VOTE_HELP: _help_to_vote,
    Effect.MEETING: _meet,
    Effect.VOTED: _voted,
    Effect.JOINED: _joined,
    Effect.WRONG_NUMBER: _wrong_number,
    Effect.REFUSED: _refused,
}


def snapshot(row: FollowUp, contact: Contact) -> dict[str, Any]:
    """What stands before the call, as JSON."""
    return {
        "follow_up": {name: as_json(getattr(row, name)) for name in STATE},
        "standing": {name: as_json(getattr(contact, name)) for name in STANDING},
    }


def as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def from_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: parse_datetime(value) if value and name in INSTANTS else value
        for name, value in values.items()
    }


def unrefuse(elsewhere: Mapping[str, Any], author: User) -> None:
    """Undo `_refused`: agreements said again, number freed, the household's follow-ups reopened.

    What the person withdrew themselves meanwhile stays withdrawn.
    """
    restore_consents(contacts=elsewhere.get("withdrawn", []), author=author, **TO_CALLS)
    if number := elsewhere.get("suppressed"):
        lift_suppressions(addresses=[(SuppressedChannel.CALL, number)])
    reopened = FollowUp.objects.filter(
        pk__in=elsewhere.get("cancelled", []), status=Status.CANCELLED
    )
    taken = FollowUp.objects.open().values("contact")
    reopened.exclude(contact__in=taken).update(status=Status.OPEN, closed_at=None)
