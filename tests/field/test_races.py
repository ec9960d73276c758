"""Two workers, two tabs, two corrections at the same instant; and the control without the lock."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from contacts.models import Capture, Contact
from field import actions, opening
from field.enums import RecordState
from field.models import SealedRecord, SealedRecordQuerySet, SealingKey
from field.opening import open_waiting_records
from field.tasks import rotate_sealing_key
from tests.factories import make_user
from tests.field.conftest import Tablet, make_session, open_tablet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "ring_after_commit", lambda bell: None)


@pytest.fixture
def tablet(transactional_db: None) -> Tablet:
    return open_tablet(make_session())


def together(*acts: Callable[[], Any]) -> list[Any]:
    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(timeout=30) for done in [pool.submit(run, act) for act in acts]]


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each record read by a worker; both workers hold their first batch before reading it."""
    barrier, met, read = threading.Barrier(2), threading.local(), opening._read
    opened: list[int] = []

    def meet_and_read(records: Any, places: Any) -> Any:
        if records and not getattr(met, "once", False):
            met.once = True
            barrier.wait(timeout=10)
        opened.extend(record.pk for record in records)
        return read(records, places)

    monkeypatch.setattr(opening, "_read", meet_and_read)
    return opened


def fill(tablet: Tablet, count: int = 20) -> None:
    tablet.send(*[
        tablet.envelope(tablet.plain(phone=f"06 39 98 02 {number:02}")) for number in range(count)
    ])  # fmt: skip


def test_two_workers_never_open_the_same_record(tablet: Tablet, openings: list[int]) -> None:
    fill(tablet)
    together(*[lambda: open_waiting_records(size=5)] * 2)
    assert len(openings) == len(set(openings)) == 20
    assert Capture.objects.count() == Contact.objects.count() == 20
    assert not SealedRecord.objects.exclude(state=RecordState.CAPTURED).exists()


def test_control_without_the_lock_both_open_the_same(
    tablet: Tablet, openings: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        SealedRecordQuerySet, "select_for_update", lambda self, *args, **options: self.all()
    )
    fill(tablet)
    together(*[lambda: open_waiting_records(size=5)] * 2)
    assert len(openings) > 20
    # Even then, nobody is captured twice: the capture's own identifier is the last guard.
    assert Capture.objects.count() == 20


def test_two_tabs_posting_the_same_batch(tablet: Tablet) -> None:
    """In opposite orders, which would be a deadlock if rows were inserted as they come."""
    batch = [tablet.envelope() for _ in range(50)]
    for _ in range(5):
        answers = together(
            lambda: Tablet(tablet.device, tablet.secret).send(*batch),
            lambda: Tablet(tablet.device, tablet.secret).send(*reversed(batch)),
        )
        assert [answer.status_code for answer in answers] == [200, 200]
    assert SealedRecord.objects.count() == 50


def test_a_tab_that_posts_while_a_worker_opens(tablet: Tablet) -> None:
    batch = [tablet.envelope(tablet.plain(phone=f"06 39 98 03 {n:02}")) for n in range(30)]
    tablet.send(*batch)
    together(
        open_waiting_records,
        *[lambda: Tablet(tablet.device, tablet.secret).send(*batch)] * 3,
    )
    open_waiting_records()
    assert Capture.objects.count() == Contact.objects.count() == 30


def test_two_rotations_leave_one_current_key(tablet: Tablet) -> None:
    together(actions.rotate_sealing_key, actions.rotate_sealing_key)
    assert SealingKey.objects.filter(retired_at=None).count() == 1
    assert SealingKey.objects.count() == 3


def test_two_beats_at_once_turn_the_key_once(tablet: Tablet) -> None:
    SealingKey.objects.update(created_at=timezone.now() - timedelta(days=30))
    together(rotate_sealing_key, rotate_sealing_key)
    assert SealingKey.objects.count() == 2


def test_the_first_key_is_made_once(transactional_db: None) -> None:
    together(actions.ensure_sealing_key, actions.ensure_sealing_key)
    assert SealingKey.objects.count() == 1


def test_two_people_discarding_the_same_record(tablet: Tablet) -> None:
    tablet.send(tablet.envelope(tablet.plain(phone="06 39")))
    open_waiting_records()
    record, author = SealedRecord.objects.get(), make_user()

    def discard() -> bool:
        try:
            actions.discard_record(record=record, author=author)
        except actions.RecordSettled:
            return False
        return True

    assert sorted(together(discard, discard)) == [False, True]
