"""What a calendar is told: one event a person, that moves and goes with the session."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from icalendar import Calendar, Event

from messaging.models import Message
from tests.factories import make_user
from tests.webinars.factories import FRIDAY, PARIS, SECRETS, delivered, make_webinar, sign_up
from webinars import actions
from webinars.links import personal_url
from webinars.personal_links import renew_link
from webinars.registering import approve, cancel_registration, refuse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def well_before(time_machine: Any) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=30))


def calendars() -> list[tuple[str, Calendar]]:
    """The files of the mails that leave now, each with the method its type tells."""
    found = []
    for mail in delivered():
        for name, content, kind in mail.attachments:
            assert name == "webinaire.ics"
            text = content if isinstance(content, str) else content.decode()
            found.append((kind, Calendar.from_ical(text)))
    return found


def only() -> tuple[str, Event]:
    ((kind, calendar),) = calendars()
    (event,) = calendar.walk("VEVENT")
    assert f"method={calendar['method']}" in kind
    return str(calendar["method"]), event


def test_a_confirmation_carries_an_invitation_with_ones_own_link() -> None:
    one = sign_up(make_webinar(starts_at=FRIDAY))
    method, event = only()
    assert (method, event["status"], event["sequence"]) == ("REQUEST", "CONFIRMED", 0)
    assert event["dtstart"].dt == FRIDAY.astimezone(UTC)
    assert event["location"] == event["url"] == personal_url(one)
    assert personal_url(one) in event["description"]
    assert event["attendee"] == "mailto:sacha1@exemple.fr"
    assert event["attendee"].params["RSVP"] == "FALSE"
    (alarm,) = event.walk("VALARM")
    assert alarm["trigger"].dt == -timedelta(minutes=15)
    assert not any(secret in str(event.to_ical()) for secret in SECRETS)


def test_a_second_library_reads_the_same_event() -> None:
    one = sign_up(make_webinar(starts_at=FRIDAY, title="Élections, l’essentiel ; suite"))
    (mail,) = delivered()
    ((_, text, kind),) = mail.attachments
    assert kind == "text/calendar; method=REQUEST"
    event = vobject.readOne(text).vevent
    assert event.summary.value == "Élections, l’essentiel ; suite"
    assert event.dtstart.value == FRIDAY.astimezone(UTC)
    assert event.dtend.value == FRIDAY.astimezone(UTC) + timedelta(hours=1)
    assert event.url.value == personal_url(one)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_two_people_have_two_events() -> None:
    webinar = make_webinar()
    sign_up(webinar, 1)
    sign_up(webinar, 2)
    events = [calendar.walk("VEVENT")[0] for _, calendar in calendars()]
    assert len({str(event["uid"]) for event in events}) == 2


def test_a_session_that_moves_keeps_its_event_and_raises_its_number() -> None:
    webinar = make_webinar(starts_at=FRIDAY)
    sign_up(webinar)
    _, before = only()
    actions.move_webinar(
        webinar=webinar, revision=webinar.revision, starts_at=FRIDAY + timedelta(days=7)
    )
    method, after = only()
    assert (method, after["uid"]) == ("REQUEST", before["uid"])
    assert after["sequence"] > before["sequence"]
    assert after["dtstart"].dt - before["dtstart"].dt == timedelta(days=7)
    assert after["url"] == before["url"]


def test_a_cancelled_session_goes_from_calendars_and_comes_back_with_a_higher_number() -> None:
    webinar = make_webinar()
    sign_up(webinar)
    _, first = only()
    cancelled = actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="Grève")
    method, off = only()
    assert (method, off["status"], off["uid"]) == ("CANCEL", "CANCELLED", first["uid"])
    assert "url" not in off
    actions.announce_webinar(webinar=cancelled, revision=cancelled.revision)
    method, back = only()
    assert (method, back["status"]) == ("REQUEST", "CONFIRMED")
    assert first["sequence"] < off["sequence"] < back["sequence"]


def test_who_leaves_and_comes_back_gets_higher_and_higher_numbers() -> None:
    webinar = make_webinar()
    one = sign_up(webinar)
    numbers = [only()]
    cancel_registration(registration=one)
    numbers.append(only())
    sign_up(webinar)
    numbers.append(only())
    assert [method for method, _ in numbers] == ["REQUEST", "CANCEL", "REQUEST"]
    sequence = [event["sequence"] for _, event in numbers]
    assert sequence == sorted(set(sequence))


def test_a_new_link_replaces_the_former_in_the_calendar() -> None:
    one = sign_up(make_webinar())
    _, before = only()
    renew_link(registration=one)
    _, after = only()
    one.refresh_from_db()
    assert after["url"] == personal_url(one) != before["url"]
    assert after["sequence"] > before["sequence"]


def test_who_waits_asks_or_is_refused_has_nothing_for_a_calendar() -> None:
    full = make_webinar(capacity=1)
    sign_up(full, 1)
    delivered()
    sign_up(full, 2)
    asked = sign_up(make_webinar("cpri"))
    assert calendars() == []
    refuse(registration=asked, decided_by=make_user("staff", "confederation"))
    assert calendars() == []


def test_who_gets_in_later_is_invited_then() -> None:
    full = make_webinar(capacity=1)
    first = sign_up(full, 1)
    sign_up(full, 2)
    asked = sign_up(make_webinar("cpri"), 3)
    delivered()
    cancel_registration(registration=first)
    approve(registration=asked, decided_by=make_user("staff", "confederation"))
    sent = {str(mail.to[0]): mail.attachments[0][2].rpartition("=")[2] for mail in delivered()}
    assert sent == {
        "sacha1@exemple.fr": "CANCEL",
        "sacha2@exemple.fr": "REQUEST",
        "sacha3@exemple.fr": "REQUEST",
    }


def test_a_session_without_a_date_is_for_no_calendar_until_it_has_one() -> None:
    webinar = make_webinar(dated=False)
    one = sign_up(webinar)
    (mail,) = delivered()
    assert mail.attachments == []
    assert "date à venir" in mail.body
    assert personal_url(one) in mail.body
    actions.change_webinar(
        webinar=webinar, revision=webinar.revision, starts_at=FRIDAY,
        ends_at=FRIDAY + timedelta(hours=1),
    )  # fmt: skip
    method, event = only()
    assert (method, event["dtstart"].dt) == ("REQUEST", FRIDAY.astimezone(UTC))


def test_a_date_once_told_is_not_taken_away() -> None:
    webinar = make_webinar()
    with pytest.raises(actions.KeepsItsDate):
        actions.change_webinar(
            webinar=webinar, revision=webinar.revision, starts_at=None, ends_at=None
        )


@pytest.mark.parametrize(
    ("day", "hour_in_utc"),
    [
        (datetime(2026, 10, 23, 13, tzinfo=PARIS), 11),
        (datetime(2026, 10, 30, 13, tzinfo=PARIS), 12),
    ],
)
def test_one_oclock_in_paris_is_so_before_and_after_the_change_of_clocks(
    day: datetime, hour_in_utc: int, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 10, 1, tzinfo=UTC))
    sign_up(make_webinar(starts_at=day))
    _, event = only()
    assert event["dtstart"].dt.hour == hour_in_utc
    assert event["dtstart"].dt.astimezone(ZoneInfo("Europe/Paris")).hour == 13


def test_nothing_is_stored_of_what_was_sent() -> None:
    sign_up(make_webinar())
    delivered()
    message = Message.objects.get()
    assert (message.text, message.html, message.attachments) == ("", "", [])
