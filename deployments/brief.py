"""The sheet a team takes along, on one A4. On the tablet: `deployments.tablet_brief`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import segno
from django.db.models import Case, When
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from core.dates import NBSP
from core.pdf import render_pdf
from deployments.day_rules import field_session_of
from deployments.declaring import receipt_holds
from deployments.enums import Answer
from deployments.letters import people_expected, when_lines, where_line
from deployments.models import ChecklistItem, Deployment, PublicSpaceDeclaration, TeamMember
from deployments.sketch import Sketch, sketch_of
from field.links import field_url

# What one page holds; the rest is named by its number.
MOST_MEMBERS, MOST_LINES, MOST_LETTERS, MOST_DAYS = 12, 14, 600, 4
# Of the text, in points: the first at which one page holds everything.
SIZES = (9, 8, 7)


@dataclass(frozen=True)
class Declared:
    """A declaration, and what is said of its receipt."""

    declaration: PublicSpaceDeclaration
    receipt: str


@dataclass(frozen=True)
class Brief:
    deployment: Deployment
    where: str
    access: str
    whens: list[str]
    more_days: int
    team: list[TeamMember]
    more_people: int
    people: int
    checklist: list[ChecklistItem]
    more_lines: int
    points: str
    declarations: list[Declared]
    sketch: Sketch | None


def brief_of(deployment: Deployment, receipts: Mapping[int, str] | None = None) -> Brief:
    """`receipts`: by declaration, what is said of its receipt instead of the usual words."""
    # Who comes before who has not answered; whoever waits for a place is not told of.
    members = deployment.team.filter(answer__in=[Answer.COMING, Answer.INVITED])
    asked_last = Case(When(answer=Answer.INVITED, then=1), default=0)
    order = (asked_last, "role__position", "pair", "first_name", "pk")
    team = list(members.select_related("role").order_by(*order))
    lines = list(deployment.checklist.select_related("bearer").order_by("position", "pk"))
    whens = when_lines(deployment)
    place = deployment.place
    return Brief(
        deployment=deployment,
        where=where_line(deployment),
        access=place.access if place else "",
        whens=whens[:MOST_DAYS],
        more_days=max(len(whens) - MOST_DAYS, 0),
        team=team[:MOST_MEMBERS],
        more_people=max(len(team) - MOST_MEMBERS, 0),
        people=people_expected(deployment),
        checklist=lines[:MOST_LINES],
        more_lines=max(len(lines) - MOST_LINES, 0),
        points=shortened(brief_points(deployment)),
        declarations=[
            Declared(one, (receipts or {}).get(one.pk) or _on_oneself(one))
            for one in deployment.declarations.needed().order_by("last_day", "pk")
        ],
        sketch=sketch_of(deployment),
    )


def _on_oneself(declaration: PublicSpaceDeclaration) -> str:
    """An answer to another day or place is of no use there."""
    if not receipt_holds(declaration):
        return ""
    name = Truncator(declaration.receipt_name).chars(50)
    return f"À imprimer et à garder sur soi{NBSP}: {name}"


def brief_points(deployment: Deployment) -> str:
    """What to say: the points, else the speech."""
    return deployment.talking_points or deployment.speech


def shortened(text: str) -> str:
    """What fits, cut after a word."""
    if len(text) <= MOST_LETTERS:
        return text
    return text[:MOST_LETTERS].rsplit(None, 1)[0] + "…"


def field_qr(deployment: Deployment) -> SafeString | None:
    """The code that opens a tablet, once the session of the action is open."""
    session = field_session_of(deployment)
    if session is None:
        return None
    drawing = segno.make(field_url(session), error="m").svg_inline(border=0)
    return mark_safe(drawing)  # noqa: S308 drawn by us


def brief_pdf(
    deployment: Deployment,
    *,
    receipts: Mapping[int, str] | None = None,
    with_numbers: bool = True,
) -> bytes:
    brief = brief_of(deployment, receipts)
    context: dict[str, Any] = {
        "brief": brief, "qr": field_qr(deployment), "with_numbers": with_numbers,
    }  # fmt: skip
    return render_pdf("deployments/brief/pdf.html", context, one_page_at=SIZES)
