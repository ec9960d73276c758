"""Two by two: nobody is alone in the street."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Count, F

from deployments.enums import Answer
from deployments.models import Deployment, TeamMember
from deployments.staffing import lock_team


@transaction.atomic
def pair_up(*, deployment: Deployment) -> int:
    """Put those who come without a partner two by two, the most seasoned with the newest.

    Who lost their partner is put again. Somebody left over joins the last pair. Answers how many
    were put.
    """
    deployment = lock_team(deployment, even_closed=True)
    team = list(deployment.team.in_team().order_by("pk"))
    coming = [member for member in team if member.answer == Answer.COMING]
    left = left_behind(team)
    alone = [member for member in coming if member.pair is None or member in left]
    last = max((member.pair or 0 for member in coming if member not in alone), default=0)
    if not alone or (len(alone) < 2 and not last):
        return 0
    # Somebody who has not answered may bear a number already.
    number = max(member.pair or 0 for member in team)
    times = _times_out(alone)
    alone.sort(key=lambda member: (-times.get(member.person, 0), member.pk))
    waiting = list(alone)
    while len(waiting) > 1:
        last = number = number + 1
        for member in (waiting.pop(0), waiting.pop()):
            member.pair = number
    for leftover in waiting:
        leftover.pair = last
    for member in alone:
        member.revision += 1
    TeamMember.objects.bulk_update(alone, ["pair", "revision"])
    return len(alone)


def left_behind(team: Iterable[TeamMember]) -> list[TeamMember]:
    """Who comes and has lost their partner: nobody else who may come bears the number."""
    expected = [one for one in team if one.answer in (Answer.COMING, Answer.INVITED)]
    sizes = Counter(one.pair for one in expected)
    return [one for one in expected if one.answer == Answer.COMING and one.pair
            and sizes[one.pair] == 1]  # fmt: skip


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
