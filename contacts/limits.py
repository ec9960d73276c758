"""How fast the public form may be sent, per source and per device, never per network address.

A market's Wi-Fi puts hundreds of people behind one address; a robot has neither a remembered
device nor patience. Counts are read from the captures themselves, so they survive anything.
"""

from datetime import timedelta

from django.utils import timezone

from contacts.models import Capture, Source
from core.tokens import keyed_hash

WINDOW = timedelta(minutes=10)
PER_DEVICE = 20
PER_SOURCE = 400


def is_too_fast(*, source: Source, device: str) -> bool:
    """Whether this source or device has already sent its share in the last ten minutes."""
    recent = Capture.objects.filter(server_time__gte=timezone.now() - WINDOW)
    if device and recent.filter(device_hash=keyed_hash(device)).count() >= PER_DEVICE:
        return True
    return recent.filter(source=source).count() >= PER_SOURCE
