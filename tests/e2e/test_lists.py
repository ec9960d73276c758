"""A list imported and a paper sheet typed in, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contacts.models import Contact, Source
from contacts.paper import print_sheets
from imports.models import ContactImport
from organisations.models import User
from tests.e2e.conftest import DESKTOP, OpenPage
from tests.e2e.pages import heading, visit
from tests.e2e.site import Site
from tests.factories import make_source
from tests.imports.factories import LIST, WORDS, work


def give_proof(page: Page) -> None:
    page.get_by_role("radio", name="Un formulaire papier").check()
    page.get_by_label("Quand ?").fill("2025-11-03")
    page.get_by_label("Le texte que ces personnes ont accepté").fill(WORDS)
    page.get_by_role("checkbox", name="par e-mail", exact=True).check()
    page.get_by_role("checkbox", name="par SMS", exact=True).check()
    page.get_by_role("checkbox", name="J’atteste").check()
    page.get_by_role("button", name="Vérifier la liste").click()


def test_a_list_from_the_file_to_the_people(
    site: Site, people: dict[str, User], open_page: OpenPage, tmp_path: Path
) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(LIST + "Max;12;;;14000\n", encoding="cp1252")
    page = open_page(DESKTOP, user=people["ud"])
    visit(page, "/imports/nouvelle/")
    page.get_by_label("Intitulé").fill("Permanences 2025")
    page.get_by_label("Fichier").set_input_files(file)
    page.get_by_role("button", name="Lire ce fichier").click()

    expect(heading(page)).to_have_text("Que contient chaque colonne ?")
    expect(page.get_by_label("Métier", exact=True)).to_have_value("trade")
    page.get_by_role("button", name="Continuer").click()
    give_proof(page)

    expect(page.get_by_role("heading", name="Vérification en cours…")).to_be_visible()
    sent = ContactImport.objects.get()
    work(sent)
    # Without a reload: the page asks by itself.
    expect(page.get_by_role("button", name="Importer 3 personnes")).to_be_visible()
    expect(page.get_by_text("Téléphone « 12 » : ce numéro").first).to_be_visible()
    page.reload()
    assert not Contact.objects.exists()

    page.get_by_role("button", name="Importer 3 personnes").click()
    expect(page.get_by_role("heading", name="Import en cours…")).to_be_visible()
    work(sent)
    expect(page.get_by_text("C’est fait : 3 personnes")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger les lignes à corriger").click()
    assert "Max" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert Contact.objects.count() == 3


@pytest.fixture
def source(site: Site) -> Source:
    return make_source("ud-14", label="Marché de Caen")


def test_a_sheet_is_typed_without_leaving_the_keyboard(
    source: Source, people: dict[str, User], open_page: OpenPage
) -> None:
    (sheet,) = print_sheets(source=source, sheets=1, author=people["ud"])
    page = open_page(DESKTOP, user=people["ud"])
    visit(page, f"/sources/{source.pk}/feuilles/saisir/")
    page.get_by_label("Numéro de la feuille").focus()
    for typed in (sheet.number, "", "Zoé", "0639980011", "", "coiffeuse", "14000"):
        if typed:
            page.keyboard.type(typed)
        page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="E-mails, ligne 1", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    for typed in ("Enter", "Enter"):
        page.keyboard.press(typed)
    expect(page.get_by_role("textbox", name="Prénom, ligne 2", exact=True)).to_be_focused()
    page.get_by_role("button", name="Enregistrer la feuille").click()

    expect(page.get_by_text("1 personne enregistrée.")).to_be_visible()
    contact = Contact.objects.get()
    assert (contact.first_name, contact.trade_id, contact.postcode) == ("Zoé", "coiffeur", "14000")
    assert contact.consents.get().channel == "sms"
