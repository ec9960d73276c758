"""Who must be called, by whom, and by when."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.creation import RECENTLY_CALLED, open_missing_follow_ups
from calls.enums import Status
from calls.invitations import write_instead
from calls.models import FollowUp
from contacts.actions import capture_batch, change_consents, correct_contact, erase_contact
from contacts.captures import CaptureRequest
from contacts.enums import CaptureMethod, Wish
from contacts.places import find_place
from contacts.rules import current_wordings
from messaging.models import Message
from organisations.models import Organisation
from territory.models import CollectiveAgreement, Commune, Trade
from tests.calls.conftest import follow_up_of, make_follow_up, make_person
from tests.factories import get_organisation, make_details, make_local_union, make_source

pytestmark = pytest.mark.django_db


def test_who_agrees_to_calls_gets_a_follow_up() -> None:
    assert make_follow_up().reasons == ["consent"]


def test_who_agrees_to_messages_only_is_not_called() -> None:
    contact = make_person(channels=["sms", "email"])
    assert not FollowUp.objects.filter(contact=contact).exists()


def test_a_wish_is_a_reason_and_due_sooner() -> None:
    agreed, wished = make_follow_up(), make_follow_up(wishes=(Wish.LEGAL, Wish.CALL_BACK))
    assert wished.reasons == ["call-back", "legal", "consent"]
    assert wished.due_at < agreed.due_at


def test_a_wish_without_a_number_waits_for_a_letter() -> None:
    row = make_follow_up(phone="", wishes=(Wish.JOIN,))
    assert list(FollowUp.objects.in_writing()) == [row]
    assert not FollowUp.objects.callable().exists()


def test_a_second_wish_joins_the_open_follow_up() -> None:
    contact = make_person(phone="+33639981234", first_name="Lou")
    make_person(phone="+33639981234", first_name="Lou", wishes=(Wish.JOIN,))
    assert follow_up_of(contact).reasons == ["join", "consent"]


def test_one_open_follow_up_per_person_in_the_database() -> None:
    row = make_follow_up()
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(
            contact=row.contact, reasons=["consent"], place="", due_at=row.due_at,
            next_attempt_at=row.due_at,
        )  # fmt: skip


def test_who_was_called_this_month_is_not_called_again_for_a_second_scan() -> None:
    contact = make_person(phone="+33639981234", first_name="Lou")
    FollowUp.objects.update(status=Status.DONE, closed_at=timezone.now())
    make_person(phone="+33639981234", first_name="Lou")
    assert not contact.follow_ups.open().exists()
    assert open_missing_follow_ups() == 0
    make_person(phone="+33639981234", first_name="Lou", wishes=(Wish.LEGAL,))
    assert contact.follow_ups.open().get().reasons == ["legal", "consent"]


def test_the_local_union_of_the_commune_owes_the_call() -> None:
    union = get_organisation("ul-caen")
    assert make_follow_up().organisation == union


def test_a_local_union_may_be_drawn_by_postcode() -> None:
    union = make_local_union("ul-lyon", "UL de Lyon", "ud-69", [])
    Organisation.objects.filter(pk=union.pk).update(postcodes=["69003"])
    assert make_follow_up(postcode="69003").organisation == union


def test_a_postcode_of_several_communes_goes_to_the_union_of_one_of_them() -> None:
    shared = Commune.objects.filter(pk="14047").get().postcodes[0]
    assert find_place(shared).commune is None
    union = make_local_union("ul-bayeux", "UL de Bayeux", "ud-14", ["14047"])
    assert make_follow_up(postcode=shared).organisation == union


def test_without_a_local_union_the_departmental_one_owes_the_call() -> None:
    assert make_follow_up(postcode="50000").organisation == get_organisation("ud-50")


def test_a_closed_local_union_owes_nothing() -> None:
    Organisation.objects.filter(pk=get_organisation("ul-caen").pk).update(is_active=False)
    assert make_follow_up().organisation == get_organisation("ud-14")


def test_the_federation_of_the_branch_stands_beside() -> None:
    row = make_follow_up(trade=Trade.objects.get(pk="assistante-maternelle"))
    assert row.federation == get_organisation("fd-commerce")


def test_a_batch_costs_the_same_queries_as_one() -> None:
    source = make_source()
    get_organisation("ul-caen")

    def capture(size: int, start: int) -> int:
        requests = [
            CaptureRequest(
                capture_id=uuid4(),
                source=source,
                details=make_details(
                    first_name=f"Nom {start + number}", phone=f"+3363998{start + number:04d}",
                    email="",
                ),
                method=CaptureMethod.TABLET,
            )
            for number in range(size)
        ]  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            capture_batch(requests=requests)
        return len(queries)

    capture(1, 5000)
    one = capture(1, 5001)
    assert capture(30, 5100) == one
    assert FollowUp.objects.count() == 32


def test_a_withdrawal_empties_the_queue_at_once() -> None:
    row = make_follow_up()
    assert FollowUp.objects.callable().exists()
    keep = [word for word in current_wordings() if word.channel != "call"]
    change_consents(contact=row.contact, given=keep)
    assert not FollowUp.objects.callable().exists()
    change_consents(contact=row.contact, given=current_wordings())
    assert list(FollowUp.objects.callable()) == [row]


def test_who_has_voted_is_left_in_peace_unless_they_wished_something() -> None:
    agreed, wished = make_follow_up(), make_follow_up(wishes=(Wish.LEGAL,))
    for row in (agreed, wished):
        type(row.contact).objects.filter(pk=row.contact_id).update(voted_at=timezone.now())
    assert list(FollowUp.objects.callable()) == [wished]


def test_erasing_somebody_erases_their_follow_ups_and_the_words_of_their_letters() -> None:
    row, other = make_follow_up(), make_follow_up()
    keys = [write_instead(each, each.contact, "missed") for each in (row, other)]
    erase_contact(contact=row.contact)
    assert list(FollowUp.objects.all()) == [other]
    gone, kept = (Message.objects.get(unique_key=key) for key in keys)
    assert (gone.text, gone.html, gone.recipient) == ("", "", "")
    assert kept.text


def test_an_agreement_given_on_the_personal_page_opens_a_follow_up() -> None:
    contact = make_person(channels=["sms"])
    change_consents(contact=contact, given=current_wordings())
    assert open_missing_follow_ups() == 1
    assert open_missing_follow_ups() == 0
    assert follow_up_of(contact).reasons == ["consent"]


def test_a_closed_follow_up_is_not_opened_again() -> None:
    make_follow_up()
    FollowUp.objects.update(status=Status.DONE, closed_at=timezone.now())
    assert open_missing_follow_ups() == 0


def test_who_was_called_this_month_and_agrees_again_waits_for_the_next_one() -> None:
    contact = make_follow_up().contact
    FollowUp.objects.update(status=Status.DONE, closed_at=timezone.now())
    change_consents(contact=contact, given=[])
    change_consents(contact=contact, given=current_wordings())
    assert open_missing_follow_ups() == 0
    FollowUp.objects.update(closed_at=timezone.now() - RECENTLY_CALLED - timedelta(hours=1))
    assert open_missing_follow_ups() == 1


def test_a_corrected_number_opens_a_follow_up_again() -> None:
    row = make_follow_up()
    contact = row.contact
    FollowUp.objects.update(
        status=Status.DONE, closed_at=timezone.now(), wrong_number=contact.phone.as_e164
    )
    assert open_missing_follow_ups() == 0
    correct_contact(
        contact=contact, first_name=contact.first_name, phone="+33639989999",
        email=contact.email, place=find_place("14000"), trade=contact.trade,
    )  # fmt: skip
    assert open_missing_follow_ups() == 1


def test_nobody_who_voted_is_put_back_on_the_list() -> None:
    contact = make_person(channels=["sms"])
    change_consents(contact=contact, given=current_wordings())
    type(contact).objects.update(voted_at=timezone.now() - timedelta(days=1))
    assert open_missing_follow_ups() == 0


def test_a_branch_without_federation_has_none() -> None:
    free = CollectiveAgreement.objects.exclude(organisation__isnull=False).order_by("pk").first()
    contact = make_person()
    type(contact).objects.update(agreement=free)
    FollowUp.objects.all().delete()
    open_missing_follow_ups()
    assert follow_up_of(contact).federation is None
