"""Thin: each looks at lists whose truth is in the database, and may run twice."""

import time
from datetime import timedelta
from uuid import UUID

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from imports import actions, rules
from imports.models import ContactImport
from imports.work import Worker

logger = structlog.get_logger(__name__)

# Well under the time limit of a task; a long list goes from task to task.
SECONDS_PER_TASK = 60.0
SILENCE = timedelta(seconds=90)


def start(contact_import: ContactImport) -> None:
    """Ask a worker to look at once, after the commit; if Redis is away, `resume_imports` will."""
    try:
        work_on_import.delay(str(contact_import.pk))
    except OperationalError as error:
        logger.warning("import-waits-for-the-sweeper", error=str(error))


@shared_task(ignore_result=True)
def work_on_import(pk: str) -> None:
    contact_import = ContactImport.objects.filter(pk=UUID(pk)).first()
    if contact_import is None:
        return
    worker, started = Worker(contact_import), time.monotonic()
    while worker.advance():
        if time.monotonic() - started > SECONDS_PER_TASK:
            work_on_import.delay(pk)
            return


@shared_task(ignore_result=True)
def resume_imports() -> None:
    """Start again the lists whose worker was killed; empty those sent a week ago."""
    for pk in rules.imports_to_resume(SILENCE):
        work_on_import.delay(str(pk))
    actions.empty_old_imports()
