"""A batch of captures: what one capture does, at the cost of one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts import hooks
from contacts.actions import capture_batch, change_consents, correct_contact, erase_contact
from contacts.addresses import agreed_channels_of, open_channels
from contacts.captures import CaptureRequest
from contacts.enums import CaptureMethod, Wish
from contacts.hooks import Met
from contacts.models import Capture, Consent, Contact, Source
from messaging.actions import suppress
from messaging.enums import Channel, SuppressionReason
from messaging.models import Message, Suppression
from tests.factories import make_contact, make_details, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return make_source()


@pytest.fixture
def request_of(source: Source) -> Callable[..., CaptureRequest]:
    def request_of(*, capture_id: UUID | None = None, **fields: Any) -> CaptureRequest:
        own = {
            name: fields.pop(name)
            for name in ("method", "captured_by", "device_time", "wishes", "note", "activist_name")
            if name in fields
        }
        return CaptureRequest(
            capture_id=capture_id or uuid4(),
            source=source,
            details=make_details(**fields),
            **({"method": CaptureMethod.TABLET} | own),
        )

    return request_of


def people(number: int, request_of: Callable[..., CaptureRequest]) -> list[CaptureRequest]:
    return [
        request_of(
            first_name=f"Personne {index}",
            phone=f"+3363998{index:04d}",
            email=f"personne{index}@example.org",
        )
        for index in range(number)
    ]


def test_a_batch_costs_as_many_queries_for_thirty_people_as_for_two(
    request_of: Callable[..., CaptureRequest],
) -> None:
    requests = people(34, request_of)
    capture_batch(requests=requests[:2])  # what is asked once and remembered
    with CaptureQueriesContext(connection) as few:
        capture_batch(requests=requests[2:4])
    with CaptureQueriesContext(connection) as many:
        capture_batch(requests=requests[4:])
    assert len(many) == len(few)
    assert Contact.objects.count() == 34
    assert Message.objects.count() == 34


def test_answers_come_in_the_order_of_the_requests_known_ones_included(
    request_of: Callable[..., CaptureRequest],
) -> None:
    requests = people(4, request_of)
    capture_batch(requests=[requests[2]])
    stored = capture_batch(requests=[*requests, requests[0]])
    ids = [request.capture_id for request in requests]
    assert [capture.capture_id for capture in stored] == [*ids, ids[0]]
    assert Capture.objects.count() == 4


def test_the_first_of_two_captures_under_one_identifier_holds(
    request_of: Callable[..., CaptureRequest],
) -> None:
    first = request_of(first_name="Anne")
    second = request_of(first_name="Zoé", phone="+33639980009", capture_id=first.capture_id)
    capture_batch(requests=[first, second])
    assert [contact.first_name for contact in Contact.objects.all()] == ["Anne"]


def test_one_person_met_twice_in_a_batch_is_one_contact(
    request_of: Callable[..., CaptureRequest],
) -> None:
    activist = make_user("militant", "ud-14")
    capture_batch(
        requests=[
            request_of(email="", captured_by=activist),
            request_of(captured_by=activist),
        ]
    )
    contact = Contact.objects.get()
    assert contact.email == "sylviane@example.org"
    assert contact.captures.count() == 2
    assert "sylviane example org" in contact.search_text


def test_a_family_met_in_one_batch_is_not_fused(request_of: Callable[..., CaptureRequest]) -> None:
    capture_batch(
        requests=[
            request_of(first_name="Sylviane", email=""),
            request_of(first_name="Karim", email=""),
        ]
    )
    karim = Contact.objects.get(first_name="Karim")
    assert karim.possible_duplicate_of == Contact.objects.get(first_name="Sylviane")


def test_a_capture_keeps_who_held_the_tablet_the_wishes_and_the_note(
    request_of: Callable[..., CaptureRequest],
) -> None:
    capture_batch(
        requests=[
            request_of(activist_name="Inès", wishes=(Wish.JOIN,), note="Plutôt le soir"),
        ]
    )
    capture = Capture.objects.get()
    assert (capture.activist_name, capture.wishes, capture.note) == (
        "Inès",
        ["join"],
        "Plutôt le soir",
    )


def test_what_was_said_offline_before_a_withdrawal_does_not_undo_it(
    request_of: Callable[..., CaptureRequest],
) -> None:
    contact = make_contact()
    change_consents(contact=contact, given=())
    capture_batch(requests=[request_of(device_time=timezone.now() - timedelta(hours=2))])
    assert Contact.objects.count() == 1
    assert not any(consent.is_given for consent in contact.consents.holding())


def test_what_was_said_offline_before_a_stop_does_not_lift_it(
    request_of: Callable[..., CaptureRequest],
) -> None:
    suppress(channel=Channel.SMS, address="+33639980001", reason=SuppressionReason.STOP)
    capture_batch(requests=[request_of(device_time=timezone.now() - timedelta(hours=2))])
    assert Suppression.objects.count() == 1
    capture_batch(requests=[request_of(device_time=timezone.now())])
    assert Suppression.objects.count() == 0


def test_who_was_erased_after_speaking_is_not_kept_again(
    request_of: Callable[..., CaptureRequest],
) -> None:
    erase_contact(contact=make_contact())
    capture_batch(requests=[request_of(device_time=timezone.now() - timedelta(hours=2))])
    assert not Contact.objects.exists()
    assert Capture.objects.filter(contact=None).count() == 2


def test_a_device_ahead_of_time_does_not_speak_in_the_future(
    request_of: Callable[..., CaptureRequest],
) -> None:
    capture_batch(requests=[request_of(device_time=timezone.now() + timedelta(days=400))])
    assert all(consent.given_at <= timezone.now() for consent in Consent.objects.all())


def test_a_list_never_brings_back_who_said_stop(
    request_of: Callable[..., CaptureRequest],
) -> None:
    suppress(channel=Channel.SMS, address="+33639980001", reason=SuppressionReason.STOP)
    capture_batch(requests=[request_of(method=CaptureMethod.IMPORT, email="")])
    assert not Contact.objects.exists()
    assert Suppression.objects.count() == 1


def test_the_rooms_above_hear_of_captures_once(
    request_of: Callable[..., CaptureRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    monkeypatch.setattr(hooks, "_capture_hooks", [lambda met: heard.append(len(met.captures))])
    requests = people(3, request_of)
    capture_batch(requests=requests)
    capture_batch(requests=requests)
    assert heard == [3]


def test_the_rooms_above_hear_of_the_channels_that_the_database_would_name(
    request_of: Callable[..., CaptureRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = timezone.now() - timedelta(hours=2)
    withdrawn = make_contact(phone="", email="withdrawn@example.org", first_name="Anne")
    stopped = make_contact(phone="+33639980012", email="stopped@example.org", first_name="Léo")
    undone = make_contact(phone="+33639980013", email="", first_name="Inès")
    change_consents(contact=withdrawn, given=[])
    change_consents(contact=undone, given=[])
    for channel, address in ((Channel.EMAIL, stopped.email), (Channel.SMS, "+33639980012")):
        suppress(channel=channel, address=address, reason=SuppressionReason.STOP)
    heard: list[Met] = []
    monkeypatch.setattr(hooks, "_capture_hooks", [heard.append])
    capture_batch(
        requests=[
            request_of(first_name="Anne", phone="", email=withdrawn.email, device_time=before),
            request_of(first_name="Léo", phone="+33639980012", email=""),
            request_of(first_name="Inès", phone="+33639980013", email=""),
            request_of(first_name="Zoé", phone="+33639980014", email=""),
        ]
    )
    (met,) = heard
    people = [capture.contact for capture in met.captures if capture.contact]
    assert met.agreed == agreed_channels_of(people)
    by_phone = {"sms", "call"}
    assert [met.agreed[each.pk] for each in people] == [set(), by_phone, by_phone, by_phone]


def test_a_corrected_address_is_to_be_confirmed_anew() -> None:
    contact = make_contact()
    Contact.objects.filter(pk=contact.pk).update(email_confirmed_at=timezone.now())
    details = make_details()
    corrected = correct_contact(
        contact=contact, first_name="Sylviane", phone=details.phone, email="new@example.org",
        place=details.place, trade=details.trade,
    )  # fmt: skip
    assert corrected.email_confirmed_at is None
    assert corrected.revision == 2


def test_another_number_ends_the_links_sent_to_the_former_one() -> None:
    contact = make_contact(email="")
    details = make_details(phone="+33639980077")
    corrected = correct_contact(
        contact=contact, first_name="Sylviane", phone=details.phone, email="",
        place=details.place, trade=details.trade,
    )  # fmt: skip
    assert corrected.link_version == contact.link_version + 1
    assert Message.objects.filter(recipient=details.phone).exists()


def test_an_address_typed_later_by_a_stranger_is_not_heard(
    request_of: Callable[..., CaptureRequest],
) -> None:
    """What an activist heard vouches for that address, never for the next one."""
    capture_batch(requests=[request_of()])
    contact = Contact.objects.get()
    assert "email" in open_channels(contact)
    details = make_details()
    corrected = correct_contact(
        contact=contact, first_name="Sylviane", phone=details.phone, email="new@example.org",
        place=details.place, trade=details.trade,
    )  # fmt: skip
    assert "email" not in open_channels(corrected)


def test_a_consent_heard_for_another_address_does_not_vouch_for_the_known_one(
    request_of: Callable[..., CaptureRequest],
) -> None:
    contact = make_contact()
    capture_batch(requests=[request_of(email="other@example.org")])
    contact.refresh_from_db()
    assert contact.email_confirmed_at is None


def test_completing_somebody_makes_an_open_correction_older(
    request_of: Callable[..., CaptureRequest],
) -> None:
    activist = make_user("militant", "ud-14")
    capture_batch(requests=[request_of(phone="", captured_by=activist)])
    capture_batch(requests=[request_of(captured_by=activist)])
    assert Contact.objects.get().revision == 2
