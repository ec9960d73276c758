"""The shifts of an action: cut anew, moved on the wall, compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from deployments.models import Deployment, Shift, TeamMember


@dataclass(frozen=True)
class Slot:
    """From when to when somebody must be there."""

    starts_at: datetime
    ends_at: datetime
    label: str = ""


def whereabouts(deployment: Deployment) -> tuple[object, ...]:
    """What the team is told again when it changes: each hour, and the place."""
    hours = deployment.shifts.order_by("starts_at", "ends_at").values_list("starts_at", "ends_at")
    return (deployment.commune_id, deployment.place_id, *hours)


def cut(deployment: Deployment, slots: Sequence[Slot]) -> list[TeamMember]:
    """Make `slots` the shifts of the deployment; answers those who had chosen none that is left.

    A shift that changes stays the one people chose: that of its hour, else of its day, else the
    next in order.
    """
    zone = deployment.zone
    left = list(deployment.shifts.order_by("starts_at", "pk"))
    distinct = {(slot.starts_at, slot.label): slot for slot in slots}
    wanted = sorted(distinct.values(), key=lambda slot: slot.starts_at)
    likenesses: list[Callable[[Slot | Shift], object]] = [
        lambda one: (one.starts_at, one.label),
        lambda one: (one.starts_at.astimezone(zone).date(), one.label),
        lambda one: one.starts_at.astimezone(zone).date(),
        lambda one: None,
    ]
    for likeness in likenesses:
        for shift in list(left):
            slot = next((slot for slot in wanted if likeness(slot) == likeness(shift)), None)
            if slot is not None:
                left.remove(shift)
                wanted.remove(slot)
                _become(shift, slot)
    chosen = list(deployment.team.filter(wanted__in=left).distinct().order_by("pk"))
    for shift in left:
        shift.delete()
    Shift.objects.bulk_create(Shift(deployment=deployment, **vars(slot)) for slot in wanted)
    # Nothing chosen means every shift: to those, it would say the contrary of what they said.
    return list(deployment.team.filter(pk__in=[one.pk for one in chosen], wanted=None))


def _become(shift: Shift, slot: Slot) -> None:
    changed = [name for name, value in vars(slot).items() if getattr(shift, name) != value]
    for name in changed:
        setattr(shift, name, getattr(slot, name))
    if changed:
        shift.save(update_fields=changed)


def shift_all(deployment: Deployment, delta: timedelta, *, before: ZoneInfo) -> None:
    """Move every shift by `delta` on the wall, from the zone `before` to the one it has now."""
    moved = []
    for shift in deployment.shifts.all():
        for end in ("starts_at", "ends_at"):
            local = getattr(shift, end).astimezone(before).replace(tzinfo=None) + delta
            setattr(shift, end, local.replace(tzinfo=deployment.zone))
        moved.append(shift)
    # The days of a long action never stand on one another, even for an instant.
    for shift in moved if delta < timedelta(0) else reversed(moved):
        shift.save(update_fields=["starts_at", "ends_at"])
