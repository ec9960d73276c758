"""The correction inbox: nothing typed is lost, what staff save keeps its identity."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.models import Capture, Contact
from field import actions
from field.enums import Reason, RecordState
from field.models import FieldSession, SealedRecord, SealingKey
from field.opening import open_waiting_records
from organisations.models import User
from tests.factories import make_user
from tests.field.conftest import Tablet, make_session, open_phone, open_tablet, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "ring_after_commit", lambda bell: None)


@pytest.fixture
def ul(people: dict[str, User], client_for: Any) -> Client:
    return client_for(people["ul"])  # type: ignore[no-any-return]


def arrive(tablet: Tablet, **changes: Any) -> SealedRecord:
    plain = tablet.plain(**changes)
    tablet.send(tablet.envelope(plain))
    open_waiting_records()
    return SealedRecord.objects.get(capture_id=plain["capture_id"])


def correct(client: Client, record: SealedRecord, **changes: str) -> Any:
    data = {
        "first_name": "Sylviane", "phone": "06 39 98 00 01", "email": "",
        "trade": "assistante-maternelle", "postcode": "14000", "commune": "Caen",
        "consent_sms": "on", "wishes": ["call-back"], "note": "",
    } | changes  # fmt: skip
    return client.post(f"/terrain/corrections/{record.pk}/", data)


def test_the_form_comes_filled_in_with_errors_beside_their_fields(
    ul: Client, tablet: Tablet
) -> None:
    record = arrive(tablet, phone="06 39", note="Revenir samedi")
    page = ul.get(f"/terrain/corrections/{record.pk}/").content.decode()
    assert 'value="06 39"' in page
    assert "Ce numéro ne semble pas valide" in page
    assert "Revenir samedi" in page
    assert 'value="assistante-maternelle" selected' in page


def test_what_is_saved_keeps_its_identity(ul: Client, tablet: Tablet) -> None:
    met_at = timezone.now().replace(microsecond=0)
    record = arrive(tablet, phone="06 39", device_time=met_at.isoformat())
    assert correct(ul, record)["Location"] == "/terrain/corrections/"
    capture = Capture.objects.get()
    assert capture.capture_id == record.capture_id
    assert (capture.device_time, capture.activist_name) == (met_at, "Zoé")
    assert capture.source == record.source
    record.refresh_from_db()
    assert (record.state, record.sealed) == (RecordState.CAPTURED, "")
    assert record.settled_by is not None


def test_a_personal_record_stays_its_owners(ul: Client) -> None:
    owner = make_user("militant", "ul-caen")
    record = arrive(open_phone(owner), phone="06 39")
    correct(ul, record)
    assert Capture.objects.get().captured_by == owner


def test_a_correction_that_is_still_wrong_is_asked_again(ul: Client, tablet: Tablet) -> None:
    record = arrive(tablet, phone="06 39")
    response = correct(ul, record, phone="06 40")
    assert response.status_code == 200
    assert 'value="06 40"' in response.content.decode()
    assert state_of(record.capture_id) == (RecordState.TO_CORRECT, Reason.INVALID)


def test_a_correction_sent_twice_captures_once(ul: Client, tablet: Tablet) -> None:
    record = arrive(tablet, phone="06 39")
    correct(ul, record)
    assert correct(ul, record).status_code == 404
    assert Capture.objects.count() == 1


def test_a_replay_of_a_corrected_record_changes_nothing(ul: Client, tablet: Tablet) -> None:
    plain = tablet.plain(phone="06 39")
    tablet.send(tablet.envelope(plain))
    open_waiting_records()
    correct(ul, SealedRecord.objects.get())
    tablet.send(tablet.envelope(plain))
    open_waiting_records()
    assert Capture.objects.count() == Contact.objects.count() == 1


def test_two_people_correcting_at_once(tablet: Tablet, ul: Client) -> None:
    record = arrive(tablet, phone="06 39")
    actions.discard_record(record=record, author=make_user())
    with pytest.raises(actions.RecordSettled):
        actions.discard_record(record=record, author=make_user())


def test_discarding_asks_first_then_erases_and_is_signed(
    ul: Client, tablet: Tablet, caplog: pytest.LogCaptureFixture
) -> None:
    record = arrive(tablet, phone="06 39")
    page = ul.get(f"/terrain/corrections/{record.pk}/ecarter/").content.decode()
    assert "Écarter" in page
    assert state_of(record.capture_id)[0] == RecordState.TO_CORRECT
    ul.post(f"/terrain/corrections/{record.pk}/ecarter/")
    record.refresh_from_db()
    assert (record.state, record.sealed) == (RecordState.DISCARDED, "")
    assert record.settled_by is not None
    assert "field-record-discarded" in caplog.text
    assert not Capture.objects.exists()


def test_a_record_that_cannot_be_read_says_so_and_can_be_tried_again(
    ul: Client, tablet: Tablet
) -> None:
    envelope = tablet.envelope()
    key = SealingKey.objects.get()
    key.delete()
    tablet.send(envelope)
    open_waiting_records()
    record = SealedRecord.objects.get()
    assert "ne peut pas être lue" in ul.get(f"/terrain/corrections/{record.pk}/").content.decode()
    key.save()
    ul.post(f"/terrain/corrections/{record.pk}/relire/")
    open_waiting_records()
    assert state_of(record.capture_id)[0] == RecordState.CAPTURED


def test_records_outside_the_dates_are_accepted_at_once(ul: Client, tablet: Tablet) -> None:
    late = (timezone.now() - timedelta(days=3)).isoformat()
    good = [arrive(tablet, device_time=late, phone=f"06 39 98 00 0{n}") for n in (1, 2)]
    bad = arrive(tablet, device_time=late, phone="06 39")
    ul.post(f"/terrain/sessions/{tablet.session.pk}/accepter/")
    open_waiting_records()
    assert {state_of(record.capture_id)[0] for record in good} == {RecordState.CAPTURED}
    assert state_of(bad.capture_id) == (RecordState.TO_CORRECT, Reason.INVALID)


def test_nothing_readable_waits_in_the_table(tablet: Tablet) -> None:
    arrive(tablet, first_name="Sylviane", phone="06 39", note="secret")
    row = str(SealedRecord.objects.values_list().get())
    for word in ("Sylviane", "06 39", "secret", "14000"):
        assert word not in row


def test_another_organisations_records_do_not_exist(ul: Client) -> None:
    record = arrive(open_tablet(make_session("ud-50")), phone="06 39")
    assert ul.get(f"/terrain/corrections/{record.pk}/").status_code == 404
    assert correct(ul, record).status_code == 404
    assert ul.post(f"/terrain/corrections/{record.pk}/ecarter/").status_code == 404
    assert "Rien à corriger" in ul.get("/terrain/corrections/").content.decode()


def test_an_activist_has_no_inbox(tablet: Tablet, client_for: Any) -> None:
    record = arrive(tablet, phone="06 39")
    militant = client_for(make_user("militant", "ul-caen"))
    assert militant.get("/terrain/corrections/").status_code == 404
    assert militant.get(f"/terrain/corrections/{record.pk}/").status_code == 404


def test_the_inbox_costs_the_same_whatever_its_length(ul: Client, tablet: Tablet) -> None:
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert "numéro" not in ul.get("/terrain/corrections/").content.decode()
        return len(queries)

    arrive(tablet, phone="06 39")
    one = count_queries()
    for _ in range(29):
        tablet.send(tablet.envelope(tablet.plain(phone="06 39")))
    open_waiting_records()
    assert count_queries() == one


def drop(client: Client, content: Any) -> Any:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = SimpleUploadedFile("fiches.json", body, content_type="application/json")
    return client.post("/terrain/fichier/", {"file": file}, follow=True)


def export(*envelopes: Any) -> dict[str, Any]:
    return {"format": "terrain-fiches", "v": 1, "records": list(envelopes)}


def test_a_file_of_a_tablet_is_taken_in(ul: Client, tablet: Tablet) -> None:
    envelopes = [tablet.envelope(tablet.plain(phone=f"06 39 98 00 0{n}")) for n in (1, 2)]
    page = drop(ul, export(*envelopes)).content.decode()
    assert "2 fiche" in page
    open_waiting_records()
    assert Capture.objects.count() == 2


def test_a_file_dropped_twice_changes_nothing(ul: Client, tablet: Tablet) -> None:
    envelope = tablet.envelope()
    tablet.send(envelope)
    for _ in range(2):
        assert "0 fiche" in drop(ul, export(envelope)).content.decode()
    open_waiting_records()
    assert Capture.objects.count() == 1


def test_a_file_of_a_foreign_session_is_passed_on(ul: Client) -> None:
    foreign = open_tablet(make_session("ud-50"))
    page = drop(ul, export(foreign.envelope())).content.decode()
    assert "que vous ne gérez pas" in page
    assert not SealedRecord.objects.exists()


def test_what_a_phone_could_not_send_is_still_its_owners(ul: Client) -> None:
    owner = make_user("militant", "ul-caen")
    phone = open_phone(owner)
    envelope = phone.envelope()
    drop(ul, export(envelope))
    open_waiting_records()
    assert state_of(envelope["capture_id"]) == (RecordState.CAPTURED, "")
    capture = Capture.objects.get()
    assert (capture.captured_by, capture.source) == (owner, phone.device.source)
    assert Contact.objects.visible_to(owner).get() == capture.contact


def test_staff_take_in_the_file_of_their_own_phone(client_for: Any) -> None:
    owner = make_user("staff", "ul-caen")
    drop(client_for(owner), export(open_phone(owner).envelope()))
    open_waiting_records()
    assert Capture.objects.get().captured_by == owner


def test_a_file_of_somebody_elses_phone_is_passed_on(ul: Client) -> None:
    stranger = open_phone(make_user("militant", "ud-50"))
    page = drop(ul, export(stranger.envelope())).content.decode()
    assert "que vous ne gérez pas" in page
    assert not SealedRecord.objects.exists()


def test_what_a_removed_phone_exported_waits_for_a_human(ul: Client) -> None:
    phone = open_phone(make_user("militant", "ul-caen"))
    actions.revoke_device(device=phone.device, author=make_user("staff", "ul-caen"))
    envelope = phone.envelope()
    drop(ul, export(envelope))
    open_waiting_records()
    assert state_of(envelope["capture_id"]) == (RecordState.TO_CORRECT, Reason.REVOKED)


def test_a_file_of_nobodys_phone_waits_for_a_human(ul: Client) -> None:
    envelope = open_phone(make_user("militant", "ul-caen")).envelope(device=str(uuid4()))
    drop(ul, export(envelope))
    open_waiting_records()
    assert state_of(envelope["capture_id"]) == (RecordState.TO_CORRECT, Reason.UNKNOWN_SESSION)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vide"),
        (b"hello", "Ce n’est pas le fichier d’une tablette."),
        (b"\xff\x00", "Ce n’est pas le fichier d’une tablette."),
        (b"[1]", "Ce n’est pas le fichier d’une tablette."),
        ({"records": []}, "Ce n’est pas le fichier d’une tablette."),
        ({"format": "terrain-fiches", "v": 2, "records": []}, "plus récente"),
        ({"format": "terrain-fiches", "v": 1}, "Ce n’est pas le fichier d’une tablette."),
        ({"format": "terrain-fiches", "v": 1, "records": [{"capture_id": str(uuid4())}]}, "Aucune"),
    ],
)
def test_a_wrong_file_is_explained(ul: Client, content: Any, words: str) -> None:
    page = drop(ul, content).content.decode()
    assert words in page
    assert not SealedRecord.objects.exists()


def test_a_damaged_record_does_not_spoil_a_file(
    ul: Client, tablet: Tablet, session: FieldSession
) -> None:
    page = drop(ul, export(tablet.envelope(), tablet.envelope(sealed="x"))).content.decode()
    assert "1 fiche reçue, 0 déjà connue." in page
    assert "1 fiche abîmée, non reprise." in page
    assert SealedRecord.objects.get().session == session


def test_several_records_are_discarded_at_once_after_a_question(ul: Client, tablet: Tablet) -> None:
    gone, other, kept = (arrive(tablet, phone="06 39") for _ in range(3))
    picked = {"fiche": [str(gone.pk), str(other.pk)]}
    page = ul.get("/terrain/corrections/ecarter/", picked).content.decode()
    assert "Écarter 2 fiches" in page
    assert SealedRecord.objects.to_correct().count() == 3
    ul.post("/terrain/corrections/ecarter/?" + urlencode(picked, doseq=True))
    assert list(SealedRecord.objects.to_correct()) == [kept]
    gone.refresh_from_db()
    assert (gone.state, gone.sealed) == (RecordState.DISCARDED, "")
    assert gone.settled_by is not None


def test_records_of_others_are_not_discarded_among_several(
    people: dict[str, User], client_for: Any, tablet: Tablet
) -> None:
    record = arrive(tablet, phone="06 39")
    stranger = client_for(people["other_ud"])
    address = f"/terrain/corrections/ecarter/?fiche={record.pk}"
    assert stranger.post(address).status_code == 302
    assert SealedRecord.objects.to_correct().get() == record


@pytest.mark.parametrize("picked", ["", "?fiche=abc", "?fiche=99999999999999999999"])
def test_discarding_nothing_leads_back_to_the_records(ul: Client, picked: str) -> None:
    answer = ul.get(f"/terrain/corrections/ecarter/{picked}")
    assert answer.headers["Location"] == "/terrain/corrections/"
