"""Draws field actions: the real ones of the edition, and others that could have been."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from campaigns.loading import REFERENCE_EDITION
from campaigns.models import Campaign
from organisations.enums import Kind
from organisations.models import Organisation
from territory.models import Commune

STREET: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "street.json").read_text(encoding="utf-8")
)
GUEST = "la secrétaire générale"
SUNDAY = 6
DAY, EVENING = time(9), time(17)
# The personas of the demonstration look around Caen: this many actions are theirs.
NEAR_CAEN, NEXT_DOOR = 30, 10


@dataclass
class Planned:
    """An action to come into being: where, when, what for and by whom."""

    organisation: Organisation
    commune: Commune
    title: str
    slots: list[tuple[datetime, datetime]]
    kind: dict[str, Any]
    guest: str = ""
    spot: str = ""
    objective_count: int = 0
    trades: list[str] = field(default_factory=list)

    @property
    def starts_at(self) -> datetime:
        return self.slots[0][0]

    @property
    def ends_at(self) -> datetime:
        return self.slots[-1][1]


class Street:
    """Draws from a fixed seed: the same actions every time."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.random = random.Random(1884)  # noqa: S311 – a demonstration, not a secret
        self.kinds: list[dict[str, Any]] = STREET["kinds"]

    @cached_property
    def unions(self) -> dict[str, Organisation]:
        """The departmental unions by the code of their département."""
        found = Organisation.objects.filter(kind=Kind.UD).order_by("slug")
        return {str(one.departement_id): one for one in found}

    @cached_property
    def communes(self) -> dict[str, list[Commune]]:
        """The communes of each département where one meets somebody, the biggest first."""
        by_departement: dict[str, list[Commune]] = {}
        found = Commune.objects.filter(population__gte=1500).select_related("departement")
        for commune in found.order_by("-population", "pk"):
            by_departement.setdefault(commune.departement_id, []).append(commune)
        return by_departement

    def draw(self, count: int, local_union: Organisation) -> Iterator[Planned]:
        """The real actions, then others up to `count`, some around the local union."""
        real = list(self.real_actions())
        yield from real
        around = list(local_union.communes.select_related("departement").order_by("pk"))
        for number in range(count - len(real)):
            if number < NEAR_CAEN:
                here = around if number % 3 else self.communes["14"][:20]
                union = local_union if number % 3 else self.unions["14"]
                yield self._action(union, here)
            else:
                code = "50" if number < NEAR_CAEN + NEXT_DOOR else self._departement()
                yield self._action(self.unions[code], self.communes[code][:25])

    def real_actions(self) -> Iterator[Planned]:
        """Those of the edition's file, moved as far as the campaign was."""
        content = json.loads(REFERENCE_EDITION.read_text(encoding="utf-8"))
        opened = date.fromisoformat(content["campaign"]["vote_opens"])
        moved = self.campaign.vote_opens - opened
        kind = next(one for one in self.kinds if one["type"] == "point-fixe")
        for row in content["deployments"]:
            first, last = (date.fromisoformat(row[name]) + moved for name in ("from", "to"))
            commune = self._named(row["commune"], row["ud"])
            where = row.get("place", row["commune"])
            word = "Journée de déploiement" if first == last else "Déploiement"
            yield Planned(
                organisation=self.unions[row["ud"]],
                commune=commune,
                title=f"{word} à {where}",
                slots=list(_days(first, last, commune)),
                kind=kind,
                guest=GUEST if row.get("with_general_secretary") else "",
                spot=row.get("place", ""),
                objective_count=150 if row.get("with_general_secretary") else 80,
                trades=kind["trades"],
            )

    @staticmethod
    def _named(name: str, departement: str) -> Commune:
        """The commune of that name in the département, else the biggest one anywhere."""
        found = Commune.objects.filter(name=name).select_related("departement")
        near = found.filter(departement=departement).first()
        return near or found.order_by("-population", "pk")[0]

    def _departement(self) -> str:
        codes = [code for code in self.unions if code in self.communes]
        return self.random.choice(codes)

    def _action(self, organisation: Organisation, communes: list[Commune]) -> Planned:
        weights = [kind["weight"] for kind in self.kinds]
        kind = self.random.choices(self.kinds, weights)[0]
        commune = self.random.choice(communes)
        spot = self.random.choice(kind["spots"])
        trades = list(kind["trades"])
        return Planned(
            organisation=organisation,
            commune=commune,
            title=f"{spot}, {commune.name}",
            slots=[self._slot(kind, commune)],
            kind=kind,
            spot=spot,
            objective_count=self.random.choice((10, 15, 20, 30, 50)),
            trades=self.random.sample(trades, k=min(len(trades), self.random.choice((1, 1, 2)))),
        )

    def _slot(self, kind: dict[str, Any], commune: Commune) -> tuple[datetime, datetime]:
        """Hours of the kind on one of its weekdays, more of them as the vote comes near."""
        begins = self.campaign.collection_opens + timedelta(days=7)
        span = (self.campaign.vote_closes - begins).days
        drawn = begins + timedelta(days=int(span * self.random.random() ** 0.7))
        weekday = self.random.choice(kind["days"])
        on = min(drawn - timedelta(days=drawn.weekday() - weekday), self.campaign.vote_closes)
        begins_at, ends_at = (time.fromisoformat(kind[name]) for name in ("from", "to"))
        return _slot(on, begins_at, ends_at, commune)


def _days(first: date, last: date, commune: Commune) -> Iterator[tuple[datetime, datetime]]:
    """A slot a day; the Sundays between the first and the last day are free."""
    for number in range((last - first).days + 1):
        on = first + timedelta(days=number)
        if on.weekday() != SUNDAY or on in (first, last):
            yield _slot(on, DAY, EVENING, commune)


def _slot(on: date, begins: time, ends: time, commune: Commune) -> tuple[datetime, datetime]:
    zone = ZoneInfo(commune.departement.time_zone)
    return datetime.combine(on, begins, tzinfo=zone), datetime.combine(on, ends, tzinfo=zone)
