"""What one should know of the hours chosen. It only warns: local people know better."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from core.dates import day_of_week
from deployments.enums import Weekday
from deployments.shifts import Slot

FILE = Path(__file__).parent / "data" / "hours_of_trades.json"


@dataclass(frozen=True)
class Habit:
    """When people of some trades are hard to meet, in hours of the place."""

    trades: frozenset[str]
    publics: frozenset[str]
    weekdays: frozenset[int]
    starts: time
    ends: time
    words: str

    def concerns(self, public: str, trades: Iterable[str]) -> bool:
        return public in self.publics or not self.trades.isdisjoint(trades)

    def covers(self, moment: datetime) -> bool:
        return moment.isoweekday() in self.weekdays and self.starts <= moment.time() < self.ends


@dataclass(frozen=True)
class Surroundings:
    """What is known of the days and the people around an action."""

    zone: ZoneInfo
    public: str = ""
    trades: frozenset[str] = frozenset()
    # Day and name.
    holidays: tuple[tuple[date, str], ...] = ()
    # First and last day, and name.
    school_holidays: tuple[tuple[date, date, str], ...] = ()
    # Those of the place; empty when nobody has said.
    market_days: tuple[int, ...] = ()


@cache
def habits() -> tuple[Habit, ...]:
    """The habits of trades that the product knows."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))["habits"]
    return tuple(
        Habit(
            frozenset(row.get("trades", ())), frozenset(row.get("publics", ())),
            frozenset(row["weekdays"]), time.fromisoformat(row["from"]),
            time.fromisoformat(row["to"]), row["words"],
        )
        for row in rows
    )  # fmt: skip


def warnings_about(slots: Sequence[Slot], around: Surroundings) -> list[str]:
    """What to know of each day, in order; nothing twice."""
    found: list[str] = []
    for slot in sorted(slots, key=lambda one: one.starts_at):
        found += _about(slot, around)
    return list(dict.fromkeys(found))


def _about(slot: Slot, around: Surroundings) -> list[str]:
    starts = slot.starts_at.astimezone(around.zone)
    middle = (slot.starts_at + (slot.ends_at - slot.starts_at) / 2).astimezone(around.zone)
    when = day_of_week(starts.date())
    told = [
        f"{_the(when)} est férié à cet endroit : {name}."
        for holiday, name in around.holidays
        if holiday == starts.date()
    ]
    told += [
        f"{_the(when)} tombe pendant les vacances scolaires : {name}."
        for first, last, name in around.school_holidays
        if first <= starts.date() <= last
    ]
    if around.market_days:
        told.append(_market(starts, when, around.market_days))
    told += [
        f"{_the(when)} : {habit.words}"
        for habit in habits()
        if habit.concerns(around.public, around.trades) and habit.covers(middle)
    ]
    return told


def _market(starts: datetime, when: str, market_days: tuple[int, ...]) -> str:
    if starts.isoweekday() in market_days:
        return f"{_the(when)} est jour de marché à cet endroit."
    days = " et ".join(f"le {Weekday(one).label}" for one in sorted(market_days))
    return f"{_the(when)} n’est pas jour de marché à cet endroit : c’est {days}."


def _the(day: str) -> str:
    return f"Le {day}"
