"""Questions: asked before and during, supported once a person, sorted, merged, answered."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import make_user
from tests.webinars.factories import FRIDAY, make_webinar, sign_up
from webinars import asking, rules
from webinars.asking import (
    MOST_QUESTIONS,
    MOST_UNREAD,
    AskingClosed,
    CannotMerge,
    TooManyQuestions,
    accept,
    answer_in_writing,
    answer_live,
    ask,
    decline,
    merge,
    part,
    unvote,
    vote,
)
from webinars.enums import AskedWhen, QuestionState
from webinars.models import Question, QuestionVote, Registration, Webinar
from webinars.participation import suggested_questions
from webinars.registering import cancel_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(FRIDAY - timedelta(days=3), tick=False)
    return time_machine


@pytest.fixture
def webinar(clock: Any) -> Webinar:
    return make_webinar(starts_at=FRIDAY)


def people(webinar: Webinar, number: int) -> list[Registration]:
    return [sign_up(webinar, rank) for rank in range(1, number + 1)]


def ranking(webinar: Webinar) -> list[tuple[str, int]]:
    return [(one.text, one.votes) for one in rules.questions_to_sort(webinar)]


def published(registration: Registration, text: str) -> Question:
    return accept(question=ask(registration=registration, text=text))


def test_a_question_waits_for_moderation_and_carries_its_authors_support(
    webinar: Webinar,
) -> None:
    (one,) = people(webinar, 1)
    question = ask(registration=one, text=" Comment commander les tracts ? ")
    assert (question.state, question.text) == (QuestionState.NEW, "Comment commander les tracts ?")
    assert ranking(webinar) == [("Comment commander les tracts ?", 1)]
    assert list(rules.published_questions(webinar)) == []


def test_the_same_words_twice_are_one_question(webinar: Webinar) -> None:
    (one,) = people(webinar, 1)
    first = ask(registration=one, text="Et les affiches ?")
    assert ask(registration=one, text="et les affiches") == first


def test_before_and_during_are_told_apart(webinar: Webinar, clock: Any) -> None:
    (one,) = people(webinar, 1)
    before = ask(registration=one, text="Avant")
    clock.move_to(FRIDAY + timedelta(minutes=5), tick=False)
    during = ask(registration=one, text="Pendant")
    assert [before.asked_when, during.asked_when] == [AskedWhen.BEFORE, AskedWhen.DURING]


def test_only_who_has_a_place_asks_and_until_the_end(webinar: Webinar, clock: Any) -> None:
    stays, left = people(webinar, 2)
    left = cancel_registration(registration=left)
    with pytest.raises(AskingClosed):
        ask(registration=left, text="Trop tard")
    clock.move_to(FRIDAY + timedelta(hours=1), tick=False)
    with pytest.raises(AskingClosed):
        ask(registration=stays, text="Trop tard aussi")


def test_nobody_drowns_the_others(webinar: Webinar) -> None:
    (one,) = people(webinar, 1)
    for number in range(MOST_QUESTIONS):
        accept(question=ask(registration=one, text=f"Question {number}"))
    with pytest.raises(TooManyQuestions):
        ask(registration=one, text="Une de trop")


def test_a_few_questions_wait_to_be_read_then_more_may_come(webinar: Webinar) -> None:
    one = sign_up(webinar)
    asked = [ask(registration=one, text=f"Question {number} ?") for number in range(MOST_UNREAD)]
    with pytest.raises(TooManyQuestions):
        ask(registration=one, text="Une de trop ?")
    accept(question=asked[0])
    assert ask(registration=one, text="Et celle-ci ?").pk


def test_each_person_supports_a_question_once_and_takes_it_back(webinar: Webinar) -> None:
    author, other = people(webinar, 2)
    question = published(author, "Les tracts ?")
    for _ in range(2):
        vote(question=question, registration=other)
    assert ranking(webinar) == [("Les tracts ?", 2)]
    assert rules.voted_by(other) == {question.pk}
    unvote(question=question, registration=other)
    assert ranking(webinar) == [("Les tracts ?", 1)]


def test_the_database_itself_refuses_a_second_support(webinar: Webinar) -> None:
    (one,) = people(webinar, 1)
    question = ask(registration=one, text="Les tracts ?")
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionVote.objects.create(question=question, registration=one)


def test_what_is_not_published_or_of_another_session_gets_no_support(webinar: Webinar) -> None:
    author, other = people(webinar, 2)
    stranger = sign_up(make_webinar(starts_at=FRIDAY, title="Ailleurs"), 3)
    new = ask(registration=author, text="Pas encore relue")
    with pytest.raises(AskingClosed):
        vote(question=new, registration=other)
    accept(question=new)
    with pytest.raises(AskingClosed):
        vote(question=new, registration=stranger)


def test_the_most_wanted_come_first_and_the_oldest_of_equals(webinar: Webinar, clock: Any) -> None:
    author, second, third = people(webinar, 3)
    published(author, "Une")
    clock.shift(timedelta(minutes=1))
    wanted = published(author, "Deux")
    clock.shift(timedelta(minutes=1))
    published(author, "Trois")
    for one in (second, third):
        vote(question=wanted, registration=one)
    assert ranking(webinar) == [("Deux", 3), ("Une", 1), ("Trois", 1)]


def test_merged_questions_count_each_person_once_and_part_again(webinar: Webinar) -> None:
    first, second, third = people(webinar, 3)
    kept, same = published(first, "Les tracts ?"), published(second, "Où sont les tracts ?")
    for question in (kept, same):
        vote(question=question, registration=third)
    merge(question=same, into=kept)
    assert ranking(webinar) == [("Les tracts ?", 3)]
    assert rules.voted_by(second) == {kept.pk}
    part(question=same)
    assert sorted(ranking(webinar)) == [("Les tracts ?", 2), ("Où sont les tracts ?", 2)]


def test_support_of_a_merged_question_is_taken_back_with_it(webinar: Webinar) -> None:
    first, second = people(webinar, 2)
    kept, same = published(first, "Une"), published(second, "La même")
    merge(question=same, into=kept)
    unvote(question=kept, registration=second)
    assert ranking(webinar) == [("Une", 1)]


def test_those_merged_into_a_question_follow_it(webinar: Webinar) -> None:
    (one,) = people(webinar, 1)
    first, second, third = (ask(registration=one, text=text) for text in ("Une", "Deux", "Trois"))
    merge(question=first, into=second)
    merge(question=second, into=third)
    assert {question.merged_into_id for question in (first, second)} != {third.pk}
    assert set(Question.objects.filter(merged_into=third)) == {first, second}
    fourth = ask(registration=one, text="Quatre")
    assert merge(question=fourth, into=first) == third


def test_a_question_is_merged_into_another_one_of_the_same_session(webinar: Webinar) -> None:
    one = sign_up(webinar)
    other = sign_up(make_webinar(starts_at=FRIDAY, title="Ailleurs"))
    here, there = ask(registration=one, text="Ici"), ask(registration=other, text="Là")
    child = ask(registration=one, text="Fille")
    merge(question=child, into=here)
    for question, into in ((here, there), (here, here), (here, child)):
        with pytest.raises(CannotMerge):
            merge(question=question, into=into)


def test_the_life_of_a_question(webinar: Webinar) -> None:
    (one,) = people(webinar, 1)
    staff = make_user("staff", "confederation")
    question = ask(registration=one, text="Les tracts ?")
    assert decline(question=question).state == QuestionState.DECLINED
    assert accept(question=question).state == QuestionState.ACCEPTED
    assert answer_live(question=question, answered_by=staff).state == QuestionState.ANSWERED_LIVE
    answered = answer_in_writing(question=question, answer=" Par l’UD. ", answered_by=staff)
    assert (answered.state, answered.answer) == (QuestionState.ANSWERED_IN_WRITING, "Par l’UD.")
    assert [each.text for each in rules.published_questions(webinar)] == ["Les tracts ?"]


def test_a_written_answer_has_words(webinar: Webinar) -> None:
    (one,) = people(webinar, 1)
    question = ask(registration=one, text="Les tracts ?")
    with pytest.raises(IntegrityError), transaction.atomic():
        answer_in_writing(question=question, answer="  ", answered_by=make_user())


def test_what_was_not_answered_suggests_the_next_session(webinar: Webinar) -> None:
    author, other = people(webinar, 2)
    published(author, "Peu demandée")
    wanted, answered = published(author, "Très demandée"), published(author, "Répondue")
    for question in (wanted, answered):
        vote(question=question, registration=other)
    answer_live(question=answered, answered_by=make_user())
    suggested = suggested_questions(Webinar.objects.filter(series="ouverts"))
    assert [(one.text, one.votes) for one in suggested] == [
        ("Très demandée", 2),
        ("Peu demandée", 1),
    ]


def test_the_board_costs_the_same_for_one_and_for_thirty_questions(webinar: Webinar) -> None:
    def queries_for(number: int) -> int:
        two = people(webinar, 2)
        for rank in range(number // 2 + 1):
            for one in two:
                published(one, f"{number} {rank}")
        with CaptureQueriesContext(connection) as queries:
            for question in rules.questions_to_sort(webinar):
                assert question.registration is not None
                assert list(question.merged.all()) == []
        return len(queries)

    assert queries_for(1) == queries_for(18)
    assert asking.MOST_QUESTIONS > 18
