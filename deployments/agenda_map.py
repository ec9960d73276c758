"""The actions of a map as lists by département; the page puts on the map what they say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from deployments.agenda import Entry

# Up to that many actions, the lists are open.
FEW = 30
# What a pin says by its shape and its colour, in the order of the legend.
TONES = {
    "coming": "À venir",
    "late": "Déclaration en retard ou refusée",
    "idea": "Idée",
    "over": "Passée",
    "cancelled": "Annulée",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """An action and where a map shows it; `point` is a latitude and a longitude."""

    entry: Entry
    departement: str
    point: tuple[float, float] | None


@dataclass(frozen=True)
class SpotList:
    name: str
    count: int
    # Its items as HTML, written at once as the days of a month are.
    items: SafeString


def map_lists(spots: Sequence[Spot], base: str) -> dict[str, Any]:
    """What the page of the map shows; `base` begins the address of every action."""
    by_departement: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        if spot.point:
            by_departement[spot.departement].append(spot)
    nowhere = [spot for spot in spots if not spot.point]
    shown = {spot.entry.tone for spot in spots}
    return {
        "total": len(spots),
        "departements": [
            _list(name, by_departement[name], base) for name in sorted(by_departement)
        ],
        "nowhere": _list("Sans position sur la carte", nowhere, base) if nowhere else None,
        "is_open": len(spots) <= FEW,
        "legend": [(tone, words) for tone, words in TONES.items() if tone in shown],
    }


def _list(name: str, spots: Iterable[Spot], base: str) -> SpotList:
    items = [_item(spot, base) for spot in spots]
    return SpotList(name, len(items), mark_safe("".join(items)))  # noqa: S308 - escaped


def _item(spot: Spot, base: str) -> str:
    entry = spot.entry
    point = f' data-point="{spot.point[0]:.5f},{spot.point[1]:.5f}"' if spot.point else ""
    urgent = " data-urgent" if entry.tone == "late" else ""
    where = " – ".join(filter(None, [entry.where, entry.organisation]))
    guest = f" – en présence de {entry.guest}" if entry.guest else ""
    said = ", ".join(filter(None, ["passée" if entry.tone == "over" else "", entry.states]))
    states = f'<p class="spot__states">{said.capitalize()}</p>' if said else ""
    return (
        f'<li class="spot"{point}{urgent}><span class="pin pin--{entry.tone}"></span>'
        f'<div class="spot__what"><a href="{base}{entry.pk}/">{escape(entry.title)}</a>'
        f"<p>{entry.when}</p><p>{escape(where)}{escape(guest)}</p>{states}</div></li>"
    )
