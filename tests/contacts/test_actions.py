"""The capture: exactly once, never fused wrongly, consents as they were given."""

import threading
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.actions import (
    capture_contact,
    change_consents,
    correct_contact,
    erase_contact,
    open_activist_source,
)
from contacts.addresses import agreed_channels, open_channels
from contacts.confirmations import compose
from contacts.enums import CaptureMethod
from contacts.gates import check_consents
from contacts.matching import KnownPeople
from contacts.models import Capture, Consent, Contact
from contacts.places import find_place
from contacts.rules import current_wordings
from messaging.actions import suppress as suppress_address
from messaging.enums import Channel, SkipReason, SuppressionReason
from messaging.models import Message, Suppression
from organisations.models import User
from territory.models import Trade
from tests.factories import make_contact, make_details, make_source, make_user

pytestmark = pytest.mark.django_db


def test_a_capture_stores_the_person_the_event_and_each_consent() -> None:
    contact = make_contact()

    assert str(contact.phone) == "+33639980001"
    assert contact.departement_id == "14"
    assert contact.commune_id == "14118"
    assert contact.agreement_id == "3239"
    assert contact.captures.count() == 1
    given = contact.consents.filter(is_given=True)
    assert {consent.channel for consent in given} == {"email", "sms", "call"}
    assert all(consent.wording in current_wordings() for consent in given)


def test_the_same_capture_replayed_ten_times_changes_nothing() -> None:
    source, details, capture_id = make_source(), make_details(), uuid4()
    stored = {
        capture_contact(
            capture_id=capture_id, source=source, details=details, method=CaptureMethod.SELF
        ).pk
        for _ in range(10)
    }

    assert len(stored) == 1
    assert Contact.objects.count() == 1
    assert Consent.objects.count() == 3
    assert Message.objects.count() == 1


def test_the_same_number_and_name_is_the_same_person() -> None:
    first = make_contact()
    second = make_contact(first_name="SYLVIANE")

    assert second == first
    assert Capture.objects.filter(contact=first, created_contact=False).count() == 1


def test_a_family_sharing_a_number_is_never_fused() -> None:
    first = make_contact()
    second = make_contact(first_name="Karim", email="")

    assert second != first
    assert second.possible_duplicate_of == first


def test_a_stranger_cannot_add_their_address_to_a_known_number() -> None:
    known = make_contact(email="")
    stranger = make_contact(email="thief@example.org")

    known.refresh_from_db()
    assert known.email == ""
    assert stranger != known
    assert stranger.possible_duplicate_of == known


def test_staff_who_see_a_person_complete_them_and_lose_nothing_typed() -> None:
    author = make_user("staff", "ud-14")
    known = make_contact(email="")
    again = make_contact(
        email="new@example.org",
        trade=Trade.objects.get(pk="boulanger"),
        captured_by=author,
    )

    assert again == known
    known.refresh_from_db()
    assert known.email == "new@example.org"
    assert known.trade_id == "assistante-maternelle"
    capture = Capture.objects.get(captured_by=author)
    assert capture.differences == {"trade": "Boulanger·e / vendeur·se en boulangerie"}


def test_an_activist_cannot_bring_home_the_link_of_somebody_they_do_not_see() -> None:
    known = make_contact(email="")
    again = make_contact(email="mine@example.org", captured_by=make_user("militant", "ud-14"))

    assert again == known
    known.refresh_from_db()
    assert known.email == ""
    assert known.captures.get(created_contact=False).differences == {"email": "mine@example.org"}
    assert not Message.objects.filter(recipient="mine@example.org").exists()


def test_nobody_is_flooded_with_confirmations() -> None:
    for name in ("Anne", "Bob", "Chloé", "David", "Emma"):
        make_contact(first_name=name, phone="")
    assert Message.objects.filter(recipient="sylviane@example.org").count() == 3


def test_a_person_without_email_gets_their_link_by_sms() -> None:
    contact = make_contact(email="")
    message = Message.objects.get()
    assert (message.channel, message.recipient) == ("sms", contact.phone.as_e164)
    assert message.text == ""
    words = compose([message])[message.pk]
    assert "/moi/" in words.text
    assert "STOP" in words.text


def test_a_person_who_only_wants_a_call_gets_no_message() -> None:
    make_contact(email="", channels=["call"])
    assert not Message.objects.exists()


