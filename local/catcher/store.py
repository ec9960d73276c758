"""What has been caught: one file per message, the oldest dropped first."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

KEPT = 500
IDENTIFIER = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Summary:
    """One line of the list."""

    kind: str  # "mail" or "sms"
    identifier: str
    caught_at: datetime
    recipient: str
    subject: str


class Store:
    """Mails (`.eml`) and SMS (`.json`) in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()  # SMTP and HTTP are served by different threads

    def add_mail(self, content: bytes) -> str:
        """Keep a mail as it came; return its identifier."""
        identifier = secrets.token_hex(16)
        with self._lock:
            self._write(f"{identifier}.eml", content)
        return identifier

    def add_sms(self, fields: dict[str, Any]) -> str:
        """Keep an SMS; the same reference again changes nothing and returns the same identifier."""
        identifier = sms_identifier(fields["reference"])
        with self._lock:
            if not (self.folder / f"{identifier}.json").exists():
                self._write(f"{identifier}.json", json.dumps(fields, ensure_ascii=False).encode())
        return identifier

    def summaries(self) -> list[Summary]:
        """Everything caught, the latest first."""
        return [_summary(path) for path in self._files()]

    def mail(self, identifier: str) -> EmailMessage | None:
        content = self.mail_source(identifier)
        if content is None:
            return None
        return message_from_bytes(content, policy=policy.default)

    def mail_source(self, identifier: str) -> bytes | None:
        return self._read(identifier, "eml")

    def sms(self, identifier: str) -> dict[str, Any] | None:
        content = self._read(identifier, "json")
        return None if content is None else json.loads(content)

    def caught_at(self, identifier: str) -> datetime:
        return next(_time(path) for path in self.folder.glob(f"{identifier}.*"))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            for path in self._files():
                path.unlink()

    def _files(self) -> list[Path]:
        files = [path for path in self.folder.iterdir() if path.suffix in (".eml", ".json")]
        return sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def _read(self, identifier: str, suffix: str) -> bytes | None:
        path = self.folder / f"{identifier}.{suffix}"
        if not IDENTIFIER.fullmatch(identifier) or not path.exists():
            return None
        return path.read_bytes()

    def _write(self, name: str, content: bytes) -> None:
        draft = self.folder / f"{name}.new"
        draft.write_bytes(content)
        draft.replace(self.folder / name)
        for path in self._files()[KEPT:]:
            path.unlink()


def sms_identifier(reference: str) -> str:
    """The identifier under which the SMS of this reference is known."""
    return hashlib.sha256(reference.encode()).hexdigest()[:32]


def _summary(path: Path) -> Summary:
    if path.suffix == ".eml":
        headers = BytesHeaderParser().parsebytes(path.read_bytes())
        recipient, subject = _readable(headers["To"]), _readable(headers["Subject"])
        return Summary("mail", path.stem, _time(path), recipient, subject)
    fields = json.loads(path.read_bytes())
    return Summary("sms", path.stem, _time(path), fields["to"], fields["text"])


def _readable(header: str | None) -> str:
    try:
        return str(make_header(decode_header(header or "")))
    except (HeaderParseError, LookupError, ValueError):
        return str(header)  # an unknown or broken encoding is shown as it came


def _time(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
