"""Every write to the outbox. Nothing is sent from here: workers look at the rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q

from campaigns import clock
from messaging.addresses import normalised
from messaging.doorbell import ring_after_commit
from messaging.enums import Channel, SkipReason, Status, SuppressionReason
from messaging.models import (
    Attachment,
    Message,
    MessageQuerySet,
    Suppression,
    address_hash,
)
from messaging.purposes import COMPOSED
from messaging.rendering import render_email
from messaging.transitions import mark_sent, mark_skipped, requeue
from organisations.models import User
from territory.models import Departement

logger = structlog.get_logger(__name__)


class MessageMoved(Exception):
    """The message is not, or no longer, in the state the act is meant for."""


def enqueue_email(
    *,
    unique_key: str,
    purpose: str,
    recipient: str,
    template: str,
    context: dict[str, Any],
    language: str = "fr",
    attachments: Sequence[Attachment] = (),
    unsubscribe_url: str = "",
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    departement: Departement | None = None,
    is_secret: bool = False,
    is_transactional: bool = False,
) -> Message:
    """Write one mail to the outbox, in the caller's transaction, and ring for a worker.

    `unique_key` names the message for ever: a repeat changes nothing and returns the existing
    row. `template` is a path without its ending: see `render_email`. Raises `InvalidAddress`.
    """
    rendered = render_email(template, context | {"unsubscribe_url": unsubscribe_url}, language)
    return _enqueue(
        unique_key=unique_key,
        channel=Channel.EMAIL,
        purpose=purpose,
        recipient=recipient,
        language=language,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        attachments=list(attachments),
        unsubscribe_url=unsubscribe_url,
        due_at=due_at,
        not_after=not_after,
        departement=departement,
        is_secret=is_secret,
        is_transactional=is_transactional,
    )


def enqueue_sms(
    *,
    unique_key: str,
    purpose: str,
    recipient: str,
    text: str,
    language: str = "fr",
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    departement: Departement | None = None,
    is_secret: bool = False,
    is_transactional: bool = False,
) -> Message:
    """Write one SMS to the outbox; `recipient` carries its international prefix.

    It keeps the quiet hours of `departement`, of Paris without one; `is_transactional` only goes
    first when they end.
    A repeated `unique_key` returns the existing row. Raises `InvalidAddress`.
    """
    return _enqueue(
        unique_key=unique_key,
        channel=Channel.SMS,
        purpose=purpose,
        recipient=recipient,
        language=language,
        text=text,
        due_at=due_at,
        not_after=not_after,
        departement=departement,
        is_secret=is_secret,
        is_transactional=is_transactional,
    )


@dataclass(frozen=True)
class Envelope:
    """A message whose words its room's composer writes just before hand-over."""

    unique_key: str
    channel: Channel
    recipient: str
    language: str = "fr"
    unsubscribe_url: str = ""
    not_after: datetime | None = None
    departement: Departement | None = None
    is_transactional: bool = False


