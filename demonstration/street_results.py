"""What came of the drawn actions that are over: counts, tops and flops, reports."""

import random
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from demonstration.street import STREET
from demonstration.teams import Teams
from deployments.enums import RemarkKind, Stage, TallyKind, TaskKind
from deployments.models import Debrief, Deployment, Remark, Tally, Task
from deployments.wording import debrief_search_text

REPORTED_IN = 0.82


def add_results(rows: list[Deployment], teams: Teams, dice: random.Random) -> None:
    """Four past actions in five have their report; the others wait for it."""
    now = timezone.now()
    over = [row for row in rows if row.stage == Stage.REPORTED and row.is_over_at(now)]
    remarks = [remark for row in over for remark in _remarks(row, teams, dice)]
    Remark.objects.bulk_create(remarks)
    Task.objects.bulk_create(_lesson(one) for one in remarks if one.kind == RemarkKind.FLOP)
    said: dict[int, list[str]] = {}
    for remark in remarks:
        said.setdefault(remark.deployment_id, []).append(remark.text)
    reported = [row for row in over if dice.random() < REPORTED_IN]
    debriefs = [_debrief(row, teams, said.get(row.pk, []), dice) for row in reported]
    Debrief.objects.bulk_create(debriefs)
    Tally.objects.bulk_create(tally for debrief in debriefs for tally in _tallies(debrief))


def _remarks(row: Deployment, teams: Teams, dice: random.Random) -> Iterator[Remark]:
    assert row.ends_at is not None  # noqa: S101 – over
    members = [one for one in teams.get(row.pk, []) if one.attended]
    for kind, texts in ((RemarkKind.TOP, STREET["tops"]), (RemarkKind.FLOP, STREET["flops"])):
        for text in dice.sample(texts, k=dice.choice((1, 1, 2))):
            member = dice.choice(members) if members else None
            yield Remark(
                deployment=row, kind=kind, text=text, member=member,
                author=member.first_name if member else "", created_at=row.ends_at,
            )  # fmt: skip


def _lesson(flop: Remark) -> Task:
    return Task(
        deployment=flop.deployment, place=flop.deployment.place, kind=TaskKind.LESSON,
        label=flop.text, remark=flop, created_at=flop.created_at,
    )  # fmt: skip


def _debrief(row: Deployment, teams: Teams, said: list[str], dice: random.Random) -> Debrief:
    assert row.starts_at is not None  # noqa: S101 – over
    assert row.ends_at is not None  # noqa: S101 – over
    attended = sum(bool(one.attended) for one in teams.get(row.pk, []))
    hours = min((row.ends_at - row.starts_at).total_seconds() / 3600, 12)
    met = int(attended * hours * dice.uniform(2, 6))
    returned_at = min(row.ends_at + timedelta(days=dice.randrange(1, 6)), timezone.now())
    debrief = Debrief(
        deployment=row, people_met=met, leaflets=int(met * dice.uniform(1.5, 4)),
        members_joined=dice.choice((0, 0, 0, 1, 1, 2)), participants=attended,
        summary=dice.choice(STREET["summaries"]), closed_at=returned_at, updated_at=returned_at,
    )  # fmt: skip
    debrief.search_text = debrief_search_text(row, debrief, said)
    return debrief


def _tallies(debrief: Debrief) -> Iterator[Tally]:
    ended_at = debrief.deployment.ends_at
    assert ended_at is not None  # noqa: S101 – over
    counted = {TallyKind.MET: debrief.people_met, TallyKind.LEAFLETS: debrief.leaflets}
    for kind, number in counted.items():
        if number:
            yield Tally(
                tally_id=uuid4(), deployment=debrief.deployment, kind=kind, count=number,
                counted_at=ended_at,
            )  # fmt: skip
