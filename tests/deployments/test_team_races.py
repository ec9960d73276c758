"""Two people and the last place, two actions and one person; and the control without the lock."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from deployments import bookings, confirming, staffing
from deployments.bookings import AlreadyTaken
from deployments.enums import Answer
from deployments.models import Deployment, TeamMember
from deployments.team_messages import CONFIRM
from messaging.models import Message
from tests.deployments.factories import add_member, make_deployment, slot
from tests.deployments.test_team_confirming import WEDNESDAY_NINE, on_the_eve

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], Any]) -> list[Any]:
    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except AlreadyTaken as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(timeout=30) for done in [pool.submit(run, act) for act in acts]]


def slow_down_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both count the free places before either takes one, if nothing stops them."""
    barrier, count = threading.Barrier(2), staffing._has_place

    def count_and_wait(deployment: Deployment, member: TeamMember) -> bool:
        answer = count(deployment, member)
        try:
            barrier.wait(timeout=2)
        except threading.BrokenBarrierError:
            return answer
        return answer

    monkeypatch.setattr(staffing, "_has_place", count_and_wait)


def race_for_the_last_place() -> int:
    deployment = make_deployment(capacity=1)
    two = [add_member(deployment, number, comes=False) for number in (1, 2)]
    with pytest.MonkeyPatch.context() as patch:
        slow_down_the_count(patch)
        together(*(lambda one=one: staffing.say_coming(member=one) for one in two))
    return deployment.team.coming().count()


def test_two_for_the_last_place() -> None:
    assert race_for_the_last_place() == 1


def test_without_the_lock_both_would_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        staffing,
        "lock_team",
        lambda deployment, *, even_closed=False: Deployment.objects.get(pk=deployment.pk),
    )
    assert race_for_the_last_place() == 2


def test_one_person_says_yes_to_two_actions_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither sees the other's booking yet: the database decides."""
    two = [
        add_member(make_deployment(title=title), 1, comes=False) for title in ("Marché", "Foire")
    ]
    barrier, look, met = threading.Barrier(2), bookings.clashes, threading.local()

    def look_and_wait(*arguments: Any, **named: Any) -> Any:
        found = look(*arguments, **named)
        if not getattr(met, "once", False):
            met.once = True
            barrier.wait(timeout=10)
        return found

    monkeypatch.setattr(bookings, "clashes", look_and_wait)
    done = together(*(lambda one=one: staffing.say_coming(member=one) for one in two))
    assert sorted(type(each).__name__ for each in done) == ["AlreadyTaken", "TeamMember"]
    answers = TeamMember.objects.values_list("answer", flat=True).order_by("answer")
    assert list(answers) == [Answer.COMING, Answer.INVITED]


def test_two_sweeps_at_once_ask_once(monkeypatch: pytest.MonkeyPatch) -> None:
    deployment = make_deployment(slots=[slot(WEDNESDAY_NINE)])
    add_member(deployment, 1)
    barrier, find = threading.Barrier(2), confirming._questions

    def find_and_wait(*arguments: Any) -> Any:
        found = find(*arguments)
        barrier.wait(timeout=10)
        return found

    monkeypatch.setattr(confirming, "_questions", find_and_wait)
    with on_the_eve(hour=18):
        done = together(confirming.ask_confirmations, confirming.ask_confirmations)
    assert sorted(done) == [0, 1]
    assert Message.objects.filter(purpose=CONFIRM).count() == 1
