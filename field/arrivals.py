"""What arrives from the field, and the one statement that keeps it.

A tablet that finds the network again sends records by the hundred, and so do all the others of the
market: this is the path every record takes, hence plain SQL and as few round trips as can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone

# In one order, so that two tabs with the same records never wait for each other; the device comes
# after its records for the same reason.
STORE = """
WITH stored AS (
    INSERT INTO field_sealedrecord (capture_id, sealed, device_id, session_id, source_id, state,
                                    reason, wrong_fields, received_at)
    SELECT arrival.*, 'waiting', '', '{}', %(now)s
    FROM unnest(%(capture_ids)s::uuid[], %(sealed)s::text[], %(devices)s::bigint[],
                %(sessions)s::bigint[], %(sources)s::bigint[]) AS arrival
    ON CONFLICT (capture_id) DO NOTHING
    RETURNING 1
), heard AS (
    UPDATE field_fielddevice
    SET last_seen_at = %(now)s, unsent_count = %(unsent)s, oldest_unsent_at = %(oldest)s
    WHERE id = %(heard)s AND (SELECT count(*) FROM stored) >= 0
)
SELECT count(*) FROM stored
"""


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
    # How many of its records came in lately, up to what is too many.
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
    rows = sorted(arrivals, key=lambda arrival: arrival.capture_id)
    backlog = backlog or Backlog()
    parameters: dict[str, Any] = {
        "capture_ids": [row.capture_id for row in rows],
        "sealed": [row.sealed for row in rows],
        "devices": [row.device for row in rows],
        "sessions": [row.session for row in rows],
        "sources": [row.source for row in rows],
        "now": timezone.now(),
        "heard": heard,
        "unsent": backlog.unsent,
        "oldest": backlog.oldest,
    }
    with connection.cursor() as cursor:
        cursor.execute(STORE, parameters)
        (new,) = cursor.fetchone()
    return int(new)
