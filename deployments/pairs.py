"""Two by two: nobody is alone in the street."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, F

from deployments.models import Deployment, TeamMember
from deployments.staffing import lock_team


@transaction.atomic
def pair_up(*, deployment: Deployment) -> int:
    """Put those who come without a partner two by two, the most seasoned with the newest.

    Somebody left over joins the last pair. Answers how many were put.
    """
    deployment = lock_team(deployment, even_closed=True)
    coming = list(deployment.team.coming().order_by("pk"))
    alone = [member for member in coming if member.pair is None]
    if len(alone) < 2:
        return 0
    times = _times_out(alone)
    alone.sort(key=lambda member: (-times.get(member.person, 0), member.pk))
    number = max((member.pair or 0 for member in coming), default=0)
    waiting = list(alone)
    while len(waiting) > 1:
        number += 1
        for member in (waiting.pop(0), waiting.pop()):
            member.pair = number
    for leftover in waiting:
        leftover.pair = number
    for member in alone:
        member.revision += 1
    TeamMember.objects.bulk_update(alone, ["pair", "revision"])
    return len(alone)


@transaction.atomic
def part_pairs(*, deployment: Deployment) -> None:
    """Undo every pair."""
    paired = lock_team(deployment, even_closed=True).team.exclude(pair=None)
    paired.update(pair=None, revision=F("revision") + 1)


def _times_out(members: Sequence[TeamMember]) -> dict[str, int]:
    """By person, how many actions they came to."""
    people = [member.person for member in members]
    past = TeamMember.objects.filter(person__in=people, attended=True).order_by()
    rows = past.values_list("person").annotate(times=Count("pk"))
    return dict(rows)
