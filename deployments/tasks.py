"""Beat says "look": who must be written to is in PostgreSQL."""

from celery import shared_task

from deployments import chasing


@shared_task(ignore_result=True)
def chase_debriefs() -> None:
    chasing.chase_debriefs()
