"""What people do from a link: confirm their address, choose a language, in their own words."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from contacts.actions import correct_contact
from contacts.addresses import open_channels
from contacts.confirmations import PURPOSE, compose
from contacts.links import confirmation_token, confirmation_url, personal_token
from contacts.models import Contact
from contacts.places import find_place
from messaging.models import Message
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact() -> Contact:
    """Somebody who registered alone and has not confirmed yet."""
    return make_contact()


def page_of(contact: Contact) -> str:
    return f"/moi/{personal_token(contact)}/"


def confirm_page_of(contact: Contact) -> str:
    return f"/confirmer/{confirmation_token(contact)}/"


def words_of_confirmation(contact: Contact) -> Any:
    message = Message.objects.get(
        purpose=PURPOSE, unique_key__startswith=f"{PURPOSE}:{contact.pk}:"
    )
    return compose([message])[message.pk]


@pytest.mark.parametrize(
    "second", [{"first_name": "Maëlys"}, {"first_name": "Maelle", "phone": "+33639980009"}]
)
def test_who_registers_again_gets_the_page_they_had(second: dict[str, str]) -> None:
    """Under another spelling or with another number, they are a second row for a while."""
    first = make_contact(first_name="Maëlle", phone="")
    again = make_contact(**({"phone": ""} | second))
    assert again != first
    words = words_of_confirmation(again)
    for text in (words.text, words.html):
        assert page_of(first) in text
        assert page_of(again) in text
    assert words.subject.strip() == "Votre lien personnel"
    assert page_of(again) not in words_of_confirmation(first).text


def test_nobody_is_told_the_page_of_who_shares_their_number() -> None:
    first = make_contact(first_name="Paul", phone="+33639980009", email="paul@example.org")
    other = make_contact(first_name="Zoé", phone="+33639980009", email="zoe@example.org")
    assert page_of(first) not in words_of_confirmation(other).text


def test_a_mail_program_that_opens_the_link_confirms_nothing(
    client: Client, contact: Contact
) -> None:
    for _ in range(2):
        page = client.get(confirm_page_of(contact)).content.decode()
    assert "sylviane@example.org" in page
    contact.refresh_from_db()
    assert contact.email_confirmed_at is None
    assert "email" not in open_channels(contact)


def test_one_press_confirms_the_address(client: Client, contact: Contact) -> None:
    response = client.post(confirm_page_of(contact), follow=True)
    assert "confirmée" in response.content.decode()
    contact.refresh_from_db()
    confirmed_at = contact.email_confirmed_at
    assert confirmed_at is not None
    assert "email" in open_channels(contact)
    client.post(confirm_page_of(contact))
    contact.refresh_from_db()
    assert contact.email_confirmed_at == confirmed_at


def test_the_mail_carries_the_link_that_confirms_until_it_is_done(
    client: Client, contact: Contact
) -> None:
    mail = words_of_confirmation(contact)
    assert confirmation_url(contact) in mail.text
    assert confirmation_url(contact) in mail.html
    assert "confirmez" in mail.subject
    client.post(confirm_page_of(contact))
    mail = words_of_confirmation(contact)
    assert "/confirmer/" not in mail.text + mail.html
    assert page_of(contact) in mail.text


def test_a_personal_link_alone_proves_no_address(client: Client, contact: Contact) -> None:
    """It goes by SMS to some, and stays open to who has just typed another address."""
    token = personal_token(contact)
    assert client.post(f"/confirmer/{token}/").status_code == 404
    contact.refresh_from_db()
    assert contact.email_confirmed_at is None


def test_a_link_to_a_former_address_confirms_no_other(client: Client, contact: Contact) -> None:
    former = confirm_page_of(contact)
    correct_contact(
        contact=contact, first_name=contact.first_name, phone="", email="autre@example.org",
        place=find_place("14000"), trade=None,
    )  # fmt: skip
    assert client.get(former).status_code == 404


@pytest.mark.parametrize("token", ["x", "WzEsMSwieCJd:1t:aaaa", "é"])
def test_a_forged_confirmation_is_not_found(client: Client, contact: Contact, token: str) -> None:
    assert client.get(f"/confirmer/{token}/").status_code == 404


def test_who_registered_twice_under_one_address_confirms_once(
    client: Client, contact: Contact
) -> None:
    twin = make_contact(first_name="sylviane", phone="+33639980002")
    other = make_contact(first_name="Karim", phone="+33639980003")
    client.post(confirm_page_of(contact))
    for row, is_confirmed in ((twin, True), (other, False)):
        row.refresh_from_db()
        assert bool(row.email_confirmed_at) is (is_confirmed or row == contact)


def test_the_page_asks_for_the_confirmation_and_sends_it_again(
    client: Client, contact: Contact
) -> None:
    assert "Adresse à confirmer" in client.get(page_of(contact)).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        response = client.post(f"{page_of(contact)}renvoyer/", follow=True)
    assert "Le message repart" in response.content.decode()
    assert Message.objects.filter(purpose=PURPOSE).count() == 2


def test_it_is_sent_again_three_times_a_day_at_most(client: Client, contact: Contact) -> None:
    for minutes in range(6):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes + 1), tick=False):
            client.post(f"{page_of(contact)}renvoyer/")
    assert Message.objects.filter(purpose=PURPOSE).count() == 3


def test_nothing_is_asked_of_who_confirmed_or_told_an_activist(client: Client) -> None:
    author = make_user("militant", "ud-14")
    told = make_contact(captured_by=author, email="vive-voix@example.org", phone="+33639980005")
    confirmed = make_contact()
    client.post(confirm_page_of(confirmed))
    before = Message.objects.count()
    for person in (told, confirmed):
        assert "Adresse à confirmer" not in client.get(page_of(person)).content.decode()
        client.post(f"{page_of(person)}renvoyer/")
    assert Message.objects.count() == before


def test_the_page_and_the_mails_speak_the_language_of_the_registration(client: Client) -> None:
    contact = make_contact(language="pl")
    page = client.get(page_of(contact), headers={"accept-language": "fr"}).content.decode()
    assert '<html lang="pl"' in page
    assert "Dzień dobry Sylviane" in page
    mail = words_of_confirmation(contact)
    assert mail.subject == "Sylviane, potwierdź adres i odbierz swoje karty"
    assert '<html lang="pl"' in mail.html


def test_a_mail_in_arabic_reads_from_right_to_left() -> None:
    assert '<html lang="ar" dir="rtl">' in words_of_confirmation(make_contact(language="ar")).html


def test_a_language_chosen_in_the_menu_comes_first(client: Client) -> None:
    contact = make_contact(language="pl")
    assert '<html lang="es"' in client.get(f"{page_of(contact)}?lang=es").content.decode()


def test_the_language_of_the_messages_can_be_changed(client: Client, contact: Contact) -> None:
    client.get("/vie-privee/?lang=en")
    response = client.post(f"{page_of(contact)}langue/", {"language": "ro"}, follow=True)
    page = response.content.decode()
    contact.refresh_from_db()
    assert contact.language == "ro"
    assert "vă vom scrie în această limbă" in page
    assert '<html lang="ro"' in page


def test_an_unknown_language_is_not_kept(client: Client, contact: Contact) -> None:
    client.post(f"{page_of(contact)}langue/", {"language": "xx"})
    contact.refresh_from_db()
    assert contact.language == "fr"
