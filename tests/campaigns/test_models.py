from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from campaigns import clock
from campaigns.enums import Phase
from campaigns.loading import load_campaign
from campaigns.models import PARIS, Campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return load_campaign().campaign


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2024, 9, 1), Phase.PREPARATION),
        (date(2024, 9, 2), Phase.COLLECTION),
        (date(2024, 11, 24), Phase.COLLECTION),
        (date(2024, 11, 25), Phase.VOTE),
        (date(2024, 12, 9), Phase.VOTE),
        (date(2024, 12, 10), Phase.AFTER),
    ],
)
def test_phases_follow_the_dates(campaign: Campaign, day: date, phase: Phase) -> None:
    assert campaign.phase_on(day) == phase


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2024-11-18T09:00", True),
        ("2024-11-18T08:59", False),
        ("2024-11-18T17:59", True),
        ("2024-11-18T18:00", False),
        ("2024-11-23T10:00", False),  # a Saturday
        ("2024-11-15T10:00", False),
        ("2024-12-09T10:00", True),
        ("2024-12-10T10:00", False),
    ],
)
def test_the_free_number_answers_in_its_hours(
    campaign: Campaign, moment: str, is_open: bool
) -> None:
    local = datetime.fromisoformat(moment).replace(tzinfo=PARIS)
    assert campaign.helpline_is_open(local) == is_open


def test_the_vote_closes_in_paris_time(campaign: Campaign) -> None:
    assert campaign.closes_at.isoformat() == "2024-12-09T17:00:00+01:00"


def test_there_is_one_current_edition(campaign: Campaign) -> None:
    other = Campaign.objects.get(pk=campaign.pk)
    other.pk, other.slug = None, "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save(force_insert=True)


def test_dates_follow_one_another(campaign: Campaign) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(vote_closes=date(2024, 11, 1))


def test_the_clock_is_the_real_one_until_a_rehearsal_moves_it(campaign: Campaign) -> None:
    with time_machine.travel(datetime(2024, 10, 1, 12, tzinfo=PARIS), tick=False):
        assert clock.today() == date(2024, 10, 1)
        Campaign.objects.update(clock_offset=timedelta(days=60))
        assert clock.today() == date(2024, 11, 30)


def test_the_day_is_that_of_paris(campaign: Campaign) -> None:
    with time_machine.travel("2024-11-24T23:30:00Z", tick=False):
        assert clock.today() == date(2024, 11, 25)


def test_without_an_edition_the_clock_still_runs() -> None:
    with time_machine.travel("2024-11-24T12:00:00Z", tick=False):
        assert clock.today() == date(2024, 11, 24)
