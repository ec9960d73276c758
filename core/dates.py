"""Dates and hours as every page writes them: « 1er juin 2026 », « 14 h 32 »."""

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

NBSP = "\u00a0"


def day(value: dt.date | str) -> str:
    """« 1er juin 2026 », from a date, an instant or an ISO text."""
    return _written(_as_date(value), "j F Y")


def day_of_year(value: dt.date) -> str:
    """« 25 novembre », where the year is plain."""
    return _written(_as_date(value), "j F")


def day_of_week(value: dt.date) -> str:
    """« lundi 25 novembre », of the days to come."""
    return f"{date_format(_as_date(value), 'l')} {day_of_year(value)}"


def short_day(value: dt.date) -> str:
    """« lun. 25 », where the month is plain."""
    return f"{date_format(value, 'D')[:3].lower()}. {value.day}"


def month(value: dt.date) -> str:
    """« décembre 2026 »."""
    return date_format(value, "F Y")


def hour(value: dt.time | dt.datetime) -> str:
    """« 14 h 32 », « 9 h », in local time."""
    moment = timezone.localtime(value) if isinstance(value, dt.datetime) else value
    if not _is_french():
        return f"{moment:%H:%M}"
    minutes = f"{NBSP}{moment:%M}" if moment.minute else ""
    return f"{moment.hour}{NBSP}h{minutes}"


def instant(value: dt.datetime) -> str:
    """« 22 novembre 2026 à 14 h 32 », in local time."""
    return f"{day(value)}{' à ' if _is_french() else ', '}{hour(value)}"


def _as_date(value: dt.date | str) -> dt.date:
    if isinstance(value, str):
        return dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value).date()
    return value


def _written(date: dt.date, french: str) -> str:
    if not _is_french():
        return date_format(date, "DATE_FORMAT" if "Y" in french else "MONTH_DAY_FORMAT")
    text = date_format(date, french)
    # French says « 1er » for the first of a month, which Django's formats do not.
    return f"1er{text[1:]}" if date.day == 1 else text


def _is_french() -> bool:
    return (get_language() or "fr").startswith("fr")
