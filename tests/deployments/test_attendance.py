"""Who was there: expected or not, with a number or only a first name, noted once."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deployments import actions, attendance, staffing
from deployments.attendance import NotHeld, add_who_came, has_begun, mark_attendance
from deployments.bookings import book
from deployments.debrief_rules import figures_of
from deployments.enums import Answer
from deployments.experience import _measured
from deployments.forgetting import forget_old_teams
from deployments.models import Debrief, Deployment, TeamMember
from deployments.person_hours import person_hours
from deployments.shifts import Slot
from messaging.models import Message
from organisations.models import User
from tests.deployments.factories import add_member, make_deployment, next_week, role, slot
from tests.deployments.test_team_races import together
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
NUMBER = "+33639987755"


def make_held(**fields: Any) -> Deployment:
    """An action of last week."""
    return make_deployment(slots=[slot(next_week() - timedelta(days=14))], **fields)


def make_now(**fields: Any) -> Deployment:
    return make_deployment(slots=[slot(timezone.now() - timedelta(minutes=5))], **fields)


def add_past_booking(one: Slot) -> TeamMember:
    """Whoever has `NUMBER` was at another action, at these hours."""
    other = make_deployment(title="Foire", slots=[one])
    person, _ = staffing.identify(NUMBER, "")
    member = TeamMember.objects.create(
        deployment=other, person=person, first_name="Lou", phone=NUMBER, role=role(),
        answer=Answer.COMING, attended=True, token_hash="x",
    )  # fmt: skip
    book(member)
    return member


@pytest.fixture
def author() -> User:
    return make_user("staff", "ul-caen")


def came(deployment: Deployment, author: User, **fields: Any) -> TeamMember:
    who = {
        "arrival_id": uuid4(), "first_name": "Lou", "phone": "", "email": "", "role": role(),
    }  # fmt: skip
    return add_who_came(deployment=deployment, added_by=author, **(who | fields))


def test_a_first_name_is_enough(author: User) -> None:
    held = make_held()
    member = came(held, author)
    assert (member.answer, member.attended) == (Answer.COMING, True)
    assert person_hours(held) == 3


def test_somebody_added_twice_by_one_form_counts_once(author: User) -> None:
    held, form = make_held(), uuid4()
    assert came(held, author, arrival_id=form).pk == came(held, author, arrival_id=form).pk
    came(held, author)  # a namesake
    assert held.team.filter(attended=True).count() == 2


def test_a_number_is_known_again(author: User) -> None:
    held = make_held()
    first = came(held, author, phone=NUMBER)
    assert came(held, author, phone=NUMBER, first_name="Louison").pk == first.pk
    assert held.team.get().first_name == "Lou"


@pytest.mark.parametrize("answer", [Answer.INVITED, Answer.WAITING, Answer.DECLINED])
def test_who_had_said_otherwise_was_there_after_all(author: User, answer: Answer) -> None:
    deployment = make_now()
    known = add_member(deployment, 1, slug="presse", comes=False)
    TeamMember.objects.filter(pk=known.pk).update(answer=answer)
    came(deployment, author, phone="+33639987701", first_name="Sacha")
    member = deployment.team.get()
    assert (member.answer, member.attended, member.role_id) == (Answer.COMING, True, "presse")
    assert member.bookings.count() == 1


def test_an_account_is_known_by_its_address(author: User) -> None:
    user = make_user("militant", "ul-caen")
    assert came(make_held(), author, email=user.email.upper()).user == user


def test_nobody_gets_a_message_about_an_action_that_is_over(author: User) -> None:
    came(make_held(), author, phone=NUMBER)
    assert not Message.objects.exists()


def test_who_left_a_number_during_the_action_gets_their_own_link(author: User) -> None:
    deployment = make_now()
    came(deployment, author)
    came(deployment, author, phone=NUMBER)
    assert [message.recipient for message in Message.objects.all()] == [NUMBER]


def test_nobody_came_to_an_action_before_its_day_nor_to_one_called_off(author: User) -> None:
    coming, off = make_deployment(), make_now()
    actions.cancel_deployment(deployment=off, revision=off.revision, reason="Tempête")
    undated = make_deployment(slots=[], reported=False)
    for deployment in (coming, off, undated):
        deployment.refresh_from_db()
        assert not has_begun(deployment)
        with pytest.raises(NotHeld):
            came(deployment, author)
    assert not TeamMember.objects.exists()


def test_whoever_sets_up_early_is_there(author: User) -> None:
    """From the first hour of the day, where the action takes place."""
    deployment = make_deployment(slots=[slot(next_week(hour=9))])
    with time_machine.travel(next_week(hour=0), tick=False):
        assert came(deployment, author).attended


def test_a_full_team_takes_who_came(author: User) -> None:
    deployment = make_now(capacity=1)
    add_member(deployment, 1)
    came(deployment, author)
    assert deployment.team.coming().count() == 2


def test_whoever_confirms_keeps_their_place_in_a_team_too_big(author: User) -> None:
    deployment = make_now(capacity=1)
    member = add_member(deployment, 1)
    came(deployment, author)
    assert staffing.say_coming(member=member).answer == Answer.COMING
    assert member.bookings.count() == 1


def test_who_is_taken_elsewhere_counts_here(author: User) -> None:
    here, elsewhere = make_now(), make_now(title="Foire")
    there = add_member(elsewhere, 1)
    member = came(here, author, phone="+33639987701")
    assert person_hours(here) == 3
    assert there.bookings.count() == member.bookings.count() == 1


def test_hours_are_those_of_the_shifts_they_came_to(author: User) -> None:
    start = next_week() - timedelta(days=14)
    held = make_deployment(slots=[slot(start), slot(start + timedelta(days=1), hours=5)])
    came(held, author, shifts=[held.shifts.all()[1]])
    came(held, author, phone=NUMBER)
    assert person_hours(held) == 5 + 8


def test_hours_count_in_the_report_and_in_what_works(author: User) -> None:
    held = make_held()
    came(held, author)
    came(held, author, phone=NUMBER)
    (figure,) = figures_of(held, None)
    assert (figure.value, figure.note) == (2, "6\u00a0h de présence en tout")
    Debrief.objects.create(deployment=held, closed_at=timezone.now())
    (row,) = _measured(author)
    assert row["hours"] == 6


def test_hours_counted_here_although_taken_elsewhere_survive_archiving(author: User) -> None:
    start = next_week() - timedelta(days=14)
    here = make_deployment(slots=[slot(start), slot(start + timedelta(days=1), hours=5)])
    there = add_past_booking(slot(start, hours=2))
    member = came(here, author, phone=NUMBER, shifts=[here.shifts.all()[0]])
    assert person_hours(here) == 3
    for verb in (actions.archive_deployment, actions.restore_deployment):
        here.refresh_from_db()
        verb(deployment=here, revision=here.revision)
        member.refresh_from_db()
        assert (member.answer, person_hours(here)) == (Answer.COMING, 3)
    assert there.bookings.count() == 1


@pytest.mark.parametrize("everybody", [True, False])
def test_nobody_is_marked_before_the_day_nor_once_called_off(
    client_for: ClientFor, author: User, everybody: bool
) -> None:
    coming, off = make_deployment(capacity=1), make_now(title="Foire")
    client = client_for(author)
    for number, deployment in enumerate((coming, off)):
        add_member(deployment, 2 * number + 1)
        asked = add_member(deployment, 2 * number + 2, comes=False)
        if deployment == off:
            actions.cancel_deployment(
                deployment=deployment, revision=deployment.revision, reason="Tempête"
            )
        address = reverse("deployments:team-attendance", args=[deployment.pk])
        shown = client.get(address).content.decode()
        assert 'name="everybody"' not in shown
        assert 'name="present"' not in shown
        sent = {"everybody": "1"} if everybody else {"present": asked.pk}
        assert "n’a pas commencé" in client.post(address, sent, follow=True).content.decode()
        assert not asked.bookings.exists()
        assert not deployment.team.filter(attended=True).exists()


def test_who_was_not_there_after_all_is_free_again(author: User) -> None:
    deployment = make_now()
    asked, expected = add_member(deployment, 1, comes=False), add_member(deployment, 2)
    for was_there in (True, False):
        present = {asked.pk: was_there, expected.pk: was_there}
        mark_attendance(deployment=deployment, present=present)
        assert (asked.bookings.exists(), expected.bookings.exists()) == (was_there, True)


def test_hours_of_the_invited_who_came_count_too(author: User) -> None:
    deployment = make_now()
    member = add_member(deployment, 1, comes=False)
    mark_attendance(deployment=deployment, present={member.pk: True})
    assert member.bookings.count() == 1
    mark_attendance(deployment=deployment, present={member.pk: False})
    assert person_hours(deployment) == 0


def test_a_number_left_on_the_day_is_forgotten_like_the_others(author: User) -> None:
    held = make_deployment(slots=[slot(next_week() - timedelta(days=70))])
    came(held, author, phone=NUMBER)
    came(held, author)
    assert forget_old_teams() == 1
    assert not held.team.exclude(phone="").exists()
    assert person_hours(held) == 6


def page_of(client: Client, deployment: Deployment) -> str:
    address = reverse("deployments:team-attendance", args=[deployment.pk])
    return client.get(address).content.decode()


def add(client: Client, deployment: Deployment, **fields: Any) -> str:
    sent = {"arrival_id": str(uuid4()), "first_name": "Lou", "role": "equipe"} | fields
    address = reverse("deployments:team-arrival", args=[deployment.pk])
    return client.post(address, sent, follow=True).content.decode()


def test_the_page_adds_who_came(client_for: ClientFor, author: User) -> None:
    held = make_held()
    client = client_for(author)
    shown = add(client, held)
    assert "Lou\u00a0: présence notée." in shown
    assert "1 présent·e sur 1" in shown
    assert held.team.get().forgotten_at is not None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first_name": " "}, "Écrivez le prénom"),
        ({"phone": "06 12"}, "Ce numéro ne semble pas valide"),
        ({"email": "lou@"}, "Cette adresse e-mail semble incomplète"),
        ({"role": "roi"}, "choix"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client_for: ClientFor, author: User, typed: dict[str, str], words: str
) -> None:
    held = make_held()
    shown = add(client_for(author), held, **({"first_name": "Louison"} | typed))
    assert words in shown
    assert ("Louison" in shown) == ("first_name" not in typed)
    assert not held.team.exists()


def test_before_the_day_the_page_only_tells_of_it(client_for: ClientFor, author: User) -> None:
    coming = make_deployment()
    client = client_for(author)
    shown = page_of(client, coming)
    assert "Le jour venu" in shown
    assert "Ajouter quelqu’un" not in shown
    assert "n’a pas commencé" in add(client, coming)
    assert not coming.team.exists()


def test_the_form_offers_shifts_when_there_are_several(client_for: ClientFor, author: User) -> None:
    start = next_week() - timedelta(days=14)
    client = client_for(author)
    assert 'name="shifts"' not in page_of(client, make_held())
    several = make_deployment(slots=[slot(start), slot(start + timedelta(days=1))])
    assert 'name="shifts"' in page_of(client, several)
    first = several.shifts.all()[0]
    add(client, several, shifts=first.pk)
    assert several.team.get().bookings.get().shift == first


def add_at_once(author: User, **fields: Any) -> int:
    """Two phones add the same person; both look before either writes, if nothing stops them."""
    held = make_held()
    barrier, note = threading.Barrier(2), attendance._note_presence

    def look_and_wait(*arguments: Any) -> None:
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=2)
        note(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attendance, "_note_presence", look_and_wait)
        together(*[lambda: came(held, author, **fields)] * 2)
    return held.team.filter(attended=True).count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fields", [{"phone": NUMBER}, {"arrival_id": UUID(int=7)}])
def test_two_phones_that_add_the_same_person_add_them_once(
    author: User, fields: dict[str, Any]
) -> None:
    assert add_at_once(author, **fields) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_one_of_them_would_fail(
    author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        attendance,
        "lock_team",
        lambda deployment, *, even_closed=False: Deployment.objects.get(pk=deployment.pk),
    )
    with pytest.raises(IntegrityError, match="once_in_a_team"):
        add_at_once(author, phone=NUMBER)
