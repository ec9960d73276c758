"""Fills the calendar with the drawn actions, table by table: a few statements for all of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import models, transaction
from django.utils import timezone

from campaigns.models import Campaign
from contacts.enums import SourceKind
from contacts.models import Source
from core.text import fold
from core.tokens import make_code
from demonstration.street import STREET, Planned, Street
from demonstration.street_results import add_results
from demonstration.teams import add_teams
from deployments.back_plan import DEBRIEF_WITHIN, back_plan
from deployments.declaring import facts_of
from deployments.enums import Authority, DeclarationState, Stage
from deployments.models import (
    ChecklistItem,
    ChecklistTemplate,
    DeclarationRule,
    Deployment,
    Place,
    PublicSpaceDeclaration,
    RoleNeed,
    Shift,
    Task,
)
from deployments.wording import search_text
from organisations.models import Organisation, User

ROLES = {"pilote": 1, "materiel": 1, "equipe": 2}


@dataclass(frozen=True)
class Action:
    """A drawn action and its row."""

    planned: Planned
    row: Deployment


@transaction.atomic
def load_street(
    count: int, *, campaign: Campaign, local_union: Organisation, pilots: list[User]
) -> list[Deployment]:
    """Load `count` actions with all that surrounds them; nothing when some are there already."""
    if Deployment.objects.exists():
        return []
    street = Street(campaign)
    drawn = list(street.draw(count, local_union))
    now = timezone.now()
    rows = _deployments(drawn, campaign, street.random, now)
    actions = [Action(planned, row) for planned, row in zip(drawn, rows, strict=True)]
    _relate(actions)
    Shift.objects.bulk_create(
        Shift(deployment=one.row, starts_at=start, ends_at=end)
        for one in actions
        for start, end in (one.planned.slots if one.row.starts_at else [])
    )
    _write_search_texts()
    _prepare(actions, now)
    _declare(actions, street.random, now)
    teams = add_teams(rows, street.random, local_union=local_union, pilots=pilots)
    add_results(rows, teams, street.random)
    return rows


def _deployments(
    drawn: list[Planned], campaign: Campaign, dice: random.Random, now: datetime
) -> list[Deployment]:
    sources = Source.objects.bulk_create(
        Source(
            code=make_code(), kind=SourceKind.DEPLOYMENT, label=one.title,
            organisation=one.organisation, created_at=one.starts_at - timedelta(days=30),
        )
        for one in drawn
    )  # fmt: skip
    places = _places(drawn)
    return Deployment.objects.bulk_create(
        _deployment(one, campaign, dice, now)
        for one in (
            (planned, source, places.get((planned.commune.pk, fold(planned.spot))))
            for planned, source in zip(drawn, sources, strict=True)
        )
    )


def _places(drawn: list[Planned]) -> dict[tuple[str, str], Place]:
    wanted = {
        (one.commune.pk, fold(one.spot)): Place(
            commune=one.commune,
            name=one.spot,
            folded_name=fold(one.spot),
            market_days=[on + 1 for on in one.kind["days"]] if "arché" in one.spot else [],
        )
        for one in drawn
        if one.spot
    }
    Place.objects.bulk_create(wanted.values())
    return wanted


def _deployment(
    drawn: tuple[Planned, Source, Place | None],
    campaign: Campaign,
    dice: random.Random,
    now: datetime,
) -> Deployment:
    planned, source, place = drawn
    row = Deployment(
        campaign=campaign, organisation=planned.organisation, source=source, place=place,
        title=planned.title, commune=planned.commune, departement=planned.commune.departement,
        time_zone=planned.commune.departement.time_zone, guest=planned.guest,
        starts_at=planned.starts_at, ends_at=planned.ends_at,
        has_fixed_point=planned.kind["type"] in ("point-fixe", "porteurs-de-parole", "ul-mobile"),
        objective=dice.choice(STREET["objectives"]).format(count=planned.objective_count),
        objective_count=planned.objective_count, theme=dice.choice(STREET["themes"]),
        talking_points=STREET["talking_points"], capacity=12,
        created_at=source.created_at, updated_at=source.created_at,
    )  # fmt: skip
    _stage(row, dice, now)
    return row


def _stage(row: Deployment, dice: random.Random, now: datetime) -> None:
    """Most are announced; some are dropped, and among those far ahead some are ideas."""
    assert row.starts_at is not None  # noqa: S101 – drawn with a date
    if row.guest or dice.random() > (0.05 if row.starts_at < now else 0.22):
        row.stage = Stage.REPORTED
    elif dice.random() < 0.5 or row.starts_at < now:
        row.stage, row.cancelled_at = Stage.CANCELLED, min(row.starts_at, now)
        row.cancel_reason = dice.choice(STREET["cancellations"])
    elif dice.random() < 0.4:
        row.starts_at = row.ends_at = None
    if row.stage != Stage.IDEA:
        ahead = timedelta(days=dice.randrange(9, 40))
        row.reported_at = min(row.starts_at - ahead, now) if row.starts_at else now


def _relate(actions: list[Action]) -> None:
    kinds, trades = Deployment.types.through, Deployment.trades.through
    kinds.objects.bulk_create(
        kinds(deployment_id=one.row.pk, deploymenttype_id=one.planned.kind["type"])
        for one in actions
    )
    trades.objects.bulk_create(
        trades(deployment_id=one.row.pk, trade_id=trade)
        for one in actions
        for trade in one.planned.trades
    )


def _write_search_texts() -> None:
    """Read again with what the words come from, in a handful of queries."""
    related = ("organisation", "commune", "place")
    rows = list(Deployment.objects.select_related(*related).prefetch_related("types", "trades"))
    for row in rows:
        row.search_text = search_text(row)
    Deployment.objects.bulk_update(rows, ["search_text"])


def _prepare(actions: list[Action], now: datetime) -> None:
    """What to take, whom one needs, what must be done by when."""
    templates = list(ChecklistTemplate.objects.order_by("position", "pk"))
    ChecklistItem.objects.bulk_create(
        item for one in actions for item in _checklist(one, templates, now)
    )
    RoleNeed.objects.bulk_create(
        RoleNeed(deployment=one.row, role_id=role, minimum=minimum)
        for one in actions
        for role, minimum in (ROLES | ({"presse": 1} if one.row.guest else {})).items()
    )
    Task.objects.bulk_create(task for one in actions for task in _tasks(one.row, now))


def _checklist(
    one: Action, templates: list[ChecklistTemplate], now: datetime
) -> Iterator[ChecklistItem]:
    row = one.row
    is_over = row.ends_at is not None and row.ends_at < now
    for template in templates:
        wanted = template.type_id in (None, one.planned.kind["type"])
        if wanted and (row.has_fixed_point or not template.needs_fixed_point):
            yield ChecklistItem(
                deployment=row, category=template.category, label=template.label,
                position=template.position,
                done_at=row.starts_at if is_over or (row.pk + template.pk) % 3 == 0 else None,
            )  # fmt: skip


def _tasks(row: Deployment, now: datetime) -> Iterator[Task]:
    is_settled = row.ends_at is not None and row.ends_at + DEBRIEF_WITHIN < now
    if row.starts_at is None or row.stage == Stage.CANCELLED or is_settled:
        return
    today = now.astimezone(row.zone).date()
    for step in back_plan(row, ()):
        noon = datetime.combine(step.due_on - timedelta(days=1), time(12), tzinfo=row.zone)
        yield Task(
            deployment=row, planned_on=step.due_on, created_at=row.created_at, **vars(step),
            done_at=noon if step.due_on < today else None,
        )  # fmt: skip


def _declare(actions: list[Action], dice: random.Random, now: datetime) -> None:
    """A town hall for each fixed point, and how far its answer has got."""
    rule = DeclarationRule.objects.get(
        authority=Authority.TOWN_HALL, commune=None, departement=None
    )
    PublicSpaceDeclaration.objects.bulk_create(
        _declaration(one.row, rule, dice, now)
        for one in actions
        if one.row.has_fixed_point and one.row.starts_at
    )


def _declaration(
    row: Deployment, rule: DeclarationRule, dice: random.Random, now: datetime
) -> PublicSpaceDeclaration:
    assert row.starts_at is not None  # noqa: S101 – asked for by the caller
    first = row.starts_at.astimezone(row.zone).date()
    made = PublicSpaceDeclaration(
        deployment=row,
        authority=rule.authority,
        advised_on=first - timedelta(days=rule.advised_days_before),
        last_day=first - timedelta(days=rule.days_before),
    )
    states: list[models.TextChoices] = [DeclarationState.GRANTED]
    if row.starts_at > now:
        states = [
            DeclarationState.TO_SEND, DeclarationState.TO_SEND, DeclarationState.SENT,
            DeclarationState.GRANTED, DeclarationState.GRANTED, DeclarationState.REFUSED,
        ]  # fmt: skip
    made.state = str(dice.choice(states))
    today = now.date()
    if made.state != DeclarationState.TO_SEND:
        made.sent_on, made.settled_facts = min(made.advised_on, today), facts_of(row)
    if made.state in (DeclarationState.GRANTED, DeclarationState.REFUSED):
        made.answered_on = min(made.advised_on + timedelta(days=4), today)
    return made
