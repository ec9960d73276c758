"""Delivery: claim with a lease, check, hand over, commit. Any number of workers at once.

What a crash may cost, by where it falls: before hand-over nothing; between hand-over and commit an
e-mail is written again under the same Message-ID, and an SMS is asked about before anything else.
"""

import os
import socket
import time
import uuid
from collections import Counter
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from campaigns import clock
from messaging.channels import Channels
from messaging.checks import Checks
from messaging.composers import Compositions
from messaging.enums import Channel, SkipReason, Status
from messaging.errors import ChannelDown, HandOverUnclear, PermanentRefusal, TransientRefusal
from messaging.models import Message, MessageQuerySet
from messaging.pacing import within_rate
from messaging.transitions import (
    ERROR_LENGTH,
    mark_failed,
    mark_sent,
    mark_skipped,
    mark_uncertain,
    requeue,
)

logger = structlog.get_logger(__name__)

# Longer than the slowest hand-over; it is renewed for each message.
LEASE = timedelta(seconds=120)
BATCH_SIZE = 50
# The checks of a batch are one query each; older than this they are made again.
CHECKS_LIFE = 20.0
MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
UNSETTLED = [Status.QUEUED, Status.CLAIMED, Status.UNCERTAIN]


def deliver_due_messages(*, seconds: float = 60, batch_size: int = BATCH_SIZE) -> Counter[str]:
    """Deliver what is due, until nothing is or `seconds` have passed; count each outcome."""
    delivery = Delivery()
    deadline = time.monotonic() + seconds
    with Channels(delivery.clock_offset) as channels:
        delivery.recover_abandoned(channels)
        while time.monotonic() < deadline:
            batch = delivery.claim(batch_size, channels.up)
            if not batch:
                break
            delivery.deliver(batch, channels)
    return delivery.outcomes


