"""The doorbell: tells the workers that something is due. Missing one only costs ten seconds."""

import time
from collections.abc import Callable

import structlog
from celery import current_app
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)

TASK = "messaging.tasks.deliver_due_messages"
# A Redis that does not answer may hold up one request, not each of them.
PAUSE_AFTER_FAILURE = 30.0
BROKER_TIMEOUT = 1.0

_silent_until = 0.0


def ring_after_commit(bell: Callable[[], None] | None = None) -> None:
    """Ring once when the running transaction commits, however many messages it wrote.

    `bell` is that of another room: a `functools.partial` of `ring`, always the same object.
    """
    bell = bell or ring
    open_savepoints = set(connection.savepoint_ids)
    for registered in connection.run_on_commit:
        # A bell hung in a savepoint that may yet be rolled back does not count.
        if registered[1] is bell and registered[0] <= open_savepoints:
            return
    transaction.on_commit(bell, robust=True)


def ring(task: str = TASK) -> None:
    """Ask any worker to look now. Never raises when Redis is down: beat looks too."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS | {
        "socket_connect_timeout": BROKER_TIMEOUT,
        "socket_timeout": BROKER_TIMEOUT,
        "max_retries": 0,
    }
    try:
        with current_app.connection_for_write(
            connect_timeout=BROKER_TIMEOUT, transport_options=options
        ) as broker:
            current_app.send_task(task, connection=broker, retry=False, expires=60)
    except OperationalError as error:
        _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
        logger.warning("doorbell-unreachable", error=str(error))
