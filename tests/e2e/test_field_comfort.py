"""In the sun, with gloves, by voice or by keyboard: contrast, size of targets, names, width."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from field.models import FieldSession
from tests.e2e.crawl import violations_of
from tests.e2e.tablet import TabletPage, enrol

GLOVED = 48  # pixels
SMALL_TARGETS = """(smallest) => {
  const targets = [...document.querySelectorAll("button, input, textarea, summary, [role=option]")];
  const boxes = targets.map((one) => {
    const label = one.matches("[type=checkbox], [type=radio]") ? one.closest("label") : one;
    return [one.id || one.className || one.textContent, label.getBoundingClientRect()];
  });
  return boxes
    .filter(([, { width, height }]) => width && (width < smallest || height < smallest))
    .map(([name, { width, height }]) => `${name}: ${width} x ${height}`);
}"""


def show_form(tablet: TabletPage) -> None:
    tablet.fill()
    tablet.page.get_by_text("Ajouter une note").click()


def show_doubts(tablet: TabletPage) -> None:
    tablet.fill(phone="06 39")
    tablet.field("ou e-mail").fill("maelle@gmial.com")
    tablet.save()
    expect(tablet.problems).to_be_visible()


def show_suggestions(tablet: TabletPage) -> None:
    expect(tablet.look_for("e commune", "saint")).to_have_count(8)


def show_handover(tablet: TabletPage) -> None:
    tablet.page.get_by_role("button", name="Passer la tablette").click()


def show_records(tablet: TabletPage) -> None:
    tablet.page.context.set_offline(True)
    tablet.capture(0)
    tablet.waiting.click()


@pytest.mark.parametrize(
    "lead", [show_form, show_doubts, show_suggestions, show_handover, show_records]
)
def test_every_state_can_be_used_by_everyone(
    tablet: TabletPage, lead: Callable[[TabletPage], None]
) -> None:
    lead(tablet)
    page = tablet.page
    assert page.evaluate(SMALL_TARGETS, GLOVED) == []
    for width in (320, 360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0, width
    assert violations_of(page, whole=True) == []


def test_who_is_not_enrolled_can_use_it_too(
    new_tablet: Callable[..., BrowserContext], field_session: FieldSession
) -> None:
    page = new_tablet().new_page()
    page.goto("/terrain/")
    expect(page.get_by_label("Ou collez le lien reçu")).to_be_visible()
    assert page.evaluate(SMALL_TARGETS, GLOVED) == []
    assert violations_of(page, whole=True) == []


def test_what_happens_is_told_to_screen_readers(tablet: TabletPage) -> None:
    tablet.fill()
    tablet.save()
    tablet.expect_saved(1)
    expect(tablet.page.get_by_role("status").filter(has_text="Enregistré ✓")).to_be_visible()
    tablet.save()
    expect(tablet.page.get_by_role("alert").filter(has_text="Il faut un téléphone")).to_be_visible()
    expect(tablet.field("Téléphone")).to_be_focused()


def test_the_button_stays_under_the_thumb(
    new_tablet: Callable[..., BrowserContext], field_session: FieldSession
) -> None:
    context = new_tablet({"width": 360, "height": 640})
    enrol(context, field_session)
    tablet = TabletPage(context.new_page())
    tablet.open()
    for top in (0, 400, 5000):
        tablet.page.evaluate(f"scrollTo(0, {top})")
        box = tablet.page.get_by_role("button", name="Enregistrer").bounding_box()
        assert box is not None
        assert 640 - 120 < box["y"] < 640 - box["height"]
    # And hides nothing that has the focus.
    tablet.page.get_by_text("Ajouter une note").click()
    tablet.field("Note").focus()
    note = tablet.field("Note").bounding_box()
    assert note is not None
    assert note["y"] + note["height"] <= box["y"]
