"""Which tasks one sees and ticks."""

from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from deployments.declaration_rules import today_at
from deployments.enums import TaskKind
from deployments.models import Deployment, Task, TeamMember
from deployments.preparation_rules import lessons_for
from organisations.models import User

LATEST = 8
NEXT = 5


def tasks_of(deployment: Deployment) -> QuerySet[Task]:
    """What is to be done for an action; what it taught others is not."""
    tasks = deployment.tasks.exclude(kind=TaskKind.LESSON)
    return tasks.select_related("assignee", "done_by").order_by("due_on", "pk")


def next_tasks(deployment: Deployment) -> list[dict[str, Any]]:
    """What is left to do for an action, the most urgent first."""
    tasks = tasks_of(deployment).filter(done_at=None)[:NEXT]
    return [{"task": task, "is_late": is_late(task)} for task in tasks]


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
    """What waits for the person, the most urgent first, with whether its day is over."""
    tasks = (
        Task.objects.of(user)
        .open()
        .filter(deployment__archived_at=None, deployment__cancelled_at=None)
        .exclude(kind=TaskKind.LESSON)
        .select_related("deployment")
        .order_by("due_on", "pk")[:LATEST]
    )
    return [{"task": task, "is_late": is_late(task)} for task in tasks]


def is_late(task: Task) -> bool:
    if task.done_at or not task.due_on or task.deployment is None:
        return False
    return task.due_on < today_at(task.deployment)
