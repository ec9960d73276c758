"""One form for dates and hours, whatever the page."""

from datetime import UTC, date, datetime, time

import pytest
from django.utils import translation

from core import dates


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 6, 1), "1er juin 2026"),
        (date(2026, 11, 21), "21 novembre 2026"),
        ("2026-06-01", "1er juin 2026"),
        # Half past eleven in the evening at Greenwich is already tomorrow in Paris.
        (datetime(2026, 11, 21, 23, 30, tzinfo=UTC), "22 novembre 2026"),
    ],
)
def test_a_day(value: date | str, written: str) -> None:
    assert dates.day(value) == written


def test_a_day_whose_year_is_plain() -> None:
    assert dates.day_of_year(date(2026, 12, 1)) == "1er décembre"


def test_a_month() -> None:
    assert dates.month(date(2023, 12, 1)) == "décembre 2023"


@pytest.mark.parametrize(
    ("value", "written"),
    [(time(14, 32), "14 h 32"), (time(9, 0), "9 h"), (time(0, 5), "0 h 05")],
)
def test_an_hour_keeps_together(value: time, written: str) -> None:
    assert dates.hour(value) == written.replace(" ", "\u00a0")


def test_an_instant_is_told_in_paris_time() -> None:
    told = dates.instant(datetime(2026, 11, 1, 13, 32, tzinfo=UTC))
    assert told.replace("\u00a0", " ") == "1er novembre 2026 à 14 h 32"


def test_other_languages_have_their_own_form() -> None:
    with translation.override("en"):
        assert dates.day(date(2026, 6, 1)) == "June 1, 2026"
        assert dates.hour(time(14, 32)) == "14:32"
