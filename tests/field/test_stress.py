"""The short version of `manage.py stress_capture`: 0 lost, 0 doubled, whatever the network does."""

from typing import Any

import pytest

from contacts.models import Capture, Contact, Source
from field.models import FieldDevice, FieldSession, SealedRecord
from field.stress import Cut, Plan, Trial
from tests.factories import get_organisation, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def make_trial(url: str, **plan: int) -> Trial:
    return Trial(Plan(url, **plan), organisation=get_organisation("ud-14"), author=make_user())  # type: ignore[arg-type]


@pytest.fixture
def small(live_server: Any) -> Trial:
    return make_trial(live_server.url, tablets=2, records=5, replays=1)


@pytest.fixture(autouse=True)
def small_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("field.stress.BATCH", 10)


def test_nothing_is_lost_nor_doubled(live_server: Any) -> None:
    trial = make_trial(live_server.url, tablets=3, records=40, replays=10)
    figures = trial.run(lambda done: None)
    assert (figures.sent, figures.lost, figures.doubled, figures.to_correct) == (120, 0, 0, 0)
    assert figures.replayed == 120 * 10
    assert {Cut.BEFORE, Cut.DURING, Cut.AFTER} <= set(figures.cuts)
    assert Capture.objects.count() == Contact.objects.count() == 120


def test_it_leaves_nothing_behind(small: Trial) -> None:
    small.run(lambda done: None)
    small.clean_up()
    for model in (Capture, Contact, Source, SealedRecord, FieldDevice, FieldSession):
        assert not model.objects.exists(), model  # type: ignore[attr-defined]


def test_a_double_would_be_seen(small: Trial) -> None:
    """The control: somebody who exists twice is counted."""
    figures = small.run(lambda done: None)
    twin = Contact.objects.get(first_name=small.names[0])
    twin.pk = None
    twin.save()
    small._count(figures)
    assert figures.doubled == 1


def test_a_loss_would_be_seen(small: Trial) -> None:
    figures = small.run(lambda done: None)
    Capture.objects.filter(capture_id=small._capture_ids[0]).delete()
    small._count(figures)
    assert figures.lost == 1
