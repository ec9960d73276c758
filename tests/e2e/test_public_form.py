"""The form behind the QR code on a poor telephone: no JavaScript, small screen, slow network."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from contacts.models import Contact, Source
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.pages import RegistrationPage, choose_consents, visit
from tests.e2e.site import Site
from tests.factories import make_source

NARROW = {"width": 320, "height": 568}
LIGHT = 60 * 1024  # bytes over the network for a first visit, fonts aside


@pytest.fixture
def source(site: Site) -> Source:
    return make_source("ul-caen")


@pytest.fixture
def form(source: Source, open_page: OpenPage) -> Page:
    page = open_page(PHONE)
    visit(page, f"/i/{source.code}/")
    return page


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    root = "document.documentElement"
    return int(page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))


def test_it_works_without_javascript(sheets: None, source: Source, open_page: OpenPage) -> None:
    page = open_page(PHONE, java_script_enabled=False)
    page.goto(f"/i/{source.code}/")
    registration = RegistrationPage(page)
    registration.fill(first_name="Maëlle", trade="Coiffeur·se", postcode="1400")
    registration.send()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Ce code postal n’existe pas en France")
    expect(alert).to_contain_text("Écrivez un téléphone ou une adresse e-mail")

    expect(page.get_by_label("Prénom")).to_have_value("Maëlle")
    page.get_by_label("Code postal").fill("14000")
    page.get_by_label("Téléphone").fill("06 39 98 00 23")
    choose_consents(page, "sms")
    registration.send()
    registration.expect_thanks()
    assert Contact.objects.get().first_name == "Maëlle"


def test_it_fits_the_narrowest_screen(source: Source, open_page: OpenPage) -> None:
    page = open_page(NARROW)
    page.goto(f"/i/{source.code}/")
    page.get_by_text("Que deviennent mes coordonnées ?").click()
    assert overflow(page) == 0
    RegistrationPage(page).send()
    expect(page.get_by_role("alert")).to_be_visible()
    assert overflow(page) == 0


def test_it_is_light(source: Source, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(f"/i/{source.code}/", wait_until="networkidle")

    weights = {}
    for request in finished:
        sizes = request.sizes()
        if request.resource_type != "font":
            path = urlsplit(request.url).path
            weights[path] = sizes["responseHeadersSize"] + sizes["responseBodySize"]
    assert len(weights) > 5, "the page loads its style and its behaviours"
    assert sum(weights.values()) <= LIGHT, weights


def test_the_first_error_has_the_eye(form: Page) -> None:
    RegistrationPage(form).send()
    expect(form.get_by_role("alert")).to_be_focused()
    form.get_by_role("link", name="Écrivez votre prénom").click()
    expect(form.get_by_label("Prénom")).to_be_focused()


def test_a_form_sent_twice_leaves_once(sheets: None, form: Page) -> None:
    RegistrationPage(form).fill(
        first_name="Maëlle", email="maelle@example.org", trade="Coiffeur·se", postcode="14000"
    )
    choose_consents(form, "email")
    sent: list[Request] = []
    form.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    form.get_by_role("button", name="Recevoir mes fiches").dblclick()
    RegistrationPage(form).expect_thanks()
    assert len(sent) == 1
    assert Contact.objects.count() == 1
