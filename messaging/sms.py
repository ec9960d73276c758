"""SMS backends, on the model of Django's e-mail ones: one class per kind of provider.

`SMS_URL` chooses: `https://TOKEN@host/path` is the generic gateway described in `HttpGateway`.
"""

import http.client
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from messaging.errors import ChannelDown, HandOverUnclear, PermanentRefusal, TransientRefusal

TIMEOUT = 15


@dataclass(frozen=True)
class Sms:
    """`to` is in E.164; the provider must drop the message after `not_after`."""

    reference: str
    to: str
    text: str
    sender: str
    not_after: datetime | None


class SmsBackend(ABC):
    @abstractmethod
    def send(self, sms: Sms) -> str:
        """Hand one SMS over; return the provider's reference.

        Raises `PermanentRefusal`, `TransientRefusal`, `ChannelDown` (nothing was handed over), or
        `HandOverUnclear` when the provider may or may not have taken it.
        """

    @abstractmethod
    def was_accepted(self, reference: str) -> bool | None:
        """Whether the provider took the SMS of this client reference; None if it cannot tell.

        Raises `ChannelDown` when it does not answer.
        """


class HttpGateway(SmsBackend):
    """A generic gateway in JSON, authorised by `Authorization: Bearer TOKEN`.

    POST {"reference", "to", "text", "sender", "not_after"} answers {"id", "status"}, and the same
    again for a reference it already has; GET <path>/<reference> answers 200 or 404.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if not parts.hostname:
            raise ImproperlyConfigured("SMS_URL: a host is missing")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._path = parts.path.rstrip("/")
        self._token = unquote(parts.username or "")

    def send(self, sms: Sms) -> str:
        status, answer = self._request(
            "POST",
            self._path,
            {
                "reference": sms.reference,
                "to": sms.to,
                "text": sms.text,
                "sender": sms.sender,
                "not_after": sms.not_after.isoformat() if sms.not_after else None,
            },
        )
        if status in (200, 201, 202):
            return str(answer.get("id", ""))
        raise _refusal(status)

    def was_accepted(self, reference: str) -> bool | None:
        try:
            status, _ = self._request("GET", f"{self._path}/{quote(reference)}")
        except HandOverUnclear as error:
            raise ChannelDown(str(error)) from error
        if status in (200, 404):
            return status == 200
        raise ChannelDown(f"HTTP {status}")

    def _request(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=TIMEOUT)
        try:
            connection.connect()
        except OSError as error:
            raise ChannelDown(str(error)) from error
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise HandOverUnclear(f"{type(error).__name__} {error}") from error
        finally:
            connection.close()
        return response.status, _read_json(content)


def _read_json(content: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(content)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refusal(status: int) -> Exception:
    error = f"HTTP {status}"
    if status in (401, 403, 404):
        return ChannelDown(error)  # our own configuration, not this message
    if status in (429, 503):
        return TransientRefusal(error)
    return PermanentRefusal(error) if 400 <= status < 500 else HandOverUnclear(error)


BACKENDS = {"http": HttpGateway, "https": HttpGateway}


def sms_backend() -> SmsBackend | None:
    """The backend of `SMS_URL`, or None when SMS are not configured."""
    if not settings.SMS_URL:
        return None
    scheme = urlsplit(settings.SMS_URL).scheme
    if scheme not in BACKENDS:
        raise ImproperlyConfigured(f"SMS_URL: unknown scheme “{scheme}”")
    return BACKENDS[scheme](settings.SMS_URL)
