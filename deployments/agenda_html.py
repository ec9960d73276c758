"""Days and their actions as HTML: a month shows hundreds, and templates cost ten times as much."""

from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from deployments.agenda import Day, Entry, Line

LEVEL = '<li class="event event--none" aria-hidden="true"></li>'


def weeks_html(weeks: Iterable[Sequence[Day]], *, base: str, more_url: str) -> SafeString:
    """The weeks of a calendar, a list each.

    `base` begins the address of every action; `more_url` is that of the list of a day's actions.
    """
    more = escape(more_url)
    lists = ("".join(_day(day, base, more) for day in week) for week in weeks)
    return mark_safe("".join(f'<ol class="week">{days}</ol>' for days in lists))  # noqa: S308 - escaped


def _day(day: Day, base: str, more_url: str) -> str:
    states = {"outside": day.is_outside, "today": day.is_today, "empty": not day.total}
    classes = "".join(f" day--{name}" for name, holds in states.items() if holds)
    today = " (aujourd’hui)" if day.is_today else ""
    holiday = f' <span class="day__holiday">{escape(day.holiday)}</span>' if day.holiday else ""
    items = "".join(_item(line, line.entry, base) if line.entry else LEVEL for line in day.lines)
    events = f'<ul class="events">{items}</ul>' if items else ""
    more = (
        f'<a class="day__more" href="{more_url}&amp;le={day.iso}">{day.hidden} de plus'
        f'<span class="visually-hidden"> le {day.label}</span></a>'
        if day.hidden
        else ""
    )
    return (
        f'<li class="day{classes}" data-day="{day.iso}"><h3 class="day__name">'
        f'<span class="day__number" aria-hidden="true">{day.date.day}</span>'
        f'<span class="day__label">{day.label}{today}</span>{holiday}</h3>{events}{more}</li>'
    )


def _item(line: Line, entry: Entry, base: str) -> str:
    address = f"{base}{entry.pk}/"
    hour = "" if entry.is_long else f'<span class="event__hour">{entry.starts_hour}</span> '
    again = "" if line.is_named else " event__title--again"
    states = f' <span class="event__states">({entry.states})</span>' if entry.states else ""
    return (
        f'<li class="event event--{entry.tone}{_shape(line, entry)}">'
        f'<a href="{address}"{_hold(entry, address)}>{hour}'
        f'<span class="event__title{again}">{escape(entry.title)}</span> '
        f'<span class="event__where">{escape(entry.where)}</span>{states}</a></li>'
    )


def _shape(line: Line, entry: Entry) -> str:
    if not entry.is_long:
        return ""
    before = " event--from" if line.goes_on_before else ""
    return f" event--long{before}{' event--on' if line.goes_on_after else ''}"


def _hold(entry: Entry, address: str) -> str:
    """What dragging it needs to know."""
    if not entry.is_movable:
        return ""
    return (
        f' draggable="true" data-move="{address}deplacer/" data-first="{entry.first_day}" '
        f'data-revision="{entry.revision}"'
    )
