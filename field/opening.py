"""Opening what tablets sent: batches that any number of workers share, one transaction each.

Run by a task rung after each delivery, and by beat: nothing depends on the bell.
"""

import time
from collections import Counter
from collections.abc import Sequence

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from contacts.actions import capture_batch
from field.enums import Reason, RecordState
from field.models import SealedRecord
from field.reading import Reading, RecordReader

log = structlog.get_logger()

BATCH = 200
SETTLED = ["state", "sealed", "reason", "wrong_fields", "turn", "settled_at"]


def open_waiting_records(*, seconds: float = 60, size: int = BATCH) -> Counter[str]:
    """Open what waits until nothing does or `seconds` have passed; count each outcome."""
    outcomes: Counter[str] = Counter()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        opened = open_batch(size)
        outcomes += opened
        if not opened:
            break
    return outcomes


def open_batch(size: int = BATCH) -> Counter[str]:
    """Open up to `size` records; one that breaks the batch is found and set aside for a human.

    A database that is away or busy is no fault of a record: that error is raised, and the records
    wait for the next look.
    """
    try:
        return _open(size)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("field-batch-failed")
    outcomes: Counter[str] = Counter()
    for _ in range(size):
        opened = _open_one()
        outcomes += opened
        if not opened:
            break
    return outcomes


@transaction.atomic
def _open(size: int) -> Counter[str]:
    records = _claim(size)
    readings = _read(records)
    capture_batch(requests=[reading.request for reading in readings if reading.request])
    for reading in readings:
        _settle(reading)
    SealedRecord.objects.bulk_update(records, SETTLED)
    return Counter(record.state for record in records)


@transaction.atomic
def _open_one() -> Counter[str]:
    for record in _claim(1):
        try:
            with transaction.atomic():
                (reading,) = _read([record])
                capture_batch(requests=[reading.request] if reading.request else [])
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("field-record-failed", record=record.pk)
            reading = Reading(record, reason=Reason.FAILED)
        _settle(reading)
        record.save(update_fields=SETTLED)
        return Counter([record.state])
    return Counter()


def _claim(size: int) -> list[SealedRecord]:
    """Waiting records that no other worker holds, locked until the transaction ends."""
    waiting = SealedRecord.objects.waiting().order_by("pk")
    related = waiting.select_related("session", "device__user", "source__organisation")
    return list(related.select_for_update(of=("self",), no_key=True, skip_locked=True)[:size])


def _read(records: Sequence[SealedRecord]) -> list[Reading]:
    if not records:
        return []
    reader = RecordReader(records)
    return [reader.read(record) for record in records]


def _settle(reading: Reading) -> None:
    record = reading.record
    record.turn = reading.turn
    if reading.reason is not None:
        record.state, record.reason = RecordState.TO_CORRECT, reading.reason
        record.wrong_fields = list(reading.wrong_fields)
    else:
        record.state, record.reason, record.wrong_fields = RecordState.CAPTURED, "", []
        record.sealed, record.settled_at = "", timezone.now()
