"""What the preparation reads: places known, lessons of the past, lines of the lists."""

from django.db.models import QuerySet

from deployments.enums import TaskKind
from deployments.models import Deployment, Task


def lessons_for(deployment: Deployment) -> QuerySet[Task, Task]:
    """What earlier actions at the same place taught, and nobody has settled yet."""
    if deployment.place_id is None:
        return Task.objects.none()
    lessons = Task.objects.filter(place=deployment.place_id, kind=TaskKind.LESSON, done_at=None)
    return lessons.exclude(deployment=deployment.pk).order_by("-created_at", "-pk")
