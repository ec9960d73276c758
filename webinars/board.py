"""The live board: what is asked, the most wanted first, and whether it changed since last time.

During a session everybody's page asks every few seconds: what all of them read is drawn once per
change and process, and each person's own part is small.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from django.db.models import Count, Max
from django.template.loader import render_to_string

from webinars import personal_rules, rules
from webinars.enums import QuestionState, WebinarState
from webinars.joining import STAYS_OPEN
from webinars.models import Question, QuestionVote, Registration, Webinar

# What a room reads from its chairs.
ON_SCREEN = 6
# Sessions that go on at the same time, and a few changes of each.
KEPT = 16
# People settle in before the start; until then questions come one by one.
LIVELY_BEFORE = timedelta(minutes=30)
LIVELY, RARELY = 4, 300  # seconds


@dataclass(frozen=True)
class Board:
    to_answer: list[Question]
    answered: list[Question]


@dataclass(frozen=True)
class OwnPart:
    """What one person's board has that the others' have not."""

    # By number, the questions they support.
    supported: set[int]
    # Theirs, not published as they stand.
    waiting: list[Question]


def read_board(webinar: Webinar) -> Board:
    questions = list(rules.published_questions(webinar))
    return Board(
        to_answer=[one for one in questions if one.state == QuestionState.ACCEPTED],
        answered=[one for one in questions if one.state != QuestionState.ACCEPTED],
    )


def own_part(registration: Registration) -> OwnPart:
    return OwnPart(
        supported=rules.voted_by(registration),
        waiting=list(personal_rules.own_unpublished(registration)),
    )


def pause_before_next_look(webinar: Webinar, now: datetime) -> int | None:
    """In how many seconds a board asks again; None once nothing more is to come."""
    starts_at, ends_at = webinar.starts_at, webinar.ends_at
    if webinar.state != WebinarState.ANNOUNCED or (ends_at and ends_at + STAYS_OPEN <= now):
        return None
    if starts_at is None:
        return RARELY
    left = int((starts_at - LIVELY_BEFORE - now).total_seconds())
    return min(max(left, LIVELY), RARELY)


def fingerprint(webinar: Webinar) -> str:
    """Changes with anything the board would show; two queries, none of which ranks.

    Votes come and go: their number and the last of them tell one set of votes from another.
    """
    votes = QuestionVote.objects.filter(question__webinar=webinar).aggregate(
        number=Count("pk"), last=Max("pk")
    )
    states = webinar.questions.order_by("pk").values_list(
        "pk", "asked_at", "state", "merged_into", "answered_at"
    )
    said = f"{webinar.pk} {votes['number']} {votes['last']} {list(states)}"
    return sha256(said.encode()).hexdigest()[:32]


@lru_cache(maxsize=KEPT)
def drawn(webinar: Webinar, mark: str) -> str:
    """The questions as everybody reads them, kept as long as the fingerprint is `mark`."""
    context = {"board": read_board(webinar), "supported": set()}
    return render_to_string("webinars/parts/questions.html", context)
