"""The bell that tells the workers that records wait to be opened."""

from functools import partial

from messaging.doorbell import ring

TASK = "field.tasks.open_sealed_records"

ring_for_records = partial(ring, TASK)
