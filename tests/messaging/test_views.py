from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from messaging.enums import Channel, SkipReason, Status
from messaging.links import unsubscribe_url_for
from messaging.models import Message, Suppression
from messaging.purposes import name_purposes
from organisations.models import User
from tests.messaging.factories import make_email, make_sms

pytestmark = pytest.mark.django_db

LIST = "/messages/"


@pytest.fixture
def staff(people: dict[str, User], client_for: Callable[[User], Client]) -> Client:
    return client_for(people["confederation"])


def test_the_outbox_shows_no_address_in_clear(staff: Client) -> None:
    make_email(recipient="camille@exemple.fr")
    make_sms(recipient="+33612345634")
    page = staff.get(LIST).content.decode()
    assert "c•••@e•••.fr" in page
    assert "06 •• •• •• 34" in page
    assert "camille" not in page


def test_the_outbox_names_purposes_in_french(staff: Client) -> None:
    name_purposes({"note": "Petite note"})
    make_email()
    assert "Petite note" in staff.get(LIST).content.decode()


def test_the_outbox_counts_and_filters_by_state(staff: Client) -> None:
    make_email(1, recipient="attend@exemple.fr")
    make_email(2, recipient="echoue@exemple.fr")
    Message.objects.filter(unique_key="note:2").update(status=Status.FAILED)
    answer = staff.get(LIST, {"etat": "failed"})
    assert [message.unique_key for message in answer.context["page_obj"]] == ["note:2"]
    counts = {tab["label"]: tab["count"] for tab in answer.context["tabs"]}
    assert (counts["Tous"], counts["En attente"], counts["Échec définitif"]) == (2, 1, 1)


@pytest.mark.parametrize("query", ["etat=xyz", "page=99", "page=x"])
def test_a_wrong_filter_shows_everything(staff: Client, query: str) -> None:
    make_email()
    answer = staff.get(f"{LIST}?{query}")
    assert len(answer.context["page_obj"]) == 1


def test_an_empty_outbox_says_when_it_fills(staff: Client) -> None:
    assert "Aucun message pour l’instant" in staff.get(LIST).content.decode()
    assert "Aucun message dans cet état" in staff.get(f"{LIST}?etat=sent").content.decode()


def test_the_outbox_costs_the_same_for_1_and_for_30_messages(staff: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(LIST).status_code == 200
        return len(captured)

    make_sms(0)
    Message.objects.update(status=Status.UNCERTAIN, handed_over_at=timezone.now())
    for_one = queries()
    for number in range(1, 31):
        make_sms(number)
    Message.objects.update(status=Status.UNCERTAIN, handed_over_at=timezone.now())
    assert queries() == for_one


@pytest.mark.parametrize("role", ["militant", "ul", "ud", "ud_admin", "fd", "region", "other_ud"])
def test_the_outbox_does_not_exist_for_others(
    people: dict[str, User], client_for: Callable[[User], Client], role: str
) -> None:
    message = make_sms()
    Message.objects.update(status=Status.UNCERTAIN, handed_over_at=timezone.now())
    client = client_for(people[role])
    assert client.get(LIST).status_code == 404
    for name in ("message-confirm", "message-send-again"):
        url = reverse(f"messaging:{name}", args=[message.pk])
        assert client.post(url).status_code == 404
    message.refresh_from_db()
    assert message.status == Status.UNCERTAIN


def test_an_uncertain_message_comes_first_with_its_two_answers(staff: Client) -> None:
    message = make_sms()
    Message.objects.update(status=Status.UNCERTAIN, handed_over_at=timezone.now())
    page = staff.get(LIST).content.decode()
    assert "1 message à vérifier" in page
    assert str(message.pk) in page
    confirm = reverse("messaging:message-confirm", args=[message.pk])
    answer = staff.post(confirm, follow=True)
    assert "ce message est bien parti" in answer.content.decode()
    message.refresh_from_db()
    assert message.status == Status.SENT


def test_an_uncertain_message_can_be_sent_again(staff: Client) -> None:
    message = make_sms()
    Message.objects.update(status=Status.UNCERTAIN, handed_over_at=timezone.now())
    staff.post(reverse("messaging:message-send-again", args=[message.pk]))
    message.refresh_from_db()
    assert message.status == Status.QUEUED


def test_only_a_failed_message_that_still_has_a_body_offers_to_try_again(staff: Client) -> None:
    for number, status in enumerate([Status.FAILED, Status.FAILED, Status.SENT]):
        make_email(number)
        body = {"text": ""} if number == 1 else {}
        Message.objects.filter(unique_key=f"note:{number}").update(
            status=status, sent_at=timezone.now(), **body
        )
    assert staff.get(LIST).content.decode().count("Réessayer") == 1


def test_a_message_settled_by_somebody_else_says_so(staff: Client) -> None:
    message = make_sms()
    url = reverse("messaging:message-confirm", args=[message.pk])
    assert "déjà été traité" in staff.post(url, follow=True).content.decode()


def test_the_buttons_are_not_links(staff: Client) -> None:
    message = make_sms()
    assert staff.get(reverse("messaging:message-confirm", args=[message.pk])).status_code == 405


@pytest.fixture
def address() -> str:
    return unsubscribe_url_for(Channel.EMAIL, "Camille@exemple.fr")


def test_the_link_does_not_hold_the_address(address: str) -> None:
    assert "camille" not in address.lower()
    assert address.startswith("http://testserver/d/")
    assert len(address) < 200


def test_the_page_asks_before_it_acts(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Ne plus recevoir" in answer.content.decode()
    assert not Suppression.objects.exists()


def test_one_click_of_a_mail_program_is_enough(address: str) -> None:
    waiting = make_email(recipient="camille@exemple.fr")
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Suppression.objects.for_address("email", "camille@exemple.fr").exists()
    waiting.refresh_from_db()
    assert waiting.skip_reason == SkipReason.SUPPRESSED


def test_clicking_twice_answers_the_same(client: Client, address: str) -> None:
    first, second = client.post(address), client.post(address)
    assert first.content == second.content
    assert "est fait</h1>" in first.content.decode()
    assert Suppression.objects.count() == 1


def test_an_address_never_written_to_gets_the_same_page(client: Client) -> None:
    unknown = unsubscribe_url_for(Channel.EMAIL, "jamais@exemple.fr")
    known = unsubscribe_url_for(Channel.EMAIL, "camille@exemple.fr")
    make_email(recipient="camille@exemple.fr")
    assert client.get(unknown).content == client.get(known).content


@pytest.mark.parametrize("token", ["x", "email:abc", "email:abc:def", "%00", "é"])
def test_a_forged_link_leads_nowhere(client: Client, token: str) -> None:
    assert client.get(f"/d/{token}/").status_code == 404
    assert client.post(f"/d/{token}/").status_code == 404
    assert not Suppression.objects.exists()


def test_a_number_can_be_unsubscribed_too(client: Client) -> None:
    answer = client.post(unsubscribe_url_for(Channel.SMS, "+33612340001"))
    assert "plus de SMS" in answer.content.decode()
    assert Suppression.objects.for_address("sms", "+33612340001").exists()


def test_the_page_keeps_no_session(client: Client, address: str, settings: Any) -> None:
    answer = client.post(address)
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
