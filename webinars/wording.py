"""What is said of a session: when, by whom, for how long."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.dates import day_of_week, hour
from core.text import counted
from territory.local_time import PARIS, local_words
from webinars.models import Registration, Webinar

NO_DATE = "date à venir"
HOUR, DAY = 60, 1440


def when_words(webinar: Webinar, zone: ZoneInfo = PARIS) -> str:
    """When it takes place, by the clocks of `zone` with those of Paris beside."""
    if webinar.starts_at is None or webinar.ends_at is None:
        return NO_DATE
    return local_words(webinar.starts_at, webinar.ends_at, zone)


def moment_words(moment: datetime) -> str:
    """« vendredi 20 novembre à 13 h », by the clocks of Paris."""
    local = moment.astimezone(PARIS)
    return f"{day_of_week(local.date())} à {hour(local.time())}"


def when_for(registration: Registration) -> str:
    return when_words(registration.webinar, ZoneInfo(registration.time_zone))


def delay_words(minutes: int) -> str:
    """« 1 jour », « 2 heures », « 15 minutes »: how long before the start."""
    if minutes % DAY == 0:
        return counted(minutes // DAY, "jour", "jours")
    if minutes % HOUR == 0:
        return counted(minutes // HOUR, "heure", "heures")
    return counted(minutes, "minute", "minutes")


def soon_words(minutes: int) -> str:
    """« demain », « dans 1 heure »: as a reminder says it in its subject."""
    return "demain" if minutes == DAY else f"dans {delay_words(minutes)}"


def programme_words(webinar: Webinar) -> list[str]:
    """One line per part: « Outils et supports (20 min), avec une militante de l’UD »."""
    lines = []
    for part in webinar.parts.all():
        minutes = f" ({part.minutes} min)" if part.minutes else ""
        speakers = f", avec {part.speakers}" if part.speakers else ""
        lines.append(f"{part.title}{minutes}{speakers}")
    return lines


def countdown_words(left: timedelta) -> str:
    """« 2 jours et 3 heures », « 12 minutes »: what is left before the door opens, rounded up."""
    minutes = max(-(-int(left.total_seconds()) // 60), 1)
    days, minutes = divmod(minutes, DAY)
    hours, minutes = divmod(minutes, HOUR)
    parts = [
        counted(number, one, many)
        for number, one, many in (
            (days, "jour", "jours"), (hours, "heure", "heures"), (minutes, "minute", "minutes"),
        )
        if number
    ]  # fmt: skip
    return " et ".join(parts[:2])
