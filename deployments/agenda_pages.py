"""What each page of the calendar shows, from the address that asked for it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString

from core.dates import day, day_of_week, day_of_year, month
from deployments import agenda_map_rules, agenda_rules
from deployments.agenda import (
    DAY,
    Day,
    Entry,
    days_between,
    fill_days,
    monday_of,
    month_bounds,
    next_month,
    previous_month,
)
from deployments.agenda_forms import AgendaFilterForm
from deployments.agenda_html import weeks_html
from deployments.agenda_map import map_lists
from organisations.models import User
from territory.maps import map_frame

VIEWS = {
    "mois": "Mois",
    "semaine": "Semaine",
    "liste": "Liste",
    "equipes": "Équipes",
    "carte": "Carte",
}
TEMPLATES = {
    "mois": "deployments/agenda/mois.html",
    "semaine": "deployments/agenda/semaine.html",
    "liste": "deployments/agenda/liste.html",
    "equipes": "deployments/agenda/equipes.html",
    "carte": "deployments/agenda/carte.html",
}
WHOLE, MAP = "campagne", "carte"
MONTH_ROOM, WEEK_ROOM = 3, 20
ROSTER_DAYS = 14
WEEK = timedelta(days=7)


def clean_query(data: Mapping[str, Any]) -> dict[str, str]:
    """What an address of the calendar may carry, and nothing else."""
    known = AgendaFilterForm.base_fields
    return {name: str(value)[:80] for name, value in data.items() if name in known and value}


@dataclass
class AgendaPage:
    """One page: `today` and `now` are the reader's."""

    user: User
    query: dict[str, str]
    form: AgendaFilterForm
    now: datetime
    today: date

    def __post_init__(self) -> None:
        self.base = reverse("deployments:list")
        self.view = self.query.get("vue", "")
        self.view = self.view if self.view in VIEWS else "mois"
        self.day = self.form.day(self.today)
        self.found = agenda_rules.calendar_deployments(self.user, self.form.choice())

    def address(self, **changes: str) -> str:
        kept = {name: value for name, value in (self.query | changes).items() if value}
        return f"{reverse('deployments:calendar')}?{urlencode(kept)}"

    def context(self, page: str | None) -> dict[str, Any]:
        """Everything the template of the view needs."""
        builders = {
            "mois": self._month, "semaine": self._week, "equipes": self._roster,
            "carte": self._map,
        }  # fmt: skip
        shown = self._list(page) if self.view == "liste" else builders[self.view]()
        return shown | {
            "view": self.view,
            "form": self.form,
            "filter_count": self.form.count,
            "query": urlencode(self.query),
            "base": self.base,
            "reset_url": f"{reverse('deployments:calendar')}?vue={self.view}",
            "tabs": [
                {"label": label, "url": self.address(vue=name), "current": name == self.view}
                for name, label in VIEWS.items()
            ],
        }

    def _around(self, before: date, after: date) -> dict[str, Any]:
        return {
            "previous_url": self.address(le=before.isoformat()),
            "next_url": self.address(le=after.isoformat()),
            "today_url": self.address(le=""),
        }

    def _weeks(self, first: date, last: date, room: int) -> list[list[Day]]:
        entries, totals = agenda_rules.entries_between(
            self.found, self.user, first, last, now=self.now, room=room
        )
        return fill_days(self._days(first, last), entries, totals, room=room)

    def _drawn(self, weeks: list[list[Day]]) -> SafeString:
        return weeks_html(weeks, base=self.base, more_url=self.address(vue="liste", le=""))

    def _days(self, first: date, last: date) -> list[Day]:
        holidays = agenda_rules.holidays_between(first, last)
        return [
            Day(one, is_today=one == self.today, holiday=holidays.get(one, ""))
            for one in days_between(first, last)
        ]

    def _month(self) -> dict[str, Any]:
        weeks = self._weeks(*month_bounds(self.day), MONTH_ROOM)
        for week in weeks:
            for one in week:
                one.is_outside = one.date.month != self.day.month
        around = self._around(previous_month(self.day), next_month(self.day))
        return around | {
            "weeks_html": self._drawn(weeks),
            "heading": month(self.day).capitalize(),
        }

    def _week(self) -> dict[str, Any]:
        first = monday_of(self.day)
        weeks = self._weeks(first, first + WEEK - timedelta(days=1), WEEK_ROOM)
        around = self._around(first - WEEK, first + WEEK)
        return around | {
            "weeks_html": self._drawn(weeks),
            "heading": _from_to(first, weeks[0][-1].date),
        }

    def _list(self, page: str | None) -> dict[str, Any]:
        numbers = agenda_rules.paginate_from(self.found, self.day, page)
        entries = agenda_rules.read_entries(list(numbers.object_list), self.user, now=self.now)
        by_day: dict[date, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_day[entry.first_day].append(entry)
        around = self._around(previous_month(self.day), next_month(self.day))
        return around | {
            "page_obj": numbers,
            "days": [
                (one, f"{day_of_week(one)} {one.year}".capitalize(), by_day[one])
                for one in sorted(by_day)
            ],
            "heading": f"À partir du {day(self.day)}",
        }

    def _roster(self) -> dict[str, Any]:
        first = monday_of(self.day)
        last = first + timedelta(days=ROSTER_DAYS - 1)
        entries = agenda_rules.roster_entries(self.found, self.user, first, last, now=self.now)
        people = agenda_rules.people_of(entries, self.user)
        days = self._days(first, last)
        around = self._around(first - WEEK, first + WEEK)
        return around | {
            "days": days,
            "organisations": organisation_rows(entries, days),
            "people": person_rows(entries, people, self._absences(people, days), days),
            "is_cut": len(entries) == agenda_rules.ROSTER_ENTRIES,
            "heading": _from_to(first, last),
        }

    def _map(self) -> dict[str, Any]:
        first, is_whole = self.day.replace(day=1), self.query.get("periode") == WHOLE
        if is_whole:
            spots, is_cut = agenda_map_rules.spots_of_campaign(self.found, self.user, now=self.now)
        else:
            spots, is_cut = agenda_map_rules.spots_between(
                self.found, self.user, first, next_month(first) - DAY, now=self.now
            )
        return {
            **self._around(previous_month(self.day), next_month(self.day)),
            "is_whole": is_whole,
            "whole_url": self.address(periode=WHOLE),
            "month_url": self.address(periode=""),
            "heading": "Toute la campagne" if is_whole else month(self.day).capitalize(),
            "is_cut": is_cut,
            "map": map_frame(),
            **map_lists(spots, self.base),
        }

    def _absences(
        self, people: list[agenda_rules.Presence], days: list[Day]
    ) -> list[agenda_rules.Presence]:
        accounts = {presence.person for presence in people}
        return agenda_rules.absences_of(accounts, days[0].date, days[-1].date)


def _from_to(first: date, last: date) -> str:
    return f"Du {day_of_year(first)} au {day(last)}"


@dataclass(frozen=True)
class Cell:
    """What one organisation or person does on one day."""

    day: Day
    entries: list[tuple[Entry, bool]]
    is_away: bool = False


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Cell]


