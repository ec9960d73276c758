"""Fetching is the permission check: what is not yours answers 404."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns import clock
from deployments.enums import Stage
from deployments.models import Deployment, DeploymentType
from organisations.models import Organisation, User
from organisations.rules import led_organisations

PER_PAGE = 50
# What the pages about one action read of it.
DETAILS = ("organisation", "commune", "departement", "place", "source", "campaign")


def can_plan(user: User) -> bool:
    """Whether the person plans actions: they work in the name of an organisation."""
    return bool(user.led)


def planning_organisations(user: User) -> list[Organisation]:
    """The organisations the person may plan an action for."""
    return [one for one in led_organisations(user) if one.is_active]


def types_in_use() -> QuerySet[DeploymentType, DeploymentType]:
    return DeploymentType.objects.filter(is_active=True)


def visible_deployments(user: User) -> QuerySet[Deployment, Deployment]:
    """What a list or calendar shows of each action, in a constant number of queries."""
    return (
        Deployment.objects.visible_to(user)
        .kept()
        .select_related("organisation", "commune", "place", "departement")
        .prefetch_related("types")
    )


def paginate_deployments(user: User, *, moment: str, page: str | None) -> Page[Deployment]:
    """A page of the actions « a-venir », « passes », « idees » or « annules »."""
    now = clock.now()
    found = visible_deployments(user)
    match moment:
        case "passes":
            found = found.filter(stage=Stage.REPORTED, ends_at__lte=now).order_by("-starts_at")
        case "idees":
            found = found.filter(stage=Stage.IDEA).order_by("starts_at", "pk")
        case "annules":
            found = found.filter(stage=Stage.CANCELLED).order_by("-starts_at", "-pk")
        case _:
            found = found.filter(stage=Stage.REPORTED, ends_at__gt=now).order_by("starts_at", "pk")
    return Paginator(found, PER_PAGE).get_page(page)


def count_by_moment(user: User) -> dict[str, int]:
    """How many actions each tab of the list holds."""
    now = clock.now()
    reported = Q(stage=Stage.REPORTED)
    return (
        Deployment.objects.visible_to(user)
        .kept()
        .aggregate(
            to_come=Count("pk", filter=reported & Q(ends_at__gt=now)),
            over=Count("pk", filter=reported & Q(ends_at__lte=now)),
            ideas=Count("pk", filter=Q(stage=Stage.IDEA)),
            cancelled=Count("pk", filter=Q(stage=Stage.CANCELLED)),
        )
    )


def get_deployment_or_404(user: User, pk: int) -> Deployment:
    """A deployment the person sees, archived ones included."""
    seen = Deployment.objects.visible_to(user).select_related(*DETAILS)
    return get_object_or_404(seen, pk=pk)


def can_manage(user: User, deployment: Deployment) -> bool:
    """Whether the person prepares, staffs and reports this action."""
    return Deployment.objects.managed_by(user).filter(pk=deployment.pk).exists()


def get_managed_deployment_or_404(user: User, pk: int) -> Deployment:
    managed = Deployment.objects.managed_by(user).select_related(*DETAILS)
    return get_object_or_404(managed, pk=pk)


def find_managed_deployment(user: User, pk: int, revision: int) -> Deployment | None:
    """The action, as long as nobody changed it since that revision."""
    return Deployment.objects.managed_by(user).filter(pk=pk, revision=revision).first()


def check_member(user: User) -> None:
    """Actions are shown to whoever belongs to an organisation."""
    if not (user.active_memberships or user.is_superuser):
        raise Http404
