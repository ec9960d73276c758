"""An action cannot lose its pilot silently, whoever takes them off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from deployments import actions, staffing
from deployments.enums import Answer
from deployments.forgetting import forget_old_teams
from deployments.letters import letter_of
from deployments.models import Deployment, TeamMember
from deployments.team_messages import PILOT, THANKS, WARNING
from deployments.team_rules import team_sheet
from messaging.delivery import deliver_due_messages
from messaging.enums import Status
from messaging.models import Message
from organisations.models import User
from tests.deployments.factories import add_member, make_deployment, next_week, role, slot
from tests.deployments.test_declaration_pages import words
from tests.deployments.test_declarations import make_fixed_point, town_hall
from tests.deployments.test_team import told
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def manager() -> User:
    return make_user("staff", "ul-caen", first_name="Nadia")


@pytest.fixture
def other(manager: User) -> User:
    return make_user("staff", "ul-caen")


def page_of(member: TeamMember, verb: str = "") -> str:
    return f"/deploiements/{member.deployment_id}/equipe/{member.pk}/{verb}"


def change(member: TeamMember, by: User, slug: str) -> None:
    staffing.change_member(
        member=member, revision=member.revision, role=role(slug), mandates=[], pair=None,
        changed_by=by,
    )  # fmt: skip


@pytest.mark.parametrize("answer", [Answer.INVITED, Answer.WAITING])
def test_nobody_signs_a_letter_before_saying_that_they_come(answer: Answer) -> None:
    declaration = town_hall(make_fixed_point())
    asked = add_member(declaration.deployment, 1, slug="pilote", comes=False)
    TeamMember.objects.filter(pk=asked.pk).update(answer=answer)
    letter = letter_of(declaration)
    assert letter.signatory == ""
    assert "Sacha" not in letter.body
    staffing.say_coming(member=asked)
    letter = letter_of(declaration)
    assert letter.signatory == "Sacha 1"
    assert "Sacha 1, 06" in letter.body


def test_a_pilot_who_leaves_names_who_takes_over() -> None:
    deployment = make_deployment()
    manager = make_user("staff", "ul-caen")
    pilot = add_member(deployment, 1, slug="pilote")
    other = add_member(deployment, 2)
    staffing.say_not_coming(member=pilot, successor=other)
    other.refresh_from_db()
    assert other.role_id == "pilote"
    assert told(PILOT) == ["+33639987702"]
    assert told(WARNING) == [manager.email]


def test_a_pilot_who_leaves_nobody_behind_is_reported_to_those_who_manage() -> None:
    deployment = make_deployment()
    make_user("staff", "ul-caen")
    staffing.say_not_coming(member=add_member(deployment, 1, slug="pilote"))
    (message,) = Message.objects.filter(purpose=WARNING)
    assert "Plus de pilote" in message.subject
    assert not team_sheet(deployment).has_pilot


def test_somebody_else_who_leaves_is_no_news() -> None:
    deployment = make_deployment()
    make_user("staff", "ul-caen")
    add_member(deployment, 1, slug="pilote")
    staffing.say_not_coming(member=add_member(deployment, 2))
    assert told(WARNING) == []


def test_a_manager_who_removes_the_last_pilot_tells_the_others(manager: User, other: User) -> None:
    pilot = add_member(make_deployment(), 1, slug="pilote")
    staffing.remove_member(member=pilot, removed_by=manager)
    (message,) = Message.objects.filter(purpose=WARNING)
    assert message.recipient == other.email
    assert "Sacha 1 ne pilote plus" in message.text
    assert "Nadia l’a noté" in message.text


def test_a_manager_who_notes_that_the_pilot_does_not_come_tells_the_others(
    client_for: ClientFor, manager: User, other: User
) -> None:
    pilot = add_member(make_deployment(), 1, slug="pilote")
    for _ in range(2):
        client_for(manager).post(page_of(pilot, "reponse/"), {"answer": "declined"})
    assert told(WARNING) == [other.email]


def test_a_manager_who_gives_the_pilot_another_role_tells_the_others(
    client_for: ClientFor, manager: User, other: User
) -> None:
    pilot = add_member(make_deployment(), 1, slug="pilote")
    client_for(manager).post(page_of(pilot), {"role": "presse", "revision": pilot.revision})
    pilot.refresh_from_db()
    assert pilot.role_id == "presse"
    assert told(WARNING) == [other.email]


def test_nothing_is_said_while_another_pilot_comes(manager: User, other: User) -> None:
    deployment = make_deployment()
    two = [add_member(deployment, number, slug="pilote") for number in (1, 2)]
    change(two[0], manager, "presse")
    assert told(WARNING) == []
    staffing.remove_member(member=two[1], removed_by=manager)
    assert told(WARNING) == [other.email]


def test_a_pilot_who_had_only_been_invited_is_not_missed(manager: User, other: User) -> None:
    pilot = add_member(make_deployment(), 1, slug="pilote", comes=False)
    staffing.remove_member(member=pilot, removed_by=manager)
    assert told(WARNING) == []


def test_a_pilot_taken_elsewhere_at_the_new_hours_is_missed(manager: User) -> None:
    deployment = make_deployment()
    add_member(deployment, 1, slug="pilote")
    add_member(make_deployment(slots=[slot(next_week(hour=14))]), 1)
    actions.move_deployment(
        deployment=deployment, revision=deployment.revision, starts_at=next_week(hour=15)
    )
    assert told(WARNING) == [manager.email]


def test_the_pilot_of_a_past_action_is_not_missed(manager: User, other: User) -> None:
    pilot = add_member(make_deployment(), 1, slug="pilote")
    end_action(pilot.deployment)
    change(pilot, manager, "equipe")
    staffing.remove_member(member=pilot, removed_by=manager)
    assert (told(WARNING), told(THANKS)) == ([], [])


def end_action(deployment: Deployment) -> None:
    start = next_week() - timedelta(days=30)
    Deployment.objects.filter(pk=deployment.pk).update(
        starts_at=start, ends_at=start + timedelta(hours=3)
    )


def test_who_is_removed_is_thanked_and_no_longer_expected(manager: User) -> None:
    deployment = make_deployment()
    by_sms = add_member(deployment, 1)
    by_mail = add_member(deployment, 2, phone="", email="lou@example.org", comes=False)
    for member in (by_sms, by_mail):
        staffing.remove_member(member=member, removed_by=manager)
    mail, sms = Message.objects.filter(purpose=THANKS).order_by("channel")
    assert (mail.recipient, sms.recipient) == ("lou@example.org", "+33639987701")
    assert sms.text.startswith('Sacha 1, vous n\'etes plus attendu.e à "Marché Saint-Pierre"')
    assert "9 h - 12 h, Caen" in sms.text
    assert "UL de Caen vous remercie" in mail.text
    assert "Ne plus recevoir" in mail.text
    # Words and number stay no longer than they serve.
    assert (mail.is_secret, sms.is_secret) == (True, True)


@pytest.mark.parametrize(("ticked", "count"), [({"is_told": "on"}, 1), ({}, 0)])
def test_the_manager_chooses_whether_they_are_told(
    client_for: ClientFor, manager: User, ticked: dict[str, str], count: int
) -> None:
    member = add_member(make_deployment(), 1)
    client = client_for(manager)
    page = words(client.get(page_of(member, "retirer/")))
    assert "Prévenir cette personne" in page
    assert "Elle reçoit un SMS" in page
    assert client.post(page_of(member, "retirer/"), ticked).status_code == 302
    assert len(told(THANKS)) == count
    assert not TeamMember.objects.exists()


def test_who_had_declined_is_not_told_again(client_for: ClientFor, manager: User) -> None:
    member = add_member(make_deployment(), 1)
    staffing.say_not_coming(member=member)
    page = words(client_for(manager).get(page_of(member, "retirer/")))
    assert "Prévenir cette personne" not in page
    staffing.remove_member(member=member, removed_by=manager)
    assert told(THANKS) == []


def test_who_removes_themselves_is_not_thanked(manager: User) -> None:
    own = staffing.join_with_account(deployment=make_deployment(), user=manager, role=role())
    staffing.remove_member(member=own, removed_by=manager)
    assert told(THANKS) == []


def test_the_page_warns_before_the_last_pilot_goes(client_for: ClientFor, manager: User) -> None:
    deployment = make_deployment()
    pilot, other = add_member(deployment, 1, slug="pilote"), add_member(deployment, 2)
    client = client_for(manager)
    assert "Personne d’autre ne pilote" in words(client.get(page_of(pilot, "retirer/")))
    assert "Personne d’autre ne pilote" not in words(client.get(page_of(other, "retirer/")))


def places_of_rows() -> list[Any]:
    """Where the database keeps each message: it moves with each write."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ctid FROM messaging_message ORDER BY id")
        return list(cursor.fetchall())


