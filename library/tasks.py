"""Beat says "look": which marks are of yesterday is in PostgreSQL."""

from celery import shared_task

from library import reading


@shared_task(ignore_result=True)
def forget_download_marks() -> None:
    reading.forget_marks()
