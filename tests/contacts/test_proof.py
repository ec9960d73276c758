"""The proof of consent of one person, complete and exportable."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.actions import capture_batch, change_consents
from contacts.captures import CaptureRequest
from contacts.enums import CaptureMethod
from contacts.models import Contact
from contacts.proof import statements_of
from organisations.models import User
from tests.factories import make_contact, make_details, make_source, make_user

pytestmark = pytest.mark.django_db


def test_a_statement_taken_on_a_shared_tablet_says_everything() -> None:
    spoken = timezone.now() - timedelta(hours=3)
    capture_batch(
        requests=[
            CaptureRequest(
                capture_id=uuid4(), source=make_source(label="Marché de Caen"),
                details=make_details(channels=["sms"]), method=CaptureMethod.TABLET,
                device_time=spoken, activist_name="Inès",
            )
        ]
    )  # fmt: skip
    (statement,) = statements_of(Contact.objects.get())
    assert (statement.is_given, statement.author, statement.source) == (
        True, "Inès", "Marché de Caen",
    )  # fmt: skip
    assert (statement.given_at, statement.device_time) == (spoken, spoken)
    assert statement.server_time is not None
    assert statement.server_time > spoken
    assert statement.text
    assert statement.version.endswith("(fr)")


def test_a_withdrawal_by_the_person_is_a_statement_too() -> None:
    contact = make_contact()
    change_consents(contact=contact, given=())
    last = statements_of(contact)[-1]
    assert (last.is_given, last.author, last.method) == (
        False, "La personne elle-même", "Page personnelle",
    )  # fmt: skip


def test_staff_read_and_download_the_proof(client_for: Callable[[User], Client]) -> None:
    contact = make_contact()
    client = client_for(make_user("staff", "ud-14"))
    page = client.get(reverse("contacts:contact-proof", args=[contact.pk])).content.decode()
    assert contact.consents.all()[0].wording.text in page  # type: ignore[union-attr]
    data = client.get(reverse("contacts:contact-proof-download", args=[contact.pk])).json()
    assert len(data["statements"]) == 3