class Delivery:
    """One run of one worker. Its name is written on what it claims and fences every move."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:50]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
        self.outcomes: Counter[str] = Counter()
        # Asked once per run: each message looks at the time.
        campaign = clock.current_campaign()
        self.clock_offset = campaign.clock_offset if campaign else timedelta()

    def now(self) -> datetime:
        return timezone.now() + self.clock_offset

    @transaction.atomic
    def claim(self, size: int, channels: list[str]) -> list[Message]:
        """Reserve waiting messages for the length of a lease; nobody else gets the same ones."""
        now = self.now()
        due, size = within_rate(Message.objects.due(now).filter(channel__in=channels), size, now)
        batch = list(
            due.select_related("departement").select_for_update(
                skip_locked=True, of=("self",), no_key=True
            )[:size]
        )
        self._reserve(batch, handed_over_at=None)
        return batch

    def _reserve(self, batch: list[Message], **fields: object) -> None:
        Message.objects.filter(pk__in=[message.pk for message in batch]).update(
            status=Status.CLAIMED, claimed_by=self.name, lease_until=Now() + LEASE, **fields
        )

    def _own(self, message: Message) -> MessageQuerySet:
        """The row, as long as it is still ours and nobody cancelled it."""
        return Message.objects.filter(pk=message.pk, status=Status.CLAIMED, claimed_by=self.name)

    def deliver(self, batch: list[Message], channels: Channels) -> None:
        """Take each message of a claimed batch to its end, or back among the waiting."""
        checks = Checks(batch, self.now())
        compositions = Compositions(batch)
        expiry = time.monotonic() + CHECKS_LIFE
        for message in batch:
            if time.monotonic() > expiry or message.channel not in channels.up:
                requeue(self._own(message))
                continue
            outcome = self._check(message, checks, channels) or self._compose_and_send(
                message, compositions, channels
            )
            self.outcomes[outcome] += 1

    def _check(self, message: Message, checks: Checks, channels: Channels) -> str:
        """What became of a message that must not leave now; empty for one that may."""
        now = self.now()
        if reason := checks.refusal(message, now):
            mark_skipped(self._own(message), reason)
            return "skipped"
        if not channels.is_configured(message.channel):
            mark_skipped(self._own(message), SkipReason.NO_CHANNEL)
            return "skipped"
        if checks.is_undecided(message):
            requeue(self._own(message), due_at=now + FIRST_PAUSE)
            return "deferred"
        if opening := checks.end_of_quiet_hours(message, now):
            requeue(self._own(message), due_at=opening)
            return "deferred"
        return ""

    def _compose_and_send(
        self, message: Message, compositions: Compositions, channels: Channels
    ) -> str:
        now = self.now()
        if compositions.is_undecided(message):
            requeue(self._own(message), due_at=now + FIRST_PAUSE)
            return "deferred"
        if compositions.concerns(message) and not compositions.write(message):
            mark_skipped(self._own(message), SkipReason.CANCELLED)
            return "skipped"
        try:
            channels.open(message.channel)
        except ChannelDown as error:
            return self._wait_for_channel(message, channels, error)
        return self._hand_over(message, channels) if self._begin(message, now) else "lost"

    def _begin(self, message: Message, now: datetime) -> bool:
        """Commit that hand-over begins; False when the message was cancelled or taken over."""
        begun = self._own(message).update(
            handed_over_at=now,
            last_attempt_at=now,
            attempts=F("attempts") + 1,
            lease_until=Now() + LEASE,
        )
        return bool(begun)

    def _hand_over(self, message: Message, channels: Channels) -> str:
        try:
            reference = channels.send(message)
        except PermanentRefusal as error:
            mark_failed(self._own(message), str(error))
            logger.warning("message-refused", message=str(message.pk))
            return "failed"
        except TransientRefusal as error:
            return self._try_later(message, str(error))
        except ChannelDown as error:
            return self._wait_for_channel(message, channels, error)
        except HandOverUnclear as error:
            # Left claimed: when the lease runs out, the provider is asked.
            self._own(message).update(last_error=str(error)[:ERROR_LENGTH])
            return "unclear"
        # Whatever became of our lease meanwhile, it did leave.
        left = Message.objects.filter(pk=message.pk).in_states(UNSETTLED)
        mark_sent(left, at=self.now(), is_secret=message.is_secret, provider_reference=reference)
        return "sent"

    def _try_later(self, message: Message, error: str) -> str:
        attempts = message.attempts + 1
        if attempts >= MAX_ATTEMPTS:
            mark_failed(self._own(message), error)
            logger.warning("message-given-up", message=str(message.pk), attempts=attempts)
            return "failed"
        pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
        requeue(self._own(message), due_at=self.now() + pause, last_error=error[:ERROR_LENGTH])
        return "retried"

    def _wait_for_channel(self, message: Message, channels: Channels, error: ChannelDown) -> str:
        """The provider takes nothing: this is no attempt, and the next run looks again."""
        channels.take_down(message.channel, error)
        requeue(self._own(message), attempts=message.attempts, last_error=str(error)[:ERROR_LENGTH])
        return "waiting"

    def recover_abandoned(self, channels: Channels) -> None:
        """Free what dead workers held; ask the provider about each SMS they may have sent."""
        repeatable = Message.objects.abandoned().filter(
            Q(handed_over_at=None) | Q(channel=Channel.EMAIL)
        )
        exhausted = repeatable.filter(attempts__gte=MAX_ATTEMPTS)
        self.outcomes["failed"] += mark_failed(exhausted, "Le service d’envoi s’est interrompu.")
        self.outcomes["recovered"] += requeue(repeatable)
        for message in self._claim_unclear():
            try:
                was_accepted = channels.sms_was_accepted(message)
            except ChannelDown as error:
                channels.take_down(Channel.SMS, error)
                return
            self.outcomes[self._settle(message, was_accepted)] += 1

    @transaction.atomic
    def _claim_unclear(self) -> list[Message]:
        batch = list(
            Message.objects.abandoned()
            .filter(channel=Channel.SMS, handed_over_at__isnull=False)
            .select_for_update(skip_locked=True, of=("self",), no_key=True)[:BATCH_SIZE]
        )
        self._reserve(batch)
        return batch

    def _settle(self, message: Message, was_accepted: bool | None) -> str:
        row = self._own(message)
        if was_accepted is None:
            mark_uncertain(row)
            logger.warning("message-uncertain", message=str(message.pk))
            return "uncertain"
        if was_accepted:
            at = message.handed_over_at or self.now()
            mark_sent(row, at=at, is_secret=message.is_secret)
            return "sent"
        if message.attempts >= MAX_ATTEMPTS:
            mark_failed(row, message.last_error)
            return "failed"
        requeue(row)
        return "recovered"
