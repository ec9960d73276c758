"""What is done to several actions of a series at once: all of it, or nothing.

Each says the revision that was on screen, as for one action.
"""

from collections.abc import Collection, Mapping
from typing import Any

import structlog
from django.db import transaction

from deployments.actions import (
    DeploymentMoved,
    cancel_deployment,
    change_deployment,
    move_deployment,
)
from deployments.fields import local_instant
from deployments.models import Deployment
from deployments.preparing import Need, set_roles
from deployments.series_rules import moved_start, slots_like
from organisations.models import User

log = structlog.get_logger()


@transaction.atomic
def make_alike(
    *, model: Deployment, revisions: Mapping[int, int], aspects: Collection[str]
) -> list[Deployment]:
    """Give the actions of `revisions` the title, place, hours or roles that `model` has.

    Whoever is expected there is told once, whatever changes. Raises `DeploymentMoved`, `NotReady`.
    """
    found = _locked([*revisions, model.pk], {**revisions, model.pk: model.revision})
    model = found.pop(model.pk)
    made = []
    for other in found.values():
        fields: dict[str, Any] = {}
        if "title" in aspects:
            fields["title"] = model.title
        if "place" in aspects:
            fields |= {"commune": model.commune, "place": model.place, "route": model.route}
        if "hours" in aspects:
            fields["slots"] = slots_like(model, other, takes_place="place" in aspects)
        if "team" in aspects:
            fields["needs"] = [
                Need(one.role, one.minimum, one.mandate)
                for one in model.needs.select_related("role")
            ]
        change = set_roles if "team" in aspects else change_deployment
        made.append(change(deployment=other, revision=other.revision, **fields))
    log.info("series-made-alike", deployment=model.pk, count=len(made))
    return made


@transaction.atomic
def move_series(*, revisions: Mapping[int, int], days: int) -> list[Deployment]:
    """Move each action by as many days, its hours on the wall kept. Raises `DeploymentMoved`."""
    found = _locked(revisions, revisions)
    return [
        move_deployment(
            deployment=one,
            revision=one.revision,
            starts_at=local_instant(
                moved_start(one, days), one.starts_at.astimezone(one.zone).time(), one.zone
            ),
        )
        for one in found.values()
        if one.starts_at
    ]


@transaction.atomic
def cancel_series(*, revisions: Mapping[int, int], reason: str, author: User) -> list[Deployment]:
    """Call each action off; the ideas among them too. Raises `DeploymentMoved`."""
    found = _locked(revisions, revisions)
    return [
        cancel_deployment(deployment=one, revision=one.revision, reason=reason, author=author)
        for one in found.values()
    ]


def _locked(numbers: Collection[int], revisions: Mapping[int, int]) -> dict[int, Deployment]:
    """The actions, locked in one order whoever asks. Raises `DeploymentMoved`."""
    rows = Deployment.objects.select_for_update(of=("self",), no_key=True)
    found = {one.pk: one for one in rows.select_related("commune", "place").filter(pk__in=numbers)
             .order_by("pk")}  # fmt: skip
    if {pk: one.revision for pk, one in found.items()} != dict(revisions):
        raise DeploymentMoved
    return found
