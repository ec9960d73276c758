"""Thin: each looks at batches whose truth is in the database, and may run twice."""

import time
from datetime import timedelta
from uuid import UUID

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from materials import flyer_batches, flyer_rules
from materials.models import FlyerBatch

logger = structlog.get_logger(__name__)

# Well under the time limit of a task; a long batch goes from task to task.
SECONDS_PER_TASK = 60.0
SILENCE = timedelta(seconds=90)


def start(batch: FlyerBatch) -> None:
    """Ask a worker to look at once, after the commit; if Redis is away, the sweeper will."""
    try:
        draw_flyers.delay(str(batch.pk))
    except OperationalError as error:
        logger.warning("flyers-wait-for-the-sweeper", error=str(error))


@shared_task(ignore_result=True)
def draw_flyers(pk: str) -> None:
    batch = FlyerBatch.objects.filter(pk=UUID(pk)).first()
    if batch is None:
        return
    worker, started = flyer_batches.BatchWorker(batch), time.monotonic()
    while worker.advance():
        if time.monotonic() - started > SECONDS_PER_TASK:
            draw_flyers.delay(pk)
            return


@shared_task(ignore_result=True)
def resume_flyers() -> None:
    """Start again the batches whose worker was killed; remove the zips kept long enough."""
    for pk in flyer_rules.batches_to_resume(SILENCE):
        draw_flyers.delay(str(pk))
    flyer_batches.expire_batches()
