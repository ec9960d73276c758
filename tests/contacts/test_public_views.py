"""What a worker sees: twenty seconds, no account, the same words for everyone."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from contacts.actions import erase_contact
from contacts.links import personal_token
from contacts.models import Capture, Contact, Source
from contacts.rules import current_wordings
from library.loading import load_sheets
from messaging.models import Message
from territory.models import Trade
from tests.factories import make_contact, make_source

pytestmark = pytest.mark.django_db
GOOD = {
    "first_name": "Maëlle",
    "phone": "",
    "email": "maelle@example.org",
    "trade": "boulanger",
    "postcode": "14000",
    "consent_email": "on",
}


@pytest.fixture
def source() -> Source:
    return make_source("ul-caen")


@pytest.fixture
def sheets(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped sheets, published; the drawing of their PDF has its own tests."""
    monkeypatch.setattr("library.actions.render_version", lambda version: b"%PDF-1.7\n%%EOF\n")
    load_sheets()


def hidden_fields(client: Client, source: Source) -> dict[str, str]:
    page = client.get(f"/i/{source.code}/").content.decode()
    found = dict(re.findall(r'name="(form_token|shown)" value="([^"]*)"', page))
    assert set(found) == {"form_token", "shown"}
    return found


def register(client: Client, source: Source, **changes: str) -> Any:
    return client.post(f"/i/{source.code}/", GOOD | hidden_fields(client, source) | changes)


def test_a_worker_registers_and_is_thanked(client: Client, source: Source) -> None:
    response = register(client, source)

    assert response.status_code == 302
    assert response["Location"] == f"/i/{source.code}/merci/"
    assert "merci" in client.get(response["Location"]).content.decode()
    contact = Contact.objects.get()
    assert (contact.first_name, contact.departement_id) == ("Maëlle", "14")
    assert Capture.objects.get().source == source
    assert Message.objects.get().recipient == "maelle@example.org"


def test_the_code_is_forgiving(client: Client, source: Source) -> None:
    typed = f"{source.code[:3]}-{source.code[3:]}".lower()
    assert client.get(f"/i/{typed}/").status_code == 200


def test_no_box_is_ticked_beforehand(client: Client, source: Source) -> None:
    page = client.get(f"/i/{source.code}/").content.decode()
    assert page.count('type="checkbox"') == 3
    assert "checked" not in page


def test_a_known_person_gets_the_same_answer(client: Client, source: Source) -> None:
    first = register(client, source)
    second = register(client, source)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Contact.objects.count() == 1


def test_a_double_click_registers_once(client: Client, source: Source) -> None:
    fields = GOOD | hidden_fields(client, source)
    for _ in range(3):
        client.post(f"/i/{source.code}/", fields)
    assert Capture.objects.count() == 1


def test_the_back_button_registers_a_second_person(client: Client, source: Source) -> None:
    fields = GOOD | hidden_fields(client, source)
    client.post(f"/i/{source.code}/", fields)
    client.post(
        f"/i/{source.code}/", fields | {"first_name": "Karim", "email": "karim@example.org"}
    )
    assert Contact.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"first_name": " - "}, "Écrivez votre prénom."),
        ({"first_name": "gagnez.example"}, "des lettres, 40 au plus"),
        ({"first_name": "Lou 06 12"}, "des lettres, 40 au plus"),
        ({"email": ""}, "l’un suffit"),
        ({"email": "maelle@"}, "semble incomplète"),
        ({"phone": "12"}, "ne semble pas valide"),
        ({"postcode": "00000"}, "n’existe pas en France"),
        ({"trade": "pirate"}, "pas dans la liste"),
        ({"trade": ""}, "Choisissez votre métier"),
        ({"consent_email": ""}, "sans votre accord"),
        ({"consent_sms": "on"}, "écrivez votre numéro"),
    ],
)
def test_bad_input_gets_a_french_word_and_keeps_what_was_typed(
    client: Client, source: Source, changes: dict[str, str], message: str
) -> None:
    response = register(client, source, **changes)
    page = response.content.decode()

    assert response.status_code == 200
    assert message in page
    assert 'aria-invalid="true"' in page
    for name, typed in (GOOD | changes).items():
        if name in ("first_name", "email", "phone", "postcode") and typed.strip():
            assert f'value="{typed}"' in page
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("changes", "phone"),
    [
        (
            {"phone": "0692 12 34 56", "postcode": "97400", "consent_sms": "on"},
            "+262692123456",
        ),
        ({"first_name": "N'Guyen-Özgür 山田"}, ""),
    ],
)
def test_names_and_numbers_from_everywhere_are_fine(
    client: Client, source: Source, changes: dict[str, str], phone: str
) -> None:
    register(client, source, **changes)
    contact = Contact.objects.get()
    assert contact.first_name == changes.get("first_name", "Maëlle")
    assert (contact.phone.as_e164 if contact.phone else "") == phone