def test_a_confirmation_withdrawn_meanwhile_does_not_leave() -> None:
    contact = make_contact()
    messages = list(Message.objects.all())
    assert check_consents(messages) == {}
    change_consents(contact=contact, given=())
    assert set(check_consents(messages).values()) == {SkipReason.NO_CONSENT}


def test_another_email_address_closes_the_former_links_and_gets_its_own() -> None:
    contact = make_contact()
    corrected = correct_contact(
        contact=contact,
        first_name="Sylviane",
        phone="+33639980001",
        email="sylviane.d@example.org",
        place=find_place("14000"),
        trade=contact.trade,
    )
    assert corrected.link_version == 2
    assert Message.objects.filter(recipient="sylviane.d@example.org").count() == 1


def test_erasing_and_withdrawing_reach_the_twin_of_a_person() -> None:
    """Somebody who registered twice, the second time with another number, is one person."""
    first = make_contact()
    twin = make_contact(phone="+33639980077")
    assert twin != first

    change_consents(contact=first, given=())
    assert not any(consent.is_given for consent in twin.consents.holding())
    erase_contact(contact=first)
    assert not Contact.objects.exists()
    assert not Message.objects.exclude(recipient="").exists()


def test_erasing_one_of_two_people_sharing_a_mailbox_forgets_their_messages_only() -> None:
    contact = make_contact(phone="")
    make_contact(first_name="Karim", phone="")
    erase_contact(contact=contact)
    waiting = Message.objects.exclude(recipient="")
    assert ["Karim" in words.subject for words in compose(list(waiting)).values()] == [True]


def test_a_withdrawal_holds_against_a_new_registration_by_anyone() -> None:
    contact = make_contact()
    change_consents(contact=contact, given=())
    make_contact()

    assert not any(consent.is_given for consent in contact.consents.holding())


def test_an_activist_can_record_that_the_person_changed_their_mind() -> None:
    contact = make_contact()
    change_consents(contact=contact, given=())
    make_contact(captured_by=make_user("militant", "ud-14"))

    assert all(consent.is_given for consent in contact.consents.holding())


def test_changing_consents_adds_statements_and_never_edits_one() -> None:
    contact = make_contact()
    sms = [wording for wording in current_wordings() if wording.channel == "sms"]
    change_consents(contact=contact, given=sms)

    assert contact.consents.count() == 5
    held = {consent.channel for consent in contact.consents.holding() if consent.is_given}
    assert held == {"sms"}


def test_an_unsubscribe_link_closes_the_channel_until_the_person_reopens_it() -> None:
    contact = make_contact()
    suppress_address(
        channel=Channel.EMAIL, address=contact.email, reason=SuppressionReason.UNSUBSCRIBED
    )
    assert agreed_channels(contact) == {"sms", "call"}

    change_consents(contact=contact, given=current_wordings())
    assert agreed_channels(contact) == {"email", "sms", "call"}


def test_an_address_nobody_confirmed_is_not_open() -> None:
    contact = make_contact()
    assert open_channels(contact) == {"sms", "call"}
    contact.email_confirmed_at = timezone.now()
    assert open_channels(contact) == {"email", "sms", "call"}


def test_an_address_said_to_an_activist_is_open() -> None:
    contact = make_contact(captured_by=make_user("militant", "ud-14"))
    assert open_channels(contact) == {"email", "sms", "call"}


def test_the_database_refuses_to_change_a_consent() -> None:
    consent = make_contact().consents.all()[0]
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(is_given=False)


def test_removing_an_account_leaves_the_consents_it_recorded() -> None:
    activist = make_user("militant", "ud-14")
    contact = make_contact(captured_by=activist)
    activist.delete()

    assert contact.consents.filter(author__isnull=True).count() == 3


def test_a_contact_reached_by_nothing_is_refused_by_the_database() -> None:
    contact = make_contact()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(phone="", email="")


def test_the_confirmation_names_the_sheets_and_the_personal_page() -> None:
    contact = make_contact()
    message = Message.objects.get(purpose="contact-confirmation")

    words = compose([message])[message.pk]
    assert message.recipient == contact.email
    assert "/moi/" in words.text
    assert contact.first_name in words.subject


