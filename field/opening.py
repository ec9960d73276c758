"""Opening what tablets sent: batches that any number of workers share, one transaction each.

Run by a task rung after each delivery, and by beat: nothing depends on the bell.
"""

import time
from collections import Counter
from collections.abc import Sequence

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from contacts.actions import capture_batch
from contacts.reading import PlaceReader
from field.enums import Reason, RecordState
from field.models import SealedRecord
from field.reading import Reading, RecordReader

log = structlog.get_logger()

BATCH = 200
# Between two looks of a worker that lingers.
PAUSE = 0.2
SETTLE = """
UPDATE field_sealedrecord AS record
SET state = new.state, reason = new.reason, turn = new.turn, sealed = new.sealed,
    wrong_fields = string_to_array(new.wrong_fields, ' '), settled_at = new.settled_at
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::uuid[], %s::text[], %s::text[],
            %s::timestamptz[])
    AS new (id, state, reason, turn, sealed, wrong_fields, settled_at)
WHERE record.id = new.id
"""


def open_waiting_records(
    *, seconds: float = 60, linger: float = 0, size: int = BATCH
) -> Counter[str]:
    """Open what waits until nothing has for `linger` seconds, or `seconds` have passed.

    Counts each outcome.
    """
    outcomes: Counter[str] = Counter()
    places = PlaceReader()
    deadline = time.monotonic() + seconds
    last_work = time.monotonic()
    while time.monotonic() < deadline:
        opened = open_batch(size, places)
        outcomes += opened
        if opened:
            last_work = time.monotonic()
        elif time.monotonic() - last_work >= linger:
            break
        else:
            time.sleep(PAUSE)
    return outcomes


def open_batch(size: int = BATCH, places: PlaceReader | None = None) -> Counter[str]:
    """Open up to `size` records; one that breaks the batch is found and set aside for a human.

    A database that is away or busy is no fault of a record: that error is raised, and the records
    wait for the next look.
    """
    places = places or PlaceReader()
    try:
        return _open(size, places)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("field-batch-failed")
    outcomes: Counter[str] = Counter()
    for _ in range(size):
        opened = _open_one(places)
        outcomes += opened
        if not opened:
            break
    return outcomes


@transaction.atomic
def _open(size: int, places: PlaceReader) -> Counter[str]:
    records = _claim(size)
    readings = _read(records, places)
    capture_batch(requests=[reading.request for reading in readings if reading.request])
    for reading in readings:
        _settle(reading)
    _save(records)
    return Counter(record.state for record in records)


@transaction.atomic
def _open_one(places: PlaceReader) -> Counter[str]:
    for record in _claim(1):
        try:
            with transaction.atomic():
                (reading,) = _read([record], places)
                capture_batch(requests=[reading.request] if reading.request else [])
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("field-record-failed", record=record.pk)
            reading = Reading(record, reason=Reason.FAILED)
        _settle(reading)
        _save([record])
        return Counter([record.state])
    return Counter()


def _claim(size: int) -> list[SealedRecord]:
    """Waiting records that no other worker holds, locked until the transaction ends."""
    waiting = SealedRecord.objects.waiting().order_by("pk")
    # A few devices for a batch: read once each, not once per record.
    related = waiting.prefetch_related("session", "device__user", "source")
    return list(related.select_for_update(no_key=True, skip_locked=True)[:size])


def _read(records: Sequence[SealedRecord], places: PlaceReader) -> list[Reading]:
    if not records:
        return []
    reader = RecordReader(records, places)
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


def _save(records: Sequence[SealedRecord]) -> None:
    """One statement for a batch, many times quicker than as many conditions."""
    columns = [
        [getattr(record, name) for record in records]
        for name in ("pk", "state", "reason", "turn", "sealed")
    ]
    wrong = [" ".join(record.wrong_fields) for record in records]
    settled = [record.settled_at for record in records]
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [*columns, wrong, settled])
