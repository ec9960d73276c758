"""A real SMTP server on a free port that counts what it accepts by Message-ID."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[str], str | None]


class FreePortController(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class SmtpSink:
    """`refuse` answers an SMTP error for a recipient, or None to accept it."""

    def __init__(self, refuse: Answer = lambda recipient: None) -> None:
        self.refuse = refuse
        self.accepted: list[EmailMessage] = []
        self.connections = 0
        # Before the Nth message is accepted, or just after but before the client knows.
        self.stall_before: int | None = None
        self.stall_after: int | None = None
        self.stalled = threading.Event()
        self._controller = FreePortController(self, hostname="127.0.0.1", port=0)

    def __enter__(self) -> SmtpSink:
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def copies(self) -> Counter[str]:
        return Counter(str(mail["Message-ID"]) for mail in self.accepted)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if error := self.refuse(address):
            return error
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        number = len(self.accepted) + 1
        if number == self.stall_before:
            await self._stall()
        content = envelope.original_content or b""
        self.accepted.append(message_from_bytes(content, policy=policy.default))
        if number == self.stall_after:
            await self._stall()
        return "250 OK"

    async def _stall(self) -> None:
        """Say nothing more until the client is gone."""
        self.stall_before = self.stall_after = None
        self.stalled.set()
        await asyncio.sleep(60)
