"""The preparation of an action with a keyboard, on a phone, and without JavaScript."""

from playwright.sync_api import expect

from organisations.models import User
from tests.deployments.factories import make_deployment
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.pages import heading, visit
from tests.e2e.site import Site


def test_a_step_is_filled_and_another_skipped_by_keyboard_on_a_phone(
    site: Site, people: dict[str, User], open_page: OpenPage
) -> None:
    deployment = make_deployment()
    page = open_page(PHONE, user=people["ul"])
    visit(page, f"/deploiements/{deployment.pk}/preparer/objectif/")
    page.get_by_label("Contacts visés").focus()
    page.keyboard.type("150")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Qui voulons-nous rencontrer ?")
    deployment.refresh_from_db()
    assert deployment.objective == "Inscrire 150 salarié·es à Caen"
    page.get_by_role("link", name="Passer cette étape").focus()
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Où allons-nous ?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_lines_are_added_and_taken_away_without_javascript(
    site: Site, people: dict[str, User], open_page: OpenPage
) -> None:
    deployment = make_deployment()
    page = open_page(PHONE, user=people["ul"], java_script_enabled=False)
    page.goto(f"/deploiements/{deployment.pk}/preparer/moment/")
    second = page.get_by_role("group", name="Créneau 2")
    second.get_by_label("Jour").fill("2027-05-05")
    second.get_by_label("De", exact=True).fill("22:00")
    second.get_by_label("À", exact=True).fill("01:00")
    page.get_by_role("button", name="Enregistrer et ajouter des lignes").click()
    expect(page.get_by_role("group", name="Créneau 4")).to_be_visible()
    page.get_by_role("group", name="Créneau 1").get_by_label("Retirer").check()
    page.get_by_role("button", name="Enregistrer et continuer").click()
    expect(heading(page)).to_have_text("Comment allons-nous vers les gens ?")
    (shift,) = deployment.shifts.all()
    assert (shift.ends_at - shift.starts_at).total_seconds() == 3 * 3600
