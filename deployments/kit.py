"""The lists of an action: the roles to fill and what to take, begun from the confederation's own.

Only adds: what somebody took off a list does not come back by itself.
"""

from collections.abc import Iterable

from django.db.models import Q

from deployments.enums import FIELD_ROLE
from deployments.models import (
    BudgetLine,
    ChecklistItem,
    ChecklistTemplate,
    Deployment,
    DeploymentType,
    RoleNeed,
    TeamRole,
)

# « Deux personnes au moins ne le quittent pas. »
FIXED_POINT, KEEPERS = "point-fixe", 2


def start_lists(deployment: Deployment) -> None:
    """Give a new action the usual roles and list of its types."""
    types = list(deployment.types.all())
    _start_roles(deployment, types)
    wanted = Q(type=None, needs_fixed_point=False) | Q(type__in=types)
    if deployment.has_fixed_point:
        wanted |= Q(needs_fixed_point=True)
    _add_lines(deployment, wanted)


def follow_types(
    deployment: Deployment, *, added: Iterable[DeploymentType], gains_fixed_point: bool
) -> None:
    """Add what new types and a new fixed point ask for."""
    wanted = Q(type__in=list(added))
    if gains_fixed_point:
        wanted |= Q(type=None, needs_fixed_point=True)
        _need(deployment, FIXED_POINT, KEEPERS)
    _add_lines(deployment, wanted)


def copy_lists(*, source: Deployment, target: Deployment) -> None:
    """Give `target` the lists of `source`: nobody carries anything yet, and nothing is ready."""
    RoleNeed.objects.bulk_create(
        RoleNeed(deployment=target, role=need.role, minimum=need.minimum, mandate=need.mandate)
        for need in source.needs.select_related("role")
    )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            deployment=target, category=item.category, label=item.label, quantity=item.quantity,
            position=item.position,
        )
        for item in source.checklist.all()
    )  # fmt: skip
    BudgetLine.objects.bulk_create(
        BudgetLine(deployment=target, label=line.label, euros=line.euros)
        for line in source.budget.all()
    )


def _start_roles(deployment: Deployment, types: list[DeploymentType]) -> None:
    wanted = {role.pk: role.usual_minimum for role in TeamRole.objects.filter(usual_minimum__gt=0)}
    if deployment.has_fixed_point:
        wanted[FIXED_POINT] = KEEPERS
    if FIELD_ROLE in wanted:
        others = sum(wanted.values()) - wanted[FIELD_ROLE]
        usual = max((type_.team_size for type_ in types), default=0)
        wanted[FIELD_ROLE] = max(wanted[FIELD_ROLE], usual - others)
    for role, minimum in wanted.items():
        _need(deployment, role, minimum)


def _need(deployment: Deployment, role: str, minimum: int) -> None:
    if TeamRole.objects.filter(pk=role).exists() and not deployment.needs.filter(role=role):
        RoleNeed.objects.create(deployment=deployment, role_id=role, minimum=minimum)


def _add_lines(deployment: Deployment, wanted: Q) -> None:
    """Add the template lines of `wanted` that the list does not hold, each words once."""
    known = set(deployment.checklist.values_list("label", flat=True))
    lines = []
    for template in ChecklistTemplate.objects.filter(wanted).order_by("position", "pk"):
        if template.label not in known:
            known.add(template.label)
            lines.append(
                ChecklistItem(
                    deployment=deployment, category=template.category, label=template.label,
                    position=template.position,
                )
            )  # fmt: skip
    ChecklistItem.objects.bulk_create(lines)
