"""Who is there, noted on a phone while people arrive."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from deployments.models import Deployment
from organisations.models import User
from tests.deployments.factories import add_member, make_deployment, slot
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.pages import visit
from tests.e2e.site import Site

COVERED = """() => [...document.querySelectorAll(".presence")].filter((row) => {
  const range = document.createRange();
  range.selectNodeContents(row.querySelector(".list-row__body"));
  const words = range.getBoundingClientRect();
  const marks = row.querySelector(".presence__marks").getBoundingClientRect();
  return words.bottom > marks.top && words.right > marks.left;
}).length"""


@pytest.fixture
def action(site: Site) -> Deployment:
    action = make_deployment(slots=[slot(timezone.now() - timedelta(minutes=5))])
    add_member(action, 1, first_name="Jean-Baptiste")
    add_member(action, 2, slug="presse", first_name="Nadia")
    add_member(action, 3, first_name="Wolfeschlegelsteinhausenbergerdorff")
    return action


@pytest.fixture
def page(action: Deployment, people: dict[str, User], open_page: OpenPage) -> Page:
    page = open_page(PHONE, user=people["ul"])
    visit(page, f"/deploiements/{action.pk}/equipe/presences/")
    return page


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
def test_no_button_covers_a_name(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate(COVERED) == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_came_unexpected_is_added_by_keyboard(page: Page, action: Deployment) -> None:
    page.get_by_label("Prénom").focus()
    page.keyboard.type("Lou")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Lou : présence notée.")).to_be_visible()
    expect(page.get_by_text("1 présent·e sur 4, 3 h de présence en tout")).to_be_visible()
    assert action.team.get(attended=True).first_name == "Lou"


def test_a_wrong_number_is_said_beside_it_and_nothing_typed_is_lost(page: Page) -> None:
    page.get_by_label("Prénom").fill("Lou")
    page.get_by_label("Téléphone").fill("06 12")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.get_by_text("Ce numéro ne semble pas valide").first).to_be_visible()
    expect(page.get_by_label("Prénom")).to_have_value("Lou")
    expect(page.get_by_label("Téléphone")).to_have_value("06 12")
