"""Two rows declared one person by a human, and everything back as it was."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from contacts.actions import (
    MergeRefused,
    change_consents,
    correct_contact,
    dismiss_duplicate,
    erase_contact,
    merge_contacts,
    record_standing,
    unmerge_contacts,
)
from contacts.links import personal_token
from contacts.merging import values_of
from contacts.models import Capture, Consent, Contact, ContactMerge
from contacts.places import find_place
from contacts.rules import current_wordings
from messaging.models import Suppression
from organisations.models import User
from tests.factories import make_contact, make_source, make_user

pytestmark = pytest.mark.django_db
Pair = tuple[Contact, Contact]


@pytest.fixture
def staff() -> User:
    return make_user("staff", "ud-14")


@pytest.fixture
def pair() -> Pair:
    """Sylviane by her number, and Sylvie by the same number and an address."""
    source = make_source()
    return (
        make_contact(email="", source=source),
        make_contact(first_name="Sylvie", email="sylvie@example.org", source=source),
    )


def merge(pair: Pair, author: User, **choices: str) -> ContactMerge:
    survivor, other = pair
    return merge_contacts(
        survivor=survivor, other=other, choices=choices, reason="Elle l’a dit", author=author
    )


def snapshot() -> list[object]:
    """Everything about people, but when a row was last touched."""
    rows = []
    for contact in Contact.objects.order_by("pk"):
        values = values_of(contact)
        for name in ("updated_at", "revision", "link_version"):
            del values[name]
        rows.append((contact.pk, values))
    captures = list(Capture.objects.order_by("pk").values_list("pk", "contact"))
    consents = list(Consent.objects.order_by("pk").values_list("pk", "contact", "is_given"))
    return [rows, captures, consents]


def test_the_survivor_gets_what_was_chosen_and_what_only_the_other_knew(
    pair: Pair, staff: User
) -> None:
    merge(pair, staff, first_name="other")
    contact = Contact.objects.get()
    assert (contact.pk, contact.first_name, contact.email) == (
        pair[0].pk, "Sylvie", "sylvie@example.org",
    )  # fmt: skip
    assert contact.captures.count() == 2
    assert contact.consents.count() == 5
    assert "sylvie example org" in contact.search_text
    assert contact.possible_duplicate_of is None


def test_undoing_brings_everything_back(pair: Pair, staff: User) -> None:
    before = snapshot()
    unmerge_contacts(merge=merge(pair, staff, first_name="other"), author=staff)
    assert snapshot() == before


def test_what_was_corrected_since_stays_when_undoing(pair: Pair, staff: User) -> None:
    done = merge(pair, staff)
    survivor = Contact.objects.get()
    correct_contact(
        contact=survivor, first_name="Sylviane-Rose", phone=survivor.phone.as_e164,
        email=survivor.email, place=find_place("14000"), trade=survivor.trade,
    )  # fmt: skip
    unmerge_contacts(merge=done, author=staff)
    assert Contact.objects.get(pk=pair[0].pk).first_name == "Sylviane-Rose"


def test_a_withdrawal_made_while_one_holds_for_both_again(pair: Pair, staff: User) -> None:
    done = merge(pair, staff)
    change_consents(contact=Contact.objects.get(), given=())
    restored = unmerge_contacts(merge=done, author=staff)
    assert not any(consent.is_given for consent in restored.consents.holding())


def test_a_withdrawal_made_before_holds_for_the_one_person(pair: Pair, staff: User) -> None:
    sms = [wording for wording in current_wordings() if wording.channel != "sms"]
    change_consents(contact=pair[1], given=sms)
    merge(pair, staff)
    held = {consent.channel for consent in Contact.objects.get().consents.holding()
            if consent.is_given}  # fmt: skip
    assert held == {"email", "call"}


def test_an_erased_person_cannot_be_parted_any_more(pair: Pair, staff: User) -> None:
    merge(pair, staff)
    erase_contact(contact=Contact.objects.get())
    assert not ContactMerge.objects.exists()


def test_erasing_reaches_the_address_that_was_not_kept(staff: User) -> None:
    pair = (make_contact(), make_contact(first_name="Sylvie", email="sylvie@example.org"))
    merge(pair, staff)
    erase_contact(contact=Contact.objects.get())
    assert Suppression.objects.for_address("email", "sylvie@example.org").exists()


def test_only_the_last_merge_is_undone(pair: Pair, staff: User) -> None:
    first = merge(pair, staff)
    third = make_contact(first_name="Rose", email="")
    merge((pair[0], third), staff)
    with pytest.raises(MergeRefused):
        unmerge_contacts(merge=first, author=staff)


def test_a_merge_is_undone_once(pair: Pair, staff: User) -> None:
    done = merge(pair, staff)
    unmerge_contacts(merge=done, author=staff)
    with pytest.raises(MergeRefused):
        unmerge_contacts(merge=done, author=staff)


def test_a_row_that_is_gone_cannot_be_merged(pair: Pair, staff: User) -> None:
    Contact.objects.filter(pk=pair[1].pk).delete()
    with pytest.raises(MergeRefused):
        merge(pair, staff)


def test_the_personal_link_of_the_row_that_went_works_again_when_it_is_back(
    pair: Pair, staff: User, client: Client
) -> None:
    address = reverse("contacts:personal", args=[personal_token(pair[1])])
    done = merge(pair, staff)
    assert client.get(address).status_code == 404
    unmerge_contacts(merge=done, author=staff)
    assert client.get(address).status_code == 200


def test_staff_compare_merge_and_part(
    pair: Pair, staff: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(staff)
    address = reverse("contacts:contact-merge", args=[pair[1].pk, pair[0].pk])
    page = client.get(address).content.decode()
    assert "sylvie@example.org" in page

    missing = client.post(address, {"first_name": "other"}).content.decode()
    assert "Dites en quelques mots" in missing
    assert "csrfmiddlewaretoken" in page.split("Pourquoi est-ce")[0].rpartition("<form")[2]
    client.post(address, {"first_name": "other", "reason": "Elle l’a dit"})
    gone = client.get(reverse("contacts:contact-detail", args=[pair[1].pk]))
    assert gone["Location"] == reverse("contacts:contact-detail", args=[pair[0].pk])
    assert Contact.objects.get().first_name == "Sylvie"

    detail = client.get(reverse("contacts:contact-detail", args=[pair[0].pk])).content.decode()
    assert "Elle l’a dit" in detail
    client.post(reverse("contacts:contact-unmerge", args=[pair[0].pk]))
    assert Contact.objects.count() == 2


def test_two_people_who_share_nothing_are_not_offered(
    staff: User, client_for: Callable[[User], Client]
) -> None:
    one, other = make_contact(), make_contact(phone="+33639980077", email="", first_name="Rose")
    address = reverse("contacts:contact-merge", args=[one.pk, other.pk])
    assert client_for(staff).get(address).status_code == 404


def test_whoever_corrects_an_older_state_is_shown_the_newer(
    staff: User, client_for: Callable[[User], Client]
) -> None:
    contact = make_contact()
    client = client_for(staff)
    address = reverse("contacts:contact-edit", args=[contact.pk])
    page = client.get(address)
    typed = {
        "first_name": "Sylvie", "phone": "06 39 98 00 01", "email": contact.email,
        "trade": contact.trade_id, "postcode": "14000",
        "revision": page.context["form"]["revision"].value(),
    }  # fmt: skip
    correct_contact(
        contact=contact, first_name="Rose", phone="", email=contact.email,
        place=find_place("14200"), trade=contact.trade,
    )  # fmt: skip
    answer = client.post(address, typed)
    assert answer.status_code == 409
    assert "Rose, sylviane@example.org, 14200" in answer.content.decode()
    assert 'value="Sylvie"' in answer.content.decode()
    assert Contact.objects.get().first_name == "Rose"

    typed["revision"] = answer.context["form"]["revision"].value()
    client.post(address, typed)
    assert Contact.objects.get().first_name == "Sylvie"


def test_nothing_of_the_other_stays_once_they_are_two_again(pair: Pair, staff: User) -> None:
    done = merge(pair, staff)
    erase_contact(contact=unmerge_contacts(merge=done, author=staff))
    kept = ContactMerge.objects.get()
    assert (kept.merged_before, kept.survivor_before, kept.survivor_after) == ({}, {}, {})


def test_erasing_one_of_two_parted_people_leaves_the_address_of_the_other(
    pair: Pair, staff: User
) -> None:
    unmerge_contacts(merge=merge(pair, staff), author=staff)
    erase_contact(contact=Contact.objects.get(pk=pair[0].pk))
    assert not Suppression.objects.for_address("email", "sylvie@example.org").exists()


def test_nobody_learns_from_the_badge_who_is_known_elsewhere(
    client_for: Callable[[User], Client],
) -> None:
    make_contact(first_name="Nadia", postcode="69003", email="")
    make_contact(first_name="Sonde", email="")
    for role, sees in (("ud-14", False), ("confederation", True)):
        client = client_for(make_user("staff", role))
        page = client.get("/contacts/").content.decode()
        assert ("Doublon possible</span>" in page or "badge" in page) == sees
        assert ("Sonde" in client.get("/contacts/?duplicates=on").content.decode()) == sees


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    lines = [record.msg for record in caplog.records if record.name == "contacts.actions"]
    return [line for line in lines if isinstance(line, dict)]


def test_saying_that_two_rows_are_two_people_is_logged(
    pair: Pair, staff: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.clear()
    dismiss_duplicate(contact=pair[1], author=staff)
    pair[1].refresh_from_db()
    assert pair[1].possible_duplicate_of is None
    (line,) = logged(caplog)
    assert (line["contact"], line["other"], line["user"]) == (pair[1].pk, pair[0].pk, staff.pk)


def test_a_word_about_one_row_says_nothing_of_another(
    pair: Pair, staff: User, caplog: pytest.LogCaptureFixture
) -> None:
    """Flagged anew since the human looked: the new resemblance is still to be judged."""
    third = make_contact(first_name="Solène", phone="+33639980009", email="")
    Contact.objects.filter(pk=pair[1].pk).update(possible_duplicate_of=third)
    caplog.clear()
    dismiss_duplicate(contact=pair[1], author=staff)
    assert Contact.objects.get(pk=pair[1].pk).possible_duplicate_of == third
    assert logged(caplog) == []


def test_only_where_a_person_stands_is_recorded_as_such(staff: User) -> None:
    contact = make_contact()
    with pytest.raises(ValueError, match="first_name"):
        record_standing(contact=contact, author=staff, first_name="Zoé")
