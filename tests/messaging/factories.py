"""Messages for tests, written through the real actions."""

from typing import Any

from messaging.actions import enqueue_email, enqueue_sms
from messaging.models import Message


def make_email(number: int = 1, **fields: Any) -> Message:
    defaults = {
        "unique_key": f"note:{number}",
        "purpose": "note",
        "recipient": f"personne{number}@exemple.fr",
        "template": "note",
        "context": {"name": "N'Guyen"},
    }
    return enqueue_email(**defaults | fields)


def make_sms(number: int = 1, **fields: Any) -> Message:
    defaults = {
        "unique_key": f"sms:{number}",
        "purpose": "reminder",
        "recipient": f"+3361234{number:04}",
        "text": "Le vote est ouvert.",
    }
    return enqueue_sms(**defaults | fields)