def test_an_address_that_no_box_covers_is_not_kept(client: Client, source: Source) -> None:
    register(client, source, phone="06 39 98 00 01", consent_email="", consent_sms="on")
    contact = Contact.objects.get()
    assert (contact.email, contact.phone.as_e164) == ("", "+33639980001")


@pytest.mark.parametrize("shown", ["²", "9" * 5000, "1,2,3", "x", ""])
def test_forged_wordings_are_replaced_by_the_current_ones(
    client: Client, source: Source, shown: str
) -> None:
    assert register(client, source, shown=shown).status_code == 302
    assert Contact.objects.get().consents.get().wording is not None


def test_a_link_preview_may_ask_for_the_head_only(client: Client, source: Source) -> None:
    assert client.head(f"/i/{source.code}/").status_code == 200


def test_a_robot_is_thanked_and_forgotten(client: Client, source: Source) -> None:
    response = register(client, source, website="https://spam.example")
    assert response.status_code == 302
    assert not Contact.objects.exists()


def test_a_device_that_sends_too_fast_is_asked_to_wait(
    client: Client, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contacts.limits.PER_DEVICE", 2)
    for number in range(2):
        register(client, source, email=f"maelle{number}@example.org")
    response = register(client, source, email="maelle9@example.org")

    assert response.status_code == 429
    assert "maelle9@example.org" in response.content.decode()
    assert Contact.objects.count() == 2


def test_two_hundred_people_behind_one_address_register(source: Source) -> None:
    for number in range(200):
        crowd = Client(REMOTE_ADDR="192.0.2.1")
        crowd.post(f"/i/{source.code}/", GOOD | {"email": f"worker{number}@example.org"})
    assert Contact.objects.count() == 200


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "Rien n’est perdu"), ("en", "Nothing is lost"), ("pt", "Nada se perdeu"),
     ("es", "No se ha perdido nada"), ("ar", "لم يضع شيء"), ("ro", "Nu s-a pierdut nimic"),
     ("pl", "Nic nie przepadło"), ("tr", "Hiçbir şey kaybolmadı")],
)  # fmt: skip
def test_a_source_under_attack_asks_to_wait_and_keeps_what_was_typed(
    client: Client,
    source: Source,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    words: str,
) -> None:
    monkeypatch.setattr("contacts.limits.PER_SOURCE", 0)
    typed = GOOD | {"phone": "06 39 98 00 77", "consent_sms": "on"}
    response = client.post(f"/i/{source.code}/?lang={language}", typed)
    page = response.content.decode()

    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert words in page
    for name in ("first_name", "email", "phone", "postcode"):
        assert f'value="{typed[name]}"' in page
    assert page.count(" checked") == 2
    assert re.search(r'value="boulanger"\s+selected', page)
    # Sent again as it is, once the rush is over.
    monkeypatch.setattr("contacts.limits.PER_SOURCE", 400)
    assert client.post(f"/i/{source.code}/", typed).status_code == 302


def test_the_sheets_are_offered_without_leaving_anything(client: Client, sheets: None) -> None:
    source = make_source(trade=Trade.objects.get(pk="boulanger"))
    closed = make_source(is_active=False)
    form = client.get(f"/i/{source.code}/").content.decode()
    assert 'href="/fiches/?metier=boulanger"' in form
    for address in (f"/i/{source.code}/merci/", f"/i/{closed.code}/", "/fiches/?metier=boulanger"):
        page = client.get(address).content.decode()
        pdf = re.search(r'href="(/fiches/[^"]+\.pdf)"', page)
        assert pdf, address
    assert b"".join(client.get(pdf[1]).streaming_content).startswith(b"%PDF")
    assert not Capture.objects.exists()


def test_a_closed_source_says_so_and_still_offers_the_sheets(client: Client) -> None:
    source = make_source(is_active=False)
    response = client.get(f"/i/{source.code}/")
    assert response.status_code == 410
    assert "/fiches/" in response.content.decode()
    assert client.post(f"/i/{source.code}/", GOOD).status_code == 410


@pytest.mark.parametrize("code", ["AAAAAAA", "%00", "é", "a" * 500])
def test_an_unknown_code_is_not_found(client: Client, code: str) -> None:
    assert client.get(f"/i/{code}/").status_code == 404


def test_somebody_erased_is_not_kept_again_by_a_stranger(client: Client, source: Source) -> None:
    register(client, source)
    erase_contact(contact=Contact.objects.get())
    response = register(client, source)

    assert response.status_code == 302
    assert not Contact.objects.exists()
    assert Capture.objects.filter(contact__isnull=True).count() == 2


