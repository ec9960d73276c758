"""Which language a page speaks."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories import make_source, make_user

pytestmark = pytest.mark.django_db
PAGE = "/vie-privee/"
TITLES = {
    "fr": "Vos données, vos droits", "en": "Your data, your rights",
    "pt": "Os seus dados, os seus direitos", "es": "Sus datos, sus derechos",
    "ar": "بياناتكم، حقوقكم", "ro": "Datele și drepturile dumneavoastră",
    "pl": "Twoje dane, Twoje prawa", "tr": "Verileriniz, haklarınız",
}  # fmt: skip


def test_every_language_of_the_menu_is_tried() -> None:
    assert set(TITLES) == set(dict(settings.LANGUAGES))


@pytest.mark.parametrize("language", TITLES)
def test_a_page_speaks_the_language_asked_for(client: Client, language: str) -> None:
    response = client.get(PAGE, {"lang": language})
    page = response.content.decode()
    assert TITLES[language] in page
    assert f'<html lang="{language}"' in page
    assert ('<html lang="ar" dir="rtl">' in page) == (language == "ar")
    assert response["Content-Language"] == language


def test_the_browser_says_what_its_owner_reads(client: Client) -> None:
    response = client.get(PAGE, headers={"accept-language": "de, pl;q=0.8, fr;q=0.5"})
    assert TITLES["pl"] in response.content.decode()
    assert "Accept-Language" in response["Vary"]
    assert not response.cookies


def test_a_choice_is_remembered_against_the_browser(client: Client) -> None:
    client.get(PAGE, {"lang": "tr"})
    response = client.get("/moi/lien/", headers={"accept-language": "pl"})
    assert 'lang="tr"' in response.content.decode()


@pytest.mark.parametrize("asked", ["xx", "", "fr'\"<", "FR"])
def test_an_unknown_language_changes_nothing(client: Client, asked: str) -> None:
    response = client.get(PAGE, {"lang": asked})
    assert TITLES["fr"] in response.content.decode()
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


def test_the_menu_keeps_the_address_and_names_each_language_in_its_words(client: Client) -> None:
    page = client.get("/fiches/?metier=boulanger").content.decode()
    for code, name in settings.LANGUAGES:
        assert f'href="?metier=boulanger&amp;lang={code}" lang="{code}"' in page
        assert name in page


def test_pages_for_activists_stay_in_french(client: Client) -> None:
    page = client.get(reverse("account_login"), {"lang": "en"}, headers={"accept-language": "en"})
    assert page["Content-Language"] == "fr"
    assert 'lang="fr"' in page.content.decode()
    assert "languages__list" not in page.content.decode()
    assert not page.cookies.get(settings.LANGUAGE_COOKIE_NAME)


def test_an_unknown_address_answers_a_stranger_in_their_language(client: Client) -> None:
    source = make_source()
    for address in (f"/i/{source.code}x/", "/nulle-part/"):
        response = client.get(address, headers={"accept-language": "pt"})
        assert response.status_code == 404
        assert "Não encontramos esta página" in response.content.decode()


def test_an_unknown_address_answers_an_activist_in_french(client: Client) -> None:
    client.force_login(make_user("militant", "ud-14"))
    response = client.get("/nulle-part/", headers={"accept-language": "pt"})
    assert "Cette page est introuvable" in response.content.decode()


def test_a_language_does_not_outlive_its_request(client: Client) -> None:
    client.get(PAGE, {"lang": "ar"})
    assert TITLES["fr"] in Client().get(PAGE).content.decode()


def test_an_expired_form_is_refused_in_the_language_of_its_page() -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/moi/lien/?lang=es", {"address": "x@example.org"})
    assert response.status_code == 403
    assert "demasiado tiempo" in response.content.decode()
