"""The SMTP sink and the HTTP server: the SMS gateway's protocol, and the pages."""

from __future__ import annotations

import hmac
import json
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from local.catcher import pages
from local.catcher.store import Store, sms_identifier

MAIL_LIMIT = 30 * 1024 * 1024
SMS_LIMIT = 64 * 1024
STYLE = Path(__file__).with_name("style.css").read_bytes()
HOSTS = ("localhost", "127.0.0.1")
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Mails style themselves inline; the sandbox takes every other right away.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; frame-ancestors 'self'"
)
MAIL_ADDRESS = re.compile(r"/mail/([0-9a-f]{32})(?:/(html|source|piece/(\d{1,3})))?")


class MailSink:
    """Accepts every mail."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        self.store.add_mail(content if isinstance(content, bytes) else content.encode())
        return "250 Message accepted"


class Server(ThreadingHTTPServer):
    """Listens on the loopback interface only."""

    daemon_threads = True

    def __init__(self, port: int, *, store: Store, token: str) -> None:
        self.store = store
        self.token = token
        super().__init__(("127.0.0.1", port), Handler)


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Server
    server_version = "catcher"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if not self._is_local():
            return
        if parts.path == "/":
            kind = parse_qs(parts.query).get("type", [""])[0]
            self._page(pages.message_list(self.server.store.summaries(), kind))
        elif parts.path == "/style.css":
            self._answer(HTTPStatus.OK, STYLE, "text/css; charset=utf-8")
        elif match := MAIL_ADDRESS.fullmatch(parts.path):
            self._get_mail(*match.groups())
        elif parts.path.startswith("/sms/"):
            self._get_sms(unquote(parts.path.removeprefix("/sms/")))
        else:
            self._not_found()

    do_HEAD = do_GET

    def do_POST(self) -> None:
        if not self._is_local():
            return
        if self.path == "/sms":
            self._post_sms()
        elif self.path == "/vider":
            self._clear()
        else:
            self._not_found()

    def _get_mail(self, identifier: str, part: str | None, number: str | None) -> None:
        store = self.server.store
        mail = store.mail(identifier)
        if mail is None:
            self._not_found()
        elif part is None:
            self._page(pages.mail_page(identifier, mail, store.caught_at(identifier)))
        elif part == "html":
            content = pages.framed_html(mail).encode()
            self._answer(HTTPStatus.OK, content, "text/html; charset=utf-8", policy=MAIL_POLICY)
        elif part == "source":
            source = store.mail_source(identifier) or b""
            self._answer(HTTPStatus.OK, source, "text/plain; charset=utf-8")
        else:
            self._get_attachment(mail, int(number or 0))

    def _get_attachment(self, mail: Any, number: int) -> None:
        attachments = pages.attachments_of(mail)
        if number >= len(attachments):
            self._not_found()
            return
        part = attachments[number]
        name = quote(pages.attachment_name(part, number))
        self._answer(
            HTTPStatus.OK,
            pages.attachment_content(part),
            "application/octet-stream",
            disposition=f"attachment; filename*=UTF-8''{name}",
        )

    def _get_sms(self, name: str) -> None:
        """A person gives the identifier of the list, a sending application its reference."""
        store = self.server.store
        if "Authorization" in self.headers:
            known = self._has_token() and store.sms(sms_identifier(name)) is not None
            self._json(
                HTTPStatus.OK if known else HTTPStatus.NOT_FOUND,
                {"id": sms_identifier(name), "status": "accepted"} if known else {},
            )
            return
        fields = store.sms(name)
        if fields is None:
            self._not_found()
        else:
            self._page(pages.sms_page(fields, store.caught_at(name)))

    def _post_sms(self) -> None:
        length = self._body_length()
        if not self._has_token():
            self._refuse(HTTPStatus.UNAUTHORIZED, "unknown token")
        elif length is None or length > SMS_LIMIT:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a length is needed, 64 kB at most")
        elif (fields := _sms_fields(self.rfile.read(length))) is None:
            self._json(HTTPStatus.BAD_REQUEST, {"error": "reference, to and text are needed"})
        else:
            identifier = self.server.store.add_sms(fields)
            self._json(HTTPStatus.ACCEPTED, {"id": identifier, "status": "accepted"})

    def _clear(self) -> None:
        # Another site's form would say so: browsers always send this header to the loopback.
        if self.headers.get("Sec-Fetch-Site") != "same-origin":
            self._refuse(HTTPStatus.FORBIDDEN, "not from this page")
            return
        self.rfile.read(self._body_length() or 0)
        self.server.store.clear()
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_local(self) -> bool:
        """Refuse a foreign Host: a hostile page could point its own name at the loopback."""
        host = self.headers.get("Host", "").partition(":")[0]
        if host in HOSTS:
            return True
        self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "this machine only")
        return False

    def _has_token(self) -> bool:
        given = self.headers.get("Authorization", "").encode()
        return hmac.compare_digest(given, f"Bearer {self.server.token}".encode())

    def _body_length(self) -> int | None:
        length = self.headers.get("Content-Length", "")
        return int(length) if length.isdecimal() else None

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        """Answer without having read the body, so the connection cannot be used again."""
        self.close_connection = True
        self._json(status, {"error": reason})

    def _not_found(self) -> None:
        body = pages.layout("Page introuvable", '<p><a href="/">Voir les messages</a></p>')
        self._page(body, HTTPStatus.NOT_FOUND)

    def _page(self, body: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._answer(status, body.encode(), "text/html; charset=utf-8")

    def _json(self, status: HTTPStatus, content: dict[str, str]) -> None:
        self._answer(status, json.dumps(content).encode(), "application/json")

    def _answer(
        self,
        status: HTTPStatus,
        body: bytes,
        content_type: str,
        *,
        policy: str = PAGE_POLICY,
        disposition: str = "",
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        if disposition:
            self.send_header("Content-Disposition", disposition)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def smtp_controller(port: int, store: Store) -> Controller:
    """The SMTP sink, to be started and stopped by the caller."""
    return Controller(
        MailSink(store),
        hostname="127.0.0.1",
        port=port,
        data_size_limit=MAIL_LIMIT,
        enable_SMTPUTF8=True,
        ready_timeout=10,
    )


def _sms_fields(body: bytes) -> dict[str, Any] | None:
    """The SMS of a request, or None when it lacks something."""
    try:
        content = json.loads(body)
    except ValueError:
        return None
    if not isinstance(content, dict):
        return None
    texts = (content.get("reference"), content.get("to"), content.get("text"))
    if not all(isinstance(text, str) and text for text in texts):
        return None
    return {name: content.get(name) for name in ("reference", "to", "text", "sender", "not_after")}