def organisation_rows(entries: list[Entry], days: list[Day]) -> list[Row]:
    """A row per organisation that acts in these days, by name."""
    by_organisation: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_organisation[entry.organisation, entry.organisation_id].append(entry)
    return [
        Row(name, [Cell(one, [(each, True) for each in own if each.falls_on(one.date)])
                   for one in days])
        for (name, _), own in sorted(by_organisation.items())
        if any(each.falls_on(one.date) for each in own for one in days)
    ]  # fmt: skip


def person_rows(
    entries: list[Entry],
    people: list[agenda_rules.Presence],
    absences: list[agenda_rules.Presence],
    days: list[Day],
) -> list[Row]:
    """A row per person expected somewhere in these days; one not sure to come is marked so.

    Somebody expected on none of them, the night before or in another time zone, has no row.
    """
    by_number = {entry.pk: entry for entry in entries}
    names: dict[str, str] = {}
    expected: dict[tuple[str, date], list[tuple[Entry, bool]]] = defaultdict(list)
    for presence in people:
        entry = by_number.get(presence.deployment or 0)
        for one in days:
            is_there = not presence.days or one.date in presence.days
            if entry and is_there and entry.falls_on(one.date):
                names.setdefault(presence.person, presence.name)
                expected[presence.person, one.date].append((entry, presence.is_sure))
    away = {
        (presence.person, one.date)
        for presence in absences
        for one in days
        if presence.first_day and presence.last_day
        and presence.first_day <= one.date <= presence.last_day
    }  # fmt: skip
    return [
        Row(
            name,
            [
                Cell(one, expected[person, one.date], is_away=(person, one.date) in away)
                for one in days
            ],
        )
        for person, name in names.items()
    ]  # fmt: skip