def test_the_words_agreed_to_are_those_of_the_page(client: Client, source: Source) -> None:
    page = client.get(f"/i/{source.code}/?lang=pl").content.decode()
    shown = re.search(r'name="shown" value="([^"]*)"', page)
    assert shown
    client.post(f"/i/{source.code}/", GOOD | {"shown": shown[1]})
    contact = Contact.objects.get()
    wording = contact.consents.get().wording
    assert wording is not None
    assert wording.text in page
    assert (contact.language, wording.language, wording.version) == ("pl", "pl", 2)
    assert Message.objects.get().language == "pl"


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_each_language_has_its_words_of_consent(language: str) -> None:
    wordings = current_wordings(language)
    assert [wording.channel for wording in wordings] == ["email", "sms", "call"]
    assert {wording.language for wording in wordings} == {language}
    assert len({wording.text for wording in wordings}) == 3


def test_a_language_without_words_of_consent_shows_the_french_ones() -> None:
    assert {wording.language for wording in current_wordings("de")} == {"fr"}


def test_trades_are_translated_and_those_added_by_staff_stay_in_french(
    client: Client, source: Source
) -> None:
    Trade.objects.create(slug="luthier", label="Luthier·e", position=500, search_text="luthier")
    page = client.get(f"/i/{source.code}/?lang=es").content.decode()
    assert ">Peluquero/a<" in page
    assert ">Luthier·e<" in page


def test_errors_speak_the_language_of_the_page(client: Client, source: Source) -> None:
    response = client.post(f"/i/{source.code}/?lang=tr", {})
    page = response.content.decode()
    assert "Adınızı yazın." in page
    assert "Düzeltilecek 4 nokta var" in page
    assert "Écrivez" not in page


def test_the_address_of_the_source_outlives_a_change_of_language(
    client: Client, source: Source
) -> None:
    page = client.get(f"/i/{source.code}/?lang=pt").content.decode()
    assert 'href="?lang=ar"' in page
    assert re.search(r'<form class="form panel" method="post" novalidate', page)
    register(client, source)
    assert Capture.objects.get().source == source


def test_control_characters_leave_a_name(client: Client, source: Source) -> None:
    register(client, source, first_name="Ya\u202emada\x07\r\n Jo")
    assert Contact.objects.get().first_name == "Yamada Jo"


def test_the_personal_page_shows_corrects_and_downloads(client: Client) -> None:
    contact = make_contact()
    address = f"/moi/{personal_token(contact)}/"
    page = client.get(address).content.decode()
    assert "sylviane@example.org" in page
    response = client.post(
        f"{address}corriger/",
        {"first_name": "Sylvie", "phone": "", "email": "sylvie@example.org",
         "trade": "coiffeur", "postcode": "50100"},
    )  # fmt: skip
    assert client.get(address).status_code == 404
    data = client.get(f"{response['Location']}donnees.json").json()
    assert data["prénom"] == "Sylvie"
    assert data["département"] == "50"
    assert len(data["consentements"]) == 3
    assert all(consent["texte"] for consent in data["consentements"])


def test_unticking_a_box_withdraws_at_once(client: Client) -> None:
    contact = make_contact()
    address = f"/moi/{personal_token(contact)}/choix/"
    shown = re.search(r'name="shown" value="([^"]*)"', client.get(address).content.decode())
    assert shown
    client.post(address, {"shown": shown[1], "consent_sms": "on"})
    given = {consent.channel for consent in contact.consents.holding() if consent.is_given}
    assert given == {"sms"}


def test_erasing_asks_first_and_then_leaves_nothing(client: Client) -> None:
    contact = make_contact()
    address = f"/moi/{personal_token(contact)}/"
    assert "pour toujours" in client.get(f"{address}effacer/").content.decode()
    assert Contact.objects.exists()
    response = client.post(f"{address}effacer/")
    assert response["Location"] == "/moi/efface/"
    assert not Contact.objects.exists()
    assert client.get(address).status_code == 404


def test_a_personal_link_can_be_made_useless(client: Client) -> None:
    contact = make_contact()
    address = f"/moi/{personal_token(contact)}/"
    Contact.objects.filter(pk=contact.pk).update(link_version=2)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "1", "WzEsMV0:1t:aaaa", "é"])
def test_a_forged_link_is_not_found(client: Client, token: str) -> None:
    make_contact()
    assert client.get(f"/moi/{token}/").status_code == 404


def test_the_personal_page_is_neither_cached_nor_indexed(client: Client) -> None:
    response = client.get(f"/moi/{personal_token(make_contact())}/")
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response.content.decode()
