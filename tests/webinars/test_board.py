"""The live board: who reads it, what changes it, and what it costs to ask again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import User
from tests.factories import make_user
from tests.webinars.factories import FRIDAY, make_webinar, sign_up
from webinars import asking
from webinars.board import ON_SCREEN, own_part, read_board
from webinars.enums import QuestionState
from webinars.links import personal_path
from webinars.models import Question, QuestionVote, Registration, Webinar
from webinars.registering import cancel_registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def webinar(db: None) -> Webinar:
    return make_webinar()


def published(one: Registration, text: str) -> Question:
    return asking.accept(question=asking.ask(registration=one, text=text))


def board(one: Registration) -> str:
    return Client().get(f"{personal_path(one)}questions/").content.decode()


def poll(one: Registration, tag: str = "") -> Any:
    return Client().get(
        f"{personal_path(one)}questions/liste/", headers={"if-none-match": tag} if tag else {}
    )


def test_a_question_waits_for_its_reading_then_everybody_sees_it(webinar: Webinar) -> None:
    one, other = sign_up(webinar, 1), sign_up(webinar, 2)
    Client().post(f"{personal_path(one)}questions/", {"text": "Où sont les tracts ?"})
    assert "l’équipe la relit" in board(one)
    assert "tracts" not in board(other)
    asking.decline(question=Question.objects.get())
    assert "ne la reprend pas cette fois" in board(one)
    asking.accept(question=Question.objects.get())
    assert "tracts" in board(other)
    assert "Sacha 1" not in board(other)


def test_an_empty_question_is_refused_and_a_long_one_kept(webinar: Webinar) -> None:
    one = sign_up(webinar)
    address = f"{personal_path(one)}questions/"
    assert "Écrivez votre question" in Client().post(address, {"text": " ? "}).content.decode()
    long = "a" * 601
    page = Client().post(address, {"text": long}).content.decode()
    assert "600 signes au plus" in page
    assert long in page
    assert Question.objects.count() == 0


def test_the_most_wanted_comes_first_and_a_support_is_taken_back(webinar: Webinar) -> None:
    one, other = sign_up(webinar, 1), sign_up(webinar, 2)
    first, second = published(one, "La première ?"), published(one, "La seconde ?")
    address = f"{personal_path(other)}questions/soutenir/"
    answer = Client().post(address, {"support": second.pk})
    assert answer["Location"] == f"{personal_path(other)}questions/#question-{second.pk}"
    read = read_board(webinar)
    assert [(question.pk, question.votes) for question in read.to_answer] == [  # type: ignore[attr-defined]
        (second.pk, 2), (first.pk, 1),
    ]  # fmt: skip
    assert own_part(other).supported == {second.pk}
    assert f'name="withdraw" value="{second.pk}"' in board(other)
    assert poll(other)["X-Supported"] == str(second.pk)
    Client().post(address, {"withdraw": second.pk})
    assert own_part(other).supported == set()


@pytest.mark.parametrize("typed", [{}, {"support": "abc"}, {"withdraw": ""}])
def test_a_button_that_names_no_question_changes_nothing(
    webinar: Webinar, typed: dict[str, str]
) -> None:
    one = sign_up(webinar)
    published(one, "Une question ?")
    answer = Client().post(f"{personal_path(one)}questions/soutenir/", typed)
    assert answer["Location"] == f"{personal_path(one)}questions/"
    assert QuestionVote.objects.count() == 1


def test_what_everybody_reads_holds_nothing_of_who_asked_first(webinar: Webinar) -> None:
    """It is drawn once, for the first who asks."""
    one, other = sign_up(webinar, 1), sign_up(webinar, 2)
    published(one, "La mienne ?")
    asking.ask(registration=one, text="Pas encore relue ?")
    mine, theirs = poll(one).content.decode(), poll(other).content.decode()
    assert "Pas encore relue" in mine
    assert "Pas encore relue" not in theirs
    assert 'aria-pressed="true"' not in theirs
    assert (poll(one)["X-Supported"] == "", poll(other)["X-Supported"]) == (False, "")


def test_only_who_has_a_place_reads_and_supports(webinar: Webinar) -> None:
    seated, left = sign_up(webinar, 1), sign_up(webinar, 2)
    question = published(seated, "Une question ?")
    elsewhere = sign_up(make_webinar(title="Ailleurs"), 3)
    cancel_registration(registration=left)
    for one in (left, elsewhere):
        address = f"{personal_path(one)}questions/soutenir/"
        assert Client().post(address, {"support": question.pk}).status_code == 404
    assert poll(left).status_code == 404
    assert QuestionVote.objects.count() == 1


def test_questions_answered_stand_apart_with_their_answer(webinar: Webinar) -> None:
    one, staff = sign_up(webinar), make_user("staff", "confederation")
    asking.answer_in_writing(question=published(one, "Où ?"), answer="À l’UD.", answered_by=staff)
    asking.answer_live(question=published(one, "Quand ?"), answered_by=staff)
    page = board(one)
    assert "À l’UD." in page
    assert "Répondue en séance" in page
    assert read_board(webinar).to_answer == []


def changes(webinar: Webinar, one: Registration) -> list[tuple[str, Callable[[], object]]]:
    """Everything that may happen to a board, each after the others."""
    other, staff = sign_up(webinar, 2), make_user("staff", "confederation")

    def question(text: str) -> Question:
        return Question.objects.get(text=text)

    return [
        ("asked", lambda: asking.ask(registration=one, text="A ?")),
        ("accepted", lambda: asking.accept(question=question("A ?"))),
        ("supported", lambda: asking.vote(question=question("A ?"), registration=other)),
        ("taken back", lambda: asking.unvote(question=question("A ?"), registration=other)),
        ("another", lambda: published(other, "B ?")),
        ("own support", lambda: asking.vote(question=question("B ?"), registration=one)),
        ("merged", lambda: asking.merge(question=question("B ?"), into=question("A ?"))),
        ("parted", lambda: asking.part(question=question("B ?"))),
        ("declined", lambda: asking.decline(question=question("B ?"))),
        ("live", lambda: asking.answer_live(question=question("A ?"), answered_by=staff)),
        (
            "written",
            lambda: asking.answer_in_writing(
                question=question("A ?"), answer="Oui", answered_by=staff
            ),
        ),
        (
            "corrected",
            lambda: asking.answer_in_writing(
                question=question("A ?"), answer="Non", answered_by=staff
            ),
        ),
    ]


def test_whatever_happens_changes_the_tag_and_nothing_else_does(webinar: Webinar) -> None:
    one = sign_up(webinar)
    elsewhere = make_webinar(title="Ailleurs")
    tag = poll(one)["ETag"]
    for name, change in changes(webinar, one):
        change()
        answer = poll(one, tag)
        assert answer.status_code == 200, name
        tag = answer["ETag"]
        published(sign_up(elsewhere, len(name)), f"Ailleurs, {name} ?")
        assert poll(one, tag).status_code == 304, name


def test_two_people_with_the_same_board_have_each_their_tag(webinar: Webinar) -> None:
    one, other = sign_up(webinar, 1), sign_up(webinar, 2)
    published(one, "A ?")
    assert poll(other, poll(one)["ETag"]).status_code == 200


def test_asking_again_costs_three_queries_whatever_the_board(webinar: Webinar) -> None:
    one = sign_up(webinar)

    def cost(tag: str = "") -> int:
        with CaptureQueriesContext(connection) as queries:
            poll(one, tag)
        return len(queries)

    def grow(number: int) -> None:
        questions = Question.objects.bulk_create(
            Question(
                webinar=webinar, text=f"{number}, {rank} ?", state=QuestionState.ACCEPTED,
                asked_when="before",
            )
            for rank in range(number)
        )  # fmt: skip
        QuestionVote.objects.bulk_create(
            QuestionVote(question=question, registration=one) for question in questions
        )

    grow(1)
    few = cost()
    grow(60)
    assert cost() == few
    assert cost(poll(one)["ETag"]) == 3
    assert poll(one, poll(one)["ETag"]).content == b""


def test_the_screen_of_a_room_shows_the_most_wanted_and_how_to_ask(
    webinar: Webinar, client_for: Callable[[User], Client]
) -> None:
    for number in range(ON_SCREEN + 2):
        published(sign_up(webinar, number), f"Question {number} ?")
    client = client_for(make_user("staff", "confederation"))
    page = client.get(f"/webinaires/{webinar.pk}/ecran/").content.decode()
    assert page.count("screen__votes") == ON_SCREEN
    assert "et 2 autres" in page
    assert f"/webinaires/s/{webinar.code}/" in page
    assert "Sacha" not in page
    address = f"/webinaires/{webinar.pk}/ecran/liste/"
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    assert client_for(make_user("militant", "ud-14")).get(address).status_code == 404


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        (FRIDAY - timedelta(days=3), "300"),
        (FRIDAY - timedelta(minutes=32), "120"),
        (FRIDAY - timedelta(minutes=30), "4"),
        (FRIDAY + timedelta(minutes=89), "4"),
        (FRIDAY + timedelta(minutes=90), ""),
    ],
)
def test_boards_ask_often_from_shortly_before_the_session_until_it_is_over(
    moment: datetime, seconds: str, time_machine: Any, client_for: Callable[[User], Client]
) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=4), tick=False)
    webinar = make_webinar(starts_at=FRIDAY)
    one = sign_up(webinar)
    time_machine.move_to(moment, tick=False)
    first = poll(one)
    assert first.headers.get("X-Again", "") == seconds
    same = poll(one, first["ETag"])
    assert (same.status_code, same.headers.get("X-Again", "")) == (304, seconds)
    staff = client_for(make_user("staff", "confederation"))
    assert staff.get(f"/webinaires/{webinar.pk}/ecran/liste/").get("X-Again", "") == seconds
    assert f'data-board-again="{seconds}"' in board(one)
