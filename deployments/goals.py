"""How far the campaign is with its actions: announced in time, held, cancelled, reported."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db.models import Q

from campaigns import clock
from campaigns.models import PARIS, Campaign
from deployments.enums import Stage
from deployments.models import Deployment
from organisations.enums import Kind
from organisations.models import Organisation, User

DUE = "deployment-dates-due"


@dataclass
class Tallied:
    """Actions of one organisation, or of all. `in_time`: announced before the milestone."""

    name: str
    announced: int = 0
    in_time: int = 0
    held: int = 0
    debriefed: int = 0
    cancelled: int = 0

    @property
    def awaited(self) -> int:
        return self.held - self.debriefed


@dataclass(frozen=True)
class Goals:
    total: Tallied
    due_on: date | None
    as_of: datetime
    unions: list[Tallied] = field(default_factory=list)
    federations: list[Tallied] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    pk: int
    stage: str
    reported_at: datetime | None
    ends_at: datetime | None
    closed_at: datetime | None
    organisation: int
    parent: int | None
    kind: str


def count_announced(campaign: Campaign) -> int:
    return Deployment.objects.filter(campaign=campaign, stage=Stage.REPORTED).count()


def goals_of(campaign: Campaign, user: User) -> Goals:
    """The total of the campaign, and the rows of the organisations the person sees.

    Four queries, however many actions there are.
    """
    now, due_on = clock.now(), _due_on(campaign)
    due = datetime.combine(due_on, time(), tzinfo=PARIS) if due_on else now
    rows = _rows(campaign)
    total = Tallied("Toute la campagne")
    seen = {
        one.pk: (one.kind, Tallied(one.name))
        for one in Organisation.objects.visible_to(user)
        .filter(kind__in=(Kind.UD, Kind.UL, Kind.FD))
        .order_by("kind", "departement", "name")
    }
    federations = _federations_of(campaign)
    for row in rows:
        concerned = {row.organisation} | federations.get(row.pk, set())
        if row.kind == Kind.UL and row.parent:
            concerned.add(row.parent)
        for tallied in [total, *(seen[pk][1] for pk in concerned if pk in seen)]:
            _count(tallied, row, due, now)
    has_union = any(kind == Kind.UD for kind, _ in seen.values())
    return Goals(
        total=total,
        due_on=due_on,
        as_of=now,
        unions=[one for kind, one in seen.values() if kind == (Kind.UD if has_union else Kind.UL)],
        federations=[one for kind, one in seen.values() if kind == Kind.FD],
    )


def _count(tallied: Tallied, row: _Row, due: datetime, now: datetime) -> None:
    if row.stage == Stage.CANCELLED:
        tallied.cancelled += 1
    if row.stage != Stage.REPORTED:
        return
    tallied.announced += 1
    tallied.in_time += row.reported_at is not None and row.reported_at < due
    is_held = row.ends_at is not None and row.ends_at <= now
    tallied.held += is_held
    tallied.debriefed += is_held and row.closed_at is not None


def _rows(campaign: Campaign) -> list[_Row]:
    found = Deployment.objects.filter(campaign=campaign).exclude(stage=Stage.IDEA)
    names = (
        "pk", "stage", "reported_at", "ends_at", "debrief__closed_at", "organisation",
        "organisation__parent", "organisation__kind",
    )  # fmt: skip
    return [_Row(*values) for values in found.order_by("pk").values_list(*names)]


def _federations_of(campaign: Campaign) -> dict[int, set[int]]:
    """The federations whose trades each action is for."""
    federation = "trades__agreements__organisation"
    pairs: Iterable[tuple[int, int]] = (
        Deployment.objects.filter(Q(**{f"{federation}__kind": Kind.FD}), campaign=campaign)
        .order_by("pk")
        .values_list("pk", federation)
        .distinct()
    )
    by_action: dict[int, set[int]] = {}
    for pk, organisation in pairs:
        by_action.setdefault(pk, set()).add(organisation)
    return by_action


def _due_on(campaign: Campaign) -> date | None:
    """The first day of the milestone: dates are to be known before it begins."""
    milestone = campaign.milestones.filter(slug=DUE).first()
    return milestone.starts_on if milestone else None
