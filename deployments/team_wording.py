"""What is said of an action to its team, and of who is missing to those who manage it."""

import re
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from core.dates import day_of_week, hour
from deployments.bookings import Clash
from deployments.models import Deployment, Shift, TeamMember

# The seven-bit alphabet of SMS has none of these: one of them and the message costs twice as much.
PLAIN = str.maketrans(
    {
        "’": "'", "«": '"', "»": '"', "–": "-", "·": ".", "…": "...", "\u00a0": " ", "\u202f": " ",
        "œ": "oe", "ê": "e", "ë": "e", "î": "i", "ï": "i", "ô": "o", "û": "u", "â": "a", "ç": "c",
        "Ê": "E", "È": "E", "À": "A",
    }
)  # fmt: skip

QUOTED = re.compile(r"«\s*(.*?)\s*»")


def shift_words(shift: Shift, zone: ZoneInfo) -> str:
    """« samedi 28 novembre, 9 h – 12 h », by the hours of the place."""
    start, end = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
    label = f" ({shift.label})" if shift.label else ""
    return f"{day_of_week(start.date())}, {hour(start.time())} – {hour(end.time())}{label}"


def when_words(shifts: Sequence[Shift], zone: ZoneInfo) -> str:
    """The first shift, and how many follow; the date may not be chosen yet."""
    if not shifts:
        return "date à venir"
    first = shift_words(shifts[0], zone)
    others = len(shifts) - 1
    if not others:
        return first
    return (
        f"{first}, et {others} autre{'s' if others > 1 else ''} créneau{'x' if others > 1 else ''}"
    )


def where_words(deployment: Deployment) -> str:
    """« Place Saint-Sauveur, Caen »; empty while nobody knows."""
    place, commune = deployment.place, deployment.commune
    parts = [place.name if place else "", commune.name if commune else ""]
    return ", ".join(part for part in parts if part)


def facts_words(deployment: Deployment, shifts: Sequence[Shift]) -> str:
    """When and where, as far as one knows."""
    told = (when_words(shifts, deployment.zone), where_words(deployment))
    return ", ".join(part for part in told if part)


def thanks_words(deployment: Deployment) -> str:
    """What somebody taken off a team reads."""
    facts = facts_words(deployment, list(deployment.shifts.all()))
    return (
        f"Vous n’êtes plus attendu·e à « {deployment.title} » ({facts}). "
        f"{deployment.organisation.name} vous remercie de vous être proposé·e. "
        "À une prochaine fois !"
    )


def taken_words(clash: Clash, zone: ZoneInfo) -> str:
    """« déjà pris·e ailleurs le samedi 28 novembre de 9 h à 12 h »: when, never where."""
    start, end = clash.starts_at.astimezone(zone), clash.ends_at.astimezone(zone)
    hours = f"de {hour(start.time())} à {hour(end.time())}"
    return f"déjà pris·e ailleurs le {day_of_week(start.date())} {hours}"


def listed(words: Iterable[str]) -> str:
    """« une, deux et trois »."""
    *firsts, last = list(words)
    return f"{', '.join(firsts)} et {last}" if firsts else last


def in_sms(text: str) -> str:
    """The text on one line, in letters that an SMS carries cheaply."""
    quoted = QUOTED.sub(r'"\1"', text)
    return " ".join(quoted.translate(PLAIN).split())


def sms_text(member: TeamMember, text: str, link: str = "") -> str:
    """« Sacha, … », with the person's link and the way to stop."""
    told = in_sms(f"{member.first_name}, {text[:1].lower()}{text[1:]}")
    return " ".join(part for part in (told, link, "STOP : ne plus recevoir de SMS.") if part)
