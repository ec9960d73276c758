"""How many packs to order: from the actions to come, what was used lately, and what is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from campaigns import clock
from core.dates import day
from core.text import counted
from materials.enums import ItemKind
from materials.hooks import Need, planned_needs
from materials.models import Item, Location
from materials.stock_rules import RECENT, StockRow, stock_rows
from organisations.models import Organisation

AHEAD = timedelta(days=15)
# From the order to the stand: decided, prepared, carried.
DELIVERY = timedelta(days=7)
# Copies per worker an action hopes to meet: most people take a leaflet, few leave their number.
PER_WORKER = {ItemKind.LEAFLET: 5, ItemKind.FLYER: 5, ItemKind.FORM: 1}
# Copies per action, whatever its size.
PER_ACTION = {ItemKind.POSTER: 10, ItemKind.STICKER: 20, ItemKind.GUIDE: 20}
# Of an action for which nobody said how many.
USUAL_WORKERS = 50
MOST_WARNINGS = 3


@dataclass(frozen=True)
class Suggestion:
    packs: int
    reason: str


@dataclass(frozen=True)
class Outlook:
    """The actions to come of an organisation, and until when to order for each."""

    needs: Sequence[Need]
    today: date

    @property
    def workers(self) -> int:
        return sum(need.workers or USUAL_WORKERS for need in self.needs)

    @property
    def words(self) -> str:
        """« 3 actions dans 15 jours, ~400 salarié·es visé·es »."""
        number = counted(len(self.needs), "action", "actions")
        return f"{number} dans les {AHEAD.days} jours, ~{self.workers} salarié·es visé·es"

    @property
    def warnings(self) -> list[str]:
        """What must be ordered now, or comes too late."""
        return [words for need in self.needs if (words := self._warning(need))][:MOST_WARNINGS]

    def _warning(self, need: Need) -> str:
        last = need.on - DELIVERY
        if last < self.today:
            return f"« {need.title} », le {day(need.on)} : moins d’une semaine, appelez d’abord."
        if last - self.today <= timedelta(days=3):
            return f"« {need.title} », le {day(need.on)} : commandez avant le {day(last)}."
        return ""


def outlook_of(organisation: Organisation) -> Outlook:
    today = clock.today()
    return Outlook(planned_needs([organisation.pk], today, today + AHEAD), today)


def suggest(
    organisation: Organisation, items: Sequence[Item], outlook: Outlook
) -> Mapping[int, Suggestion]:
    """By item, what to order; nothing for what is there already."""
    own = Location.objects.filter(organisation=organisation, kind=organisation.kind).first()
    # Packs may be on the road to a stock that does not exist yet.
    rows = stock_rows([own or Location(pk=0, organisation=organisation)], items)
    found = {row.item.pk: _suggestion(row, outlook) for row in rows if row.item.is_orderable}
    return {pk: suggestion for pk, suggestion in found.items() if suggestion.packs}


def _suggestion(row: StockRow, outlook: Outlook) -> Suggestion:
    kind, size = ItemKind(row.item.kind), row.item.pack_size or 1
    copies = outlook.workers * PER_WORKER.get(kind, 0)
    copies += len(outlook.needs) * PER_ACTION.get(kind, 0)
    for_actions = ceil(copies / size) if row.item.trade_id is None else 0
    by_habit = ceil(row.used * AHEAD.days / RECENT.days)
    packs = max(for_actions, by_habit) - max(row.left, 0) - row.coming
    reason = outlook.words if for_actions >= by_habit else "au rythme des dernières semaines"
    return Suggestion(max(packs, 0), reason)
