"""A tablet's clock may be wrong: what people said is dated as truly as can be known."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from contacts.actions import change_consents
from contacts.models import Capture, Consent, Contact
from field import actions
from field.clocks import met_at, said_by_device
from field.enums import Reason, RecordState
from field.models import FieldDevice, FieldSession, SealedRecord
from field.opening import open_waiting_records
from tests.factories import make_contact
from tests.field.conftest import Tablet, state_of

pytestmark = pytest.mark.django_db
ARRIVED = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPENED = ARRIVED - timedelta(days=2)
NONE = timedelta()


@pytest.fixture(autouse=True)
def no_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "ring_after_commit", lambda bell: None)


def record(**fields: Any) -> SealedRecord:
    session = FieldSession(starts_on=OPENED.date(), time_zone="Indian/Reunion")
    device = FieldDevice(session=session, created_at=OPENED)
    return SealedRecord(**({"session": session, "device": device, "received_at": ARRIVED} | fields))


@pytest.mark.parametrize(
    ("shown", "lag", "expected"),
    [
        (ARRIVED - timedelta(hours=3), NONE, ARRIVED - timedelta(hours=3)),
        (ARRIVED - timedelta(hours=5), timedelta(hours=4), ARRIVED - timedelta(hours=1)),
        (ARRIVED + timedelta(hours=4), timedelta(hours=-5), ARRIVED - timedelta(hours=1)),
        (ARRIVED - timedelta(days=20_000), timedelta(days=19_999), ARRIVED - timedelta(days=1)),
        # A second ahead is no wrong clock.
        (ARRIVED + timedelta(seconds=1), NONE, ARRIVED),
        # Wrong, by nobody knows how much.
        (ARRIVED + timedelta(hours=1), NONE, OPENED),
        (ARRIVED - timedelta(days=400), NONE, OPENED),
        (ARRIVED - timedelta(hours=1), timedelta(hours=2), OPENED),
        (datetime(1970, 1, 1, tzinfo=UTC), timedelta(days=-(10**6)), OPENED),
        (None, NONE, OPENED),
    ],
)
def test_when_somebody_was_met(shown: datetime | None, lag: timedelta, expected: datetime) -> None:
    assert met_at(record(), shown, lag) == expected


def test_a_time_without_a_zone_is_that_of_the_session() -> None:
    shown = datetime(2026, 11, 22, 14)  # noqa: DTZ001
    assert met_at(record(), shown, NONE) == ARRIVED - timedelta(hours=2)


def test_without_a_device_the_first_day_of_the_session_is_the_earliest() -> None:
    midnight = datetime(2026, 11, 19, 20, tzinfo=UTC)
    assert met_at(record(device=None), None, NONE) == midnight


def test_of_which_nothing_is_known_is_a_year_old() -> None:
    alone = record(device=None, session=None)
    assert met_at(alone, None, NONE) < ARRIVED - timedelta(days=365)


@pytest.mark.parametrize("year", [1, 1969, 9001, 9999])
def test_what_no_clock_shows_is_no_proof(year: int) -> None:
    assert said_by_device(record(), datetime(year, 6, 1, tzinfo=UTC)) is None


def send(tablet: Tablet, **changes: Any) -> str:
    plain = tablet.plain(**changes)
    tablet.send(tablet.envelope(plain))
    open_waiting_records()
    return str(plain["capture_id"])


def test_a_clock_that_lags_is_put_right_and_kept_as_proof(tablet: Tablet) -> None:
    shown = timezone.now() - timedelta(days=3)
    capture_id = send(tablet, device_time=shown.isoformat(), clock_offset=3 * 86_400)
    assert state_of(capture_id) == (RecordState.CAPTURED, "")
    assert Capture.objects.get().device_time == shown
    said = Consent.objects.first()
    assert said is not None
    assert abs(said.given_at - timezone.now()) < timedelta(minutes=1)


def test_another_day_by_the_right_clock_waits_for_a_human(tablet: Tablet) -> None:
    shown = timezone.now().isoformat()
    capture_id = send(tablet, device_time=shown, clock_offset=-3 * 86_400)
    assert state_of(capture_id) == (RecordState.TO_CORRECT, Reason.OUTSIDE_DATES)


@pytest.mark.parametrize("offset", [None, True, "3600", 1.5, 10**30, -(10**30), [], {}])
def test_an_offset_that_is_none_changes_nothing(tablet: Tablet, offset: object) -> None:
    assert state_of(send(tablet, clock_offset=offset))[0] == RecordState.CAPTURED


@pytest.mark.parametrize("shown", ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "", "never"])
def test_a_clock_that_makes_no_sense_costs_no_record(tablet: Tablet, shown: str) -> None:
    assert state_of(send(tablet, device_time=shown))[0] == RecordState.CAPTURED


@pytest.mark.parametrize("shown", ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", ""])
def test_a_yes_of_unknown_age_never_undoes_a_refusal(tablet: Tablet, shown: str) -> None:
    """The person was met, withdrew on their page, then the tablet found the network."""
    contact = make_contact(phone="+33639980001", email="", channels=["sms"])
    change_consents(contact=contact, given=[])
    send(tablet, device_time=shown)
    held = Contact.objects.get().consents.holding().get(channel="sms")
    assert not held.is_given


def test_a_yes_said_after_a_refusal_holds(tablet: Tablet) -> None:
    contact = make_contact(phone="+33639980001", email="", channels=["sms"])
    change_consents(contact=contact, given=[])
    shown = timezone.now() - timedelta(hours=2)
    send(tablet, device_time=shown.isoformat(), clock_offset=2 * 3600)
    assert Contact.objects.get().consents.holding().get(channel="sms").is_given


def test_closing_a_session_goes_by_the_right_clock(tablet: Tablet) -> None:
    FieldSession.objects.update(closed_at=timezone.now() - timedelta(hours=1))
    shown = timezone.now() - timedelta(hours=2)
    late = send(tablet, device_time=shown.isoformat(), clock_offset=2 * 3600)
    assert state_of(late) == (RecordState.TO_CORRECT, Reason.CLOSED)
