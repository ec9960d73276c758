"""The form behind the QR code on a poor telephone: no JavaScript, small screen, slow network."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Page, Request, expect

from contacts.links import confirmation_token, personal_token
from contacts.models import Contact, Source
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.crawl import AXE, RUN_AXE
from tests.e2e.pages import RegistrationPage, choose_consents, visit
from tests.e2e.site import Site
from tests.e2e.validity import errors_of
from tests.factories import make_contact, make_source

NARROW = {"width": 320, "height": 568}
LIGHT = 60 * 1024  # bytes over the network for a first visit, fonts aside
LANGUAGES = [code for code, _ in settings.LANGUAGES]


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_the_narrowest_screen_without_javascript(
    source: Source, open_page: OpenPage, language: str
) -> None:
    page = open_page(NARROW, java_script_enabled=False)
    page.goto(f"/i/{source.code}/?lang={language}")
    page.locator("form summary").click()
    assert overflow(page) == 0
    page.locator(".languages > summary").click()
    assert page.locator(".languages__list a").count() == len(LANGUAGES)
    assert overflow(page) == 0
    box = page.locator(".languages__list").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW["width"]
    page.locator("form.form button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert overflow(page) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_light(source: Source, open_page: OpenPage, language: str) -> None:
    page = open_page(NARROW)
    finished: list[Request] = []
    page.on("requestfinished", lambda request: finished.append(request))
    page.goto(f"/i/{source.code}/?lang={language}", wait_until="networkidle")

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


def test_the_language_is_chosen_in_its_own_words_and_kept(
    sheets: None, site: Site, source: Source, open_page: OpenPage
) -> None:
    """From the poster to the confirmed address, without JavaScript and without French."""
    page = open_page(PHONE, java_script_enabled=False)
    page.goto(f"/i/{source.code}/")
    page.locator(".languages > summary").click()
    page.get_by_role("link", name="Türkçe").click()
    assert urlsplit(page.url).path == f"/i/{source.code}/"
    page.get_by_label("Ad", exact=True).fill("Ayşe")
    page.get_by_label("veya e-posta adresi").fill("ayse@example.org")
    page.get_by_label("Meslek").select_option(label="Kuaför / berber")
    page.get_by_label("İş yerinizin posta kodu").fill("14000")
    page.get_by_role("checkbox", name="e-posta ile").check()
    page.get_by_role("button", name="Bilgi kartlarımı al").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kaydedildi, teşekkürler!")

    (mail,) = site.deliver()
    html = mail.get_body(("html",))
    assert html is not None
    link = re.search(r'href="[^"]*(/confirmer/[^"]+)"', html.get_content())
    assert link
    page.context.clear_cookies()  # read on another telephone
    page.goto(link[1])
    page.get_by_role("button", name="Adresimi onayla").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Adresiniz onaylandı")
    contact = Contact.objects.get()
    assert (contact.language, contact.first_name) == ("tr", "Ayşe")
    assert contact.email_confirmed_at is not None


def test_an_arabic_page_reads_from_right_to_left(source: Source, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    page.goto(f"/i/{source.code}/?lang=ar")
    title, menu = page.locator("h1").bounding_box(), page.locator(".languages").bounding_box()
    assert title
    assert menu
    assert menu["x"] < PHONE["width"] / 2, "the menu stands at the end of the line: on the left"
    assert page.locator("h1").evaluate("node => getComputedStyle(node).direction") == "rtl"
    for name in ("phone", "email", "postcode"):
        field = page.locator(f"[name={name}]")
        assert field.evaluate("node => getComputedStyle(node).direction") == "ltr"
        assert field.evaluate("node => getComputedStyle(node).textAlign") == "end"


def test_the_pages_of_a_worker_are_valid_and_usable_from_right_to_left(
    sheets: None, source: Source, open_page: OpenPage, tmp_path: Path
) -> None:
    """The crawl of every page reads them in French, which lends its words to none of these."""
    contact = make_contact(language="ar")
    closed = make_source(is_active=False)
    own = f"/moi/{personal_token(contact)}/"
    confirm = f"/confirmer/{confirmation_token(contact)}/"
    addresses = [
        f"/i/{source.code}/", f"/i/{source.code}/merci/", f"/i/{closed.code}/", own,
        f"{own}corriger/", f"{own}choix/", f"{own}effacer/", confirm, "/moi/lien/",
        "/moi/lien/demande/", "/moi/efface/", "/vie-privee/", "/fiches/",
        "/fiches/salaire-minimum/", "/nulle-part/",
    ]  # fmt: skip
    script = AXE.read_text(encoding="utf-8")
    pages, violations = {}, {}
    for scheme in ("light", "dark"):
        page = open_page(NARROW, color_scheme=scheme, bypass_csp=True)
        for address in addresses:
            answer = page.request.get(f"{address}?lang=ar")
            pages[address] = answer.text()
            if answer.ok:  # of the others the browser complains in its console
                page.goto(f"{address}?lang=ar")
                page.evaluate(script)
                if found := page.evaluate(RUN_AXE, {}):
                    violations[f"{scheme} {address}"] = found
    assert violations == {}
    assert errors_of(pages, tmp_path) == []
