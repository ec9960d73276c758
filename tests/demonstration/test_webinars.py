"""The webinars of the demonstration: the ten real ones, the undated first, and a crowd."""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from accounts.demo import create_personas
from campaigns.models import Campaign
from demonstration.edition import Moment
from demonstration.loading import load_edition
from demonstration.street import GUEST
from demonstration.webinars import load_webinars
from messaging.models import Message
from organisations.models import Organisation, User
from tests.webinars.leaks import tables_that_hold
from webinars.enums import QuestionState, RegistrationState, WebinarState
from webinars.meetings import open_room
from webinars.models import Feedback, Question, Registration, Webinar
from webinars.participation import never_came

# Series, day, hour of start and end in 2024, with the general secretary.
REAL = [
    ("cpri", "2024-09-17", 19, 21, True),
    ("conseillers", "2024-09-20", 13, 14, True),
    ("conseillers", "2024-09-25", 18, 19, True),
    ("outils", "2024-09-20", 13, 14, False),
    ("outils", "2024-09-27", 13, 14, False),
    ("outils", "2024-10-11", 13, 14, False),
    ("outils", "2024-10-18", 13, 14, False),
    ("outils", "2024-11-08", 13, 14, False),
    ("outils", "2024-11-22", 13, 14, False),
    ("outils", "2024-11-29", 13, 14, False),
]


@pytest.fixture
def people(db: None) -> dict[str, User]:
    call_command("load_organisations", verbosity=0)
    load_edition(Moment.BEFORE, today=timezone.now())
    return create_personas()


@pytest.fixture
def webinars(people: dict[str, User]) -> list[Webinar]:
    return load_webinars(campaign=Campaign.objects.current().get(), people=people)


def test_the_ten_real_sessions_keep_weekday_hours_and_guest(webinars: list[Webinar]) -> None:
    """Whatever the clocks did between 2024 and today."""
    moved = webinars[0].campaign.vote_opens - datetime(2024, 11, 25).date()  # noqa: DTZ001
    assert moved.days % 7 == 0
    found = []
    for one in webinars[1:11]:
        assert one.starts_at
        assert one.ends_at
        start, end = one.starts_at.astimezone(one.zone), one.ends_at.astimezone(one.zone)
        day = start.date() - moved
        found.append((one.series_id, str(day), start.hour, end.hour, one.guest == GUEST))
    assert found == REAL


def test_the_first_of_the_eight_has_no_date_and_the_eight_have_three_parts(
    webinars: list[Webinar],
) -> None:
    first = webinars[0]
    assert (first.state, first.starts_at) == (WebinarState.DRAFT, None)
    eight = [one for one in webinars if one.series_id == "outils"][:8]
    assert {one.parts.count() for one in eight} == {3}


def test_a_crowd_of_every_kind(webinars: list[Webinar]) -> None:
    assert set(Registration.objects.values_list("state", flat=True)) >= {
        RegistrationState.REGISTERED, RegistrationState.WAITING, RegistrationState.CANCELLED,
        RegistrationState.ASKED,
    }  # fmt: skip
    assert set(Question.objects.values_list("state", flat=True)) >= {
        QuestionState.NEW, QuestionState.ACCEPTED, QuestionState.ANSWERED_LIVE,
        QuestionState.ANSWERED_IN_WRITING,
    }  # fmt: skip
    assert Feedback.objects.count() > 50
    assert Registration.objects.on_several_devices().exists()
    assert Registration.objects.exclude(time_zone="Europe/Paris").exists()
    full = Webinar.objects.filter(capacity__isnull=False).with_counts()
    assert all(one.registered_count <= (one.capacity or 0) for one in full)


def test_nothing_happened_after_today_and_nobody_came_to_what_is_to_come(
    webinars: list[Webinar],
) -> None:
    now = timezone.now() + timedelta(seconds=1)
    assert not Registration.objects.filter(registered_at__gt=now).exists()
    assert not Registration.objects.filter(joined_at__gt=now).exists()
    assert not Registration.objects.filter(attended=True, webinar__ends_at__gt=now).exists()


def test_some_unions_have_never_come(people: dict[str, User], webinars: list[Webinar]) -> None:
    never = never_came(people["confederation"], Webinar.objects.all())
    assert 10 < never.count() < 90


def test_the_personas_find_themselves_and_their_own_session(
    people: dict[str, User], webinars: list[Webinar]
) -> None:
    assert people["militant"].webinar_registrations.exists()
    held = Webinar.objects.managed_by(people["ud"])
    assert held.exists()
    assert set(held) < set(webinars)


def test_nobody_in_it_exists_and_nobody_is_written_to(webinars: list[Webinar]) -> None:
    mails = Registration.objects.values_list("email", flat=True)
    assert all(mail.endswith(".invalid") for mail in mails)
    assert not Message.objects.exists()


def test_rooms_are_sealed(webinars: list[Webinar]) -> None:
    assert open_room(webinars[1].meeting).address.startswith("https://visio.demo.invalid/")
    assert tables_that_hold(["visio.demo.invalid"]) == []


def test_a_second_run_adds_nothing(people: dict[str, User], webinars: list[Webinar]) -> None:
    before = Registration.objects.aggregate(number=Count("pk"))
    assert load_webinars(campaign=webinars[0].campaign, people=people) == []
    assert Registration.objects.aggregate(number=Count("pk")) == before
    assert Organisation.objects.filter(slug="ud-14").exists()
