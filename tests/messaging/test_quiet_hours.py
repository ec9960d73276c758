"""SMS leave Monday to Saturday, 8:00 to 20:00 where the recipient lives, never on a holiday."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from messaging.delivery import deliver_due_messages
from messaging.enums import SkipReason, Status
from messaging.models import Message
from messaging.quiet_hours import Holidays, next_allowed
from organisations.models import User
from territory.models import Departement
from tests.messaging.factories import make_email, make_sms
from tests.messaging.sms_gateway import SmsGateway
from tests.messaging.smtp_sink import SmtpSink

pytestmark = pytest.mark.django_db

NONE = Holidays({})
ZONES = {"75": "Europe/Paris", "974": "Indian/Reunion", "972": "America/Martinique"}


def opening(local: str, departement: str, holidays: Holidays = NONE) -> str:
    """The next allowed instant, in and out as wall-clock time of the département."""
    place = Departement(code=departement, time_zone=ZONES[departement])
    zone = ZoneInfo(place.time_zone)
    at = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
    found = next_allowed(at, place, holidays)
    return found.astimezone(zone).isoformat(timespec="minutes")[:16]


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        ("2026-11-20T08:00", "2026-11-20T08:00"),
        ("2026-11-20T19:59", "2026-11-20T19:59"),
        ("2026-11-20T07:59", "2026-11-20T08:00"),
        ("2026-11-20T20:00", "2026-11-21T08:00"),
        ("2026-11-21T20:00", "2026-11-23T08:00"),  # Saturday evening
        ("2026-11-22T10:00", "2026-11-23T08:00"),  # Sunday
        ("2026-11-22T05:00", "2026-11-23T08:00"),
        ("2026-10-24T21:00", "2026-10-26T08:00"),  # clocks go back on Sunday the 25th
        ("2026-03-28T21:00", "2026-03-30T08:00"),  # clocks go forward on Sunday the 29th
        ("2026-10-26T07:30", "2026-10-26T08:00"),
    ],
)
@pytest.mark.parametrize("departement", sorted(ZONES))
def test_the_window_is_that_of_the_recipient(at: str, allowed: str, departement: str) -> None:
    assert opening(at, departement) == allowed


def test_the_morning_after_a_clock_change_opens_at_eight_by_the_new_time() -> None:
    saturday_evening = datetime(2026, 10, 24, 19, 0, tzinfo=UTC)  # 21:00 in Paris, still summer
    paris = Departement(code="75", time_zone="Europe/Paris")
    assert next_allowed(saturday_evening, paris, NONE) == datetime(2026, 10, 26, 7, 0, tzinfo=UTC)


def test_a_national_holiday_is_skipped_everywhere() -> None:
    may_day = Holidays({"": frozenset([date(2026, 5, 1)])})
    assert opening("2026-05-01T10:00", "974", may_day) == "2026-05-02T08:00"
    assert opening("2026-04-30T20:30", "75", may_day) == "2026-05-02T08:00"


def test_a_holiday_followed_by_a_sunday_is_skipped_with_it() -> None:
    assumption = Holidays({"": frozenset([date(2026, 8, 15)])})
    assert opening("2026-08-14T21:00", "75", assumption) == "2026-08-17T08:00"


def test_a_local_holiday_is_skipped_there_only() -> None:
    abolition = Holidays({"974": frozenset([date(2026, 12, 20), date(2027, 12, 20)])})
    assert opening("2027-12-20T10:00", "974", abolition) == "2027-12-21T08:00"
    assert opening("2027-12-20T10:00", "972", abolition) == "2027-12-20T10:00"


def test_somebody_whose_departement_is_unknown_lives_in_paris() -> None:
    at = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
    assert next_allowed(at, None, NONE) == datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


def test_the_loaded_holidays_hold_the_first_of_may(gateway: SmsGateway) -> None:
    with time_machine.travel(datetime(2026, 5, 1, 9, 0, tzinfo=UTC), tick=False):
        message = make_sms()
        deliver_due_messages()
    message.refresh_from_db()
    assert message.status == Status.QUEUED
    assert message.due_at == datetime(2026, 5, 2, 6, 0, tzinfo=UTC)


def test_a_reminder_waits_for_the_morning_of_la_reunion(gateway: SmsGateway) -> None:
    evening_in_paris = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # 21:00 in La Réunion
    with time_machine.travel(evening_in_paris, tick=False) as clock:
        make_sms(1, departement=Departement.objects.get(pk="974"))
        make_sms(2, departement=Departement.objects.get(pk="75"))
        deliver_due_messages()
        assert [sms["to"] for sms in gateway.received.values()] == ["+33612340002"]
        clock.move_to(datetime(2026, 11, 25, 3, 59, tzinfo=UTC))
        deliver_due_messages()
        assert len(gateway.received) == 1
        clock.move_to(datetime(2026, 11, 25, 4, 0, tzinfo=UTC))
        deliver_due_messages()
    assert len(gateway.received) == 2


def test_an_sms_that_could_only_leave_after_its_limit_is_skipped_at_once(
    gateway: SmsGateway,
) -> None:
    night = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    with time_machine.travel(night, tick=False):
        make_sms(not_after=night + timedelta(hours=2))
        deliver_due_messages()
    assert Message.objects.get().skip_reason == SkipReason.EXPIRED
    assert not gateway.received


@pytest.mark.parametrize("is_transactional", [True, False])
def test_at_night_a_mail_leaves_and_an_sms_waits_whatever_it_answers(
    gateway: SmsGateway, sink: SmtpSink, is_transactional: bool
) -> None:
    sunday_night = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    with time_machine.travel(sunday_night, tick=False) as clock:
        message = make_sms(is_transactional=is_transactional)
        make_email(is_transactional=is_transactional)
        deliver_due_messages()
        message.refresh_from_db()
        assert (len(gateway.received), len(sink.accepted)) == (0, 1)
        assert message.due_at == datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
        clock.move_to(message.due_at)
        deliver_due_messages()
    assert len(gateway.received) == 1


def test_an_answer_that_night_outlives_is_shown_as_expired(
    gateway: SmsGateway, people: dict[str, User], client_for: Callable[[User], Client]
) -> None:
    night = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    with time_machine.travel(night, tick=False):
        make_sms(is_transactional=True, not_after=night + timedelta(hours=2))
        deliver_due_messages()
    assert not gateway.received
    outbox = client_for(people["confederation"]).get("/messages/")
    assert "Date limite dépassée" in outbox.content.decode()
