"""The writes of the report: figures, tops and flops, texts. A flop waits for the next action there.

Two people may write at once: who saves says which state they saw, a newer one is not overwritten.
"""

from typing import Any

import structlog
from django.db import transaction

from campaigns import clock
from deployments.chasing import stop_chasing
from deployments.enums import RemarkKind, TaskKind
from deployments.models import Debrief, Deployment, Remark, Task, TeamMember
from deployments.wording import debrief_search_text
from organisations.models import User

log = structlog.get_logger()

# By the link of the action, which many people hold: for each of the team, and for those unnamed.
OPINIONS_EACH = 4
OPINIONS_UNNAMED = 12


class DebriefMoved(Exception):
    """Somebody else changed the report meanwhile."""


class TooManyOpinions(Exception):
    """More tops and flops came by the link than a team can have."""


@transaction.atomic
def save_debrief(*, deployment: Deployment, revision: int, **fields: Any) -> Debrief:
    """Change the report; `revision` is the one on screen. Raises `DebriefMoved`."""
    debrief = _lock(deployment)
    if debrief.revision != revision:
        raise DebriefMoved
    for name, value in fields.items():
        setattr(debrief, name, value)
    return _finish(debrief)


@transaction.atomic
def close_debrief(*, deployment: Deployment, author: User) -> Debrief:
    """Hand the report in: whoever sees the action reads it."""
    debrief = _lock(deployment)
    debrief.closed_at, debrief.closed_by = clock.now(), author
    log.info("debrief-closed", deployment=deployment.pk, user=author.pk)
    stop_chasing(deployment)
    return _finish(debrief)


@transaction.atomic
def reopen_debrief(*, deployment: Deployment, author: User) -> Debrief:
    debrief = _lock(deployment)
    debrief.closed_at, debrief.closed_by = None, None
    log.info("debrief-reopened", deployment=deployment.pk, user=author.pk)
    return _finish(debrief)


@transaction.atomic
def add_remark(
    *, deployment: Deployment, kind: RemarkKind, text: str, author: str, member: TeamMember | None
) -> Remark:
    """Keep a top or a flop, once; a flop becomes a lesson for the next action at the place."""
    debrief = _lock(deployment)
    same = deployment.remarks.filter(kind=kind, text=text, author=author, member=member).first()
    if same is not None:
        return same
    remark = Remark.objects.create(
        deployment=deployment, kind=kind, text=text, author=author, member=member,
        created_at=clock.now(),
    )  # fmt: skip
    if kind == RemarkKind.FLOP:
        Task.objects.create(
            deployment=deployment, place=deployment.place, kind=TaskKind.LESSON,
            label=text[:200], remark=remark,
        )  # fmt: skip
    _write_search_text(debrief)
    return remark


@transaction.atomic
def add_opinions(*, deployment: Deployment, author: str, texts: dict[RemarkKind, str]) -> None:
    """What somebody without an account says by the link. Raises `TooManyOpinions`."""
    _lock(deployment)
    by_link = deployment.remarks.filter(member=None)
    most = OPINIONS_UNNAMED + OPINIONS_EACH * deployment.team.count()
    if by_link.count() + len(texts) > most:
        raise TooManyOpinions
    for kind, text in texts.items():
        add_remark(deployment=deployment, kind=kind, text=text, author=author, member=None)


@transaction.atomic
def remove_remark(*, remark: Remark, author: User) -> None:
    """Take a remark away, with the lesson nobody has dealt with yet."""
    debrief = _lock(remark.deployment)
    log.info("remark-removed", deployment=remark.deployment_id, user=author.pk)
    remark.tasks.filter(kind=TaskKind.LESSON, done_at=None).delete()
    remark.delete()
    _write_search_text(debrief)


def _lock(deployment: Deployment) -> Debrief:
    """The report, begun where there was none, held until the end of the transaction."""
    Debrief.objects.get_or_create(deployment=deployment)
    locked = Debrief.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("deployment").get(deployment=deployment)


def _finish(debrief: Debrief) -> Debrief:
    debrief.revision += 1
    debrief.updated_at = clock.now()
    debrief.save()
    _write_search_text(debrief)
    return debrief


def _write_search_text(debrief: Debrief) -> None:
    said = debrief.deployment.remarks.values_list("text", flat=True)
    debrief.search_text = debrief_search_text(debrief.deployment, debrief, said)
    debrief.save(update_fields=["search_text"])
