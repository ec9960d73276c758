"""The bell that tells the workers that records wait to be opened."""

import time

from messaging.doorbell import ring

TASK = "field.tasks.open_sealed_records"
# A worker that was called stays longer than this: who sends right after needs no other bell.
HEARD_FOR = 1.0

_rung_at = 0.0


def ring_for_records() -> None:
    """Ring, unless this process has just done it: a bell costs more than storing a record."""
    global _rung_at
    now = time.monotonic()
    if now - _rung_at >= HEARD_FOR:
        _rung_at = now
        ring(TASK)
