"""What arrives from the field, and the one statement that keeps it.

A tablet that finds the network again sends records by the hundred, and so do all the others of the
market: this is the path every record takes, hence plain SQL and as few round trips as can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection
from django.utils import timezone

from field.prepared import fetch_prepared

# A flood is what comes in since a moment that moves on when it is this old.
WINDOW = timedelta(minutes=10)
COLUMNS = """
    INSERT INTO field_sealedrecord (capture_id, sealed, device_id, session_id, source_id, state,
                                    reason, wrong_fields, received_at)
"""
# What the device told, and how many new records it has brought. It is locked after its records,
# which the count waits for: two tabs that send the same ones never wait for each other.
HEARD = """
    UPDATE field_fielddevice AS device
    SET last_seen_at = %(now)s, unsent_count = %(unsent)s, oldest_unsent_at = %(oldest)s,
        counted_since = CASE WHEN device.counted_since >= %(since)s
                             THEN device.counted_since ELSE %(now)s END,
        counted_records = (SELECT count(*) FROM stored WHERE stored.device_id = device.id)
            + CASE WHEN device.counted_since >= %(since)s THEN device.counted_records ELSE 0 END
"""
STORE = f"""
WITH stored AS (
    {COLUMNS}
    SELECT arrival.*, 'waiting', '', '{{}}', %(now)s
    FROM unnest(%(capture_ids)s::uuid[], %(sealed)s::text[], %(devices)s::bigint[],
                %(sessions)s::bigint[], %(sources)s::bigint[]) AS arrival
    ON CONFLICT (capture_id) DO NOTHING
    RETURNING device_id
), heard AS (
    {HEARD} WHERE device.id = %(heard)s
)
SELECT count(*) FROM stored
"""  # noqa: S608
# The same for nearly every post: all is of the opening that sends, a shared tablet's.
STORE_OWN = f"""
WITH sender AS (
    SELECT id, session_id, source_id FROM field_fielddevice
    WHERE secret_hash = %(secret_hash)s AND revoked_at IS NULL AND user_id IS NULL
        AND public_id = ALL (string_to_array(%(openings)s, ' ')::uuid[])
        AND (counted_since < %(since)s OR counted_records < %(limit)s)
), stored AS (
    {COLUMNS}
    SELECT arrival.capture_id, arrival.sealed, sender.id, sender.session_id, sender.source_id,
           'waiting', '', '{{}}', %(now)s
    FROM sender, unnest(string_to_array(%(capture_ids)s, ' ')::uuid[],
                        string_to_array(%(sealed)s, ' ')) AS arrival (capture_id, sealed)
    ON CONFLICT (capture_id) DO NOTHING
    RETURNING device_id
), heard AS (
    {HEARD} FROM sender WHERE device.id = sender.id
)
SELECT (SELECT count(*) FROM stored) FROM sender
"""  # noqa: S608


@dataclass(frozen=True)
class Envelope:
    """One record as it arrived. `device` and `session` are what the tablet was when it sealed."""

    capture_id: UUID
    sealed: str
    session: UUID | None = None
    device: UUID | None = None


@dataclass(frozen=True)
class Backlog:
    """What a tablet says it still holds."""

    unsent: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True)
class Sender:
    """The device that sends, as far as its records need to know it."""

    pk: int
    public_id: UUID
    browser: UUID
    source: int
    session: int | None
    session_public_id: UUID | None
    # None for a shared tablet.
    user: int | None
    # How many new records it brought lately.
    lately: int


class Arrival(NamedTuple):
    """A record and what it belongs to: numbers of a device, a session and a source."""

    capture_id: UUID
    sealed: str
    device: int | None
    session: int | None
    source: int


def keep(
    arrivals: Sequence[Arrival], *, heard: int | None = None, backlog: Backlog | None = None
) -> int:
    """Insert what is not there yet; returns how many are new.

    With `heard`, the number of the device that sends, writes down what it still holds.
    """
    rows = _in_order(arrivals)
    parameters = _report(backlog or Backlog()) | {
        "capture_ids": [row.capture_id for row in rows],
        "sealed": [row.sealed for row in rows],
        "devices": [row.device for row in rows],
        "sessions": [row.session for row in rows],
        "sources": [row.source for row in rows],
        "heard": heard,
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, parameters)
        (new,) = cursor.fetchone()
    return int(new)


def keep_own(
    envelopes: Sequence[Envelope], *, secret_hash: str, limit: int, backlog: Backlog
) -> int | None:
    """`keep` for a shared tablet that sealed them as what it is opened as now.

    The device is found by the hash of its secret in the same statement. None, and nothing is
    kept, when it is not that simple: `find_sender` and `keep` tell why.
    """
    rows = _in_order(envelopes)
    if any(row.device is None for row in rows):
        return None
    parameters = _report(backlog) | {
        # One text each, as no envelope holds a space: lists cost the driver three times as much.
        "capture_ids": " ".join(str(row.capture_id) for row in rows),
        "sealed": " ".join(row.sealed for row in rows),
        "openings": " ".join({str(row.device) for row in rows}),
        "secret_hash": secret_hash,
        "limit": limit,
    }
    row = fetch_prepared(STORE_OWN, parameters)
    return None if row is None else int(row[0])


Row = TypeVar("Row", Arrival, Envelope)


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """In one order, so that two tabs with the same records never wait for each other."""
    return sorted(rows, key=lambda row: row.capture_id)


def _report(backlog: Backlog) -> dict[str, Any]:
    now = timezone.now()
    return {
        "now": now,
        "since": now - WINDOW,
        "unsent": backlog.unsent,
        "oldest": backlog.oldest,
    }
