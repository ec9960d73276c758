"""The e-mail channel: one connection for many messages, through Django's backend."""

import smtplib
from contextlib import suppress
from email.utils import format_datetime, parseaddr

from anymail.exceptions import AnymailAPIError, AnymailError
from django.conf import settings
from django.core import mail
from django.core.files.storage import default_storage
from django.utils import timezone

from messaging.errors import ChannelDown, PermanentRefusal, TransientRefusal
from messaging.models import Message


def message_id(message: Message) -> str:
    """The same on every attempt, so that a mail sent twice after a crash is read once."""
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{message.client_reference}@{address.rpartition('@')[2] or 'localhost'}>"


def build_email(message: Message) -> mail.EmailMultiAlternatives:
    """The mail of a message; raises `OSError` when an attachment cannot be read."""
    headers = {
        "Message-ID": message_id(message),
        "Date": format_datetime(timezone.now()),
        "Auto-Submitted": "auto-generated",
    }
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email = mail.EmailMultiAlternatives(
        message.subject, message.text, to=[message.recipient], headers=headers
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    for attachment in message.attachments:
        if "content" in attachment:
            email.attach(attachment["name"], attachment["content"], attachment["type"])
            continue
        with default_storage.open(attachment["path"]) as file:
            email.attach(attachment["name"], file.read(), attachment["type"])
    return email


class EmailChannel:
    """Opened at the first message, kept open for the whole run."""

    def __init__(self) -> None:
        self._connection = mail.get_connection()

    def open(self) -> None:
        """Raises `ChannelDown`."""
        try:
            self._connection.open()
        except (OSError, AnymailError) as error:
            raise ChannelDown(_brief(error)) from error

    def send(self, message: Message) -> str:
        """Hand one mail over; return the provider's reference.

        Raises `PermanentRefusal` or `TransientRefusal`.
        """
        try:
            email = build_email(message)
            email.connection = self._connection
            email.send()
        except (OSError, AnymailError, ValueError) as error:
            refusal = _refusal(error)
            if isinstance(refusal, TransientRefusal):
                self.close()  # a dropped or confused connection must not fail the next one
            raise refusal from error
        status = getattr(email, "anymail_status", None)
        return str(status.message_id or "") if status else ""

    def close(self) -> None:
        with suppress(OSError):  # the server may have left without saying goodbye
            self._connection.close()


def _refusal(error: Exception) -> Exception:
    text = _brief(error)
    match error:
        case smtplib.SMTPRecipientsRefused():
            code = max(code for code, _ in error.recipients.values())
        case smtplib.SMTPDataError():
            code = error.smtp_code
        case AnymailAPIError():
            # Not authorised, or too many at once: it is us, not this message.
            ours = error.status_code in (None, 401, 403, 408, 429)
            code = 0 if ours or error.status_code >= 500 else 500
        case AnymailError() | ValueError() | smtplib.SMTPNotSupportedError():
            code = 500
        case _:
            code = 0
    return PermanentRefusal(text) if code >= 500 else TransientRefusal(text)


def _brief(error: Exception) -> str:
    """One line without the recipient: it goes to a log and to a column."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return f"{code} {_decoded(reply)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return f"{type(error).__name__} {error}"


def _decoded(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply
