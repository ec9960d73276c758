"""What must be done before and after an action, counted back from its day, and the writes of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from campaigns import clock
from deployments.enums import DeclarationState, TaskKind
from deployments.models import Deployment, PublicSpaceDeclaration, Task, TeamMember
from deployments.models.preparation import DECLARATION
from organisations.models import User

# Step, kind, words, and how many days after the first day. Habits of the guide to field actions.
BEFORE = (
    ("training", TaskKind.TEAM, "Proposer une formation à qui en a besoin", -28),
    ("material", TaskKind.LOGISTICS, "Commander tracts, affiches et matériel", -21),
    ("team", TaskKind.TEAM, "Inviter l’équipe", -14),
    ("press", TaskKind.COMMUNICATION, "Envoyer le communiqué à la presse locale", -3),
    ("gathering", TaskKind.TEAM, "Réunir l’équipe : objectif, outils, mots, binômes", -3),
    ("ahead", TaskKind.LOGISTICS, "Dire qui arrive en avance pour installer et sécuriser", -2),
    ("confirm", TaskKind.TEAM, "Confirmer à l’équipe l’heure et le lieu de rendez-vous", -1),
    ("morning", TaskKind.TEAM, "Le matin même, un temps ensemble avant d’aller vers les gens", 0),
)
DEBRIEF_WITHIN = timedelta(days=7)


class TaskMoved(Exception):
    """Somebody else changed this task meanwhile."""


@dataclass(frozen=True)
class Step:
    step: str
    kind: TaskKind
    label: str
    due_on: date


def back_plan(
    deployment: Deployment, declarations: Iterable[PublicSpaceDeclaration]
) -> Iterator[Step]:
    """The steps of an action, by the days of its place; none without a date."""
    if deployment.starts_at is None or deployment.ends_at is None:
        return
    first = deployment.starts_at.astimezone(deployment.zone).date()
    needed = [one for one in declarations if one.state != DeclarationState.NOT_NEEDED]
    if needed:
        due_on = min(one.advised_on for one in needed)
        yield Step(DECLARATION, TaskKind.DECLARATION, "Envoyer la déclaration", due_on)
    for step, kind, label, days in BEFORE:
        yield Step(step, kind, label, first + timedelta(days=days))
    last = deployment.ends_at.astimezone(deployment.zone).date()
    yield Step("debrief", TaskKind.OTHER, "Faire le bilan avec l’équipe", last + DEBRIEF_WITHIN)


@transaction.atomic
def refresh_tasks(*, deployment: Deployment) -> None:
    """Keep the back-plan of an action that of its date; what people did or changed stays."""
    declarations = list(deployment.declarations.order_by("pk"))
    known = {task.step: task for task in deployment.tasks.exclude(step="").order_by("pk")}
    for step in back_plan(deployment, declarations):
        task = known.pop(step.step, None)
        if task is None:
            Task.objects.create(
                deployment=deployment, planned_on=step.due_on, created_at=clock.now(), **vars(step)
            )
        elif task.planned_on != step.due_on:
            if task.due_on == task.planned_on:
                task.due_on = step.due_on
            task.planned_on, task.created_at = step.due_on, clock.now()
            task.save(update_fields=["due_on", "planned_on", "created_at"])
    gone = [task.pk for task in known.values() if task.done_at is None]
    if gone:
        Task.objects.filter(pk__in=gone).delete()
    _follow_declarations(deployment, declarations)


def _follow_declarations(
    deployment: Deployment, declarations: Iterable[PublicSpaceDeclaration]
) -> None:
    """« Envoyer la déclaration » is done once none is left to send, and due again otherwise."""
    waits = any(one.state == DeclarationState.TO_SEND for one in declarations)
    task = Task.objects.filter(deployment=deployment, step=DECLARATION)
    if waits:
        task.exclude(done_at=None).update(done_at=None, done_by=None)
    else:
        task.open().update(done_at=clock.now())


@transaction.atomic
def add_task(
    *, deployment: Deployment, label: str, due_on: date | None, assignee: TeamMember | None
) -> Task:
    return Task.objects.create(deployment=deployment, label=label, due_on=due_on, assignee=assignee)


@transaction.atomic
def change_task(*, task: Task, revision: int, **fields: Any) -> Task:
    """Change the words, the day or who sees to it. Raises `TaskMoved`."""
    task = _lock(task, revision)
    for name, value in fields.items():
        setattr(task, name, value)
    task.revision += 1
    task.save()
    return task


@transaction.atomic
def tick_task(*, task: Task, is_done: bool, author: User) -> None:
    """Say that it is done, or not after all; said twice, the first one stays."""
    if is_done:
        Task.objects.open().filter(pk=task.pk).update(done_at=clock.now(), done_by=author)
    else:
        Task.objects.filter(pk=task.pk).update(done_at=None, done_by=None)


@transaction.atomic
def remove_task(*, task: Task, revision: int) -> None:
    """Take off a task that people added; the steps of the back-plan are ticked instead.

    Raises `TaskMoved`.
    """
    task = _lock(task, revision)
    if not task.step:
        task.delete()


def _lock(task: Task, revision: int) -> Task:
    current = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    if current.revision != revision:
        raise TaskMoved
    return current
