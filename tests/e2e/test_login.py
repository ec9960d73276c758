"""Getting in: the code that arrives by mail, and the second factor that some must set up."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import hotp_value
from playwright.sync_api import Page, expect

from organisations.models import User
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.pages import ContactsPage, heading
from tests.e2e.site import Site
from tests.factories import make_contact

PERIOD = 30  # seconds that a code of the application lasts
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")


@pytest.fixture
def page(site: Site, open_page: OpenPage) -> Page:
    return open_page(PHONE)


def log_in_by_mail(page: Page, site: Site, user: User) -> None:
    page.goto("/compte/connexion/?next=/contacts/")
    page.get_by_label("Votre adresse e-mail").first.fill(user.email)
    page.get_by_role("button", name="Recevoir mon code").click()
    (mail,) = site.deliver()
    assert mail["To"] == user.email
    body = mail.get_body(("plain",))
    assert body is not None
    found = CODE.search(body.get_content())
    assert found
    page.get_by_label("Le code reçu").fill(found[0].lower().replace("-", ""))
    page.get_by_role("button", name="Se connecter").click()


def test_a_militant_logs_in_with_the_code_of_the_mail(
    site: Site, people: dict[str, User], page: Page
) -> None:
    log_in_by_mail(page, site, people["militant"])
    expect(heading(page)).to_have_text("Mes contacts")


def test_staff_protect_their_account_before_they_see_anybody(
    site: Site, people: dict[str, User], page: Page
) -> None:
    make_contact(first_name="Maëlle", email="")
    log_in_by_mail(page, site, people["ud"])
    expect(heading(page)).to_have_text("Protégez votre compte")
    page.goto("/contacts/")
    expect(heading(page)).to_have_text("Protégez votre compte")

    page.get_by_role("link", name="Utiliser une application").click()
    secret = page.locator("code.qr__address").inner_text()
    code = hotp_value(secret, int(time.time()) // PERIOD)
    page.get_by_label("Le code affiché par l’application").fill(f"{code:06}")
    page.get_by_role("button", name="Activer").click()
    expect(heading(page)).to_have_text("Vos codes de secours")
    expect(page.locator(".recovery-codes li")).to_have_count(10)

    page.goto("/contacts/")
    expect(ContactsPage(page).names).to_have_text(["Maëlle"])


def test_a_wrong_code_does_not_protect_anything(
    site: Site, people: dict[str, User], open_page: OpenPage
) -> None:
    page = open_page(user=people["ud"], protected=False)
    page.goto("/compte/securite/application/ajouter/")
    page.get_by_label("Le code affiché par l’application").fill("000000")
    page.get_by_role("button", name="Activer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.request.get("/contacts/", max_redirects=0).status == 302
