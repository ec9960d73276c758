"""Two workers at once: the lock, the fence, and the control that shows the test can fail."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from messaging.delivery import Delivery, deliver_due_messages
from messaging.models import Message, MessageQuerySet
from tests.messaging.factories import make_email
from tests.messaging.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def both_claim_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Holds each worker between reading the rows to claim and writing its name on them."""
    barrier, original = threading.Barrier(2), Delivery._reserve
    met = threading.local()

    def reserve(self: Delivery, batch: list[Message], **fields: object) -> None:
        if batch and not getattr(met, "once", False):
            met.once = True
            barrier.wait(timeout=10)
        original(self, batch, **fields)

    monkeypatch.setattr(Delivery, "_reserve", reserve)


def without_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        MessageQuerySet, "select_for_update", lambda self, *args, **options: self.all()
    )


def without_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Delivery, "_begin", lambda *args: True)


def deliver_in_two_threads() -> None:
    def work() -> None:
        try:
            deliver_due_messages(batch_size=5)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for worker in [pool.submit(work) for _ in range(2)]:
            worker.result()


@pytest.mark.parametrize("weaken", [(), (without_lock,), (without_fence,)])
def test_two_workers_never_send_the_same_message(
    sink: SmtpSink,
    both_claim_together: None,
    monkeypatch: pytest.MonkeyPatch,
    weaken: tuple[Callable[[Any], None], ...],
) -> None:
    for switch_off in weaken:
        switch_off(monkeypatch)
    for number in range(20):
        make_email(number)
    deliver_in_two_threads()
    assert len(sink.copies) == 20
    assert set(sink.copies.values()) == {1}


def test_control_without_lock_nor_fence_messages_double(
    sink: SmtpSink, both_claim_together: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_lock(monkeypatch)
    without_fence(monkeypatch)
    for number in range(20):
        make_email(number)
    deliver_in_two_threads()
    assert max(sink.copies.values()) == 2
