"""The channels of one run: which are configured, which are up, and the hand-over itself."""

from datetime import timedelta
from types import TracebackType
from typing import Self

import structlog
from django.conf import settings

from messaging.email import EmailChannel
from messaging.enums import Channel
from messaging.errors import ChannelDown
from messaging.models import Message
from messaging.sms import Sms, sms_backend

logger = structlog.get_logger(__name__)


class Channels:
    """Opened at the first message, closed with the run; a channel that is down leaves `up`."""

    def __init__(self, clock_offset: timedelta) -> None:
        self._clock_offset = clock_offset
        self._email = EmailChannel()
        self._sms = sms_backend()
        self.up: list[str] = list(Channel.values)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._email.close()

    def is_configured(self, channel: str) -> bool:
        return channel == Channel.EMAIL or self._sms is not None

    def open(self, channel: str) -> None:
        """Make sure a hand-over can begin; raises `ChannelDown`."""
        if channel == Channel.EMAIL:
            self._email.open()

    def take_down(self, channel: str, error: ChannelDown) -> None:
        """Leave a channel alone until the next run."""
        self.up.remove(channel)
        logger.error("channel-down", channel=channel, error=str(error))

    def send(self, message: Message) -> str:
        """Hand one message over; return the provider's reference. Raises as `SmsBackend.send`."""
        if message.channel == Channel.EMAIL:
            return self._email.send(message)
        if self._sms is None:
            raise ChannelDown("SMS_URL is empty")
        return self._sms.send(
            Sms(
                reference=message.client_reference,
                to=message.recipient,
                text=message.text,
                sender=settings.SMS_SENDER,
                # A rehearsal's clock is ours alone: the provider lives in real time.
                not_after=message.not_after and message.not_after - self._clock_offset,
            )
        )

    def sms_was_accepted(self, message: Message) -> bool | None:
        """What the provider knows of an SMS handed over by a worker that died.

        Raises `ChannelDown`.
        """
        return self._sms.was_accepted(message.client_reference) if self._sms else None
