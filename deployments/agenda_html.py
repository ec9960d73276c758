"""The actions of a day as HTML: a month shows hundreds, and a template costs ten times as much."""

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from deployments.agenda import Entry, Line

LEVEL = '<li class="event event--none" aria-hidden="true"></li>'


def events_html(lines: Iterable[Line], base: str) -> SafeString:
    """The list of a day; `base` begins the address of every action."""
    items = "".join(_item(line, line.entry, base) if line.entry else LEVEL for line in lines)
    return mark_safe(f'<ul class="events">{items}</ul>' if items else "")  # noqa: S308 - escaped


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
