"""Hours where they are lived, with those of Paris beside."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from territory.local_time import PARIS, PLACES, differs_from_paris, local_words, zone_or_paris
from territory.models import Departement

FRIDAY = datetime(2026, 11, 20, 13, tzinfo=PARIS)
SUMMER = datetime(2026, 9, 18, 13, tzinfo=PARIS)
EVENING = datetime(2026, 11, 20, 19, tzinfo=PARIS)


def told(start: datetime, zone: str) -> str:
    words = local_words(start, start + timedelta(hours=1), ZoneInfo(zone))
    return words.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("start", "zone", "words"),
    [
        (FRIDAY, "Europe/Paris", "vendredi 20 novembre, 13 h – 14 h"),
        # The clocks of Brussels are those of Paris: nothing to add.
        (FRIDAY, "Europe/Brussels", "vendredi 20 novembre, 13 h – 14 h"),
        (FRIDAY, "Indian/Reunion",
         "vendredi 20 novembre, 16 h – 17 h à La Réunion (13 h – 14 h à Paris)"),
        (SUMMER, "Indian/Reunion",
         "vendredi 18 septembre, 15 h – 16 h à La Réunion (13 h – 14 h à Paris)"),
        (FRIDAY, "America/Cayenne",
         "vendredi 20 novembre, 9 h – 10 h en Guyane (13 h – 14 h à Paris)"),
        (EVENING, "Pacific/Noumea",
         "samedi 21 novembre, 5 h – 6 h en Nouvelle-Calédonie"
         " (vendredi 20 novembre, 19 h – 20 h à Paris)"),
        (FRIDAY, "America/Montreal",
         "vendredi 20 novembre, 7 h – 8 h chez vous (13 h – 14 h à Paris)"),
    ],
)  # fmt: skip
def test_a_span(start: datetime, zone: str, words: str) -> None:
    assert told(start, zone) == words


def test_a_span_given_in_utc_is_the_same() -> None:
    assert told(FRIDAY.astimezone(UTC), "Europe/Paris") == told(FRIDAY, "Europe/Paris")


def test_the_weeks_when_one_shore_has_changed_its_clocks() -> None:
    """Saint-Pierre-et-Miquelon goes by America's dates: four hours behind, three for some days."""
    between = datetime(2026, 10, 27, 13, tzinfo=PARIS)
    assert told(between, "America/Miquelon").startswith("mardi 27 octobre, 10 h")
    assert told(FRIDAY, "America/Miquelon").startswith("vendredi 20 novembre, 9 h")


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "europe/paris "])
def test_a_zone_nobody_knows_is_that_of_paris(name: str) -> None:
    assert zone_or_paris(name) == PARIS


def test_a_zone_one_knows() -> None:
    zone = zone_or_paris("Indian/Mayotte")
    assert zone.key == "Indian/Mayotte"
    assert differs_from_paris(FRIDAY, zone)


@pytest.mark.django_db
def test_every_inhabited_zone_has_its_words() -> None:
    zones = Departement.objects.exclude(population=0).values_list("time_zone", flat=True)
    assert set(zones) - set(PLACES) == set()
