"""How fast the public form may be sent, per source and per device, never per network address.

A market's Wi-Fi puts hundreds of people behind one address; a robot has neither a remembered
device nor patience. Counts are read from the captures themselves, so they survive anything.
"""

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from contacts.models import Capture, Source
from core.tokens import keyed_hash

WINDOW = timedelta(minutes=10)
PER_DEVICE = 20
PER_SOURCE = 400
LINKS_PER_DEVICE = 10
HOUR = 3600


def is_too_fast(*, source: Source, device: str) -> bool:
    """Whether this source or device has already sent its share in the last ten minutes."""
    recent = Capture.objects.filter(server_time__gte=timezone.now() - WINDOW)
    if device and recent.filter(device_hash=keyed_hash(device)).count() >= PER_DEVICE:
        return True
    return recent.filter(source=source).count() >= PER_SOURCE


def may_ask_link(device: str) -> bool:
    """Count one more request for a personal link; False when this device asked too often.

    Devices without a name share one count: a real browser has been given its own.
    """
    key = f"link-requests:{keyed_hash(device)}"
    cache.add(key, 0, HOUR)
    return int(cache.incr(key)) <= LINKS_PER_DEVICE
