"""What a tablet posts: stored exactly once, answered record by record."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.test.client import FakePayload
from django.utils import timezone

from field import actions, arrivals, rules
from field.enums import RecordState
from field.models import FieldDevice, FieldSession, SealedRecord
from field.prepared import fetch_prepared
from tests.factories import make_user
from tests.field.conftest import Tablet, make_session, open_phone, open_tablet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bell is not rung: records wait."""
    monkeypatch.setattr(actions, "ring_after_commit", lambda bell: None)


def test_a_record_is_stored_and_answered(tablet: Tablet) -> None:
    envelope = tablet.envelope()
    response = tablet.send(envelope)
    assert response.status_code == 200
    assert response.json() == {
        "answers": [{"capture_id": envelope["capture_id"], "status": "stored"}]
    }
    record = SealedRecord.objects.get()
    assert record.state == RecordState.WAITING
    assert record.session == tablet.device.session
    assert record.sealed == envelope["sealed"]


def test_a_replay_changes_nothing_and_answers_the_same(tablet: Tablet) -> None:
    batch = [tablet.envelope() for _ in range(5)]
    answers = [tablet.send(*batch).json() for _ in range(10)]
    assert SealedRecord.objects.count() == 5
    assert all(answer == answers[0] for answer in answers)


def test_the_first_text_of_a_record_is_the_one_kept(tablet: Tablet) -> None:
    plain = tablet.plain()
    first = tablet.envelope(plain)
    tablet.send(first)
    tablet.send(tablet.envelope(plain))
    assert SealedRecord.objects.get().sealed == first["sealed"]


@pytest.mark.parametrize(
    "spoiled",
    [
        {"sealed": "no envelope"},
        {"sealed": "a" * 9_000},
        {"sealed": "aaaa..aaaaaaaaaaaaaaaa.aaaa.aaaaaaaaaaaaaaaaaaaaaa"},
        {"sealed": None},
        {"capture_id": "42"},
        {"capture_id": None},
    ],
)
def test_a_malformed_record_does_not_spoil_the_others(
    tablet: Tablet, spoiled: dict[str, Any]
) -> None:
    good, bad = tablet.envelope(), tablet.envelope(**spoiled)
    answers = tablet.send(bad, good).json()["answers"]
    assert {answer["status"] for answer in answers} == {"stored", "malformed"}
    assert str(SealedRecord.objects.get().capture_id) == good["capture_id"]


@pytest.mark.parametrize("record", [None, 3, "x", [], {}])
def test_a_record_that_is_no_object_is_malformed(tablet: Tablet, record: Any) -> None:
    response = tablet.send(record)
    assert response.json() == {"answers": [{"capture_id": "", "status": "malformed"}]}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"records":{}}', b"\xff\xfe", b"\x00", b"[" * 100_000],
)
def test_a_body_that_cannot_be_read_is_refused_in_json(tablet: Tablet, body: bytes) -> None:
    response = tablet.post(body)
    assert response.status_code == 400
    assert response.json()["error"] == "bad-request"


def test_more_than_a_batch_is_refused_whole(tablet: Tablet) -> None:
    response = tablet.send(*[tablet.envelope() for _ in range(3)] * 67)
    assert response.status_code == 413
    assert not SealedRecord.objects.exists()


def test_a_body_over_two_megabytes_is_refused_in_json(tablet: Tablet) -> None:
    response = tablet.post(b'{"records":[],"x":"' + b"a" * (2 * 1024 * 1024) + b'"}')
    assert response.status_code == 413
    assert response.json()["error"] == "too-large"


