"""Beat looks: each task does its one thing, and looking again does nothing more."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from tests.webinars.factories import FRIDAY, PARIS, make_webinar, sign_up, states, told
from webinars import mails, tasks
from webinars.forgetting import FORGET_AFTER

pytestmark = pytest.mark.django_db


def test_reminders(time_machine: Any) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=3), tick=False)
    sign_up(make_webinar(starts_at=FRIDAY))
    time_machine.move_to(FRIDAY - timedelta(days=1), tick=False)
    for _ in range(2):
        tasks.write_reminders()
    assert told(mails.REMINDER) == ["sacha1@exemple.fr"]


def test_freed_places() -> None:
    webinar = make_webinar(capacity=1)
    first = sign_up(webinar, 1)
    sign_up(webinar, 2)
    first.delete()
    for _ in range(2):
        tasks.fill_freed_places()
    assert told(mails.PLACE) == ["sacha2@exemple.fr"]


def test_forgetting(time_machine: Any) -> None:
    time_machine.move_to(FRIDAY, tick=False)
    webinar = make_webinar()
    sign_up(webinar)
    long_after = webinar.campaign.results_on + FORGET_AFTER + timedelta(days=1)
    time_machine.move_to(datetime.combine(long_after, time(4), tzinfo=PARIS), tick=False)
    tasks.forget_old_registrations()
    assert list(states(webinar)) == ["Quelqu’un"]
