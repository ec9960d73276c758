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
from deployments.team_messages import CONFIRM, THANKS, WARNING
from messaging.models import Message
from tests.deployments.factories import add_member, make_deployment, slot
from tests.deployments.test_team_confirming import WEDNESDAY_NINE, on_the_eve
from tests.factories import make_user

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


def leave_unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        staffing,
        "lock_team",
        lambda deployment, *, even_closed=False: Deployment.objects.get(pk=deployment.pk),
    )


def test_without_the_lock_both_would_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    leave_unlocked(monkeypatch)
    assert race_for_the_last_place() == 2


def hold_at(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Two that run `staffing.<name>` both have their answer before either goes on."""
    barrier, ask = threading.Barrier(2), getattr(staffing, name)

    def ask_and_wait(*arguments: Any) -> Any:
        answer = ask(*arguments)
        try:
            barrier.wait(timeout=2)
        except threading.BrokenBarrierError:
            return answer
        return answer

    monkeypatch.setattr(staffing, name, ask_and_wait)


def race_to_remove_two_pilots() -> int:
    """How many messages say that no pilot is left."""
    deployment = make_deployment()
    managers = [make_user("staff", "ul-caen") for _ in range(2)]
    pilots = [add_member(deployment, number, slug="pilote") for number in (1, 2)]
    with pytest.MonkeyPatch.context() as patch:
        hold_at(patch, "is_last_pilot")
        together(
            *(
                lambda one=one, by=by: staffing.remove_member(member=one, removed_by=by)
                for one, by in zip(pilots, managers, strict=True)
            )
        )
    assert not deployment.team.exists()
    return Message.objects.filter(purpose=WARNING).count()


def test_two_managers_remove_the_last_two_pilots() -> None:
    """Each leaves the other's pilot: whoever comes second leaves none, and the first is told."""
    assert race_to_remove_two_pilots() == 1


def test_without_the_lock_the_action_would_lose_its_pilots_silently(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leave_unlocked(monkeypatch)
    assert race_to_remove_two_pilots() == 0


def test_two_managers_remove_the_same_pilot() -> None:
    deployment = make_deployment()
    two, third = [make_user("staff", "ul-caen") for _ in range(2)], make_user("staff", "ul-caen")
    pilot = add_member(deployment, 1, slug="pilote")
    together(*(lambda by=by: staffing.remove_member(member=pilot, removed_by=by) for by in two))
    warned = Message.objects.filter(purpose=WARNING).values_list("recipient", flat=True)
    assert third.email in warned
    assert len(set(warned) & {one.email for one in two}) == 1
    assert Message.objects.filter(purpose=THANKS).count() == 1


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