def test_a_body_that_breaks_off_is_to_be_sent_again(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anything but 400 and 413, which tell the tablet that a record is at fault."""

    def break_off(stream: object, *_: object) -> bytes:
        raise OSError

    monkeypatch.setattr(FakePayload, "read", break_off)
    response = tablet.send(tablet.envelope())
    assert response.status_code == 408
    assert response.json()["error"] == "cut-off"
    assert not SealedRecord.objects.exists()


def test_an_unknown_device_is_told_so(tablet: Tablet) -> None:
    tablet.client.cookies["tablette"] = "unknown"
    response = tablet.send(tablet.envelope())
    assert response.status_code == 401
    assert response.json()["error"] == "device-unknown"


def test_a_revoked_device_sends_nothing_any_more(tablet: Tablet) -> None:
    actions.revoke_device(device=tablet.device, author=make_user())
    assert tablet.send(tablet.envelope()).status_code == 401
    assert tablet.data().status_code == 401
    assert not SealedRecord.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Requested-With": ""},
        {"X-Requested-With": "XMLHttpRequest"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_cannot_post(tablet: Tablet, headers: dict[str, str]) -> None:
    response = tablet.post({"records": []}, **headers)
    assert response.status_code == 400


def test_our_own_origin_may_post(tablet: Tablet) -> None:
    assert tablet.post({"records": []}, Origin="http://testserver").status_code == 200


def test_a_form_cannot_post(tablet: Tablet) -> None:
    response = tablet.client.post(
        "/terrain/envoi/", {"records": "[]"}, headers={"X-Requested-With": "tablette"}
    )
    assert response.status_code == 400


def test_each_contact_tells_what_is_left(tablet: Tablet) -> None:
    oldest = timezone.now() - timedelta(hours=30)
    tablet.send(unsent=12, oldest=oldest.isoformat())
    tablet.device.refresh_from_db()
    assert (tablet.device.unsent_count, tablet.device.oldest_unsent_at) == (12, oldest)
    tablet.send(unsent=0)
    tablet.device.refresh_from_db()
    assert (tablet.device.unsent_count, tablet.device.oldest_unsent_at) == (0, None)


@pytest.mark.parametrize("unsent", [-1, True, "3", None, 10**30])
@pytest.mark.parametrize("oldest", ["yesterday", 3, "2026-01-01T00:00:00", "0001-01-01T00:00:00Z"])
def test_a_senseless_report_costs_no_record(tablet: Tablet, unsent: Any, oldest: Any) -> None:
    body = {"records": [tablet.envelope()], "unsent": unsent, "oldest": oldest}
    assert tablet.post(body).status_code == 200
    assert SealedRecord.objects.count() == 1


def test_a_thousand_records_pass(tablet: Tablet) -> None:
    sealed = tablet.envelope()["sealed"]
    for _ in range(5):
        batch = [tablet.envelope({"capture_id": str(uuid4())}, sealed=sealed) for _ in range(200)]
        assert tablet.send(*batch).status_code == 200
    assert SealedRecord.objects.count() == 1_000


def test_a_flood_is_asked_to_wait(tablet: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rules, actions):
        monkeypatch.setattr(module, "RECORDS_PER_WINDOW", 2)
    tablet.send(tablet.envelope(), tablet.envelope())
    response = tablet.send(tablet.envelope())
    assert response.status_code == 429
    assert response["Retry-After"] == "60"


def test_a_flood_that_is_over_is_forgotten(tablet: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rules, actions):
        monkeypatch.setattr(module, "RECORDS_PER_WINDOW", 2)
    tablet.send(tablet.envelope(), tablet.envelope())
    then = timezone.now() - timedelta(minutes=11)
    FieldDevice.objects.update(counted_since=then)
    assert tablet.send(tablet.envelope()).status_code == 200
    tablet.device.refresh_from_db()
    assert tablet.device.counted_records == 1
    assert tablet.device.counted_since > then


def test_what_was_sent_before_is_no_flood(tablet: Tablet, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (rules, actions):
        monkeypatch.setattr(module, "RECORDS_PER_WINDOW", 2)
    envelope = tablet.envelope()
    assert {tablet.send(envelope).status_code for _ in range(5)} == {200}


def test_own_records_cost_one_statement(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    """The prepared one, which Django does not count."""
    run: list[str] = []

    def fetch(statement: str, parameters: Any) -> Any:
        run.append(statement)
        return fetch_prepared(statement, parameters)

    monkeypatch.setattr(arrivals, "fetch_prepared", fetch)
    envelopes = [tablet.envelope(), tablet.envelope()]
    with django_assert_num_queries(0):
        assert tablet.send(*envelopes).status_code == 200
    assert len(run) == 1
    assert SealedRecord.objects.count() == 2


def test_under_another_name_of_the_server_nothing_is_stored(tablet: Tablet) -> None:
    assert tablet.post({"records": []}, Host="elsewhere.example").status_code == 400


def test_a_flood_under_nobodys_opening_is_asked_to_wait(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (rules, actions):
        monkeypatch.setattr(module, "RECORDS_PER_WINDOW", 2)
    for _ in range(2):
        tablet.send(tablet.envelope(device=None, session=str(uuid4())))
    SealedRecord.objects.update(state=RecordState.TO_CORRECT)
    assert tablet.send(tablet.envelope(device=None, session=str(uuid4()))).status_code == 429
    assert tablet.send(tablet.envelope()).status_code == 200


def test_records_of_a_former_session_stay_its_own(tablet: Tablet) -> None:
    late = tablet.envelope()
    again = open_tablet(make_session(label="Marché de Bayeux"), former=tablet.device)
    again.send(late, again.envelope())
    assert SealedRecord.objects.get(capture_id=late["capture_id"]).device == tablet.device
    assert {record.session for record in SealedRecord.objects.all()} == {
        tablet.device.session, again.device.session,
    }  # fmt: skip


def test_without_the_device_the_session_tells(tablet: Tablet) -> None:
    late = tablet.envelope(device=None)
    open_tablet(make_session(label="Marché de Bayeux"), former=tablet.device).send(late)
    assert SealedRecord.objects.get().session == tablet.device.session


def test_a_session_that_was_never_this_browsers_is_left_to_a_human(
    tablet: Tablet, session: FieldSession
) -> None:
    other = open_tablet(make_session("ud-50"))
    other.send(tablet.envelope())
    record = SealedRecord.objects.get()
    assert record.device is None
    assert record.session is None
    assert record.source == other.device.source


def test_two_owners_of_one_phone_are_not_confused() -> None:
    first, second = make_user("militant", "ul-caen"), make_user("militant", "ul-caen")
    phone = open_phone(first)
    kept = phone.envelope()
    open_phone(second, former=phone.device).send(kept)
    assert SealedRecord.objects.get().device.user == first


def test_a_personal_phone_stops_when_its_owner_leaves() -> None:
    owner = make_user("militant", "ul-caen")
    phone = open_phone(owner)
    assert phone.data().status_code == 200
    owner.memberships.update(ended_at=timezone.now())
    assert phone.data().status_code == 401
    assert phone.send(phone.envelope()).status_code == 401


def test_an_inactive_owner_sends_nothing() -> None:
    owner = make_user("militant", "ul-caen")
    phone = open_phone(owner)
    owner.is_active = False
    owner.save()
    assert phone.data().status_code == 401


def test_the_data_of_a_tablet(tablet: Tablet, session: FieldSession) -> None:
    data = tablet.data().json()
    assert data["device"] == {
        "id": str(tablet.device.public_id), "first_name": "Zoé", "goal": 5,
    }  # fmt: skip
    assert data["session"]["id"] == str(session.public_id)
    assert data["session"]["organisation"] == "UL de Caen"
    assert data["session"]["closed"] is False
    assert data["personal"] is False
    assert {wording["channel"] for wording in data["wordings"]} == {"email", "sms", "call"}
    assert "d" not in data["key"]
    assert Client().get(data["reference"]["url"]).status_code == 200


def test_the_data_hold_no_secret_of_the_session(tablet: Tablet, session: FieldSession) -> None:
    text = json.dumps(tablet.data().json())
    assert session.secret_hash not in text
    assert tablet.secret not in text


def test_a_phone_knows_it_is_personal() -> None:
    data = open_phone(make_user("militant", "ul-caen", first_name="Maëlle")).data().json()
    assert (data["personal"], data["session"]) == (True, None)
    assert data["device"]["first_name"] == "Maëlle"
