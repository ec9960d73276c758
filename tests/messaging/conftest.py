from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from messaging.actions import enqueue_email, enqueue_sms
from messaging.models import Message
from tests.messaging.smtp_sink import SmtpSink

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def mail_templates(settings: Any) -> None:
    """Adds `tests/messaging/templates`, whose `note` mail greets somebody."""
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], HERE / "templates"]}]


@pytest.fixture
def sink(settings: Any) -> Iterator[SmtpSink]:
    with SmtpSink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        yield server


def make_email(number: int = 1, **fields: Any) -> Message:
    return enqueue_email(
        **{
            "unique_key": f"note:{number}",
            "purpose": "note",
            "recipient": f"personne{number}@exemple.fr",
            "template": "note",
            "context": {"name": "N'Guyen"},
        }
        | fields
    )


def make_sms(number: int = 1, **fields: Any) -> Message:
    return enqueue_sms(
        **{
            "unique_key": f"sms:{number}",
            "purpose": "reminder",
            "recipient": f"+3361234{number:04}",
            "text": "Le vote est ouvert.",
        }
        | fields
    )