def test_a_confirmation_never_follows_a_person_to_another_address() -> None:
    contact = make_contact()
    message = Message.objects.get(purpose="contact-confirmation")
    Contact.objects.filter(pk=contact.pk).update(email="other@example.org")

    assert compose([message]) == {}


def test_confirmations_are_composed_in_as_many_queries_for_ten_people_as_for_one(
    django_assert_num_queries: Any,
) -> None:
    for number in range(10):
        make_contact(email=f"personne{number}@example.org", phone="")
    messages = list(Message.objects.filter(purpose="contact-confirmation"))
    with CaptureQueriesContext(connection) as few:
        compose(messages[:1])
    with django_assert_num_queries(len(few)):
        assert len(compose(messages)) == 10


def test_one_confirmation_a_day_however_often_the_form_is_sent() -> None:
    for _ in range(3):
        make_contact()
    assert Message.objects.filter(purpose="contact-confirmation").count() == 1


def test_erasing_leaves_only_a_keyed_hash() -> None:
    contact = make_contact()
    erase_contact(contact=contact)

    assert not Contact.objects.exists()
    assert not Consent.objects.exists()
    assert Capture.objects.get().contact is None
    assert Suppression.objects.count() == 2
    assert not Message.objects.filter(recipient__contains="sylviane").exists()
    assert not Message.objects.filter(text__contains="Sylviane").exists()


def test_erasing_one_of_a_family_keeps_the_number_of_the_others() -> None:
    make_contact(email="")
    other = make_contact(first_name="Karim", email="karim@example.org")
    erase_contact(contact=other)

    assert {suppression.channel for suppression in Suppression.objects.all()} == {"email"}


def test_correcting_keeps_an_agreement_set_by_staff() -> None:
    contact = make_contact()
    Contact.objects.filter(pk=contact.pk).update(agreement="0843")
    correct_contact(
        contact=contact,
        first_name="Sylvie",
        phone="",
        email=contact.email,
        place=find_place("50100"),
        trade=contact.trade,
    )

    contact.refresh_from_db()
    assert (contact.first_name, contact.departement_id, str(contact.phone)) == ("Sylvie", "50", "")
    assert contact.agreement_id == "0843"
    assert "sylvie" in contact.search_text


def test_an_activist_has_one_source_per_organisation(people: dict[str, User]) -> None:
    organisation = people["militant"].active_memberships[0].organisation
    one = open_activist_source(user=people["militant"], organisation=organisation)
    two = open_activist_source(user=people["militant"], organisation=organisation)
    assert one == two


@pytest.mark.django_db(transaction=True)
def test_nobody_erased_meanwhile_comes_back() -> None:
    """A capture that recognised somebody waits for their erasure, and then obeys it."""
    contact = make_contact()
    source = make_source()

    def capture_again() -> None:
        try:
            capture_contact(
                capture_id=uuid4(), source=source, details=make_details(),
                method=CaptureMethod.SELF,
            )  # fmt: skip
        finally:
            connection.close()

    thread = threading.Thread(target=capture_again)
    with transaction.atomic():
        erase_contact(contact=contact)
        thread.start()
        thread.join(timeout=1)
        assert thread.is_alive()
    thread.join(timeout=30)
    assert not Contact.objects.exists()
    assert Capture.objects.filter(contact=None).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_tabs_sending_one_person_at_once_store_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _race(monkeypatch) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_same_race_stores_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the race test would notice a missing lock."""
    monkeypatch.setattr("contacts.capturing.lock_names", lambda names: None)
    assert _race(monkeypatch) == 2


def _race(monkeypatch: pytest.MonkeyPatch) -> int:
    """Capture one person twice at once; return how many contacts there are.

    Whoever has looked for the person waits a moment for the other to have looked too.
    """
    source, details = make_source(), make_details()
    both_looked = threading.Barrier(2)

    class LookThenWait(KnownPeople):
        def __init__(self, **fields: set[str]) -> None:
            super().__init__(**fields)
            with suppress(threading.BrokenBarrierError):
                both_looked.wait(timeout=1)

    monkeypatch.setattr("contacts.capturing.KnownPeople", LookThenWait)

    def send() -> None:
        try:
            capture_contact(
                capture_id=uuid4(), source=source, details=details, method=CaptureMethod.SELF
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return Contact.objects.count()
