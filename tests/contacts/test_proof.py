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
from messaging.actions import suppress
from messaging.enums import Channel, SuppressionReason
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


@pytest.mark.parametrize(
    ("reason", "author", "said"),
    [
        (SuppressionReason.STOP, "La personne elle-même", "A répondu STOP"),
        (SuppressionReason.DO_NOT_CALL, "À sa demande", "Ne veut plus d’appel"),
    ],
)
def test_a_refusal_since_is_the_last_statement(
    reason: SuppressionReason, author: str, said: str, client_for: Callable[[User], Client]
) -> None:
    contact = make_contact()
    suppress(channel=Channel.SMS, address="+33639980001", reason=reason)
    *consents, last = statements_of(contact)
    assert [row.is_refusal for row in consents] == [False] * 3
    assert (last.purpose, last.channel, last.method, last.author, last.is_given) == (
        "Refus", "SMS", said, author, False,
    )  # fmt: skip
    address = reverse("contacts:contact-proof", args=[contact.pk])
    page = client_for(make_user("staff", "ud-14")).get(address).content.decode()
    assert "Refus, SMS</h2>" in page
    assert said in page


def test_an_address_in_error_is_no_statement() -> None:
    contact = make_contact()
    suppress(
        channel=Channel.EMAIL, address="sylviane@example.org", reason=SuppressionReason.BOUNCED
    )
    assert not any(row.is_refusal for row in statements_of(contact))


def test_staff_read_and_download_the_proof(client_for: Callable[[User], Client]) -> None:
    contact = make_contact()
    client = client_for(make_user("staff", "ud-14"))
    page = client.get(reverse("contacts:contact-proof", args=[contact.pk])).content.decode()
    assert contact.consents.all()[0].wording.text in page  # type: ignore[union-attr]
    data = client.get(reverse("contacts:contact-proof-download", args=[contact.pk])).json()
    assert len(data["statements"]) == 3
