"""Plausible people who do not exist: numbers reserved for fiction, addresses that cannot exist."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate
from pathlib import Path

from contacts.enums import CaptureMethod
from contacts.models import Source
from deployments.models import Deployment
from organisations.enums import Kind
from territory.models import Commune, Departement, Trade

FIRST_NAMES = (
    (Path(__file__).parent / "data" / "first_names.txt").read_text(encoding="utf-8").splitlines()
)
# Trades met most often in the street; the others share the rest.
COMMON_TRADES = {
    "assistante-maternelle": 14,
    "employe-maison": 8,
    "cuisinier": 8,
    "coiffeur": 7,
    "boulanger": 7,
    "macon": 6,
    "plombier-electricien": 5,
    "vendeur-non-alimentaire": 5,
    "vendeur-habillement": 4,
    "garagiste": 4,
    "preparateur-pharmacie": 4,
    "garde-enfants": 4,
    "estheticien": 3,
    "assistant-dentaire": 3,
    "comptable": 3,
}


@dataclass(frozen=True)
class Person:
    first_name: str
    phone: str
    email: str
    trade: Trade
    agreement: str | None
    postcode: str
    commune: Commune
    met_at: datetime
    source: Source
    method: CaptureMethod
    channels: tuple[str, ...]


class Population:
    """Draws people where people live, from a fixed seed: the same demonstration every time."""

    def __init__(
        self,
        *,
        sources: list[Source],
        begins: datetime,
        ends: datetime,
        actions: Iterable[Deployment] = (),
    ) -> None:
        self.random = random.Random(2024)  # noqa: S311 – a demonstration, not a secret
        self.begins, self.ends = begins, ends
        self.actions = list(actions)
        self.by_departement: dict[str, list[Source]] = {}
        for source in sources:
            organisation = source.organisation
            place = organisation.parent if organisation.kind == Kind.UL else organisation
            key = (place.departement_id if place else None) or ""
            self.by_departement.setdefault(key, []).append(source)

    @cached_property
    def communes(self) -> tuple[list[Commune], list[int]]:
        rows = [
            commune
            for commune in Commune.objects.select_related("departement").order_by("pk")
            if commune.postcodes and commune.population
        ]
        return rows, list(accumulate(commune.population for commune in rows))

    @cached_property
    def trades(self) -> tuple[list[tuple[Trade, str | None]], list[int]]:
        rows = list(Trade.objects.in_use().prefetch_related("agreement_ranks"))
        pairs = []
        for trade in rows:
            first = next(iter(trade.agreement_ranks.all()), None)
            pairs.append((trade, first.agreement_id if first else None))
        return pairs, list(accumulate(COMMON_TRADES.get(trade.pk, 1) for trade in rows))

    def draw(self, count: int) -> Iterator[Person]:
        for number in range(count):
            yield self._person(number)

    def _person(self, number: int) -> Person:
        communes, weights = self.communes
        action = self._action()
        commune = action.commune if action else None
        commune = commune or self.random.choices(communes, cum_weights=weights)[0]
        trades, trade_weights = self.trades
        trade, agreement = self.random.choices(trades, cum_weights=trade_weights)[0]
        first_name = self.random.choice(FIRST_NAMES)
        has_phone = self.random.random() < 0.86
        has_email = not has_phone or self.random.random() < 0.45
        source, met_at = self._source(commune.departement), self._moment()
        if action:
            source, met_at = action.source, self._moment_of(action)
        return Person(
            first_name=first_name,
            phone=self._phone() if has_phone else "",
            email=f"contact{number}@demo.invalid" if has_email else "",
            trade=trade,
            agreement=agreement,
            postcode=self.random.choice(commune.postcodes),
            commune=commune,
            met_at=met_at,
            source=source,
            method=CaptureMethod.TABLET if self.random.random() < 0.7 else CaptureMethod.SELF,
            channels=self._channels(has_phone, has_email),
        )

    def _phone(self) -> str:
        """A number of 06 39 98 00 00 to 06 39 98 99 99, kept for fiction by the regulator."""
        return f"+3363998{self.random.randrange(10_000):04d}"

    def _source(self, departement: Departement) -> Source:
        local = self.by_departement.get(departement.pk, [])
        everywhere = self.by_departement[""]
        return self.random.choice(local if local and self.random.random() < 0.8 else everywhere)

    def _action(self) -> Deployment | None:
        """The action at which they were met; none for those who came by a poster or a flyer."""
        is_there = self.actions and self.random.random() < 0.4
        return self.random.choice(self.actions) if is_there else None

    def _moment_of(self, action: Deployment) -> datetime:
        assert action.starts_at is not None  # noqa: S101 – it took place
        assert action.ends_at is not None  # noqa: S101 – it took place
        lasted = min(action.ends_at, self.ends) - action.starts_at
        return action.starts_at + lasted * self.random.random()

    def _moment(self) -> datetime:
        """More and more of them as the vote comes near, in the hours of markets and shops."""
        span = (self.ends - self.begins).total_seconds()
        met_at = self.begins + timedelta(seconds=span * self.random.random() ** 0.6)
        met_at = met_at.replace(hour=self.random.choice((9, 10, 11, 12, 14, 15, 16, 17)))
        return min(met_at, self.ends)

    def _channels(self, has_phone: bool, has_email: bool) -> tuple[str, ...]:
        wanted = []
        if has_email and self.random.random() < 0.9:
            wanted.append("email")
        if has_phone and self.random.random() < 0.85:
            wanted.append("sms")
        if has_phone and self.random.random() < 0.55:
            wanted.append("call")
        return tuple(wanted) or (("sms",) if has_phone else ("email",))
