"""The live board: what is asked, the most wanted first, and whether it changed since last time."""

from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Count, Max, Q

from webinars import personal_rules, rules
from webinars.enums import QuestionState
from webinars.models import Question, QuestionVote, Registration, Webinar

# What a room reads from its chairs.
ON_SCREEN = 6


@dataclass(frozen=True)
class Board:
    to_answer: list[Question]
    answered: list[Question]
    # By number, those that who looks supports.
    supported: set[int]
    # Theirs, not published as they stand.
    own: list[Question]


def read_board(webinar: Webinar, registration: Registration | None = None) -> Board:
    questions = list(rules.published_questions(webinar))
    return Board(
        to_answer=[one for one in questions if one.state == QuestionState.ACCEPTED],
        answered=[one for one in questions if one.state != QuestionState.ACCEPTED],
        supported=rules.voted_by(registration) if registration else set(),
        own=list(personal_rules.own_unpublished(registration)) if registration else [],
    )


def fingerprint(webinar: Webinar, registration: Registration | None = None) -> str:
    """Changes with anything the board would show; two queries, none of which ranks.

    Votes come and go: their number and the last of them tell one set of votes from another.
    """
    own = Q(registration=registration) if registration else Q(pk=None)
    votes = QuestionVote.objects.filter(question__webinar=webinar).aggregate(
        number=Count("pk"), last=Max("pk"),
        own=Count("pk", filter=own), own_last=Max("pk", filter=own),
    )  # fmt: skip
    states = webinar.questions.order_by("pk").values_list(
        "pk", "state", "merged_into", "answered_at"
    )
    said = f"{webinar.state} {registration and registration.pk} {sorted(votes.items())}"
    return f'"{sha256(f"{said} {list(states)}".encode()).hexdigest()[:32]}"'
