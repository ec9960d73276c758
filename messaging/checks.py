"""What is looked at just before hand-over: limit, suppression, gates, quiet hours."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import structlog

from messaging.enums import Channel, SkipReason
from messaging.gates import Gate, gates_for
from messaging.models import Message
from messaging.quiet_hours import Holidays, next_allowed

logger = structlog.get_logger(__name__)


class Checks:
    """The answers for one batch, in one query per question, however many messages it holds."""

    def __init__(self, batch: list[Message], now: datetime) -> None:
        self._refusals: dict[UUID, SkipReason] = {}
        self._undecided: set[UUID] = set()
        for gate, messages in gates_for(batch):
            self._ask(gate, messages)
        suppressed = Message.objects.filter(pk__in=[message.pk for message in batch]).suppressed()
        self._refusals |= dict.fromkeys(
            suppressed.values_list("pk", flat=True), SkipReason.SUPPRESSED
        )
        has_sms = any(message.channel == Channel.SMS for message in batch)
        self._holidays = Holidays.around(now) if has_sms else Holidays({})

    def _ask(self, gate: Gate, messages: list[Message]) -> None:
        try:
            answers: Mapping[UUID, SkipReason] = gate(messages)
        except Exception:
            # A fault in one room must hold up its own messages only, and never let them out.
            logger.exception("gate-failed", purpose=messages[0].purpose)
            self._undecided |= {message.pk for message in messages}
        else:
            self._refusals |= answers

    def refusal(self, message: Message, now: datetime) -> SkipReason | None:
        """Why this message must not leave at all, or None."""
        if not message.recipient:
            return SkipReason.CANCELLED  # forgotten while a worker that died held it
        if message.not_after and now >= message.not_after:
            return SkipReason.EXPIRED
        if reason := self._refusals.get(message.pk):
            return reason
        opening = self.end_of_quiet_hours(message, now)
        if opening and message.not_after and opening >= message.not_after:
            return SkipReason.EXPIRED
        return None

    def is_undecided(self, message: Message) -> bool:
        """Whether a gate failed to answer: the message waits."""
        return message.pk in self._undecided

    def end_of_quiet_hours(self, message: Message, now: datetime) -> datetime | None:
        """When this message may leave, or None when it may at `now`.

        A mail leaves at any hour; an SMS wakes somebody, whatever it answers.
        """
        if message.channel != Channel.SMS:
            return None
        opening = next_allowed(now, message.departement, self._holidays)
        return opening if opening > now else None
