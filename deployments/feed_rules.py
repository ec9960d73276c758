"""What an address read by a calendar program shows: what its owner sees at that moment."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from campaigns import clock
from core.tokens import hash_secret
from deployments.enums import FeedKind
from deployments.ics import CalendarEvent
from deployments.models import CalendarFeed, Deployment, DeploymentQuerySet, Shift, TeamMember
from organisations.models import Organisation, User

# Older events are the calendar program's own affair.
REMEMBERED = timedelta(days=90)
MOST_EVENTS = 3_000


def own_feeds(user: User) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.active().filter(user=user).select_related("organisation")


def get_own_feed_or_404(user: User, pk: int) -> CalendarFeed:
    return get_object_or_404(own_feeds(user), pk=pk)


def get_read_feed_or_404(secret: str) -> CalendarFeed:
    """The feed of an address, unless it was taken back or its owner left."""
    active = CalendarFeed.objects.active().select_related("user", "organisation")
    return get_object_or_404(active, secret_hash=hash_secret(secret))


def feed_organisations(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.visible_to(user).active().order_by("kind", "name", "pk")


def deployments_of(feed: CalendarFeed) -> DeploymentQuerySet:
    kept = Deployment.objects.kept()
    if feed.kind == FeedKind.MINE:
        return kept.filter(Exists(_own_place(feed.user)))
    seen = kept.visible_to(feed.user)
    if feed.kind == FeedKind.EVERYTHING:
        return seen
    below = Organisation.objects.below([feed.organisation_id or 0]).values("pk")
    joint = Deployment.co_organisers.through.objects.filter(
        deployment=OuterRef("pk"), organisation__in=below
    )
    return seen.filter(Q(organisation__in=below) | Q(Exists(joint)))


def _own_place(user: User) -> QuerySet[TeamMember]:
    return TeamMember.objects.in_team().filter(deployment=OuterRef("pk"), user=user)


def events_of(deployments: QuerySet[Deployment]) -> list[CalendarEvent]:
    """Their shifts, in order, with what is told of each; one query."""
    shifts = Shift.objects.filter(
        deployment__in=deployments.values("pk"), ends_at__gt=clock.now() - REMEMBERED
    )
    return _read(shifts)


def events_of_one(deployment: Deployment) -> list[CalendarEvent]:
    """All its shifts, however old."""
    return _read(Shift.objects.filter(deployment=deployment))


def _read(shifts: QuerySet[Shift]) -> list[CalendarEvent]:
    rows = shifts.order_by("deployment_id", "starts_at", "pk").values_list(
        "deployment_id", "deployment__title", "deployment__stage", "deployment__revision",
        "deployment__updated_at", "deployment__organisation__name", "deployment__guest",
        "deployment__objective", "deployment__place__name", "deployment__place__address",
        "deployment__commune__name", "deployment__place__latitude",
        "deployment__place__longitude", "label", "starts_at", "ends_at",
    )[:MOST_EVENTS]  # fmt: skip
    return [CalendarEvent(*row) for row in rows]
