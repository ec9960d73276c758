"""From sealed records to captures: the rules of the form, nothing lost, nothing twice."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from contacts.enums import CaptureMethod
from contacts.models import Capture, Consent, ConsentWording, Contact
from contacts.rules import current_wordings
from field import actions, bells, opening
from field.enums import Reason, RecordState
from field.models import FieldSession, SealedRecord, SealingKey
from field.opening import open_batch, open_waiting_records
from field.tasks import open_sealed_records
from tests.factories import make_contact, make_user
from tests.field.conftest import Tablet, make_session, open_phone, open_tablet, seal, state_of

pytestmark = pytest.mark.django_db
CORRECT = RecordState.TO_CORRECT


@pytest.fixture(autouse=True)
def no_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "ring_after_commit", lambda bell: None)


def send_and_open(tablet: Tablet, **changes: Any) -> tuple[str, str]:
    plain = tablet.plain(**changes)
    tablet.send(tablet.envelope(plain))
    open_waiting_records()
    return state_of(plain["capture_id"])


def test_a_record_becomes_a_capture(tablet: Tablet, session: FieldSession) -> None:
    met_at = timezone.now().replace(microsecond=0)
    plain = tablet.plain(note=" Revenir  samedi ", device_time=met_at.isoformat())
    tablet.send(tablet.envelope(plain))
    assert open_waiting_records() == {RecordState.CAPTURED: 1}
    capture = Capture.objects.get()
    assert capture.capture_id == UUID(plain["capture_id"])
    assert (capture.source, capture.method) == (session.source, CaptureMethod.TABLET)
    assert (capture.activist_name, capture.captured_by) == ("Zoé", None)
    assert (capture.note, capture.wishes) == ("Revenir samedi", ["call-back"])
    assert capture.device_time == met_at
    contact = capture.contact
    assert contact is not None
    assert (contact.first_name, contact.phone.as_e164) == ("Sylviane", "+33639980001")
    assert (contact.commune_id, contact.trade_id) == ("14118", "assistante-maternelle")
    assert {consent.channel for consent in Consent.objects.all()} == {"sms", "call"}


def test_the_sealed_text_is_gone_once_captured(tablet: Tablet) -> None:
    send_and_open(tablet)
    record = SealedRecord.objects.get()
    assert record.sealed == ""
    assert record.turn == tablet.turn


def test_a_replay_after_opening_changes_nothing(tablet: Tablet) -> None:
    envelope = tablet.envelope()
    for _ in range(10):
        assert tablet.send(envelope).json()["answers"][0]["status"] == "stored"
        open_waiting_records()
    assert Capture.objects.count() == Contact.objects.count() == SealedRecord.objects.count() == 1


def test_a_phones_captures_are_its_owners() -> None:
    owner = make_user("militant", "ul-caen")
    send_and_open(open_phone(owner))
    capture = Capture.objects.get()
    assert (capture.captured_by, capture.activist_name) == (owner, "")
    assert capture.source.activist == owner


def test_own_counts_follow_the_turn(tablet: Tablet) -> None:
    send_and_open(tablet)
    send_and_open(tablet, phone="06 39 98 00 02")
    other = str(uuid4())
    send_and_open(tablet, phone="06 39 98 00 03", turn={"id": other, "first_name": "Ali"})
    assert tablet.data().json()["mine"] == {str(tablet.turn): 2, other: 1}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"phone": "12"}, "phone"),
        ({"first_name": " "}, "first_name"),
        ({"first_name": "a" * 81}, "first_name"),
        ({"first_name": "nul\x00"}, "first_name"),
        ({"trade": "astronaute"}, "trade"),
        ({"trade": ""}, "trade"),
        ({"postcode": "99999", "commune": ""}, "postcode"),
        ({"postcode": "", "commune": "Xyzzy"}, "postcode"),
        ({"postcode": "", "commune": ""}, "postcode"),
        ({"email": "zoe@", "consents": [1]}, "email"),
        ({"consents": []}, "consent_sms"),
        ({"consents": [999_999]}, "consents"),
        ({"wishes": ["a pony"]}, "wishes"),
        ({"note": "a" * 501}, "note"),
        ({"phone": ""}, "phone"),
    ],
)
def test_what_fails_the_forms_rules_waits_for_a_human(
    tablet: Tablet, changes: dict[str, Any], wrong: str
) -> None:
    assert send_and_open(tablet, **changes) == (CORRECT, Reason.INVALID)
    record = SealedRecord.objects.get()
    assert wrong in record.wrong_fields
    assert record.sealed
    assert not Capture.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": 3}, {"consents": "all"}, {"consents": [True, {}, -1, 10**20]},
        {"turn": None}, {"turn": {"id": "x", "first_name": "\ud800"}}, {"note": "\ud800"},
        {"wishes": None}, {"device_time": "never"}, {"device_time": "0001-01-01T00:00:00+14:00"},
        {"device_time": "9999-12-31T23:59:59-14:00"}, {"language": ["fr"]}, {"postcode": {}},
    ],
)  # fmt: skip
def test_odd_shapes_never_break_the_batch(tablet: Tablet, changes: dict[str, Any]) -> None:
    state, reason = send_and_open(tablet, **changes)
    assert (state, reason) in {(RecordState.CAPTURED, ""), (CORRECT, Reason.INVALID)}


@pytest.mark.parametrize(
    ("postcode", "commune", "expected"),
    [("14000", "Caen", "14118"), ("", "Bayeux", "14047"), ("97410", "Saint-Pierre", "97416")],
)
def test_places_are_read_as_on_the_form(
    tablet: Tablet, postcode: str, commune: str, expected: str
) -> None:
    send_and_open(tablet, postcode=postcode, commune=commune)
    assert Contact.objects.get().commune_id == expected


def test_a_number_is_read_where_the_person_works(tablet: Tablet) -> None:
    send_and_open(tablet, phone="0692 12 34 56", postcode="97400", commune="Saint-Denis")
    assert Contact.objects.get().phone.as_e164 == "+262692123456"


def test_the_words_heard_are_those_kept(tablet: Tablet) -> None:
    """A newer wording published meanwhile is not what the person agreed to."""
    heard = next(word for word in current_wordings() if word.channel == "sms")
    plain = tablet.plain(consents=[heard.pk])
    ConsentWording.objects.create(
        version=heard.version + 1, language="fr", purpose=heard.purpose, channel="sms",
        text="D’autres mots", notice="",
    )  # fmt: skip
    tablet.send(tablet.envelope(plain))
    open_waiting_records()
    assert Consent.objects.get().wording == heard


def test_the_language_is_kept(tablet: Tablet) -> None:
    send_and_open(tablet, language="ar")
    assert Contact.objects.get().language == "ar"


def test_a_text_moved_to_another_envelope_is_found_out(tablet: Tablet) -> None:
    other = str(uuid4())
    tablet.send(tablet.envelope(tablet.plain(), capture_id=other))
    open_waiting_records()
    assert state_of(other) == (CORRECT, Reason.MISMATCH)


def test_a_damaged_text_waits_for_a_human(tablet: Tablet) -> None:
    envelope = tablet.envelope()
    head, _, rest = envelope["sealed"].partition("..")
    tablet.send(envelope | {"sealed": f"{head}..{'A' * 16}{rest[16:]}"})
    open_waiting_records()
    assert state_of(envelope["capture_id"]) == (CORRECT, Reason.UNREADABLE)


@pytest.mark.parametrize("text", [b"[]", b"nonsense", b"\xff", b"3"])
def test_a_text_that_is_no_record_waits_for_a_human(tablet: Tablet, text: bytes) -> None:
    envelope = tablet.envelope(sealed=seal(text))
    tablet.send(envelope)
    open_waiting_records()
    assert state_of(envelope["capture_id"]) == (CORRECT, Reason.UNREADABLE)


def test_records_sealed_to_a_retired_key_are_opened(tablet: Tablet) -> None:
    old = SealingKey.objects.get()
    plain = tablet.plain()
    new = actions.rotate_sealing_key()
    assert tablet.data().json()["key"]["kid"] == new.kid
    tablet.send(tablet.envelope(plain, sealed=seal(plain, old)))
    open_waiting_records()
    assert state_of(plain["capture_id"])[0] == RecordState.CAPTURED


def test_an_unknown_key_loses_nothing(tablet: Tablet) -> None:
    envelope = tablet.envelope()
    SealingKey.objects.all().delete()
    tablet.send(envelope)
    open_waiting_records()
    record = SealedRecord.objects.get()
    assert (record.reason, record.sealed) == (Reason.UNREADABLE, envelope["sealed"])


def test_what_was_typed_before_the_closing_is_taken(tablet: Tablet, session: FieldSession) -> None:
    typed_at = timezone.now()
    actions.close_session(session=session)
    state, _ = send_and_open(tablet, device_time=typed_at.isoformat())
    assert state == RecordState.CAPTURED


def test_what_was_typed_after_the_closing_waits(tablet: Tablet, session: FieldSession) -> None:
    actions.close_session(session=session)
    assert send_and_open(tablet) == (CORRECT, Reason.CLOSED)


def test_what_was_typed_on_another_day_waits(tablet: Tablet) -> None:
    met_at = timezone.now() - timedelta(days=3)
    assert send_and_open(tablet, device_time=met_at.isoformat()) == (CORRECT, Reason.OUTSIDE_DATES)


def test_a_tablet_that_comes_back_late_sends_what_it_typed_in_time(tablet: Tablet) -> None:
    plain = tablet.plain()
    tablet.send(tablet.envelope(plain))
    SealedRecord.objects.update(received_at=timezone.now() + timedelta(days=5))
    open_waiting_records()
    assert state_of(plain["capture_id"])[0] == RecordState.CAPTURED


def test_the_day_is_that_of_the_place() -> None:
    """23:30 UTC is the next morning in La Réunion."""
    session = make_session("ud-974", starts_on="2026-11-02", ends_on="2026-11-02")
    session.refresh_from_db()
    assert session.time_zone == "Indian/Reunion"
    first = datetime.fromisoformat("2026-11-01T23:30:00+00:00")
    assert session.covers(first)
    assert not session.covers(first + timedelta(days=1))


def test_a_device_revoked_meanwhile_waits_for_a_human(tablet: Tablet) -> None:
    plain = tablet.plain()
    tablet.send(tablet.envelope(plain))
    actions.revoke_device(device=tablet.device, author=make_user())
    open_waiting_records()
    assert state_of(plain["capture_id"]) == (CORRECT, Reason.REVOKED)


def test_a_session_of_another_browser_waits_for_a_human(tablet: Tablet) -> None:
    plain = tablet.plain()
    open_tablet(make_session("ud-50")).send(tablet.envelope(plain))
    open_waiting_records()
    assert state_of(plain["capture_id"]) == (CORRECT, Reason.UNKNOWN_SESSION)


def test_one_poisoned_record_is_set_aside_and_the_others_go_on(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    plains = [tablet.plain(first_name=f"Personne {letter}") for letter in "abc"]
    tablet.send(*[tablet.envelope(plain) for plain in plains])
    capture = opening.capture_batch

    def fail_on_b(*, requests: Any) -> Any:
        if any(request.details.first_name == "Personne b" for request in requests):
            raise ZeroDivisionError
        return capture(requests=requests)

    monkeypatch.setattr(opening, "capture_batch", fail_on_b)
    open_waiting_records()
    assert [state_of(plain["capture_id"]) for plain in plains] == [
        (RecordState.CAPTURED, ""), (CORRECT, Reason.FAILED), (RecordState.CAPTURED, ""),
    ]  # fmt: skip


def test_a_database_that_is_away_is_no_records_fault(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tablet.plain()
    tablet.send(tablet.envelope(plain))

    def away(*, requests: Any) -> Any:
        raise OperationalError

    monkeypatch.setattr(opening, "capture_batch", away)
    with pytest.raises(OperationalError):
        open_batch()
    assert state_of(plain["capture_id"]) == (RecordState.WAITING, "")


def test_people_already_known_are_recognised_in_a_batch(tablet: Tablet) -> None:
    known = make_contact(phone="+33639980001", email="")
    envelopes = [
        tablet.envelope(tablet.plain()),
        tablet.envelope(tablet.plain(first_name="Robert")),
        tablet.envelope(tablet.plain(phone="06 39 98 00 02", first_name="Karim")),
        tablet.envelope(tablet.plain(phone="06 39 98 00 02", first_name="Karim")),
    ]
    tablet.send(*envelopes)
    open_waiting_records()
    assert known.captures.count() == 2
    assert Contact.objects.get(first_name="Robert").possible_duplicate_of == known
    assert Contact.objects.get(first_name="Karim").captures.count() == 2


@pytest.mark.parametrize("count", [2, 12])
def test_a_batch_costs_the_same_number_of_queries(
    tablet: Tablet, count: int, django_assert_max_num_queries: Any
) -> None:
    tablet.send(*[
        tablet.envelope(tablet.plain(phone=f"06 39 98 01 {number:02}")) for number in range(count)
    ])  # fmt: skip
    with django_assert_max_num_queries(QUERIES):
        open_batch()
    assert Capture.objects.count() == count


QUERIES = 45


def test_the_bell_names_a_task_that_exists() -> None:
    assert open_sealed_records.name == bells.TASK


def test_a_bell_rung_a_moment_ago_is_still_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(bells, "ring", heard.append)
    monkeypatch.setattr(bells, "_rung_at", 0.0)
    for _ in range(3):
        bells.ring_for_records()
    assert heard == [bells.TASK]
    monkeypatch.setattr(bells, "_rung_at", bells._rung_at - bells.HEARD_FOR)
    bells.ring_for_records()
    assert len(heard) == 2


def test_a_worker_that_was_called_waits_for_who_sends_right_after(
    tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    envelope = tablet.envelope()
    monkeypatch.setattr(opening.time, "sleep", lambda _: tablet.send(envelope))
    assert open_waiting_records(linger=0.5) == {RecordState.CAPTURED: 1}
