"""A passkey made and used in a real browser, under the real content security policy."""

from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.conftest import OpenPage
from tests.factories import make_user


@dataclass
class Telephone:
    """A device that knows its owner, or takes them for somebody else."""

    session: CDPSession
    authenticator: str

    def doubt(self) -> None:
        values = {"authenticatorId": self.authenticator, "isUserVerified": False}
        self.session.send("WebAuthn.setUserVerified", values)


def give_telephone(page: Page) -> Telephone:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    answer = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Telephone(session, answer["authenticatorId"])


def expect_title(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def make_passkey(page: Page) -> None:
    page.goto("/organisations/")
    expect_title(page, "Protégez votre compte")
    page.get_by_role("link", name="Créer ma clé d’accès").click()
    page.get_by_role("button", name="Créer la clé").click()
    expect_title(page, "Vos codes de secours")


def test_a_passkey_protects_the_account_then_logs_in_by_itself(open_page: OpenPage) -> None:
    user = make_user("staff", "ud-14")
    page = open_page(user=user, protected=False)
    give_telephone(page)
    make_passkey(page)
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()

    page.context.clear_cookies()
    page.goto("/compte/connexion/?next=/organisations/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect_title(page, "Organisations")


def test_a_passkey_is_the_second_factor_after_a_password(open_page: OpenPage) -> None:
    password = "une petite phrase à moi"
    user = make_user("staff", "ud-14", password=password)
    page = open_page(user=user, protected=False)
    give_telephone(page)
    page.goto("/compte/proteger/")
    page.get_by_role("link", name="Créer ma clé d’accès").click()
    page.get_by_label("Votre mot de passe").fill(password)
    page.get_by_role("button", name="Confirmer").click()
    page.get_by_role("button", name="Créer la clé").click()
    expect_title(page, "Vos codes de secours")

    page.context.clear_cookies()
    page.goto("/compte/connexion/?next=/organisations/")
    page.get_by_text("J’ai un mot de passe").click()
    page.get_by_role("group").get_by_label("Votre adresse e-mail").fill(user.email)
    page.get_by_label("Votre mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()
    expect_title(page, "Encore une étape")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect_title(page, "Organisations")


@pytest.mark.usefixtures("site")
def test_a_device_that_refuses_says_what_else_works(open_page: OpenPage) -> None:
    page = open_page(user=make_user("staff", "ud-14"), protected=False)
    give_telephone(page).doubt()
    page.goto("/compte/securite/cles/ajouter/")
    page.get_by_role("button", name="Créer la clé").click()
    expect(page.get_by_role("alert")).to_contain_text("La clé d’accès n’a pas répondu")
    assert not Authenticator.objects.exists()
