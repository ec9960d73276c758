"""Hours told where they are lived: who is overseas reads theirs, with those of Paris beside."""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from core.dates import NBSP, day_of_week, hour

PARIS = ZoneInfo("Europe/Paris")
PLACES = {
    "Europe/Paris": "à Paris",
    "America/Guadeloupe": "en Guadeloupe",
    "America/Martinique": "en Martinique",
    "America/Cayenne": "en Guyane",
    "Indian/Reunion": f"à La{NBSP}Réunion",
    "Indian/Mayotte": "à Mayotte",
    "America/Miquelon": "à Saint-Pierre-et-Miquelon",
    "America/St_Barthelemy": "à Saint-Barthélemy",
    "America/Marigot": "à Saint-Martin",
    "Pacific/Wallis": "à Wallis-et-Futuna",
    "Pacific/Tahiti": "en Polynésie française",
    "Pacific/Noumea": "en Nouvelle-Calédonie",
}
ELSEWHERE = "chez vous"


def zone_or_paris(name: str) -> ZoneInfo:
    """The zone a browser or a form names; that of Paris when there is none of that name."""
    return ZoneInfo(name) if name in _known_zones() else PARIS


def differs_from_paris(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks there and in Paris show different hours at `moment`."""
    return moment.astimezone(zone).utcoffset() != moment.astimezone(PARIS).utcoffset()


def span_words(start: datetime, end: datetime, zone: ZoneInfo = PARIS) -> str:
    """« vendredi 20 novembre, 13 h – 14 h », by the clocks of `zone`."""
    return f"{day_of_week(start.astimezone(zone).date())}, {hours_words(start, end, zone)}"


def hours_words(start: datetime, end: datetime, zone: ZoneInfo = PARIS) -> str:
    """« 13 h – 14 h », by the clocks of `zone`."""
    return f"{hour(start.astimezone(zone).time())}{NBSP}– {hour(end.astimezone(zone).time())}"


def local_words(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """As `span_words`; where clocks differ, « …, 16 h – 17 h à La Réunion (13 h – 14 h à Paris) ».

    The day of Paris is told too where it is another one.
    """
    own = span_words(start, end, zone)
    if not differs_from_paris(start, zone):
        return own
    is_same_day = start.astimezone(zone).date() == start.astimezone(PARIS).date()
    in_paris = hours_words(start, end) if is_same_day else span_words(start, end)
    return f"{own} {place_words(zone)} ({in_paris} {PLACES[PARIS.key]})"


def place_words(zone: ZoneInfo) -> str:
    """« à La Réunion »; « chez vous » for a zone without a name of ours."""
    return PLACES.get(zone.key, ELSEWHERE)


@cache
def _known_zones() -> frozenset[str]:
    """Read once: they are files."""
    return frozenset(available_timezones())
