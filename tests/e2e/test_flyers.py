"""Flyers and posters in a real browser: a position by touching the map, pages that hold."""

import pytest
from playwright.sync_api import expect

from materials.models import PosterSpot
from organisations.models import User
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage
from tests.e2e.pages import visit
from tests.e2e.site import Site
from tests.materials.flyer_factories import make_poster, make_run


def test_touching_the_map_fills_the_position(
    site: Site, people: dict[str, User], open_page: OpenPage
) -> None:
    page = open_page(DESKTOP, user=people["militant"])
    visit(page, "/tracts/affiches/nouvelle/")
    canvas = page.get_by_role("region", name="Où est l’affiche")
    expect(canvas.locator("path.map__outline")).to_have_count(101)
    canvas.click(position={"x": 150, "y": 150})
    latitude = float(page.get_by_label("Latitude").input_value())
    longitude = float(page.get_by_label("Longitude").input_value())
    assert 40 < latitude < 53
    assert -7 < longitude < 11
    page.get_by_role("combobox", name="Commune ou code postal").fill("14000")
    page.keyboard.press("Escape")
    page.get_by_label("Où exactement").fill("Panneau libre")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("L’affiche est sur la carte")).to_be_visible()
    spot = PosterSpot.objects.get()
    assert spot.point == pytest.approx((latitude, longitude))


def test_no_page_is_wider_than_a_telephone(
    site: Site, people: dict[str, User], open_page: OpenPage
) -> None:
    run, spot = make_run(), make_poster()
    page = open_page(PHONE, user=people["ud"])
    own = (f"{run.pk}/", f"qr/{run.source_id}/", f"affiches/{spot.public_id}/")
    for path in ("", "nouveau/", "lots/", "affiches/", *own):
        visit(page, f"/tracts/{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
