"""Reminders of the report: one, three and seven days after, each once, until it is in."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from deployments import actions, debriefing
from deployments.chasing import PURPOSE, chase_debriefs
from deployments.enums import Answer
from deployments.models import Deployment, TeamMember
from messaging.models import Message
from organisations.models import User
from tests.deployments.factories import make_deployment, slot
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def over() -> Deployment:
    """Over for a minute, with one member of staff to remind."""
    make_user("staff", "ul-caen")
    return make_deployment(slots=[slot(timezone.now() - timedelta(hours=3, minutes=1))])


def sweep(days: float, *, times: int = 1) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        for _ in range(times):
            chase_debriefs()


def written() -> list[str]:
    found = Message.objects.filter(purpose=PURPOSE).order_by("created_at", "unique_key")
    return list(found.values_list("recipient", flat=True))


def test_three_reminders_each_once_then_silence(over: Deployment) -> None:
    for day, count in ((0.5, 0), (1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (9, 3), (15, 3)):
        sweep(day, times=2)
        assert len(written()) == count, day


def test_who_slept_a_week_writes_one_and_not_three(over: Deployment) -> None:
    sweep(7.5)
    assert len(written()) == 1


def test_a_report_that_is_in_asks_for_nothing_more(over: Deployment) -> None:
    sweep(1)
    author = User.objects.get()
    debriefing.close_debrief(deployment=over, author=author)
    assert not Message.objects.not_begun().filter(purpose=PURPOSE).exists()
    sweep(3)
    assert len(written()) == 1


def test_a_cancelled_or_archived_action_is_never_asked_about(over: Deployment) -> None:
    cancelled = actions.cancel_deployment(deployment=over, revision=over.revision, reason="Tempête")
    sweep(1)
    restored = actions.restore_deployment(deployment=cancelled, revision=cancelled.revision)
    actions.archive_deployment(deployment=restored, revision=restored.revision)
    sweep(3)
    assert written() == []


def test_the_pilot_is_reminded_too_and_nobody_twice(over: Deployment) -> None:
    for number, (role, answer) in enumerate(
        [("pilote", Answer.COMING), ("pilote", Answer.DECLINED), ("equipe", Answer.COMING)]
    ):
        TeamMember.objects.create(
            deployment=over, person=str(number), first_name="Zoé", email=f"zoe{number}@example.org",
            role_id=role, answer=answer, token_hash=str(number),
        )  # fmt: skip
    sweep(1)
    assert set(written()) == {User.objects.get().email, "zoe0@example.org"}
    assert len(written()) == 2
    message = Message.objects.filter(recipient="zoe0@example.org").get()
    assert over.title in message.subject
    assert f"/deploiements/{over.pk}/bilan/" in message.text


def test_an_action_that_was_moved_is_asked_about_anew(over: Deployment) -> None:
    sweep(1)
    assert over.starts_at
    actions.move_deployment(
        deployment=over, revision=over.revision, starts_at=over.starts_at + timedelta(days=10)
    )
    sweep(11)
    assert len(written()) == 2
