"""The moves a message makes from one state to another, each one set-based statement.

A secret body is blanked by every move that ends the message's life.
"""

from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, F, TextField, Value, When

from messaging.enums import SkipReason, Status
from messaging.models import MessageQuerySet

ERROR_LENGTH = 500


def _end(messages: MessageQuerySet, **fields: Any) -> int:
    blank = {
        "subject": _unless_secret("subject", CharField()),
        "text": _unless_secret("text", TextField()),
        "html": _unless_secret("html", TextField()),
    }
    return messages.update(**blank, lease_until=None, **fields)


def _unless_secret(column: str, output: CharField | TextField) -> Case:
    return Case(When(is_secret=True, then=Value("")), default=F(column), output_field=output)


def mark_sent(messages: MessageQuerySet, *, at: datetime, provider_reference: str = "") -> int:
    return _end(
        messages,
        status=Status.SENT,
        sent_at=at,
        provider_reference=provider_reference[:200],
        last_error="",
    )


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
