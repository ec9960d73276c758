"""A basket outlives a lost connection, a closed page and a double click."""

import pytest
from playwright.sync_api import Locator, Page, expect

from materials.enums import OrderState
from materials.models import Item, Order
from organisations.models import User
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.pages import visit
from tests.e2e.site import Site
from tests.factories import make_user
from tests.materials.factories import make_item


@pytest.fixture
def item(site: Site) -> Item:
    return make_item("Tract du vote")


@pytest.fixture
def buyer(item: Item) -> User:
    return make_user("staff", "ud-14")


@pytest.fixture
def page(buyer: User, open_page: OpenPage) -> Page:
    page = open_page(PHONE, user=buyer)
    visit(page, "/materiel/")
    return page


def said(page: Page) -> Locator:
    return page.locator("[data-said]").first


def put(page: Page, packs: int) -> None:
    page.get_by_label("Paquets").fill(str(packs))
    page.get_by_role("button", name="Au panier").click()


def packs_in_basket() -> list[int]:
    order = Order.objects.filter(state=OrderState.DRAFT).first()
    return list(order.lines.values_list("requested", flat=True)) if order else []


def test_what_is_chosen_is_kept_without_leaving_the_page(page: Page) -> None:
    put(page, 4)
    expect(said(page)).to_contain_text("Enregistré")
    assert packs_in_basket() == [4]


def test_what_is_chosen_without_a_network_leaves_later(page: Page) -> None:
    page.context.set_offline(True)
    put(page, 7)
    expect(said(page)).to_contain_text("En attente")
    assert packs_in_basket() == []
    page.context.set_offline(False)
    expect(said(page)).to_contain_text("Enregistré")
    assert packs_in_basket() == [7]


def test_what_waits_outlives_the_page(page: Page) -> None:
    page.context.set_offline(True)
    put(page, 7)
    expect(said(page)).to_contain_text("En attente")
    page.goto("about:blank")
    page.context.set_offline(False)
    visit(page, "/materiel/")
    expect(said(page)).to_contain_text("Enregistré")
    assert packs_in_basket() == [7]


def test_a_double_click_sends_one_order(page: Page) -> None:
    put(page, 2)
    expect(said(page)).to_contain_text("Enregistré")
    visit(page, "/materiel/panier/")
    page.get_by_label("Livrer à").fill("1 rue de la Paix\n14000 Caen")
    page.get_by_role("button", name="Envoyer la commande").dblclick()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Commande M-")
    assert Order.objects.sent().count() == 1


def test_a_basket_is_changed_where_it_stands(page: Page) -> None:
    put(page, 2)
    expect(said(page)).to_contain_text("Enregistré")
    visit(page, "/materiel/panier/")
    field = page.get_by_label("Tract du vote")
    field.fill("9")
    field.blur()
    expect(said(page)).to_contain_text("Enregistré")
    assert packs_in_basket() == [9]
