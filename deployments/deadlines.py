"""Until when an authority must have heard of an action: the rule of the place, its holidays."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from deployments.enums import Authority
from deployments.models import DeclarationRule
from territory.models import Commune, PublicHoliday

# No rule asks for more: the form of the rules says so too.
LONGEST = 120
SATURDAY = 5


@dataclass(frozen=True)
class Deadline:
    authority: Authority
    advised_on: date
    last_day: date


class Rules:
    """The rules and holidays of some places, read once."""

    def __init__(self, communes: Iterable[Commune], *, first: date, last: date) -> None:
        asked = {commune.pk: commune.departement_id for commune in communes}
        wanted = Q(departement=None, commune=None)
        wanted |= Q(commune__in=asked) | Q(departement__in=set(asked.values()))
        rules = DeclarationRule.objects.filter(wanted).order_by("pk")
        self._rules = {
            (rule.commune_id or rule.departement_id or "", rule.authority): rule for rule in rules
        }
        days = PublicHoliday.objects.filter(
            date__range=(first - timedelta(days=2 * LONGEST), last),
            area__in=["", *asked.values()],
        )
        self._holidays: dict[str, set[date]] = defaultdict(set)
        for area, day in days.order_by("pk").values_list("area", "date"):
            self._holidays[area].add(day)

    def rule_for(self, commune: Commune, authority: Authority) -> DeclarationRule | None:
        """The commune's rule, else its département's, else the one for everywhere."""
        places = (commune.pk, commune.departement_id, "")
        found = (self._rules.get((place, authority)) for place in places)
        return next((rule for rule in found if rule), None)

    def deadlines(self, commune: Commune, day: date) -> list[Deadline]:
        """Whom to tell of an action that begins on `day`, and until when."""
        holidays = self._holidays[""] | self._holidays[commune.departement_id]
        rules = [self.rule_for(commune, authority) for authority in Authority]
        return [
            Deadline(
                Authority(rule.authority),
                advised_on=_before(day, rule.advised_days_before, rule, holidays),
                last_day=_before(day, rule.days_before, rule, holidays),
            )
            for rule in rules
            if rule and rule.is_needed
        ]


def _before(day: date, days: int, rule: DeclarationRule, holidays: Collection[date]) -> date:
    if rule.counts_working_days:
        return working_days_before(day, days, holidays)
    return last_working_day(day - timedelta(days=days), holidays)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def last_working_day(day: date, holidays: Collection[date]) -> date:
    """`day`, or the working day before it: a closed office receives nothing."""
    while not is_working_day(day, holidays):
        day -= timedelta(days=1)
    return day


def working_days_before(day: date, count: int, holidays: Collection[date]) -> date:
    """`count` working days before `day`, which itself does not count."""
    day = last_working_day(day, holidays) if not count else day
    while count:
        day = last_working_day(day - timedelta(days=1), holidays)
        count -= 1
    return day
