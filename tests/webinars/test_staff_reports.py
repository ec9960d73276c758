"""After the session: the mail with its preview, opinions of enough people, who came from where."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import User
from tests.factories import get_organisation, make_user
from tests.webinars.factories import FRIDAY, delivered, make_webinar, sign_up, told
from webinars import actions, mails
from webinars.asking import accept, answer_in_writing, ask, vote
from webinars.attending import give_feedback, mark_attendance
from webinars.enums import RegistrationState
from webinars.links import secret_of
from webinars.models import Webinar

pytestmark = pytest.mark.django_db
OVER = FRIDAY + timedelta(hours=2)


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(FRIDAY - timedelta(hours=1), tick=False)
    return time_machine


@pytest.fixture
def webinar(clock: Any) -> Webinar:
    return make_webinar("outils", starts_at=FRIDAY)


@pytest.fixture
def boss(db: None) -> User:
    return make_user("staff", "confederation", last_name="Secrétaire")


@pytest.fixture
def staff(boss: User, clock: Any, client_for: Callable[[User], Client]) -> Client:
    return client_for(boss)


def after(webinar: Webinar) -> str:
    return f"/webinaires/gerer/{webinar.pk}/apres/"


def members(webinar: Webinar, number: int) -> list[Any]:
    """People of the audience, each for one UD of Normandie."""
    uds = ("ud-14", "ud-50", "ud-61", "ud-27", "ud-76")
    return [
        sign_up(webinar, rank, user=make_user("staff", uds[rank % 5]),
                organisation=get_organisation(uds[rank % 5]))
        for rank in range(number)
    ]  # fmt: skip


def test_the_mail_of_after_is_previewed_counted_and_sent_once(
    webinar: Webinar, boss: User, staff: Client, clock: Any
) -> None:
    one, *_ = members(webinar, 3)
    question = accept(question=ask(registration=one, text="Où sont les tracts ?"))
    assert "une fois la séance finie" in staff.get(after(webinar)).content.decode()
    staff.post(after(webinar))
    assert told(mails.AFTER) == []
    clock.move_to(OVER, tick=False)
    page = staff.get(after(webinar)).content.decode()
    for words in (
        "3 personnes",
        "Pas d’enregistrement",
        "Pas de diaporama",
        "1 question sans réponse",
        boss.get_full_name(),
        "Merci d’avoir participé",
    ):
        assert words in page, words
    answer_in_writing(question=question, answer="À l’UD.", answered_by=boss)
    actions.change_webinar(
        webinar=webinar, revision=webinar.revision, replay_url="https://video.example/1"
    )
    page = staff.get(after(webinar)).content.decode()
    assert "À l’UD." in page
    assert "l’enregistrement de la séance" in page
    # The preview holds nobody's link.
    assert not any(secret_of(each.seed) in page for each in webinar.registrations.all())
    sent = staff.post(after(webinar), follow=True).content.decode()
    assert "3 personnes reçoivent" in sent
    assert "déjà parti" in staff.post(after(webinar), follow=True).content.decode()
    assert len([mail for mail in delivered() if mail.subject.startswith("Après")]) == 3


@pytest.mark.parametrize(("number", "shown"), [(0, False), (4, False), (5, True)])
def test_opinions_of_a_small_group_are_not_shown(
    number: int, shown: bool, webinar: Webinar, staff: Client, clock: Any
) -> None:
    people = members(webinar, 5)
    clock.move_to(OVER, tick=False)
    for one in people[:number]:
        give_feedback(
            registration=one, usefulness=4, next_step="Un tractage", wish="Plus d’exemples"
        )
    page = staff.get(after(webinar)).content.decode()
    ideas = staff.get("/webinaires/gerer/idees/").content.decode()
    assert ("4,0 sur 5" in page) == shown
    assert ("Un tractage" in page) == shown
    assert ("Plus d’exemples" in ideas) == shown
    assert ("Ils s’affichent à partir de cinq" in page) == (number == 4)


def test_opinions_are_spread_by_mark(webinar: Webinar, staff: Client, clock: Any) -> None:
    people = members(webinar, 6)
    clock.move_to(OVER, tick=False)
    for mark, one in zip((1, 3, 3, 5, 5, 5), people, strict=True):
        give_feedback(registration=one, usefulness=mark)
    page = staff.get(after(webinar)).content.decode()
    assert [f'value="{number}"' in page for number in (1, 2, 3, 0)] == [True] * 4
    assert "3,7 sur 5" in page


PARTICIPATION = "/webinaires/gerer/participation/"


def test_one_sees_which_departmental_unions_never_came_and_no_further_than_one_sees(
    webinar: Webinar, staff: Client, clock: Any, client_for: Callable[[User], Client]
) -> None:
    people = members(webinar, 2)
    clock.move_to(OVER, tick=False)
    mark_attendance(registration=people[0], attended=True)
    page = staff.get(PARTICIPATION).content.decode()
    never = page.split('id="jamais"')[1].split("</details>")[0]
    assert "Calvados" not in never
    assert "Manche" in never
    assert "1 séance tenue" in page
    region = client_for(make_user("staff", "cr-28")).get(PARTICIPATION).content.decode()
    assert "4 organisations sur 5 ne sont jamais venues" in region
    assert "Rhône" not in region
    alone = client_for(make_user("staff", "ud-14")).get(PARTICIPATION).content.decode()
    assert "Chaque organisation est venue" not in alone  # there is one: its line says it
    assert "Manche" not in alone


def test_participation_is_of_a_series_or_of_the_campaign(
    webinar: Webinar, staff: Client, clock: Any
) -> None:
    (one,) = members(webinar, 1)
    make_webinar("cpri", starts_at=FRIDAY)
    clock.move_to(OVER, tick=False)
    mark_attendance(registration=one, attended=True)
    assert "2 séances tenues" in staff.get(PARTICIPATION).content.decode()
    page = staff.get(f"{PARTICIPATION}?serie=cpri&genre=ud").content.decode()
    assert "1 séance tenue" in page
    assert "Calvados" in page.split('id="jamais"')[1].split("</details>")[0]
    assert (
        get_organisation("fd-commerce").name
        in staff.get(f"{PARTICIPATION}?genre=fd").content.decode()
    )
    assert staff.get(f"{PARTICIPATION}?genre=rien&serie=rien").status_code == 200


def test_before_the_first_session_there_is_nothing_to_count(staff: Client) -> None:
    assert "Rien à compter" in staff.get(PARTICIPATION).content.decode()


def test_participation_costs_the_same_whatever_happened(
    webinar: Webinar, staff: Client, clock: Any
) -> None:
    def queries() -> int:
        clock.move_to(OVER, tick=False)
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(PARTICIPATION).status_code == 200
        clock.move_to(FRIDAY - timedelta(hours=1), tick=False)
        return len(captured)

    before = queries()
    for rank in range(5):
        for one in members(make_webinar("outils", title=f"{rank}", starts_at=FRIDAY), 5):
            mark_attendance(registration=one, attended=True)
    assert queries() == before


def test_what_people_wait_for_becomes_the_next_session(
    webinar: Webinar, staff: Client, clock: Any
) -> None:
    one, other = members(webinar, 2)
    wanted = accept(question=ask(registration=one, text="Et les saisonniers ?"))
    vote(question=wanted, registration=other)
    ask(registration=other, text="Les affiches ?")
    # There is still time to answer them.
    assert "saisonniers" not in staff.get("/webinaires/gerer/idees/").content.decode()
    clock.move_to(OVER, tick=False)
    page = staff.get("/webinaires/gerer/idees/").content.decode()
    assert page.index("Et les saisonniers") < page.index("Les affiches")
    assert "2 votes" in page
    assert "saisonniers" not in staff.get("/webinaires/gerer/idees/?serie=cpri").content.decode()
    begun = staff.get(f"/webinaires/gerer/nouvelle/?question={wanted.pk}").content.decode()
    assert "– Et les saisonniers ?" in begun
    assert "Les affiches" not in begun


def test_nobody_takes_up_questions_they_do_not_manage(
    webinar: Webinar, clock: Any, client_for: Callable[[User], Client]
) -> None:
    (one,) = members(webinar, 1)
    question = ask(registration=one, text="Et les saisonniers ?")
    clock.move_to(OVER, tick=False)
    other = client_for(make_user("staff", "ud-14"))
    begun = other.get(f"/webinaires/gerer/nouvelle/?question={question.pk}&question=x&question=")
    assert "saisonniers" not in begun.content.decode()
    assert "saisonniers" not in other.get("/webinaires/gerer/idees/").content.decode()


def test_an_idea_that_is_answered_is_no_idea_any_more(
    webinar: Webinar, boss: User, staff: Client, clock: Any
) -> None:
    (one,) = members(webinar, 1)
    assert one.state == RegistrationState.REGISTERED
    question = ask(registration=one, text="Et les saisonniers ?")
    answer_in_writing(question=question, answer="Oui.", answered_by=boss)
    clock.move_to(OVER, tick=False)
    page = staff.get("/webinaires/gerer/idees/").content.decode()
    assert "saisonniers" not in page
    assert "Tout a sa réponse" in page
