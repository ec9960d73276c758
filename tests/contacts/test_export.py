"""Who asks for their data gets everything stored about them, and nothing about others."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db.models import Model

from contacts.actions import capture_batch, merge_contacts, unmerge_contacts
from contacts.captures import CaptureRequest
from contacts.enums import CaptureMethod, Wish
from contacts.export import person_as_json
from contacts.models import Capture, Contact
from messaging.actions import suppress
from messaging.enums import Channel, SuppressionReason
from tests.factories import make_contact, make_details, make_source, make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

# Numbers of the software, and what is somebody else's.
INTERNAL: dict[type[Model], set[str]] = {
    Contact: {"id", "possible_duplicate_of", "revision", "link_version", "search_text"},
    Capture: {
        "id", "capture_id", "contact", "captured_by", "activist_name", "device_hash",
        "created_contact",
    },
}  # fmt: skip
GIVEN: dict[type[Model], set[str]] = {
    Contact: {
        "first_name", "phone", "email", "trade", "agreement", "postcode", "commune",
        "departement", "language", "email_confirmed_at", "reached_at", "support", "will_vote",
        "voted_at", "joining", "created_at", "updated_at",
    },
    Capture: {
        "source", "method", "wishes", "note", "differences", "device_time", "server_time",
    },
}  # fmt: skip


@pytest.mark.parametrize("model", [Contact, Capture])
def test_a_new_field_is_given_or_declared_internal(model: type[Model]) -> None:
    fields = {field.name for field in model._meta.concrete_fields}
    assert fields == GIVEN[model] | INTERNAL[model]


def test_where_the_person_stands_is_told() -> None:
    contact = make_contact()
    contact.reached_at = contact.voted_at = contact.email_confirmed_at = NOON
    contact.support, contact.will_vote, contact.joining = "convinced", "yes", "asked"
    data = person_as_json(contact)
    assert [data[key] for key in ("joint·e_le", "a_voté_le", "adresse_e-mail_confirmée_le")] == [
        NOON.isoformat()
    ] * 3
    assert [data[key] for key in ("soutien", "vote_prévu", "adhésion")] == [
        "Convaincu·e", "Va voter", "Demande à adhérer",
    ]  # fmt: skip


def test_what_was_noted_when_they_were_met_is_told() -> None:
    request = CaptureRequest(
        capture_id=uuid4(), source=make_source(), details=make_details(),
        method=CaptureMethod.TABLET, wishes=(Wish.JOIN,), note="Préfère le soir",
        device_time=NOON,
    )  # fmt: skip
    (capture,) = capture_batch(requests=[request])
    assert capture.contact is not None
    (met,) = person_as_json(capture.contact)["prises_de_contact"]
    assert (met["souhaits"], met["note"], met["heure_de_l’appareil"]) == (
        ["Veut adhérer"], "Préfère le soir", NOON.isoformat(),
    )  # fmt: skip


def test_refusals_are_told() -> None:
    contact = make_contact()
    suppress(channel=Channel.SMS, address="+33639980001", reason=SuppressionReason.STOP)
    (refusal,) = person_as_json(contact)["oppositions"]
    assert (refusal["canal"], refusal["raison"]) == ("SMS", "A répondu STOP")


def test_a_row_united_with_theirs_is_told_until_it_is_parted_again() -> None:
    source, author = make_source(), make_user("staff", "ud-14")
    survivor = make_contact(email="", source=source)
    other = make_contact(first_name="Sylvie", email="sylvie@example.org", source=source)
    merge = merge_contacts(
        survivor=survivor, other=other, choices={}, reason="Elle l’a dit", author=author
    )
    survivor = Contact.objects.get(pk=survivor.pk)
    (united,) = person_as_json(survivor)["fiches_réunies"]
    assert (united["raison"], united["avant"]["prénom"]) == ("Elle l’a dit", "Sylvie")

    unmerge_contacts(merge=merge, author=author)
    survivor = Contact.objects.get(pk=survivor.pk)
    assert "Sylvie" not in json.dumps(person_as_json(survivor), ensure_ascii=False).split()
    assert person_as_json(survivor)["fiches_réunies"] == []
