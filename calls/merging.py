"""Two contacts are declared one person: their follow-ups become one, and can part again."""

from typing import Any, TypedDict

from django.utils import timezone

from calls.creation import in_order
from calls.enums import Status
from calls.models import FollowUp
from contacts.models import Contact


class Merged(TypedDict):
    """What parting them again needs."""

    moved: list[int]
    cancelled: list[int]
    survivor: int | None
    reasons: list[str]


def merge_follow_ups(survivor: Contact, other: Contact) -> Merged:
    """Give the survivor the other's follow-ups; of two open ones, theirs stays open."""
    rows = list(FollowUp.objects.filter(contact=other).order_by("pk").select_for_update())
    opened = [row for row in rows if row.is_open]
    own = FollowUp.objects.open().filter(contact=survivor).select_for_update().first()
    kept = Merged(
        moved=[row.pk for row in rows], cancelled=[], survivor=None, reasons=[]
    )  # fmt: skip
    if own and opened:
        kept["cancelled"] = [row.pk for row in opened]
        kept["survivor"], kept["reasons"] = own.pk, own.reasons
        own.reasons = in_order({*own.reasons, *opened[0].reasons})
        own.due_at = min(own.due_at, opened[0].due_at)
        own.save(update_fields=["reasons", "due_at"])
        FollowUp.objects.filter(pk__in=kept["cancelled"]).update(
            status=Status.CANCELLED, closed_at=timezone.now(), lease_holder=None,
            lease_since=None, lease_until=None,
        )  # fmt: skip
    FollowUp.objects.filter(pk__in=kept["moved"]).update(contact=survivor)
    return kept


def part_follow_ups(survivor: Contact, other: Contact, kept: Any) -> None:
    """Give back what `merge_follow_ups` took."""
    if not kept:
        return
    FollowUp.objects.filter(pk__in=kept["moved"]).update(contact=other)
    FollowUp.objects.filter(pk__in=kept["cancelled"]).update(status=Status.OPEN, closed_at=None)
    if kept["survivor"]:
        FollowUp.objects.filter(pk=kept["survivor"]).update(reasons=kept["reasons"])
