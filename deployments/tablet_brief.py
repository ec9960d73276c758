"""The sheet of an action on the tablets of its session: what the A4 says, and nobody's number.

A tablet keeps it, and whoever finds the tablet reads it: first names and roles, as on the page that
each member of the team has, and nothing by which anybody could be reached.
"""

import re
from itertools import groupby
from typing import Any

from core.dates import NBSP, day
from deployments.brief import brief_points
from deployments.declaring import receipt_holds
from deployments.enums import DeclarationState, Stage
from deployments.letters import when_lines, where_line
from deployments.models import ChecklistItem, Deployment, PublicSpaceDeclaration, TeamMember
from deployments.sketch import Mark, sketch_of
from deployments.team_rules import pilots_of
from field.models import FieldSession

# Somebody's mobile or address, typed among the words. Free and office numbers are for everybody.
BETWEEN = r"[\s.\-\u2010\u2011\u2013]*"
# A date has only two slashes.
SLASHED = r"\b0[67](?:\s*/\s*\d\d){4}\b"
REACHES_SOMEBODY = re.compile(
    rf"(?:(?:\+|\b00)(?:33|262|590|594|596){BETWEEN}(?:\(0\){BETWEEN})?|\b0{BETWEEN})"
    rf"[67](?:{BETWEEN}\d){{8}}\b|{SLASHED}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
LEFT_OUT = "(coordonnées retirées)"


def tablet_brief(session: FieldSession) -> dict[str, Any] | None:
    """What a tablet shows of the action of a session, as JSON; None without an action."""
    deployment = _action_of(session)
    if deployment is None:
        return None
    place = deployment.place
    return without_contact_details(
        {
            "title": deployment.title,
            "objective": deployment.objective,
            "where": where_line(deployment),
            "access": place.access if place else "",
            "whens": when_lines(deployment),
            "guest": deployment.guest,
            "sketch": _sketch(deployment),
            "roles": _roles(deployment),
            "kit": _kit(deployment),
            "points": brief_points(deployment),
            "declarations": [
                _declared(one)
                for one in deployment.declarations.needed().order_by("last_day", "pk")
            ],
        }
    )


def tablet_pilot(session: FieldSession) -> dict[str, str] | None:
    """Who leads the action of a session and their number; None when nobody has one."""
    deployment = _action_of(session)
    if deployment is None:
        return None
    for pilot in pilots_of(deployment):
        if pilot.phone:
            return {
                "first_name": pilot.first_name,
                "phone": pilot.phone.as_national,
                "tel": pilot.phone.as_e164,
            }
    return None


def without_contact_details(value: Any) -> Any:
    """The same JSON without mobile numbers nor addresses, wherever somebody typed one."""
    if isinstance(value, str):
        return REACHES_SOMEBODY.sub(LEFT_OUT, value)
    if isinstance(value, list):
        return [without_contact_details(one) for one in value]
    if isinstance(value, dict):
        return {name: without_contact_details(one) for name, one in value.items()}
    return value


def _action_of(session: FieldSession) -> Deployment | None:
    actions = Deployment.objects.filter(source=session.source_id, archived_at=None)
    related = actions.select_related("organisation", "commune", "place")
    return related.exclude(stage=Stage.CANCELLED).first()


def _sketch(deployment: Deployment) -> dict[str, Any] | None:
    sketch = sketch_of(deployment)
    if sketch is None:
        return None
    return {
        "width": sketch.width,
        "height": sketch.height,
        "scale_km": sketch.scale_km,
        "scale_length": sketch.scale_length,
        "marks": [_mark(mark) for mark in sketch.marks],
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "name": mark.name, "x": mark.x, "y": mark.y, "label_x": mark.label_x,
        "is_target": mark.is_target, "is_flipped": mark.is_flipped,
    }  # fmt: skip


def _roles(deployment: Deployment) -> list[dict[str, Any]]:
    """By role, the first names of those who come."""
    members = deployment.team.coming().select_related("role")
    ordered = members.order_by("role__position", "role", "pair", "first_name", "pk")
    return [
        {"role": role.label, "people": [_named(member) for member in of_role]}
        for role, of_role in groupby(ordered, key=lambda member: member.role)
    ]


def _named(member: TeamMember) -> str:
    return f"{member.first_name} (binôme {member.pair})" if member.pair else member.first_name


def _kit(deployment: Deployment) -> list[dict[str, Any]]:
    """By heading, what to take and who brings it, in the order of the list."""
    lines: dict[str, list[str]] = {}
    for item in deployment.checklist.select_related("bearer").order_by("position", "pk"):
        lines.setdefault(item.category, []).append(_carried(item))
    return [{"heading": heading, "lines": own} for heading, own in lines.items()]


def _carried(item: ChecklistItem) -> str:
    label = f"{item.label}, {item.quantity}" if item.quantity else item.label
    return f"{label} ({item.bearer.first_name})" if item.bearer else label


def _declared(declaration: PublicSpaceDeclaration) -> str:
    """« Mairie : acceptée le 3 juin 2027. Sur soi : récépissé.pdf »."""
    on = declaration.answered_on
    if on is None and declaration.state == DeclarationState.SENT:
        on = declaration.sent_on
    since = f" le {day(on)}" if on else ""
    authority, state = declaration.get_authority_display(), declaration.get_state_display()
    said = f"{authority}{NBSP}: {state.lower()}{since}."
    if receipt_holds(declaration):
        return f"{said} À avoir sur soi, imprimé{NBSP}: {declaration.receipt_name}"
    return said
