"""A series: its actions to come, what they have in common, and which were changed by hand."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404

from campaigns import clock
from core.dates import day_of_week, hour
from deployments.enums import Stage
from deployments.fields import local_instant
from deployments.models import Deployment
from deployments.rules import get_managed_deployment_or_404
from deployments.shifts import Slot
from organisations.models import User

# What a series shares and a change of the whole can touch, by the name of its field in the forms.
ASPECTS = {
    "title": "Intitulé",
    "place": "Lieu et parcours",
    "hours": "Horaires",
    "team": "Rôles à pourvoir",
}


def get_of_series_or_404(user: User, pk: int) -> Deployment:
    """An action the person manages, of a series."""
    deployment = get_managed_deployment_or_404(user, pk)
    if deployment.series is None:
        raise Http404
    return deployment


def coming_in_series(user: User, deployment: Deployment) -> list[Deployment]:
    """The actions of a series that have not begun, in as many queries whatever their number."""
    coming = Deployment.objects.managed_by(user).kept().filter(series=deployment.series)
    return list(
        coming.filter(starts_at__gt=clock.now())
        .exclude(stage=Stage.CANCELLED)
        .select_related("organisation", "commune", "departement", "place")
        .prefetch_related("shifts", "needs__role")
        .order_by("starts_at", "pk")
    )


def first_day(deployment: Deployment) -> date:
    """The day an action that has a date begins, where it takes place."""
    if deployment.starts_at is None:
        raise ValueError("of a series, every action has a date")
    return deployment.starts_at.astimezone(deployment.zone).date()


def value_of(deployment: Deployment, aspect: str) -> object:
    """What can be compared from one action of a series to another."""
    match aspect:
        case "place":
            return deployment.commune_id, deployment.place_id, deployment.route
        case "hours":
            return tuple(_pattern(deployment))
        case "team":
            needs = deployment.needs.all()
            return tuple(sorted((one.role_id, one.mandate, one.minimum) for one in needs))
    return deployment.title


def words_of(deployment: Deployment, aspect: str) -> str:
    """The same, for people."""
    match aspect:
        case "place":
            place = deployment.place.name if deployment.place else ""
            route = "avec un parcours" if deployment.route else ""
            return ", ".join(filter(None, [place, str(deployment.commune or ""), route]))
        case "hours":
            hours = [f"{hour(starts)} – {hour(ends)}" for _, starts, _, ends, _ in
                     _pattern(deployment)]  # fmt: skip
            return ", ".join(dict.fromkeys(hours))
        case "team":
            needs = deployment.needs.all()
            return ", ".join(f"{one.role.label} × {one.minimum}" for one in needs) or "aucun"
    return deployment.title


def _pattern(deployment: Deployment) -> Iterable[tuple]:
    """Its shifts, in days after the first one and hours on the wall."""
    zone, first = deployment.zone, first_day(deployment)
    for shift in sorted(deployment.shifts.all(), key=lambda one: (one.starts_at, one.label)):
        starts, ends = shift.starts_at.astimezone(zone), shift.ends_at.astimezone(zone)
        days = (starts.date() - first).days, (ends.date() - first).days
        yield days[0], starts.time(), days[1], ends.time(), shift.label


def slots_like(model: Deployment, other: Deployment, *, takes_place: bool) -> list[Slot]:
    """The hours of `model`, on the days of `other`; in its zone, or in that of the new place."""
    first, zone = first_day(other), model.zone if takes_place else other.zone
    return [
        Slot(
            local_instant(first + timedelta(days=begins), starts, zone),
            local_instant(first + timedelta(days=finishes), ends, zone),
            label,
        )
        for begins, starts, finishes, ends, label in _pattern(model)
    ]


def moved_start(deployment: Deployment, days: int) -> date:
    return first_day(deployment) + timedelta(days=days)


@dataclass(frozen=True)
class Sibling:
    """An action of a series, and what it has unlike the others."""

    deployment: Deployment
    differs: tuple[str, ...]

    @property
    def label(self) -> str:
        words = f"{day_of_week(first_day(self.deployment))}, {words_of(self.deployment, 'hours')}"
        if self.deployment.stage == Stage.IDEA:
            words += " (idée)"
        if not self.differs:
            return words
        told = ", ".join(f"{ASPECTS[one].lower()} {words_of(self.deployment, one)}"
                         for one in self.differs)  # fmt: skip
        return f"{words} – changée à part : {told}"


def siblings(deployments: Sequence[Deployment]) -> list[Sibling]:
    """Each action with what sets it apart from most of them: somebody changed it by hand."""
    usual = {
        aspect: Counter(value_of(one, aspect) for one in deployments).most_common(1)[0][0]
        for aspect in ASPECTS
        if deployments
    }
    return [
        Sibling(one, tuple(name for name in usual if value_of(one, name) != usual[name]))
        for one in deployments
    ]


def changes(model: Deployment, other: Deployment, aspects: Iterable[str]) -> list[str]:
    """What `other` would change to be like `model`, in words."""
    return [
        f"{ASPECTS[name]} : {words_of(other, name)} → {words_of(model, name)}"
        for name in aspects
        if value_of(other, name) != value_of(model, name)
    ]
