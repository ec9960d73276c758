import pytest
from django.core.exceptions import ImproperlyConfigured

from tpe_campaign.env import email_settings, map_tiles, page_of_commune


def test_smtp_with_tls_and_credentials() -> None:
    settings = email_settings("smtp+tls://user:p%40ss@mail.example:2525?timeout=5")
    assert settings["EMAIL_HOST"] == "mail.example"
    assert settings["EMAIL_PORT"] == 2525
    assert settings["EMAIL_HOST_PASSWORD"] == "p@ss"
    assert settings["EMAIL_USE_TLS"] is True
    assert settings["EMAIL_TIMEOUT"] == 5


@pytest.mark.parametrize(("scheme", "port"), [("smtp", 25), ("smtp+tls", 587), ("smtp+ssl", 465)])
def test_default_ports(scheme: str, port: int) -> None:
    assert email_settings(f"{scheme}://mail.example")["EMAIL_PORT"] == port


def test_a_provider_is_named_with_its_secrets() -> None:
    settings = email_settings("mailjet://key:secret")
    assert settings["EMAIL_BACKEND"] == "anymail.backends.mailjet.EmailBackend"
    assert settings["ANYMAIL"] == {"MAILJET_API_KEY": "key", "MAILJET_SECRET_KEY": "secret"}


@pytest.mark.parametrize("url", ["http://mail.example", "mailjet://key", "mail.example", ""])
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        email_settings(url)


def test_without_an_address_there_are_no_tiles() -> None:
    assert map_tiles("", "") is None


def test_tiles_have_an_origin_and_a_credit() -> None:
    address = "https://tuiles.example:8443/plan/{z}/{x}/{y}.png?cle=1"
    tiles = map_tiles(address, "© Des cartographes")
    assert tiles == {
        "url": address,
        "origin": "https://tuiles.example:8443",
        "credit": "© Des cartographes",
    }


@pytest.mark.parametrize(
    "url",
    [
        "tuiles.example/{z}/{x}/{y}.png",
        "https://tuiles.example/plan.png",
        "https://{s}.tuiles.example/{z}/{x}/{y}.png",
        # Nothing may slip into the policy with the host.
        "https://tuiles.example;script-src/{z}/{x}/{y}.png",
        "https://cle@tuiles.example/{z}/{x}/{y}.png",
    ],
)
def test_an_address_that_is_not_one_of_tiles_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAP_TILE_URL"):
        map_tiles(url, "© Des cartographes")


@pytest.mark.parametrize("url", ["", "https://carte.example/tpe", "https://c.example/?c={insee}"])
def test_the_map_of_enterprises_is_an_address(url: str) -> None:
    assert page_of_commune(url) == url


@pytest.mark.parametrize(
    "url", ["carte.example", "javascript:alert(1)", "https://c.example/{code}"]
)
def test_what_is_no_map_of_enterprises_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="TPE_MAP_URL"):
        page_of_commune(url)


def test_tiles_without_their_credit_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="MAP_TILE_CREDIT"):
        map_tiles("https://tuiles.example/{z}/{x}/{y}.png", "")
