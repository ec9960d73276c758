"""The network between a tablet and the site: it counts what passes, and cuts where it hurts."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

PIECE = 65_536


class Cut(Enum):
    """When an upload of the tablet loses its network."""

    NEVER = "never"
    BEFORE = "before"  # nothing arrives
    DURING = "during"  # half of it arrives
    AFTER = "after"  # all of it arrives and is committed; the answer is lost


@dataclass
class Wire:
    """Listens beside the site and carries every byte. `received` counts those of the site."""

    site: str
    cut: Cut = Cut.NEVER
    received: int = 0
    # Every byte of the browser, until the test forgets them.
    heard: bytearray = field(default_factory=bytearray)
    cuts: int = 0
    # Swapped in what the site answers; of one length, so that nothing else of it changes.
    swap: tuple[bytes, bytes] | None = None
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def url(self) -> str:
        return f"http://localhost:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                tablet, _ = self._listener.accept()
            except OSError:  # closed: the test is over
                return
            threading.Thread(target=self._carry, args=(tablet,), daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _carry(self, tablet: socket.socket) -> None:
        parts = urlsplit(self.site)
        with tablet, socket.create_connection((parts.hostname, parts.port)) as site:
            back = threading.Thread(target=self._carry_back, args=(site, tablet), daemon=True)
            back.start()
            with suppress(OSError):
                self._carry_on(tablet, site)
            with suppress(OSError):
                site.shutdown(socket.SHUT_RDWR)
            back.join(timeout=5)

    def _carry_on(self, tablet: socket.socket, site: socket.socket) -> None:
        while data := tablet.recv(PIECE):
            self.heard += data
            if self.cut is not Cut.NEVER and data.startswith(b"POST /terrain/envoi/"):
                self._cut(data, tablet, site)
                return
            site.sendall(data)

    def _cut(self, data: bytes, tablet: socket.socket, site: socket.socket) -> None:
        cut, self.cuts = self.cut, self.cuts + 1
        if cut is Cut.DURING:
            whole = _whole(data, tablet)
            site.sendall(whole[: len(whole) // 2])
        if cut is Cut.AFTER:
            # On a connection of its own: nothing of the answer may find its way back.
            with socket.create_connection(site.getpeername()) as aside:
                aside.sendall(_whole(data, tablet))
                aside.recv(PIECE)
        with suppress(OSError):
            tablet.shutdown(socket.SHUT_RDWR)

    def _carry_back(self, site: socket.socket, tablet: socket.socket) -> None:
        with suppress(OSError):
            while data := site.recv(PIECE):
                self.received += len(data)
                tablet.sendall(data.replace(*self.swap) if self.swap else data)
            tablet.shutdown(socket.SHUT_RDWR)


def _whole(data: bytes, tablet: socket.socket) -> bytes:
    """The whole request that begins with `data`."""
    while b"\r\n\r\n" not in data:
        data += tablet.recv(PIECE)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    (length,) = (int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:"))
    while len(body) < length:
        body += tablet.recv(PIECE)
    return head + b"\r\n\r\n" + body


@contextmanager
def strung(site: str) -> Iterator[Wire]:
    """A wire to the site until the end of the block."""
    wire = Wire(site)
    thread = threading.Thread(target=wire.serve, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        wire.close()
        thread.join(timeout=5)
