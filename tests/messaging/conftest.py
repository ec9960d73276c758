from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db.models.functions import Now

from messaging.enums import Status
from messaging.models import Message
from tests.messaging.sms_gateway import SmsGateway
from tests.messaging.smtp_sink import SmtpSink

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
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
        settings.EMAIL_TIMEOUT = 10
        settings.DEFAULT_FROM_EMAIL = "Campagne TPE <campagne@exemple.fr>"
        yield server


@pytest.fixture
def gateway(settings: Any) -> Iterator[SmsGateway]:
    with SmsGateway() as server:
        settings.SMS_URL = server.url
        yield server


@pytest.fixture
def working_hours() -> Iterator[None]:
    """An hour at which an SMS may arrive: the morning of a Wednesday."""
    with time_machine.travel(WEDNESDAY):
        yield


@pytest.fixture
def expire_leases(db: None) -> Any:
    """Does what 120 seconds would do to the messages of a worker that died."""

    def expire() -> None:
        Message.objects.filter(status=Status.CLAIMED).update(lease_until=Now())

    return expire
