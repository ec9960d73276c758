"""Two contacts are declared one person: their follow-ups become one, and can part again."""

from typing import Any, TypedDict

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from calls.creation import in_order
from calls.enums import Status
from calls.models import FollowUp
from calls.rules import is_reachable
from contacts.models import Contact


class Merged(TypedDict):
    """What parting them again needs."""

    moved: list[int]
    cancelled: list[int]
    survivor: int | None
    # What the survivor's own follow-up gained, and when its person had to be called before.
    gained: list[str]
    due_at: list[str]


def merge_follow_ups(survivor: Contact, other: Contact) -> Merged:
    """Give the survivor the other's follow-ups; of two open ones, theirs stays open."""
    rows = list(FollowUp.objects.filter(contact=other).order_by("pk").select_for_update())
    opened = [row for row in rows if row.is_open]
    own = FollowUp.objects.open().filter(contact=survivor).select_for_update().first()
    kept = Merged(
        moved=[row.pk for row in rows], cancelled=[], survivor=None, gained=[], due_at=[]
    )  # fmt: skip
    if own and opened:
        reasons, due_at = own.reasons, own.due_at
        own.reasons = in_order({*own.reasons, *opened[0].reasons})
        own.due_at = min(own.due_at, opened[0].due_at)
        own.save(update_fields=["reasons", "due_at"])
        kept["cancelled"], kept["survivor"] = [row.pk for row in opened], own.pk
        kept["gained"] = [reason for reason in own.reasons if reason not in reasons]
        kept["due_at"] = [due_at.isoformat(), own.due_at.isoformat()]
        FollowUp.objects.filter(pk__in=kept["cancelled"]).update(
            status=Status.CANCELLED, closed_at=timezone.now(), lease_holder=None,
            lease_since=None, lease_until=None,
        )  # fmt: skip
    FollowUp.objects.filter(pk__in=kept["moved"]).update(contact=survivor)
    return kept


def part_follow_ups(survivor: Contact, other: Contact, kept: Any) -> None:
    """Give back what `merge_follow_ups` took; a call meanwhile was one for both."""
    if not kept:
        return
    FollowUp.objects.filter(pk__in=kept["moved"]).update(contact=other)
    own = FollowUp.objects.filter(pk=kept["survivor"]).select_for_update().first()
    for row in FollowUp.objects.filter(pk__in=kept["cancelled"]).select_for_update():
        _reopen(row, own)
    if own:
        _restore(own, kept)


def _reopen(row: FollowUp, own: FollowUp | None) -> None:
    """Nobody is called again about what a call settled, nor who withdrew meanwhile."""
    if own and own.status == Status.DONE:
        row.status, row.closed_at = Status.DONE, own.closed_at
    elif is_reachable(row):
        row.status, row.closed_at = Status.OPEN, None
    row.save(update_fields=["status", "closed_at"])


def _restore(own: FollowUp, kept: Any) -> None:
    """Give the survivor's follow-up its own reasons and date again, but what changed since."""
    own.reasons = [reason for reason in own.reasons if reason not in kept["gained"]]
    before, after = map(parse_datetime, kept["due_at"])
    if before and own.due_at == after:
        own.due_at = before
    own.save(update_fields=["reasons", "due_at"])
