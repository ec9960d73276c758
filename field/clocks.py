"""When a person was met, by a tablet whose clock may be wrong."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from field.models import SealedRecord

# A tablet found in a drawer may still hold last spring's records; 1970 is a dead battery.
OLDEST = timedelta(days=366)
# What two clocks and a slow network may differ by without either being wrong.
CLOSE = timedelta(minutes=2)


def said_by_device(record: SealedRecord, moment: datetime | None) -> datetime | None:
    """What the device's clock showed, kept as proof however wrong; None for what no clock says."""
    if moment is None or not 1970 <= moment.year <= 9000:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(record.time_zone))


def met_at(record: SealedRecord, moment: datetime | None, offset: timedelta) -> datetime:
    """When the person was met: the device's clock, put right by `offset`, what it was found to lag.

    Where that is later than the arrival or a year before it, the clock is wrong and nobody knows
    by how much: the earliest moment possible is taken, so that a yes of unknown age never undoes a
    refusal said before it arrived.
    """
    said = said_by_device(record, moment)
    try:
        corrected = said and said + offset
    except OverflowError:
        corrected = None
    arrived = record.received_at
    if corrected is None or not arrived - OLDEST <= corrected <= arrived + CLOSE:
        return _earliest(record)
    return min(corrected, arrived)


def _earliest(record: SealedRecord) -> datetime:
    """Nothing was sealed before the device was opened, or before the first day of the session."""
    if record.device is not None:
        return min(record.device.created_at, record.received_at)
    if record.session is not None:
        zone = ZoneInfo(record.session.time_zone)
        opening = datetime.combine(record.session.starts_on, time.min, tzinfo=zone)
        return min(opening.astimezone(UTC), record.received_at)
    return record.received_at - OLDEST
