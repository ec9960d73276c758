"""Two people and the last place, two who leave at once; and the controls without a lock."""

import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.utils import timezone

from messaging.models import Message
from tests.factories import make_user
from tests.webinars.factories import make_webinar, next_friday, sign_up, somebody, told
from webinars import asking, mails, places, registering, reminding
from webinars.asking import MOST_QUESTIONS
from webinars.models import Question, Registration, Webinar
from webinars.places import fill_freed_places
from webinars.registering import approve, cancel_registration, come_back, register

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], Any]) -> list[Any]:
    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except IntegrityError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(timeout=30) for done in [pool.submit(run, act) for act in acts]]


def meet_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Both have looked before either goes on, if nothing stops them."""
    barrier, look, met = threading.Barrier(2), getattr(module, name), threading.local()

    def look_and_wait(*arguments: Any, **named: Any) -> Any:
        found = look(*arguments, **named)
        if getattr(met, "once", False):
            return found
        met.once = True
        try:
            barrier.wait(timeout=2)
        except threading.BrokenBarrierError:
            return found
        return found

    monkeypatch.setattr(module, name, look_and_wait)


def no_lock(pks: Collection[int]) -> dict[int, Webinar]:
    found = Webinar.objects.select_related("series", "organisation").filter(pk__in=pks)
    return {webinar.pk: webinar for webinar in found.order_by("pk")}


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (places, registering):
        monkeypatch.setattr(module, "lock_webinars", no_lock)


def race_for_the_last_place() -> int:
    webinar = make_webinar(capacity=1)
    with pytest.MonkeyPatch.context() as patch:
        meet_after(patch, places, "free_places")
        together(*(lambda number=number: sign_up(webinar, number) for number in (1, 2)))
    return webinar.registrations.registered().count()


def test_two_for_the_last_place() -> None:
    assert race_for_the_last_place() == 1


def test_without_the_lock_both_would_get_it(unlocked: None) -> None:
    assert race_for_the_last_place() == 2


def race_to_come_back() -> int:
    webinar = make_webinar(capacity=1)
    left = []
    for number in (1, 2):
        left.append(cancel_registration(registration=sign_up(webinar, number)))
    with pytest.MonkeyPatch.context() as patch:
        meet_after(patch, places, "free_places")
        together(*(lambda one=one: come_back(registration=one) for one in left))
    return webinar.registrations.registered().count()


def test_two_who_left_come_back_to_one_place() -> None:
    assert race_to_come_back() == 1


def test_without_the_lock_both_would_come_back(unlocked: None) -> None:
    assert race_to_come_back() == 2


def race_of_two_replays() -> list[Any]:
    webinar = make_webinar()
    with pytest.MonkeyPatch.context() as patch:
        meet_after(patch, registering, "_known")
        return together(*(lambda: register(webinars=[webinar], applicant=somebody()),) * 2)


def test_two_replays_at_once_are_one_registration_and_one_mail() -> None:
    first, second = race_of_two_replays()
    assert first == second
    assert Message.objects.count() == 1


def test_without_the_lock_the_second_would_fail(unlocked: None) -> None:
    assert IntegrityError in {type(done) for done in race_of_two_replays()}


def test_the_sweep_and_who_leaves_give_each_place_exactly_once() -> None:
    """One place is free already, one more is freed while the sweep looks; three wait."""
    webinar = make_webinar(capacity=2)
    first, second = sign_up(webinar, 1), sign_up(webinar, 2)
    for number in (3, 4, 5):
        sign_up(webinar, number)
    Registration.objects.filter(pk=second.pk).delete()
    with pytest.MonkeyPatch.context() as patch:
        meet_after(patch, places, "free_places")
        together(lambda: cancel_registration(registration=first), fill_freed_places)
    assert webinar.registrations.registered().count() == 2
    assert told(mails.PLACE) == ["sacha3@exemple.fr", "sacha4@exemple.fr"]


def race_of_two_who_leave() -> list[str]:
    webinar = make_webinar(capacity=2)
    leaving = [sign_up(webinar, number) for number in (1, 2)]
    for number in (3, 4, 5):
        sign_up(webinar, number)
    with pytest.MonkeyPatch.context() as patch:
        meet_after(patch, places, "free_places")
        together(*(lambda one=one: cancel_registration(registration=one) for one in leaving))
    return told(mails.PLACE)


def test_two_who_leave_at_once_make_room_for_two() -> None:
    assert race_of_two_who_leave() == ["sacha3@exemple.fr", "sacha4@exemple.fr"]


def test_without_the_lock_both_would_give_the_same_person_their_place(unlocked: None) -> None:
    assert race_of_two_who_leave() == ["sacha3@exemple.fr"]


def test_several_sessions_chosen_in_another_order_never_block_each_other() -> None:
    one, two = make_webinar(title="Un"), make_webinar(title="Deux")
    done = together(
        *(
            lambda pair=pair, number=number: register(webinars=pair, applicant=somebody(number))
            for number, pair in enumerate(([one, two], [two, one]) * 5)
        )
    )
    assert [len(each) for each in done] == [2] * 10


def test_two_who_approve_at_once_write_once() -> None:
    asked = sign_up(make_webinar("cpri"))
    staff = make_user("staff", "confederation")
    done = together(*(lambda: approve(registration=asked, decided_by=staff),) * 2)
    assert sorted(len(each) for each in done) == [0, 1]
    assert len(told(mails.APPROVED)) == 1


def race_of_two_sweeps() -> int:
    sign_up(make_webinar(starts_at=next_friday()))
    webinar = Webinar.objects.get()
    assert webinar.starts_at
    campaign = webinar.campaign
    campaign.clock_offset = webinar.starts_at - timedelta(minutes=50) - timezone.now()
    campaign.save()
    with pytest.MonkeyPatch.context() as patch:
        meet_after(patch, reminding, "_due")
        return sum(together(reminding.write_due_reminders, reminding.write_due_reminders))


def test_two_sweeps_at_once_remind_once() -> None:

    assert race_of_two_sweeps() == 1
    assert Message.objects.filter(purpose=mails.REMINDER).count() == 1


def ask_the_last_question_twice() -> int:
    one = sign_up(make_webinar())
    for number in range(MOST_QUESTIONS - 1):
        asking.accept(question=asking.ask(registration=one, text=f"Question {number} ?"))

    def ask(text: str) -> Any:
        try:
            return asking.ask(registration=one, text=text)
        except asking.TooManyQuestions as error:
            return error

    with pytest.MonkeyPatch.context() as patch:
        meet_after(patch, asking, "fold")
        together(lambda: ask("Celle-ci ?"), lambda: ask("Ou celle-là ?"))
    return Question.objects.count()


def test_nobody_asks_more_than_one_session_can_take() -> None:
    assert ask_the_last_question_twice() == MOST_QUESTIONS


def test_without_the_lock_one_more_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        asking,
        "_lock_who_asks",
        lambda one: Registration.objects.select_related("webinar").get(pk=one.pk),
    )
    assert ask_the_last_question_twice() == MOST_QUESTIONS + 1
