"""The campaign's main job, from the QR code on a poster to the list of the right union."""

import json
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Contact, Source
from organisations.models import User
from tests.e2e.conftest import PHONE, TABLET, OpenPage
from tests.e2e.pages import (
    CapturePage,
    ContactsPage,
    PersonalPage,
    RegistrationPage,
    choose_consents,
    heading,
)
from tests.e2e.scan import read_qr
from tests.e2e.site import Site
from tests.factories import make_contact, make_source


@pytest.fixture
def source(site: Site) -> Source:
    return make_source("ul-caen", label="Affiche du marché")


def scan_poster(page: Page, source: Source) -> str:
    """Read the QR code on the screen of the union's staff; return the address it holds."""
    page.goto(f"/sources/{source.pk}/")
    printed = page.locator(".qr__address").inner_text().strip()
    picture = page.locator(".qr__frame img")
    expect(picture).to_be_visible()
    picture.evaluate("image => image.decode()")
    scanned = read_qr(picture.screenshot())
    assert scanned == printed
    return scanned


def personal_link(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"https?://\S+/moi/\S+", body.get_content())
    assert found
    return found[0]


def test_from_the_qr_code_to_the_personal_page(
    site: Site, sheets: None, source: Source, people: dict[str, User], open_page: OpenPage
) -> None:
    address = scan_poster(open_page(user=people["ul"]), source)
    assert address == site.address(f"/i/{source.code}/")

    phone = open_page(PHONE, is_mobile=True, has_touch=True)
    phone.goto(address)
    registration = RegistrationPage(phone)
    registration.fill(
        first_name="Maëlle",
        email="maelle@example.org",
        trade="Boulanger·e / vendeur·se en boulangerie",
        postcode="14000",
    )
    choose_consents(phone, "email")
    registration.send()
    registration.expect_thanks()
    expect(phone.get_by_role("link", name="salaire minimum").first).to_be_visible()

    (mail,) = site.deliver()
    assert mail["To"] == "maelle@example.org"
    html = mail.get_body(("html",))
    assert html is not None
    assert "/fiches/salaire-minimum/" in html.get_content()

    phone.goto(personal_link(mail))
    PersonalPage(phone).expect_open("Maëlle")
    expect(PersonalPage(phone).value("Adresse e-mail")).to_contain_text("maelle@example.org")
    phone.get_by_role("link", name="salaire minimum").first.click()
    expect(heading(phone)).to_contain_text("salaire minimum")


def test_the_worker_decides_of_everything(
    site: Site, sheets: None, open_page: OpenPage, tmp_path: Path
) -> None:
    contact = make_contact(first_name="Maëlle", email="maelle@example.org", channels=["email"])
    link = personal_link(site.deliver()[0])
    page = open_page(PHONE)
    mine = PersonalPage(page)

    page.goto(link)
    mine.correct("Téléphone", "06 39 98 00 42")
    expect(mine.value("Téléphone")).to_have_text("06 39 98 00 42")

    choose_consents(page, "sms", "call")
    mine.save_choices()
    mine.expect_open("Maëlle")
    expect(page.get_by_role("checkbox", name="par SMS")).to_be_checked()
    expect(page.get_by_role("checkbox", name="par e-mail")).not_to_be_checked()
    held = {consent.channel: consent.is_given for consent in contact.consents.holding()}
    assert held == {"email": False, "sms": True, "call": True}

    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger", exact=True).click()
    download.value.save_as(tmp_path / "mes-donnees.json")
    data = json.loads((tmp_path / "mes-donnees.json").read_text())
    assert (data["prénom"], data["téléphone"]) == ("Maëlle", "+33639980042")

    mine.erase()
    expect(heading(page)).to_have_text("C’est effacé")
    assert not Contact.objects.exists()
    assert page.request.get(link).status == 404


def test_an_activist_enters_a_contact_by_keyboard(
    site: Site, source: Source, people: dict[str, User], open_page: OpenPage
) -> None:
    page = open_page(TABLET, user=people["militant"])
    capture = CapturePage(page)
    capture.open()
    capture.fill_person(first_name="Karim", phone="06 39 98 00 17", trade="Coiffeur·se")
    capture.place.fill("caen")
    expect(capture.suggestions.first).to_contain_text("Caen")
    capture.place.press("ArrowDown")
    expect(capture.suggestions.first).to_have_attribute("aria-selected", "true")
    capture.place.press("Enter")
    expect(capture.suggestions).to_have_count(0)
    choose_consents(page, "sms", "call")
    capture.save()

    expect(page.get_by_text("Karim : enregistré·e.")).to_be_visible()
    expect(page.get_by_text("1 saisi aujourd’hui")).to_be_visible()
    contact = Contact.objects.get()
    assert (contact.commune_id, contact.departement_id) == ("14118", "14")
    ContactsPage(page).open()
    expect(ContactsPage(page).names).to_have_text(["Karim"])


def test_the_union_of_the_place_sees_both_and_nobody_else_does(
    site: Site, source: Source, people: dict[str, User], open_page: OpenPage
) -> None:
    make_contact(source=source, first_name="Maëlle", email="maelle@example.org", phone="")
    contact = make_contact(
        source=source,
        captured_by=people["militant"],
        first_name="Karim",
        phone="+33639980017",
        email="",
    )
    page = open_page(user=people["ud"])
    ContactsPage(page).open()
    expect(ContactsPage(page).names).to_have_text(["Karim", "Maëlle"])
    ContactsPage(page).names.first.click()
    expect(heading(page)).to_have_text("Karim")
    expect(page.get_by_role("link", name="06 39 98 00 17")).to_be_visible()

    stranger = open_page(user=people["other_ud"])
    ContactsPage(stranger).open()
    expect(stranger.get_by_role("heading", name="Aucun contact pour l’instant")).to_be_visible()
    assert stranger.request.get(f"/contacts/{contact.pk}/").status == 404
    assert page.request.get(f"/contacts/{contact.pk}/").status == 200
