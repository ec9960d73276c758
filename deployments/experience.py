"""What past actions teach: their reports, searched; which ways of acting bring most contacts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Subquery

from contacts.models import Capture
from core.text import fold
from deployments.models import Debrief, Deployment
from deployments.person_hours import PRESENCE, hours_spent, with_presence
from organisations.models import User

PER_PAGE = 20
# Fewer actions prove nothing.
ENOUGH = 3


def search_debriefs(user: User, text: str, page: str | None) -> Page[Debrief]:
    """The reports handed in that hold every word of `text`, the latest action first."""
    seen = Deployment.objects.visible_to(user).kept().values("pk")
    found = Debrief.objects.filter(deployment__in=seen, closed_at__isnull=False)
    for word in fold(text).split():
        found = found.filter(search_text__contains=word)
    found = found.annotate(captures=_captures("deployment__source"))
    related = ("deployment__commune", "deployment__organisation", "deployment__place")
    rows = found.select_related(*related).prefetch_related("deployment__remarks")
    ordered = rows.order_by("-deployment__starts_at", "-pk")
    return Paginator(ordered, PER_PAGE).get_page(page)  # type: ignore[return-value]


@dataclass
class Yield:
    """What actions of one kind brought together."""

    label: str
    actions: int = 0
    contacts: int = 0
    hours: float = 0

    @property
    def per_hour(self) -> float:
        return self.contacts / self.hours


@dataclass(frozen=True)
class WhatWorks:
    types: list[Yield]
    trades: list[Yield]


def what_works(user: User) -> WhatWorks:
    """Contacts per hour of one person, by type and by trade, the best first.

    Counts the reported actions the person sees whose hours are known, in three queries. A kind
    with fewer than `ENOUGH` actions is left out.
    """
    known = {row["pk"]: row for row in _measured(user) if row["hours"]}
    return WhatWorks(
        types=_yields(known, "types", "label"), trades=_yields(known, "trades", "label")
    )


def _measured(user: User) -> Iterable[dict[str, Any]]:
    seen = Deployment.objects.visible_to(user).kept().filter(debrief__closed_at__isnull=False)
    rows = with_presence(seen).annotate(captures=_captures("source")).order_by("pk")
    for row in rows.values("pk", "captures", *PRESENCE):
        yield {**row, "hours": hours_spent(row)}


def _captures(source: str) -> Subquery:
    own = Capture.objects.filter(source=OuterRef(source)).order_by()
    return Subquery(own.values("source").annotate(number=Count("pk")).values("number"))


def _yields(known: dict[int, dict[str, Any]], relation: str, label: str) -> list[Yield]:
    found: dict[str, Yield] = {}
    pairs = Deployment.objects.filter(pk__in=known, **{f"{relation}__isnull": False})
    labels = defaultdict(list)
    for pk, name in pairs.order_by("pk").values_list("pk", f"{relation}__{label}"):
        labels[name].append(pk)
    for name, pks in labels.items():
        found[name] = Yield(
            label=name,
            actions=len(pks),
            contacts=sum(known[pk]["captures"] or 0 for pk in pks),
            hours=sum(known[pk]["hours"] for pk in pks),
        )
    enough = [one for one in found.values() if one.actions >= ENOUGH]
    return sorted(enough, key=lambda one: (-one.per_hour, one.label))
