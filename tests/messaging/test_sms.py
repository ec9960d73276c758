import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from campaigns.models import Campaign
from local.catcher.server import Server
from local.catcher.store import Store
from messaging import sms as sms_module
from messaging.actions import suppress
from messaging.delivery import deliver_due_messages
from messaging.enums import Channel, SkipReason, Status, SuppressionReason
from messaging.models import Message
from messaging.sms import Sms, SmsBackend, sms_backend
from tests.messaging.factories import make_sms
from tests.messaging.sms_gateway import TOKEN, SmsGateway

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_hours")]


@pytest.fixture
def catcher(settings: Any, tmp_path: Path) -> Iterator[Store]:
    """The demonstration's own catcher."""
    store = Store(tmp_path / "caught")
    server = Server(0, store=store, token="jeton")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.SMS_URL = f"http://jeton@127.0.0.1:{server.server_port}/sms"
    yield store
    server.shutdown()
    thread.join()
    server.server_close()


def state() -> tuple[str, int]:
    message = Message.objects.get()
    return message.status, message.attempts


def test_the_catcher_of_the_demonstration_takes_an_sms_once(catcher: Store) -> None:
    message = make_sms()
    deliver_due_messages()
    assert state() == (Status.SENT, 1)
    assert len(catcher.summaries()) == 1
    backend = sms_backend()
    assert backend
    assert backend.was_accepted(message.client_reference) is True
    assert backend.was_accepted("another") is False


def test_the_gateway_receives_all_it_needs(gateway: SmsGateway, settings: Any) -> None:
    settings.SMS_SENDER = "TPE"
    limit = datetime(2126, 12, 9, 16, 0, tzinfo=UTC)
    message = make_sms(not_after=limit)
    deliver_due_messages()
    assert gateway.received == {
        str(message.pk): {
            "reference": str(message.pk),
            "to": "+33612340001",
            "text": "Le vote est ouvert.",
            "sender": "TPE",
            "not_after": "2126-12-09T16:00:00+00:00",
        }
    }
    assert gateway.authorisations == [f"Bearer {TOKEN}"]
    message.refresh_from_db()
    assert message.provider_reference == "g-1"


def test_the_provider_lives_in_real_time_during_a_rehearsal(gateway: SmsGateway) -> None:
    Campaign.objects.create(
        slug="repetition",
        name="Répétition",
        is_current=True,
        collection_opens="2026-01-01",
        vote_opens="2026-11-25",
        vote_closes="2026-12-09",
        results_on="2026-12-19",
        employed_in_month="2025-12-01",
        goal_contacts=1,
        goal_deployments=1,
        goals_per_militant=[5],
        clock_offset=timedelta(days=-30),
    )
    make_sms(not_after=datetime(2126, 1, 1, tzinfo=UTC))
    deliver_due_messages()
    (taken,) = gateway.received.values()
    assert taken["not_after"] == "2126-01-31T00:00:00+00:00"


def test_without_a_gateway_sms_are_set_aside(settings: Any) -> None:
    settings.SMS_URL = ""
    make_sms()
    deliver_due_messages()
    assert Message.objects.get().skip_reason == SkipReason.NO_CHANNEL


def test_a_stop_holds_back_even_an_answer_to_an_act(gateway: SmsGateway) -> None:
    suppress(channel=Channel.SMS, address="+33 6 12 34 00 01", reason=SuppressionReason.STOP)
    make_sms(is_transactional=True)
    deliver_due_messages()
    assert not gateway.received


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, (Status.FAILED, 1)),
        (401, (Status.QUEUED, 0)),
        (429, (Status.QUEUED, 1)),
        (503, (Status.QUEUED, 1)),
        (500, (Status.CLAIMED, 1)),
    ],
)
def test_each_answer_of_the_gateway_calls_for_its_own_act(
    gateway: SmsGateway, status: int, expected: tuple[str, int]
) -> None:
    gateway.status = status
    make_sms()
    deliver_due_messages()
    assert state() == expected


def test_a_gateway_that_is_down_costs_no_attempt(settings: Any) -> None:
    settings.SMS_URL = "http://t@127.0.0.1:1/sms"
    make_sms()
    deliver_due_messages()
    assert state() == (Status.QUEUED, 0)


def test_a_connection_lost_after_the_sms_was_taken_is_settled_by_asking(
    gateway: SmsGateway, expire_leases: Any
) -> None:
    gateway.hang_up_after = True
    message = make_sms()
    deliver_due_messages()
    assert state() == (Status.CLAIMED, 1)
    gateway.hang_up_after = False
    expire_leases()
    deliver_due_messages()
    assert state() == (Status.SENT, 1)
    assert gateway.posts == [str(message.pk)]


def test_a_connection_lost_before_the_sms_was_taken_sends_it_again(
    gateway: SmsGateway, expire_leases: Any
) -> None:
    gateway.hang_up_before = True
    message = make_sms()
    deliver_due_messages()
    gateway.hang_up_before = False
    expire_leases()
    deliver_due_messages()
    assert state() == (Status.SENT, 2)
    assert gateway.posts == [str(message.pk)]


def test_while_the_gateway_does_not_answer_the_question_waits(
    gateway: SmsGateway, expire_leases: Any, settings: Any
) -> None:
    gateway.hang_up_after = True
    make_sms()
    deliver_due_messages()
    expire_leases()
    settings.SMS_URL = "http://t@127.0.0.1:1/sms"
    deliver_due_messages()
    assert state() == (Status.CLAIMED, 1)


def test_a_provider_that_cannot_tell_leaves_it_to_a_human(
    gateway: SmsGateway, expire_leases: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.hang_up_after = True
    monkeypatch.setattr(sms_module.HttpGateway, "was_accepted", lambda self, reference: None)
    make_sms()
    deliver_due_messages()
    expire_leases()
    deliver_due_messages()
    deliver_due_messages()
    assert state() == (Status.UNCERTAIN, 1)
    assert len(gateway.posts) == 1


def test_an_unknown_kind_of_gateway_is_a_configuration_error(settings: Any) -> None:
    settings.SMS_URL = "carrier-pigeon://loft"
    with pytest.raises(ImproperlyConfigured, match="carrier-pigeon"):
        sms_backend()


def test_a_new_kind_of_gateway_takes_two_methods(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Sms] = []

    class Drawer(SmsBackend):
        def __init__(self, url: str) -> None:
            self.url = url

        def send(self, sms: Sms) -> str:
            sent.append(sms)
            return "d-1"

        def was_accepted(self, reference: str) -> bool | None:
            return None

    monkeypatch.setitem(sms_module.BACKENDS, "drawer", Drawer)
    settings.SMS_URL = "drawer://"
    make_sms()
    deliver_due_messages()
    assert [sms.to for sms in sent] == ["+33612340001"]
