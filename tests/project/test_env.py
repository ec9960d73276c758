import pytest
from django.core.exceptions import ImproperlyConfigured

from tpe_campaign.env import email_settings


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
