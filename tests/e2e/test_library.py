"""Finding, taking and sending documents: on a telephone, by keyboard, without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from library import publishing
from library.models import Document
from organisations.models import User
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.crawl import violations_of
from tests.e2e.pages import heading, visit
from tests.e2e.site import Site
from tests.e2e.test_public_form import overflow
from tests.factories import make_user
from tests.library.conftest import BROWSER, VIDEO, make_document, picture, upload

HOME = "/ressources/"


@pytest.fixture
def editor(site: Site) -> User:
    return make_user("staff", "confederation")


@pytest.fixture
def militant(site: Site) -> User:
    return make_user("militant", "ud-14")


@pytest.fixture
def visual(editor: User) -> Document:
    return make_document(
        editor, "Voter en trois gestes", summary="Le mode d’emploi des salariées.",
        message="Sortez votre courrier !\nEt votez.", file=upload("a.png", picture(size=(90, 90))),
    )  # fmt: skip


def test_a_visual_is_found_and_its_words_are_copied_on_a_phone(
    visual: Document, militant: User, open_page: OpenPage
) -> None:
    clipboard = ["clipboard-read", "clipboard-write"]
    # The browser of the tests says of itself that it is a program.
    page = open_page(PHONE, user=militant, permissions=clipboard, user_agent=BROWSER)
    visit(page, HOME)
    page.get_by_label("Chercher").focus()
    page.keyboard.type("salariee")
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text("salariées")
    page.get_by_role("button", name="Copier le lien de cette recherche").click()
    assert "q=salariee" in page.evaluate("navigator.clipboard.readText()")
    assert overflow(page) == 0
    page.get_by_role("link", name="Voter en trois gestes").click()
    expect(page.get_by_role("img", name="Aperçu")).to_be_visible()
    page.get_by_role("button", name="Copier le texte").click()
    expect(page.get_by_text("Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == visual.message
    assert overflow(page) == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger").click()
    assert download.value.suggested_filename == "a.png"
    assert visual.downloads.get().count == 1


def test_several_files_are_sent_and_named_without_javascript(
    editor: User, open_page: OpenPage
) -> None:
    page = open_page(PHONE, user=editor, java_script_enabled=False)
    page.goto(HOME)
    page.get_by_role("link", name="Plusieurs fichiers").click()
    sent: list[Any] = [
        {"name": "jour-1.png", "mimeType": "image/png", "buffer": picture()},
        {"name": "jour-2.mp4", "mimeType": "video/mp4", "buffer": VIDEO + b"x"},
        {"name": "jour-3.exe", "mimeType": "image/png", "buffer": b"MZ\x90\x00"},
    ]
    page.get_by_label("Fichiers", exact=True).set_input_files(sent)
    page.get_by_role("button", name="Envoyer les fichiers").click()
    expect(page.get_by_text("jour-3.exe")).to_be_visible()
    first = page.get_by_role("group", name="jour-1.png")
    first.get_by_label("Titre").fill("Premier jour")
    assert overflow(page) == 0
    page.get_by_role("button", name="Tout publier").click()
    expect(page.get_by_role("link", name="Premier jour")).to_be_visible()
    assert Document.objects.available().count() == 2


def test_pages_on_the_way_can_be_used_by_everybody(
    visual: Document, editor: User, militant: User, open_page: OpenPage
) -> None:
    """Those that `test_every_page` does not come by: refusals, what is gone, drafts."""
    page = open_page(PHONE, user=editor, reduced_motion="reduce")
    visit(page, "/ressources/nouveau-document/")
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations_of(page, whole=True) == []
    visit(page, f"{HOME}?q=voter&format=image")
    assert violations_of(page, whole=True) == []
    draft = make_document(editor, "À venir", is_draft=True)
    visit(page, draft.get_absolute_url())
    assert violations_of(page, whole=True) == []
    assert overflow(page) == 0
    page.get_by_role("button", name="Publier").click()
    publishing.retire_document(
        document=visual, author=editor, successor=Document.objects.get(pk=draft.pk)
    )
    reader = open_page(PHONE, user=militant, reduced_motion="reduce")
    with reader.expect_response(lambda response: response.status == 410):
        reader.goto(visual.get_absolute_url())
    assert violations_of(reader, whole=True) == []
    reader.get_by_role("link", name="Ouvrir celui qui le remplace").click()
    expect(heading(reader)).to_have_text("À venir")
