"""People to call around Caen, on a Tuesday at three in the afternoon."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from calls.models import FollowUp, Outcome
from contacts.actions import capture_batch
from contacts.captures import CaptureRequest
from contacts.enums import CaptureMethod
from contacts.models import Contact
from organisations.models import User
from tests.factories import make_details, make_source, make_user

_numbers = count(1)
TUESDAY = datetime(2024, 11, 5, 14, 0, tzinfo=UTC)


@pytest.fixture
def tuesday() -> Iterator[Any]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def caller(db: None) -> User:
    return make_user("staff", "ul-caen")


def make_person(**fields: Any) -> Contact:
    """Somebody met in the street, with a number of their own; `wishes`, `captured_by`."""
    number = next(_numbers)
    author = fields.pop("captured_by", None) or make_user("militant", "ud-50")
    request = CaptureRequest(
        capture_id=uuid4(),
        source=fields.pop("source", None) or make_source(),
        wishes=fields.pop("wishes", ()),
        details=make_details(
            **{
                "first_name": f"Dominique {number}",
                "phone": f"+3363998{number:04d}",
                "email": f"dominique{number}@example.org",
            }
            | fields
        ),
        method=CaptureMethod.TABLET,
        captured_by=author,
    )
    (capture,) = capture_batch(requests=[request])
    assert capture.contact is not None
    return capture.contact


def follow_up_of(contact: Contact) -> FollowUp:
    return FollowUp.objects.get(contact=contact)


def make_follow_up(**fields: Any) -> FollowUp:
    return follow_up_of(make_person(**fields))


def outcome(code: str) -> Outcome:
    return Outcome.objects.get(code=code)
