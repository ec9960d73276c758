"""Who must be called, some of them late, and the first calls of a departmental union."""

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Mod

from calls.actions import record_call, take
from calls.creation import open_missing_follow_ups
from calls.effects import CallReport
from calls.models import FollowUp, Outcome
from calls.rules import visible_follow_ups
from contacts.enums import Joining, Support, WillVote
from organisations.models import User

# Outcome, what the person said of themselves.
CALLS: tuple[tuple[str, dict[str, str]], ...] = (
    ("no-answer", {}),
    ("talked", {"support": Support.FAVOURABLE, "will_vote": WillVote.YES}),
    ("no-answer", {}),
    ("talked", {"support": Support.HESITANT, "will_vote": WillVote.MAYBE}),
    ("joined", {"support": Support.CONVINCED, "joining": Joining.MEMBER}),
    ("vote-help", {"support": Support.FAVOURABLE, "will_vote": WillVote.YES}),
    ("wrong-number", {}),
    ("talked", {"support": Support.CONVINCED, "joining": Joining.INTERESTED}),
)
LATE = timedelta(days=5)


def play_calls(caller: User) -> int:
    """Open what must be called, put one person in nine late, and end a few calls."""
    opened = open_missing_follow_ups()
    late = FollowUp.objects.annotate(ninth=Mod(F("pk"), 9)).filter(ninth=0)
    late.update(
        due_at=F("due_at") - LATE,
        next_attempt_at=F("next_attempt_at") - LATE,
        created_at=F("created_at") - LATE,
    )
    outcomes = Outcome.objects.in_bulk(field_name="code")
    queue = visible_follow_ups(caller).callable().order_by("due_at", "pk")[: len(CALLS)]
    for follow_up, (outcome, standing) in zip(list(queue), CALLS, strict=False):
        row = take(caller=caller, follow_up=follow_up)
        report = CallReport(outcome=outcomes[outcome], standing=standing)
        record_call(follow_up=row, caller=caller, report=report)
    return opened
