"""The days of a calendar and what stands in each: nothing here asks the database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from core.dates import day_of_week, day_of_year, hour, short_day
from deployments.enums import DeclarationAlert, Stage

DAY = timedelta(days=1)
# A thousand actions fall on a few days, and these pages speak French only.
_day_in_words = lru_cache(maxsize=366)(day_of_week)
# An action of a night belongs to the evening it begins.
NIGHT = timedelta(hours=12)
ALARMS: dict[str, str] = {
    DeclarationAlert.LATE: "trop tard pour déclarer",
    DeclarationAlert.REFUSED: "déclaration refusée",
    DeclarationAlert.DUE: "déclaration à envoyer maintenant",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An action as a calendar shows it; its hours are those on the wall where it takes place."""

    pk: int
    title: str
    stage: str
    starts: datetime
    ends: datetime
    where: str
    organisation: str
    organisation_id: int
    guest: str
    revision: int
    is_over: bool
    # The `DeclarationAlert`, if any.
    declaration: str
    lacks_somebody: bool
    is_movable: bool = False
    first_day: date = field(init=False)
    last_day: date = field(init=False)

    def __post_init__(self) -> None:
        # Read many times for each page.
        object.__setattr__(self, "first_day", self.starts.date())
        is_night = self.ends - self.starts <= NIGHT
        end = self.starts if is_night else self.ends - timedelta(microseconds=1)
        object.__setattr__(self, "last_day", end.date())

    @property
    def is_long(self) -> bool:
        """Whether it is a bar over several days."""
        return self.last_day > self.first_day

    @property
    def starts_hour(self) -> str:
        return hour(self.starts.time())

    @property
    def hours(self) -> str:
        return f"{hour(self.starts.time())} – {hour(self.ends.time())}"

    @property
    def when(self) -> str:
        """Its days and hours, away from a calendar."""
        first = _day_in_words(self.first_day)
        if not self.is_long:
            return f"{first}, {self.hours}"
        return f"du {first} au {_day_in_words(self.last_day)}, {self.hours}"

    @property
    def last_label(self) -> str:
        return day_of_year(self.last_day)

    @property
    def tone(self) -> str:
        """What its colour says, told in `states` as well."""
        if self.stage == Stage.CANCELLED:
            return "cancelled"
        if self.declaration in (DeclarationAlert.LATE, DeclarationAlert.REFUSED):
            return "late"
        if self.stage == Stage.IDEA:
            return "idea"
        return "over" if self.is_over else "coming"

    @property
    def states(self) -> str:
        said = {
            "annulée": self.stage == Stage.CANCELLED,
            "idée": self.stage == Stage.IDEA,
            ALARMS.get(self.declaration, ""): self.declaration in ALARMS,
            "équipe incomplète": self.lacks_somebody,
        }
        return ", ".join(words for words, holds in said.items() if holds)

    def falls_on(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def falls_between(self, first: date, last: date) -> bool:
        return self.first_day <= last and self.last_day >= first


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a day: an action, or its part that lies on this day. Empty, it keeps bars level."""

    entry: Entry | None = None
    goes_on_before: bool = False
    goes_on_after: bool = False
    is_named: bool = True


@dataclass(slots=True)
class Day:
    date: date
    is_today: bool = False
    is_outside: bool = False
    holiday: str = ""
    lines: list[Line] = field(default_factory=list)
    total: int = 0

    @property
    def label(self) -> str:
        return _day_in_words(self.date)

    @property
    def short_label(self) -> str:
        return short_day(self.date)

    @property
    def iso(self) -> str:
        return self.date.isoformat()

    @property
    def hidden(self) -> int:
        """How many actions of the day do not fit."""
        return self.total - sum(line.entry is not None for line in self.lines)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_between(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def month_bounds(day: date) -> tuple[date, date]:
    """From the Monday before the first of the month to the Sunday after its last day."""
    first = day.replace(day=1)
    last = next_month(first) - DAY
    return monday_of(first), monday_of(last) + timedelta(days=6)


def next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def previous_month(day: date) -> date:
    return (day.replace(day=1) - DAY).replace(day=1)


def fill_days(
    days: Iterable[Day], entries: Sequence[Entry], totals: Mapping[date, int], *, room: int
) -> list[list[Day]]:
    """Put the entries in the weeks of `days`, `room` lines a day: bars first, kept level.

    `totals` counts the actions of one day, those that were not even read included.
    """
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        if not entry.is_long:
            by_day[entry.first_day].append(entry)
    long = sorted(
        (entry for entry in entries if entry.is_long),
        key=lambda entry: (entry.first_day, -(entry.last_day - entry.first_day), entry.pk),
    )
    everything = list(days)
    spanning: Counter[date] = Counter()
    for entry in long:
        spanning.update(days_between(entry.first_day, entry.last_day))
    weeks = [everything[start : start + 7] for start in range(0, len(everything), 7)]
    for week in weeks:
        lanes = _lanes(week, long, room - 1)
        for place, day in enumerate(week):
            bars = [lane[place] for lane in lanes]
            while bars and bars[-1].entry is None:
                bars.pop()
            singles = [Line(entry) for entry in by_day[day.date][: room - len(bars)]]
            day.lines = bars + singles
            day.total = spanning[day.date] + totals.get(day.date, len(by_day[day.date]))
    return weeks


def _lanes(week: Sequence[Day], long: Sequence[Entry], room: int) -> list[list[Line]]:
    """For each line of the week, what lies on each of its days."""
    lanes: list[list[Line]] = []
    first, last = week[0].date, week[-1].date
    for entry in long:
        if entry.last_day < first or entry.first_day > last:
            continue
        covered = [place for place, day in enumerate(week) if entry.falls_on(day.date)]
        free = (lane for lane in lanes if all(lane[place].entry is None for place in covered))
        lane = next(free, None)
        if lane is None:
            if len(lanes) == room:
                continue
            lane = [Line() for _ in week]
            lanes.append(lane)
        for place in covered:
            day = week[place].date
            lane[place] = Line(
                entry, entry.first_day < day, entry.last_day > day, is_named=place == covered[0]
            )
    return lanes
