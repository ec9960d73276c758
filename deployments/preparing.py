"""Every write of the preparation beyond the fields of an action: lists, place, lessons.

Each says which state was on screen, and raises the revision of the action.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from campaigns import clock
from deployments.actions import change_deployment, find_or_create_place
from deployments.kit import follow_types
from deployments.models import (
    BudgetLine,
    ChecklistItem,
    Deployment,
    DeploymentType,
    Place,
    RoleNeed,
    TeamMember,
    TeamRole,
)
from territory.models import Commune


class PlaceMoved(Exception):
    """Somebody else changed what is known of this place meanwhile."""


@dataclass(frozen=True)
class Need:
    role: TeamRole
    minimum: int
    mandate: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the list; `pk` is that of the line it replaces."""

    label: str
    category: str = ""
    quantity: str = ""
    bearer: TeamMember | None = None
    is_ready: bool = False
    pk: int | None = None


@dataclass(frozen=True)
class Cost:
    label: str
    euros: Decimal


@transaction.atomic
def choose_types(
    *,
    deployment: Deployment,
    revision: int,
    types: Sequence[DeploymentType],
    has_fixed_point: bool,
) -> Deployment:
    """Change how one goes to people; what new types ask for joins the lists."""
    known = set(deployment.types.values_list("pk", flat=True))
    had_fixed_point = deployment.has_fixed_point
    deployment = change_deployment(
        deployment=deployment, revision=revision, types=types, has_fixed_point=has_fixed_point
    )
    follow_types(
        deployment,
        added=[one for one in types if one.pk not in known],
        gains_fixed_point=has_fixed_point and not had_fixed_point,
    )
    return deployment


@transaction.atomic
def choose_place(
    *,
    deployment: Deployment,
    revision: int,
    commune: Commune | None,
    name: str,
    route: str,
    details: dict[str, Any],
    seen: tuple[int | None, int] = (None, 0),
) -> Deployment:
    """Say where an action takes place; what was seen on the spot is kept for the next ones.

    `seen` is the place that was on screen and its revision: raises `PlaceMoved` when somebody
    changed it since. Of another place, known before, what was left blank stays as it is known.
    """
    place = None
    if commune and name:
        place = find_or_create_place(commune=commune, name=name)
        place = _describe(place, details, seen)
    return change_deployment(
        deployment=deployment, revision=revision, commune=commune, place=place, route=route
    )


def _describe(place: Place, details: dict[str, Any], seen: tuple[int | None, int]) -> Place:
    place = Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    was_seen = place.pk == seen[0]
    if not was_seen:
        details = {name: value for name, value in details.items() if value not in (None, "", [])}
    changed = {name: value for name, value in details.items() if getattr(place, name) != value}
    if not changed:
        return place
    if was_seen and place.revision != seen[1]:
        raise PlaceMoved
    for name, value in changed.items():
        setattr(place, name, value)
    place.revision += 1
    place.save()
    return place


@transaction.atomic
def set_roles(
    *, deployment: Deployment, revision: int, needs: Sequence[Need], **fields: Any
) -> Deployment:
    """Replace the roles an action needs, and change other fields of its team at once."""
    deployment = change_deployment(deployment=deployment, revision=revision, **fields)
    wanted = {(need.role.pk, need.mandate): need for need in needs if need.minimum}
    for row in deployment.needs.all():
        need = wanted.pop((row.role_id, row.mandate), None)
        if need is None:
            row.delete()
        elif need.minimum != row.minimum:
            row.minimum = need.minimum
            row.save(update_fields=["minimum"])
    RoleNeed.objects.bulk_create(
        RoleNeed(deployment=deployment, role=need.role, minimum=need.minimum, mandate=need.mandate)
        for need in wanted.values()
    )
    return deployment


@transaction.atomic
def set_checklist(*, deployment: Deployment, revision: int, lines: Sequence[Line]) -> Deployment:
    """Replace the list, in the order given; a line that stays keeps when it was ready."""
    deployment = change_deployment(deployment=deployment, revision=revision)
    known = {item.pk: item for item in deployment.checklist.all()}
    kept = {line.pk for line in lines}
    deployment.checklist.exclude(pk__in=[pk for pk in kept if pk is not None]).delete()
    now = clock.now()
    for rank, line in enumerate(lines):
        item = known.get(line.pk or 0) or ChecklistItem(deployment=deployment)
        item.label, item.category, item.quantity = line.label, line.category, line.quantity
        item.bearer, item.position = line.bearer, (rank + 1) * 10
        item.done_at = (item.done_at or now) if line.is_ready else None
        item.save()
    return deployment


@transaction.atomic
def set_budget(*, deployment: Deployment, revision: int, costs: Sequence[Cost]) -> Deployment:
    deployment = change_deployment(deployment=deployment, revision=revision)
    deployment.budget.all().delete()
    BudgetLine.objects.bulk_create(
        BudgetLine(deployment=deployment, label=cost.label, euros=cost.euros) for cost in costs
    )
    return deployment
