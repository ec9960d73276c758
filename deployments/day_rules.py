"""What the day itself shows, and to whom: whoever sees the action reads, the team writes."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from deployments.declaration_rules import today_at
from deployments.enums import Stage, TallyKind
from deployments.models import Deployment, Photo, Tally
from deployments.rules import can_manage, get_deployment_or_404
from field.models import FieldSession
from organisations.models import User


def takes_part(user: User, deployment: Deployment) -> bool:
    """Whether the person prepares the action or is in its team."""
    in_team = deployment.team.in_team().filter(user=user)
    return in_team.exists() or can_manage(user, deployment)


def get_joined_deployment_or_404(user: User, pk: int) -> Deployment:
    """An action the person counts, photographs and reports."""
    deployment = get_deployment_or_404(user, pk)
    if not takes_part(user, deployment):
        raise Http404
    return deployment


def get_photo_or_404(user: User, public_id: str) -> Photo:
    seen = Deployment.objects.visible_to(user)
    return get_object_or_404(Photo, public_id=public_id, deployment__in=seen)


def get_own_photo_or_404(user: User, public_id: str) -> Photo:
    """A photo of an action the person takes part in."""
    photo = get_photo_or_404(user, public_id)
    if not takes_part(user, photo.deployment):
        raise Http404
    return photo


def is_under_way(deployment: Deployment) -> bool:
    """Whether there is something to count: announced, and not taken off the calendars."""
    return deployment.stage == Stage.REPORTED and deployment.archived_at is None


def counts_from(deployment: Deployment) -> date | None:
    """The first day of an action to come, where it takes place; none once that day is there."""
    days = days_of(deployment)
    return days[0] if days and days[0] > today_at(deployment) else None


@dataclass(frozen=True)
class Count:
    """How far one of the quick counters has got."""

    kind: TallyKind
    total: int
    # The last step that can still be taken back.
    last: Tally | None


def counts_of(deployment: Deployment) -> list[Count]:
    """The quick counters, in two queries."""
    rows = list(deployment.tallies.all())
    totals = dict.fromkeys(TallyKind, 0)
    standing: dict[str, list[Tally]] = {kind: [] for kind in TallyKind}
    undone = {row.undoes_id for row in rows}
    for row in rows:
        totals[TallyKind(row.kind)] += row.count
        if row.undoes_id is None and row.pk not in undone:
            standing[row.kind].append(row)
    return [
        Count(kind, totals[kind], standing[kind][-1] if standing[kind] else None)
        for kind in TallyKind
    ]


def total_of(deployment: Deployment, kind: TallyKind) -> int:
    rows = deployment.tallies.filter(kind=kind).order_by()
    return rows.aggregate(total=Sum("count"))["total"] or 0


def photos_of(deployment: Deployment) -> QuerySet[Photo, Photo]:
    return deployment.photos.all()


def field_session_of(deployment: Deployment) -> FieldSession | None:
    sessions = FieldSession.objects.filter(source=deployment.source_id)
    return sessions.select_related("source__organisation").first()


def days_of(deployment: Deployment) -> tuple[date, date] | None:
    """First and last day of the action, where it takes place."""
    if deployment.starts_at is None or deployment.ends_at is None:
        return None
    ends: list[datetime] = [deployment.starts_at, deployment.ends_at]
    first, last = (end.astimezone(deployment.zone).date() for end in ends)
    return first, last


def follows_the_dates(session: FieldSession, deployment: Deployment) -> bool:
    """Whether tablets open on the days of the action, moved or not."""
    return (session.starts_on, session.ends_on) == days_of(deployment)
