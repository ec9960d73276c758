"""Beat says "look": what is forgotten, elsewhere or late is in PostgreSQL."""

from celery import shared_task

from calls import sweeping


@shared_task(ignore_result=True)
def sweep_follow_ups() -> None:
    sweeping.sweep_follow_ups()
