"""The bell rings after the commit, once, and a Redis that is down costs nobody anything."""

import json
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from celery import current_app
from django.db import transaction

from messaging import doorbell
from messaging.enums import Status
from messaging.models import Message
from messaging.tasks import deliver_due_messages
from tests.messaging.factories import make_email

pytestmark = pytest.mark.django_db(transaction=True)

# Of the test's Redis: no other test looks there.
OWN_DATABASE = 41


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    heard: list[str] = []
    monkeypatch.setattr(doorbell, "ring", lambda: heard.append("ring"))
    return heard


def test_the_bell_rings_once_per_transaction_and_only_after_it(rings: list[str]) -> None:
    with transaction.atomic():
        make_email(1)
        with transaction.atomic():
            make_email(2)
        assert rings == []
    assert rings == ["ring"]


def test_a_bell_hung_in_a_part_that_is_undone_still_rings_for_the_rest(rings: list[str]) -> None:
    with transaction.atomic():
        with suppress(ZeroDivisionError), transaction.atomic():
            make_email(1)
            raise ZeroDivisionError
        make_email(2)
    assert rings == ["ring"]


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)

    def point_at(url: str) -> None:
        monkeypatch.setattr(current_app.conf, "broker_write_url", url)

    return point_at


def test_the_bell_reaches_the_workers_queue(broker: Any, settings: Any) -> None:
    own_database = settings.REDIS_URL.removesuffix("/0") + f"/{OWN_DATABASE}"
    broker(own_database)
    with current_app.connection_for_write() as connection:
        redis = connection.default_channel.client
        redis.delete("celery")
        with transaction.atomic():
            make_email()
        (task,) = redis.lrange("celery", 0, -1)
    assert json.loads(task)["headers"]["task"] == doorbell.TASK


def test_the_bell_names_a_task_that_exists() -> None:
    assert deliver_due_messages.name == doorbell.TASK


def test_with_redis_down_the_message_is_written_and_nobody_waits(broker: Any) -> None:
    broker("redis://127.0.0.1:1/0")
    start = time.perf_counter()
    with transaction.atomic():
        make_email()
    assert time.perf_counter() - start < 3
    assert Message.objects.get().status == Status.QUEUED


def test_with_a_mute_redis_only_the_first_ring_waits(broker: Any) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        broker(f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        start = time.perf_counter()
        doorbell.ring()
        first = time.perf_counter() - start
        doorbell.ring()
        second = time.perf_counter() - start - first
    assert first < 3
    assert second < 0.5
