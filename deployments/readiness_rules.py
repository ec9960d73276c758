"""The facts of readiness, for one action or a whole list, in the query that fetches them."""

from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce

from campaigns import clock
from deployments.enums import PILOT_ROLE, Answer, DeclarationState
from deployments.models import (
    ChecklistItem,
    Deployment,
    PublicSpaceDeclaration,
    RoleNeed,
    TeamMember,
)
from deployments.readiness import Facts, Readiness, assess


def with_facts(deployments: QuerySet[Deployment, Deployment]) -> QuerySet[Deployment, Deployment]:
    """Add to each action, in the same query, what `readiness_of` reads."""
    coming = TeamMember.objects.filter(deployment=OuterRef("pk"), answer=Answer.COMING)
    unsent = _of(PublicSpaceDeclaration).filter(state=DeclarationState.TO_SEND)
    documents = Deployment.documents.through.objects.filter(deployment=OuterRef("pk"))
    return deployments.annotate(
        fact_has_pilot=Exists(coming.filter(role=PILOT_ROLE)),
        fact_needs=_count(_of(RoleNeed)),
        fact_unfilled_needs=_count(_unfilled()),
        fact_declarations=_count(_of(PublicSpaceDeclaration)),
        fact_unsent=_count(unsent),
        fact_has_address=Case(When(organisation__postal_address="", then=False), default=True),
        fact_send_by=_earliest(unsent, "advised_on"),
        fact_send_before=_earliest(unsent, "last_day"),
        fact_lines=_count(_of(ChecklistItem)),
        fact_lines_ready=_count(_of(ChecklistItem).filter(done_at__isnull=False)),
        fact_has_documents=Exists(documents),
    )


def readiness_of(deployment: Deployment, *, now: datetime) -> Readiness:
    """How ready an action fetched by `with_facts` is."""
    return assess(facts_of(deployment), today=now.astimezone(deployment.zone).date())


def readiness_now(deployment: Deployment) -> Readiness:
    """How ready one action is at this moment, asked of the database."""
    rows = with_facts(Deployment.objects.filter(pk=deployment.pk))
    return readiness_of(rows.get(), now=clock.now())


def facts_of(deployment: Deployment) -> Facts:
    fact: dict[str, Any] = {
        name.removeprefix("fact_"): value
        for name, value in vars(deployment).items()
        if name.startswith("fact_")
    }
    starts_at = deployment.starts_at
    has_spot = bool(deployment.place_id or deployment.route)
    has_words = bool(deployment.speech or deployment.talking_points or fact["has_documents"])
    return Facts(
        starts_on=starts_at.astimezone(deployment.zone).date() if starts_at else None,
        has_place=bool(deployment.commune_id) and has_spot,
        has_objective=bool(deployment.objective),
        has_pilot=fact["has_pilot"],
        needs=fact["needs"],
        unfilled_needs=fact["unfilled_needs"],
        needs_declaration=_may_have_to_declare(deployment, fact["declarations"]),
        has_address=fact["has_address"],
        declarations=fact["declarations"],
        unsent_declarations=fact["unsent"],
        send_by=fact["send_by"],
        send_before=fact["send_before"],
        known_on=deployment.created_at.astimezone(deployment.zone).date(),
        lines=fact["lines"],
        lines_ready=fact["lines_ready"],
        has_words=has_words,
    )


def _may_have_to_declare(deployment: Deployment, declarations: int) -> bool:
    """Whether a declaration is due, or nobody can tell yet: the place and the date say."""
    is_undecided = deployment.starts_at is None or deployment.commune_id is None
    return deployment.has_fixed_point and (is_undecided or declarations > 0)


def _earliest(rows: QuerySet[Any, Any], name: str) -> Subquery:
    by_action = rows.order_by().values("deployment")
    return Subquery(by_action.annotate(day=Min(name)).values("day"))


def _of(model: Any) -> QuerySet[Any, Any]:
    return model.objects.filter(deployment=OuterRef("pk"))


def _unfilled() -> QuerySet[RoleNeed, RoleNeed]:
    """Needs with fewer people coming than they ask for; a mandate asked for is held."""
    coming = TeamMember.objects.filter(
        deployment=OuterRef("deployment"), role=OuterRef("role"), answer=Answer.COMING
    )
    mandated = coming.filter(mandates__contains=[OuterRef("mandate")])
    filled = Case(When(mandate="", then=_count(coming)), default=_count(mandated))
    return _of(RoleNeed).annotate(filled=filled).filter(filled__lt=F("minimum"))


def _count(rows: QuerySet[Any, Any]) -> Coalesce:
    counted = rows.order_by().values("deployment").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
