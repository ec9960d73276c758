"""Beat says "look": who waits, who must be reminded or forgotten is in PostgreSQL."""

from celery import shared_task

from webinars import forgetting, places, reminding


@shared_task(ignore_result=True)
def write_reminders() -> None:
    reminding.write_due_reminders()


@shared_task(ignore_result=True)
def fill_freed_places() -> None:
    places.fill_freed_places()


@shared_task(ignore_result=True)
def forget_old_registrations() -> None:
    forgetting.forget_old_registrations()