@transaction.atomic
def enqueue_composed(*, purpose: str, envelopes: Sequence[Envelope]) -> None:
    """Write messages without words to the outbox, in one statement, and ring for a worker.

    `purpose` has a composer (`messaging.composers`). A repeated `unique_key` changes nothing.
    Raises `InvalidAddress`.
    """
    if not envelopes:
        return
    now = clock.now()
    rows = [
        Message(
            **vars(envelope) | {"recipient": normalised(envelope.channel, envelope.recipient)},
            purpose=purpose,
            recipient_hash=address_hash(envelope.channel, envelope.recipient),
            due_at=now,
            created_at=now,
        )
        for envelope in envelopes
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    ring_after_commit()


def _enqueue(
    *, unique_key: str, channel: Channel, recipient: str, due_at: datetime | None, **fields: Any
) -> Message:
    now = clock.now()
    message = Message(
        unique_key=unique_key,
        channel=channel,
        recipient=normalised(channel, recipient),
        recipient_hash=address_hash(channel, recipient),
        due_at=due_at or now,
        created_at=now,
        **fields,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    ring_after_commit()
    return Message.objects.get(unique_key=unique_key)


@transaction.atomic
def suppress(*, channel: str, address: str, reason: SuppressionReason) -> None:
    """Never write to an address again, messages already waiting included."""
    suppress_hash(channel=channel, hashed=address_hash(channel, address), reason=reason)


@transaction.atomic
def suppress_hash(*, channel: str, hashed: str, reason: SuppressionReason) -> None:
    """`suppress` for who holds only the hash of an address: an unsubscribe link."""
    Suppression.objects.bulk_create(
        [Suppression(channel=channel, address_hash=hashed, reason=reason)],
        ignore_conflicts=True,
    )
    waiting = Message.objects.filter(channel=channel, recipient_hash=hashed).not_begun()
    mark_skipped(waiting.stoppable_by_suppression(), SkipReason.SUPPRESSED)


def lift_suppressions(*, addresses: Collection[tuple[str, str]]) -> None:
    """Allow writing again on (channel, address) to people who have just asked for it in person."""
    refused = Q()
    for channel, address in addresses:
        refused |= Q(channel=channel, address_hash=address_hash(channel, address))
    if refused:
        Suppression.objects.filter(refused).delete()


def cancel_messages(
    *,
    unique_keys: Collection[str] = (),
    channel: str = "",
    recipient: str = "",
    purposes: Collection[str] = (),
    reason: SkipReason = SkipReason.CANCELLED,
) -> int:
    """Stop waiting messages, named by key or by recipient (of some purposes); return how many.

    A message being handed over at this very instant is past stopping.
    """
    messages = Message.objects.not_begun()
    if unique_keys:
        messages = messages.filter(unique_key__in=unique_keys)
    elif channel and recipient:
        messages = messages.to_address(channel, recipient)
    else:
        raise ValueError("name the messages by key, or by channel and recipient")
    if purposes:
        messages = messages.filter(purpose__in=purposes)
    return mark_skipped(messages, reason)


@transaction.atomic
def take_back(messages: MessageQuerySet) -> list[Message]:
    """Stop those of `messages` that wait; answer those that left or are leaving, oldest first."""
    mark_skipped(messages.not_begun(), SkipReason.CANCELLED)
    begun = messages.in_states([Status.CLAIMED, Status.SENT, Status.UNCERTAIN])
    return list(begun.order_by("created_at", "pk"))


def forget_recipient(*, channel: str, address: str) -> None:
    """Erase an address and what was written to it; states and times stay, for the counts."""
    _forget(Message.objects.to_address(channel, address))


def forget_messages(*, unique_key_prefix: str, before: datetime | None = None) -> None:
    """Erase what was written under the keys that begin so, as `forget_recipient` does.

    `before`: only what is older.
    """
    # Those forgotten already are left alone: keys stay for ever, and runs are nightly.
    messages = Message.objects.filter(unique_key__startswith=unique_key_prefix)
    messages = messages.exclude(recipient="")
    _forget(messages.filter(created_at__lt=before) if before else messages)


@transaction.atomic
def _forget(messages: MessageQuerySet) -> None:
    mark_skipped(messages.not_begun(), SkipReason.CANCELLED)
    # Nobody can decide any more about a message without words nor recipient.
    mark_skipped(messages.in_states([Status.UNCERTAIN]), SkipReason.CANCELLED)
    messages.update(
        recipient="",
        subject="",
        text="",
        html="",
        attachments=[],
        unsubscribe_url="",
        last_error="",
    )


@transaction.atomic
def confirm_sent(*, message: Message, user: User) -> None:
    """A human checked with the provider: this uncertain message did leave.

    Raises `MessageMoved` when somebody else settled it first.
    """
    row = _decided(message, [Status.UNCERTAIN], user)
    at = message.handed_over_at or clock.now()
    mark_sent(row, at=at, is_secret=message.is_secret)
    logger.info("message-confirmed", message=str(message.pk), user=user.pk)


@transaction.atomic
def send_again(*, message: Message, user: User) -> None:
    """Queue an uncertain or failed message again, under the same reference.

    Raises `MessageMoved` when it is neither any more, or its secret body is gone.
    """
    row = _decided(message, [Status.UNCERTAIN, Status.FAILED], user)
    requeue(row, attempts=0, due_at=clock.now(), last_error="")
    logger.info("message-sent-again", message=str(message.pk), user=user.pk)
    ring_after_commit()


def _decided(message: Message, states: Collection[Status], user: User) -> MessageQuerySet:
    """The row, locked and signed by who decides."""
    row = Message.objects.filter(pk=message.pk)
    has_words = ~Q(text="") | Q(purpose__in=COMPOSED) & ~Q(recipient="")
    locked = row.in_states(states).filter(has_words).select_for_update(no_key=True)
    if not locked.exists():
        raise MessageMoved
    row.update(decided_by=user, decided_at=clock.now())
    return row
