"""Which tasks one sees and ticks."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.shortcuts import get_object_or_404

from campaigns import clock
from deployments.enums import DeclarationState, TaskKind
from deployments.models import Deployment, PublicSpaceDeclaration, Task, TeamMember
from deployments.models.preparation import DECLARATION
from deployments.preparation_rules import lessons_for
from organisations.models import User

LATEST = 10
NEXT = 5


class Urgency(StrEnum):
    NONE = ""
    NOW = "now"
    LATE = "late"
    TOO_LATE = "too-late"


def tasks_of(deployment: Deployment) -> QuerySet[Task]:
    """What is to be done for an action; what it taught others is not."""
    tasks = deployment.tasks.exclude(kind=TaskKind.LESSON)
    return tasks.select_related("assignee", "done_by").order_by("due_on", "pk")


def next_tasks(deployment: Deployment) -> list[dict[str, Any]]:
    """What is left to do for an action, the most urgent first."""
    return with_urgency(tasks_of(deployment).filter(done_at=None)[:NEXT])


def with_urgency(tasks: QuerySet[Task]) -> list[dict[str, Any]]:
    """Each task with how it presses, and until when the law lets one send a declaration."""
    unsent = PublicSpaceDeclaration.objects.filter(
        deployment=OuterRef("deployment"), state=DeclarationState.TO_SEND
    )
    first = unsent.order_by("last_day").values("last_day")[:1]
    legal_day = Case(When(step=DECLARATION, then=Subquery(first)))
    now = clock.now()
    return [
        {
            "task": task,
            "urgency": urgency_of(task, now, task.legal_day),
            "legal_day": task.legal_day,
        }
        for task in tasks.annotate(legal_day=legal_day)
    ]


def get_task_or_404(deployment: Deployment, pk: int) -> Task:
    """A task of an action whose fetching was the check, or a lesson waiting for it."""
    lessons = lessons_for(deployment).order_by().values("pk")
    own = tasks_of(deployment).order_by().values("pk")
    seen = Task.objects.filter(Q(pk__in=own) | Q(pk__in=lessons))
    return get_object_or_404(seen, pk=pk)


def get_own_task_or_404(deployment: Deployment, pk: int) -> Task:
    return get_object_or_404(tasks_of(deployment), pk=pk)


def assignable(deployment: Deployment) -> QuerySet[TeamMember]:
    return deployment.team.in_team().order_by("first_name", "pk")


def my_tasks(user: User) -> list[dict[str, Any]]:
    """What waits for the person, the most urgent first, with how it presses."""
    tasks = (
        Task.objects.of(user)
        .open()
        .filter(deployment__archived_at=None, deployment__cancelled_at=None)
        .exclude(kind=TaskKind.LESSON)
        .select_related("deployment")
        .order_by("due_on", "pk")[:LATEST]
    )
    return with_urgency(tasks)


def urgency_of(task: Task, now: datetime, legal_day: date | None = None) -> Urgency:
    """How a task presses where its action takes place.

    A day that was over when the plan was made blames nobody: it is for now. A legal one that is
    over stays so, whoever came late.
    """
    if task.done_at or task.deployment is None:
        return Urgency.NONE
    today = now.astimezone(task.deployment.zone).date()
    if legal_day and legal_day < today:
        return Urgency.TOO_LATE
    if not task.due_on or task.due_on >= today:
        return Urgency.NONE
    planned = task.created_at.astimezone(task.deployment.zone).date()
    was_over = task.due_on == task.planned_on and task.due_on < planned
    return Urgency.NOW if was_over else Urgency.LATE
