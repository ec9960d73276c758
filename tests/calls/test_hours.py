"""When somebody may be called, where they work."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from calls.hours import another_time, closed_departements, next_opening
from territory.models import Departement

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = PARIS) -> datetime:
    """In April 2026, where the 5th is Easter Sunday."""
    return datetime(2026, 4, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("wanted", "opening"),
    [
        (at(7, 9), at(7, 9)),
        (at(7, 8, 59), at(7, 9)),
        (at(7, 19, 59), at(7, 19, 59)),
        (at(7, 20), at(8, 9)),
        (at(4, 21), at(7, 9)),
        (at(5, 12), at(7, 9)),
        (at(6, 12), at(7, 9)),
    ],
)
def test_monday_to_saturday_nine_to_twenty_and_no_holiday(
    wanted: datetime, opening: datetime
) -> None:
    assert next_opening(wanted, Departement.objects.get(pk="14")) == opening


def test_the_hours_are_those_of_the_workplace() -> None:
    evening = at(7, 18, 30)  # half past eight in La Réunion
    assert next_opening(evening, Departement.objects.get(pk="974")) == at(8, 9, zone=REUNION)
    closed = closed_departements(evening)
    assert "974" in closed
    assert "14" not in closed


def test_a_holiday_of_one_place_closes_that_place_only() -> None:
    good_friday = at(3, 11)
    closed = closed_departements(good_friday)
    assert "67" in closed
    assert "14" not in closed


@pytest.mark.parametrize(("called", "again"), [((7, 10), (8, 18)), ((7, 15), (8, 10))])
def test_another_time_is_in_another_part_of_the_day(
    called: tuple[int, int], again: tuple[int, int]
) -> None:
    departement = Departement.objects.get(pk="14")
    assert another_time(at(*called), departement, days=1) == at(*again)


def test_after_an_evening_call_one_tries_at_lunch() -> None:
    departement = Departement.objects.get(pk="14")
    assert another_time(at(7, 19), departement, days=1) == at(8, 12, 30)


def test_another_time_is_counted_where_the_person_works() -> None:
    # Seven in the evening in Paris is nine in La Réunion: evening there too.
    called = datetime(2026, 4, 7, 13, 0, tzinfo=UTC)  # five in the afternoon in La Réunion
    departement = Departement.objects.get(pk="974")
    assert another_time(called, departement, days=1) == at(8, 12, 30, REUNION)
