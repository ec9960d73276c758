"""Dates of a campaign in plain French."""

from collections.abc import Iterable
from datetime import date

from campaigns.models import Milestone
from core.dates import day, day_of_year

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def milestone_dates(milestone: Milestone) -> str:
    """“25 novembre 2024”, “du 2 au 27 septembre 2024”, “du 25 novembre au 9 décembre 2024”;
    “entre le … et le …” when the dates are only roughly known.
    """
    first, last = day(milestone.starts_on), day(milestone.ends_on)
    if milestone.starts_on == milestone.ends_on:
        return f"vers le {first}" if milestone.is_approximate else first
    if milestone.starts_on.year == milestone.ends_on.year:
        first = day_of_year(milestone.starts_on)
        if milestone.starts_on.month == milestone.ends_on.month:
            first = first.split()[0]
    if milestone.is_approximate:
        return f"entre le {first} et le {last}"
    return f"du {first} au {last}"


def milestone_lines(milestones: Iterable[Milestone], today: date) -> list[dict[str, str]]:
    """Lines of the timeline component: past, under way, to come."""
    return [
        {
            "title": milestone.label,
            "date": milestone_dates(milestone),
            "state": _state(milestone, today),
        }
        for milestone in milestones
    ]


def _state(milestone: Milestone, today: date) -> str:
    if milestone.ends_on < today:
        return "done"
    return "current" if milestone.starts_on <= today else ""


def weekdays(numbers: Iterable[int]) -> str:
    """“du lundi au vendredi” for consecutive days, else the days one by one."""
    days = sorted(set(numbers))
    if not days:
        return ""
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"du {DAYS[days[0] - 1]} au {DAYS[days[-1] - 1]}"
    return ", ".join(DAYS[number - 1] for number in days)