def test_what_told_of_a_lost_pilot_keeps_no_name(manager: User) -> None:
    staffing.say_not_coming(member=add_member(make_deployment(), 1, slug="pilote"))
    (waiting,) = Message.objects.filter(purpose=WARNING)
    assert "Sacha 1" in waiting.text
    deliver_due_messages()
    left = Message.objects.get(pk=waiting.pk)
    assert (left.status, left.text, left.html) == (Status.SENT, "", "")


def test_what_never_told_of_a_lost_pilot_is_forgotten_too(manager: User) -> None:
    staffing.say_not_coming(member=add_member(make_deployment(), 1, slug="pilote"))
    Message.objects.update(created_at=timezone.now() - timedelta(days=31))
    forget_old_teams()
    (message,) = Message.objects.filter(purpose=WARNING)
    assert (message.text, message.html, message.recipient) == ("", "", "")


def test_who_is_forgotten_is_not_forgotten_again_each_night(manager: User) -> None:
    staffing.remove_member(member=add_member(make_deployment(), 1), removed_by=manager)
    Message.objects.update(created_at=timezone.now() - timedelta(days=31))
    forget_old_teams()
    before = places_of_rows()
    forget_old_teams()
    assert places_of_rows() == before


def test_the_number_of_who_was_thanked_is_forgotten_too(manager: User) -> None:
    staffing.remove_member(member=add_member(make_deployment(), 1), removed_by=manager)
    forget_old_teams()
    assert told(THANKS) == ["+33639987701"]
    Message.objects.update(created_at=timezone.now() - timedelta(days=31))
    forget_old_teams()
    assert told(THANKS) == [""]
