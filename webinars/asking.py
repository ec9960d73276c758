"""Questions to a session: asked, supported, sorted, merged, answered."""

from typing import Any

from django.db import transaction

from campaigns import clock
from core.text import fold
from organisations.models import User
from webinars import mails
from webinars.enums import AskedWhen, QuestionState
from webinars.models import Question, QuestionVote, Registration
from webinars.models.questions import PUBLISHED

# More than anybody asks, fewer than it takes to drown the others.
MOST_QUESTIONS = 20
# Not read yet: who moderates has to keep up.
MOST_UNREAD = 5


class AskingClosed(Exception):
    """The session is over or off, or the person has no place."""


class TooManyQuestions(Exception):
    """They asked as many as one session can take from somebody."""


class CannotMerge(Exception):
    """A question is merged into another one of the same session."""


@transaction.atomic
def ask(*, registration: Registration, text: str) -> Question:
    """Ask a question, which counts as one's own support; the same words twice are one question.

    Raises `AskingClosed` and `TooManyQuestions`.
    """
    one = _lock_who_asks(registration)
    now = clock.now()
    if not one.has_place or not one.webinar.is_open_at(now):
        raise AskingClosed
    own = list(one.questions.order_by("pk"))
    for question in own:
        if fold(question.text) == fold(text):
            return question
    unread = [question for question in own if question.state == QuestionState.NEW]
    if len(own) >= MOST_QUESTIONS or len(unread) >= MOST_UNREAD:
        raise TooManyQuestions
    starts_at = one.webinar.starts_at
    question = Question.objects.create(
        webinar=one.webinar, registration=one, text=text.strip(), asked_at=now,
        asked_when=AskedWhen.DURING if starts_at and starts_at <= now else AskedWhen.BEFORE,
    )  # fmt: skip
    QuestionVote.objects.create(question=question, registration=one, voted_at=now)
    return question


@transaction.atomic
def vote(*, question: Question, registration: Registration) -> None:
    """Support a published question of one's own session, once. Raises `AskingClosed`."""
    one = _lock_who_asks(registration)
    current = Question.objects.get(pk=question.pk)
    is_theirs = current.webinar_id == one.webinar_id and current.state in PUBLISHED
    if not is_theirs or not one.has_place:
        raise AskingClosed
    QuestionVote.objects.bulk_create(
        [QuestionVote(question=current, registration=one, voted_at=clock.now())],
        ignore_conflicts=True,
    )


def unvote(*, question: Question, registration: Registration) -> None:
    """Take one's support back, from those merged into the question too."""
    votes = QuestionVote.objects.filter(registration=registration)
    votes.filter(question=question).delete()
    votes.filter(question__merged_into=question).delete()


def accept(*, question: Question) -> Question:
    """Show it to everybody who is registered; also brings back one that was set aside."""
    return _settle(question, state=QuestionState.ACCEPTED)


@transaction.atomic
def decline(*, question: Question, reply: str = "") -> Question:
    """Set a question aside: of the registrants nobody reads it. `reply` is mailed to its author."""
    one = _settle(question, state=QuestionState.DECLINED, answer=reply.strip())
    if one.answer and one.registration is not None:
        mails.tell([one.registration], mails.ASIDE, occasion=str(one.pk))
    return one


def answer_live(*, question: Question, answered_by: User) -> Question:
    """Note that it was answered in the session."""
    return _settle(
        question, state=QuestionState.ANSWERED_LIVE, answered_by=answered_by,
        answered_at=clock.now(),
    )  # fmt: skip


def answer_in_writing(*, question: Question, answer: str, answered_by: User) -> Question:
    """Answer in words that everybody registered reads; the mail after the session carries them."""
    return _settle(
        question, state=QuestionState.ANSWERED_IN_WRITING, answer=answer.strip(),
        answered_by=answered_by, answered_at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def merge(*, question: Question, into: Question) -> Question:
    """Count a question with another that asks the same; those merged into it follow.

    Raises `CannotMerge`.
    """
    rows = Question.objects.select_for_update(no_key=True).order_by("pk")
    locked = {one.pk: one for one in rows.filter(webinar=question.webinar_id)}
    one, target = locked.get(question.pk), locked.get(into.pk)
    if target is not None and target.merged_into_id is not None:
        target = locked[target.merged_into_id]
    if one is None or target is None or one.pk == target.pk:
        raise CannotMerge
    one.merged.update(merged_into=target)
    one.state, one.merged_into = QuestionState.MERGED, target
    one.save(update_fields=["state", "merged_into"])
    return target


def part(*, question: Question) -> Question:
    """Undo a merge: the question stands by itself again, with its own support."""
    return _settle(question, state=QuestionState.ACCEPTED)


@transaction.atomic
def _settle(question: Question, **fields: Any) -> Question:
    """Whatever its state was. One that was merged is not any more."""
    rows = Question.objects.select_for_update(no_key=True, of=("self",))
    one = rows.select_related("registration__webinar").get(pk=question.pk)
    if one.state == QuestionState.DECLINED:
        one.answer = ""  # it was for its author alone
    for name, value in ({"merged_into": None} | fields).items():
        setattr(one, name, value)
    one.save()
    return one


def _lock_who_asks(registration: Registration) -> Registration:
    """Two requests of one person follow each other: their count holds."""
    rows = Registration.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("webinar").get(pk=registration.pk)
