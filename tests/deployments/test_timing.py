"""What is said of the hours chosen, which never refuses any."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from deployments.models import Place
from deployments.timing import Surroundings, habits, warnings_about
from deployments.timing_rules import timing_warnings
from organisations.models import User
from territory.models import Commune, Trade
from tests.deployments.factories import PARIS, make_deployment, slot
from tests.factories import CAEN, make_user

# A Monday.
MONDAY = datetime(2027, 3, 1, 9, tzinfo=PARIS)
CALM = Surroundings(zone=PARIS, public="workers")


def test_an_ordinary_day_says_nothing() -> None:
    assert warnings_about([slot(MONDAY)], CALM) == []


def test_a_holiday_is_told_by_its_name() -> None:
    around = Surroundings(zone=PARIS, holidays=((MONDAY.date(), "Jour férié"),))
    (words,) = warnings_about([slot(MONDAY)], around)
    assert words == "Le lundi 1er mars est férié à cet endroit : Jour férié."


@pytest.mark.parametrize(("last", "count"), [(date(2027, 3, 1), 1), (date(2027, 2, 28), 0)])
def test_school_holidays_hold_their_last_day(last: date, count: int) -> None:
    around = Surroundings(
        zone=PARIS, school_holidays=((date(2027, 2, 13), last, "Vacances d’hiver"),)
    )
    assert len(warnings_about([slot(MONDAY)], around)) == count


def test_market_days_are_told_either_way() -> None:
    told = [
        warnings_about([slot(MONDAY)], Surroundings(zone=PARIS, market_days=days))[0]
        for days in ((1,), (2, 6))
    ]
    assert told == [
        "Le lundi 1er mars est jour de marché à cet endroit.",
        "Le lundi 1er mars n’est pas jour de marché à cet endroit : c’est le mardi et le samedi.",
    ]


@pytest.mark.parametrize(
    ("trade", "hour", "is_told"),
    [
        ("assistante-maternelle", 10, True),
        ("assistante-maternelle", 18, False),
        ("vendeur-habillement", 9, True),
        ("vendeur-habillement", 15, False),
        ("coiffeur", 15, True),
        ("cuisinier", 12, True),
        ("cuisinier", 15, False),
    ],
)
def test_the_hours_of_trades_are_known(trade: str, hour: int, is_told: bool) -> None:
    around = Surroundings(zone=PARIS, trades=frozenset([trade]))
    told = warnings_about([slot(MONDAY.replace(hour=hour), hours=1)], around)
    assert bool(told) == is_told


def test_the_hour_is_that_of_the_place() -> None:
    """6 h in UTC is 10 h in La Réunion, when children are there."""
    around = Surroundings(zone=ZoneInfo("Indian/Reunion"), public="home")
    assert warnings_about([slot(datetime(2027, 3, 1, 6, tzinfo=UTC), hours=1)], around)
    assert not warnings_about([slot(datetime(2027, 3, 1, 15, tzinfo=UTC), hours=1)], around)


@pytest.mark.django_db
def test_every_habit_names_trades_that_exist() -> None:
    named = {trade for habit in habits() for trade in habit.trades}
    assert named <= set(Trade.objects.values_list("pk", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("insee", "told"), [(CAEN, True), ("69123", False), ("2A004", False), ("97411", False)]
)
def test_school_holidays_are_those_of_the_academie(insee: str, told: bool) -> None:
    """A Wednesday of zone B's winter holidays; Corsica and La Réunion set their own."""
    deployment = make_deployment(
        commune=Commune.objects.get(pk=insee), slots=[slot(datetime(2027, 3, 3, 11, tzinfo=PARIS))]
    )
    warned = any("vacances scolaires" in words for words in timing_warnings(deployment))
    assert warned is told


@pytest.mark.django_db
def test_a_day_of_the_place_is_warned_of_and_kept(client_for: Callable[[User], Client]) -> None:
    """26 December is a holiday in Strasbourg, and school holidays in zone B."""
    place = Place.objects.create(
        commune_id="67482", name="Gare", folded_name="gare", market_days=[7]
    )
    deployment = make_deployment(
        commune=place.commune, place=place, slots=[slot(datetime(2027, 12, 26, 9, tzinfo=PARIS))]
    )
    told = " ".join(timing_warnings(deployment))
    for words in ("férié à cet endroit", "Vacances de Noël", "est jour de marché"):
        assert words in told
    page = client_for(make_user("staff", "ul-caen")).get(
        f"/deploiements/{deployment.pk}/preparer/moment/"
    )
    assert "Vacances de Noël" in page.content.decode()
