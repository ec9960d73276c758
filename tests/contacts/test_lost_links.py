"""« Recevoir mon lien »: the same answer to everyone, the link only to whom it belongs."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.links import personal_url
from contacts.lost_links import PURPOSE, compose
from contacts.models import Contact
from messaging.actions import suppress
from messaging.enums import Channel, SuppressionReason
from messaging.models import Message
from tests.factories import make_contact

pytestmark = pytest.mark.django_db
PAGE = "/moi/lien/"


def ask(client: Client, address: str, **more: str) -> Any:
    return client.post(PAGE, {"address": address} | more)


def links() -> list[Message]:
    return list(Message.objects.filter(purpose=PURPOSE).order_by("created_at", "pk"))


def words() -> list[Any]:
    """What each waiting link would say if it left now."""
    return list(compose(links()).values())


def test_a_known_person_gets_their_link(client: Client) -> None:
    contact = make_contact()
    response = ask(client, "Sylviane@Example.org ")
    assert response["Location"] == "/moi/lien/demande/"
    (mail,) = words()
    assert personal_url(contact) in mail.text
    assert personal_url(contact) in mail.html


def test_a_stranger_gets_the_same_answer_from_the_same_work(client: Client) -> None:
    make_contact()
    client.get(PAGE)
    seen = []
    for address in ("sylviane@example.org", "personne.12@example.org"):
        with CaptureQueriesContext(connection) as queries:
            response = ask(client, address)
        kinds = [query["sql"].partition(" ")[0] for query in queries]
        seen.append((response.status_code, response["Location"], kinds))
    assert seen[0] == seen[1]


def test_an_address_that_is_nobodys_is_forgotten(client: Client) -> None:
    ask(client, "personne@example.org")
    assert words() == []
    (message,) = links()
    assert (message.recipient, message.text) == ("", "")


def test_a_number_gets_the_link_of_who_left_no_mail(client: Client) -> None:
    contact = make_contact(email="", first_name="Awa")
    ask(client, "06 39 98 00 01")
    (sms,) = words()
    assert personal_url(contact) in sms.text
    assert "Awa" not in sms.text
    assert links()[0].channel == Channel.SMS


def test_the_link_of_who_left_a_mail_never_goes_to_a_number(client: Client) -> None:
    """Families share a number, and whoever holds the telephone reads its messages."""
    contact = make_contact()
    ask(client, "0639980001")
    assert words() == []
    by_mail = links()[-1]
    assert (by_mail.channel, by_mail.recipient) == (Channel.EMAIL, "sylviane@example.org")
    assert personal_url(contact) in compose([by_mail])[by_mail.pk].text
    assert len(links()) == 2


def test_one_message_holds_the_links_of_a_couple(client: Client) -> None:
    people = [make_contact(email="", first_name=name) for name in ("Awa", "Moussa")]
    ask(client, "+33639980001")
    (sms,) = words()
    assert all(person.first_name in sms.text for person in people)
    assert all(personal_url(person) in sms.text for person in people)


def test_an_address_is_written_to_three_times_a_day_at_most(client: Client) -> None:
    make_contact()
    start = timezone.now()
    for minutes in range(6):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert ask(client, "sylviane@example.org").status_code == 302
    assert len(links()) == 3


def test_a_device_asks_ten_times_an_hour_at_most(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contacts.limits.LINKS_PER_DEVICE", 2)
    client.get(PAGE)
    for number in range(4):
        assert ask(client, f"personne{number}@example.org").status_code == 302
    assert len(links()) == 2
    another = Client()
    another.get(PAGE)
    ask(another, "autre@example.org")
    assert len(links()) == 3


def test_a_double_click_asks_once(client: Client) -> None:
    for _ in range(2):
        ask(client, "sylviane@example.org")
    assert len(links()) == 1


def test_a_robot_is_answered_and_ignored(client: Client) -> None:
    assert ask(client, "sylviane@example.org", website="https://spam.example").status_code == 302
    assert links() == []


@pytest.mark.parametrize("address", ["", "sylviane", "sylviane@", "12"])
def test_a_wrong_address_is_said_in_words(client: Client, address: str) -> None:
    response = ask(client, address)
    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    assert links() == []


def test_who_unsubscribed_still_reaches_their_page(client: Client) -> None:
    make_contact()
    suppress(
        channel=Channel.EMAIL, address="sylviane@example.org",
        reason=SuppressionReason.UNSUBSCRIBED,
    )  # fmt: skip
    ask(client, "sylviane@example.org")
    assert not Message.objects.filter(purpose=PURPOSE).suppressed().exists()


def test_the_mail_speaks_the_language_of_the_page(client: Client) -> None:
    make_contact(language="fr")
    client.post(f"{PAGE}?lang=tr", {"address": "sylviane@example.org"})
    (mail,) = words()
    assert mail.subject == "Kişisel bağlantınız"


def test_an_overseas_number_keeps_its_own_quiet_hours(client: Client) -> None:
    make_contact(email="", phone="+262692123456", postcode="97400")
    ask(client, "+262692123456")
    (message,) = links()
    assert message.departement_id == "974"
    assert Contact.objects.count() == 1
