"""The moves a message makes from one state to another, each one set-based statement.

A secret body is blanked by every move that ends the message's life.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from messaging.enums import SkipReason, Status
from messaging.models import MessageQuerySet

ERROR_LENGTH = 500


BLANK = {"subject": "", "text": "", "html": ""}


def mark_sent(
    messages: MessageQuerySet, *, at: datetime, is_secret: bool, provider_reference: str = ""
) -> int:
    return messages.update(
        status=Status.SENT,
        sent_at=at,
        lease_until=None,
        provider_reference=provider_reference[:200],
        last_error="",
        # The only move made once per message: bodies that stay are not written anew.
        **(BLANK if is_secret else {}),
    )


@transaction.atomic
def _end(messages: MessageQuerySet, **fields: Any) -> int:
    ended = messages.filter(is_secret=True).update(lease_until=None, **BLANK, **fields)
    return ended + messages.filter(is_secret=False).update(lease_until=None, **fields)


def mark_skipped(messages: MessageQuerySet, reason: SkipReason) -> int:
    return _end(messages, status=Status.SKIPPED, skip_reason=reason)


def mark_failed(messages: MessageQuerySet, error: str) -> int:
    return _end(messages, status=Status.FAILED, last_error=error[:ERROR_LENGTH])


def mark_uncertain(messages: MessageQuerySet) -> int:
    """The body is kept, even a secret one: a human may ask for another attempt."""
    return messages.update(status=Status.UNCERTAIN, lease_until=None)


def requeue(messages: MessageQuerySet, **fields: Any) -> int:
    """Back among the waiting, free for any worker."""
    return messages.update(
        status=Status.QUEUED, lease_until=None, claimed_by="", handed_over_at=None, **fields
    )
