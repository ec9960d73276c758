"""What JavaScript adds to pages that work without it."""

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from organisations.models import User
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.pages import CapturePage, heading, visit
from tests.e2e.site import Site
from tests.factories import make_source


@pytest.fixture
def militant(site: Site, people: dict[str, User]) -> User:
    return people["militant"]


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_chosen_theme_stays(militant: User, open_page: OpenPage) -> None:
    page = open_page(user=militant, color_scheme="light")
    visit(page, "/")
    light = background(page)
    page.get_by_role("button", name="Passer en thème sombre").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = background(page)
    assert dark != light

    visit(page, "/contacts/")
    assert background(page) == dark
    page.get_by_role("button", name="Passer en thème clair").click()
    page.reload()
    assert background(page) == light


def test_a_question_may_be_answered_no(
    site: Site, people: dict[str, User], open_page: OpenPage
) -> None:
    source = make_source()
    page = open_page(user=people["ud"])
    visit(page, f"/sources/{source.pk}/")
    page.get_by_role("button", name="Fermer ce QR code").click()
    dialog = page.get_by_role("dialog", name="Fermer ce QR code ?")
    expect(dialog.get_by_role("button", name="Annuler")).to_be_focused()
    dialog.get_by_role("button", name="Annuler").click()
    expect(dialog).to_be_hidden()
    source.refresh_from_db()
    assert source.is_active


def test_a_question_may_be_answered_yes(
    site: Site, people: dict[str, User], open_page: OpenPage
) -> None:
    source = make_source()
    page = open_page(user=people["ud"])
    visit(page, f"/sources/{source.pk}/")
    page.get_by_role("button", name="Fermer ce QR code").click()
    page.get_by_role("dialog").get_by_role("button", name="Fermer ce QR code").click()
    expect(page.get_by_text("Le QR code est fermé")).to_be_visible()
    source.refresh_from_db()
    assert not source.is_active


def type_before(page: Page, behaviour: str, *, label: str, text: str) -> None:
    """Have the field filled in while the file of a behaviour is still on its way."""

    def type_first(route: Route) -> None:
        page.get_by_label(label).press_sequentially(text)
        route.continue_()

    page.route(f"**/js/{behaviour}.*.js", type_first)


def leave_and_stay(page: Page) -> None:
    """Follow a link, and say no to the browser's question, which must come."""
    questions: list[str] = []

    def stay(dialog: Dialog) -> None:
        questions.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Contacts").first.click()
    expect(page.get_by_label("Prénom")).to_have_value("Karim")
    expect(heading(page)).to_have_text("Saisir un contact")
    assert questions == ["beforeunload"]


def test_what_was_typed_is_not_lost_by_accident(militant: User, open_page: OpenPage) -> None:
    page = open_page(user=militant)
    visit(page, "/saisie/")
    page.get_by_label("Prénom").press_sequentially("Karim")
    leave_and_stay(page)


def test_what_was_typed_too_early_is_not_lost_either(militant: User, open_page: OpenPage) -> None:
    page = open_page(user=militant)
    type_before(page, "form", label="Prénom", text="Karim")
    visit(page, "/saisie/")
    leave_and_stay(page)


def test_an_empty_form_is_left_without_a_question(militant: User, open_page: OpenPage) -> None:
    page = open_page(user=militant)
    visit(page, "/saisie/")
    page.get_by_role("link", name="Contacts").first.click()
    expect(heading(page)).to_have_text("Mes contacts")


def test_suggestions_are_left_with_escape(militant: User, open_page: OpenPage) -> None:
    page = open_page(user=militant)
    capture = CapturePage(page)
    capture.open()
    capture.place.fill("saint-denis")
    expect(capture.suggestions.first).to_be_visible()
    expect(capture.place).to_have_attribute("aria-expanded", "true")
    capture.place.press("ArrowUp")
    expect(capture.suggestions.last).to_have_attribute("aria-selected", "true")
    capture.place.press("Escape")
    expect(capture.suggestions).to_have_count(0)
    expect(capture.place).to_have_value("saint-denis")
    expect(capture.place).to_be_focused()


def test_a_place_typed_too_early_gets_its_suggestions(militant: User, open_page: OpenPage) -> None:
    page = open_page(user=militant)
    type_before(page, "combobox", label="Code postal ou commune", text="caen")
    capture = CapturePage(page)
    capture.open()
    expect(capture.suggestions.first).to_contain_text("Caen")
    expect(capture.place).to_be_focused()


def test_a_suggestion_is_taken_with_a_finger(militant: User, open_page: OpenPage) -> None:
    page = open_page(PHONE, user=militant, has_touch=True)
    capture = CapturePage(page)
    capture.open()
    capture.place.fill("saint-denis reunion")
    capture.suggestions.filter(has_text="Réunion").first.tap()
    expect(page.locator("#id_commune")).to_have_value("97411")


def test_the_rest_of_the_menu_opens_under_the_thumb(
    site: Site, people: dict[str, User], open_page: OpenPage
) -> None:
    page = open_page(PHONE, user=people["ud"])
    visit(page, "/")
    drawer = page.get_by_role("navigation", name="Navigation rapide")
    expect(drawer.get_by_role("link", name="Campagne")).to_be_hidden()
    drawer.get_by_text("Plus").click()
    expect(drawer.get_by_role("link", name="Campagne")).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer.get_by_role("link", name="Campagne")).to_be_hidden()
    drawer.get_by_text("Plus").click()
    drawer.get_by_role("link", name="Campagne").click()
    expect(page).to_have_url(f"{site.url}/campagne/")


def test_the_address_of_a_source_is_copied(
    site: Site, people: dict[str, User], open_page: OpenPage
) -> None:
    source = make_source()
    page = open_page(user=people["ud"], permissions=["clipboard-read", "clipboard-write"])
    visit(page, f"/sources/{source.pk}/")
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_role("button", name="Copié")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site.url}/i/{source.code}/"
