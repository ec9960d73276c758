"""Photos of an action leave the phone smaller, without their place, with people's agreement."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from deployments.models import Deployment, Photo
from organisations.models import User
from tests.deployments.factories import make_deployment, slot
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.pages import DayPage
from tests.e2e.site import Site
from tests.e2e.wire import Wire

GPS, MAKER, ORIENTATION = 34853, 271, 274
PLACE = {1: "N", 2: (49.0, 10.0, 59.9), 3: "W", 4: (0.0, 22.0, 12.0)}
TURNED = 6  # a phone held upright
SLOWLY = """(() => {
  const draw = window.createImageBitmap.bind(window);
  window.createImageBitmap = async (...given) => {
    await new Promise((done) => setTimeout(done, 1500));
    return draw(...given);
  };
})();"""
MakePhoto = Callable[..., Path]


@pytest.fixture
def action(site: Site) -> Deployment:
    return make_deployment(slots=[slot(timezone.now())])


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], wire: Wire) -> dict[str, Any]:
    """At the end of the wire, which tells what the phone sent."""
    return browser_context_args | {"base_url": wire.url}


@pytest.fixture
def day(action: Deployment, people: dict[str, User], open_page: OpenPage) -> DayPage:
    day = DayPage(open_page(PHONE, user=people["ul"]), action.pk)
    day.open()
    return day


@pytest.fixture
def make_photo(tmp_path: Path) -> MakePhoto:
    """A file as a phone makes it: grain, where it was taken, what took it."""

    def make_photo(size: tuple[int, int], *, quality: int = 90, **tags: Any) -> Path:
        image = Image.effect_noise(size, 40).convert("RGB")
        exif = image.getexif()
        exif[GPS], exif[MAKER] = PLACE, "Appareil"
        if "orientation" in tags:
            exif[ORIENTATION] = tags["orientation"]
        path = tmp_path / "IMG_2041.jpg"
        image.save(path, "JPEG", quality=quality, exif=exif)
        assert b"Appareil" in path.read_bytes()
        return path

    return make_photo


def received(wire: Wire) -> bytes:
    """The photo as the browser sent it."""
    sent = bytes(wire.heard)
    boundary = re.search(rb"boundary=(\S+)", sent)
    assert boundary, "no form was sent"
    part = sent.partition(b'name="image"; filename="')[2].partition(b"\r\n\r\n")[2]
    return part.partition(b"\r\n--" + boundary[1])[0]


def send(day: DayPage, wire: Wire, path: Path) -> Image.Image:
    """Send a photo with the agreement of its people; answers what left the phone."""
    wire.heard.clear()
    day.choose_photo(path)
    day.agreement.check()
    day.send_photo()
    expect(day.page.get_by_text("La photo est enregistrée.")).to_be_visible()
    content = received(wire)
    for word in (b"Exif", b"Appareil", b"IMG_2041"):
        assert word not in bytes(wire.heard)
    image = Image.open(BytesIO(content))
    assert not image.getexif()
    return image


def expect_kept(size: tuple[int, int]) -> None:
    """One photo, of that size, with the agreement of its people and without its place."""
    photo = Photo.objects.get()
    assert photo.people_agreed
    with photo.image.open("rb") as file, Image.open(file) as kept:
        assert kept.size == size
        assert not kept.getexif()


def test_a_large_photo_leaves_small_and_without_its_place(
    day: DayPage, wire: Wire, make_photo: MakePhoto
) -> None:
    path = make_photo((4000, 3000))
    left = send(day, wire, path)
    assert (left.size, left.format) == ((2048, 1536), "JPEG")
    assert len(received(wire)) < path.stat().st_size / 2

    expect_kept((2048, 1536))


def test_a_small_photo_loses_its_place_too(day: DayPage, wire: Wire, make_photo: MakePhoto) -> None:
    """Even where drawing it anew makes it heavier."""
    path = make_photo((640, 480), quality=20)
    assert send(day, wire, path).size == (640, 480)
    assert len(received(wire)) > path.stat().st_size


def test_a_phone_held_upright_sends_an_upright_photo(
    day: DayPage, wire: Wire, make_photo: MakePhoto
) -> None:
    path = make_photo((800, 600), orientation=TURNED)
    assert send(day, wire, path).size == (600, 800)
    expect_kept((600, 800))


def test_a_quick_finger_sends_no_place_either(
    day: DayPage, wire: Wire, make_photo: MakePhoto
) -> None:
    day.page.add_init_script(SLOWLY)
    day.open()
    assert send(day, wire, make_photo((1200, 900))).size == (1200, 900)
    assert Photo.objects.count() == 1


def test_the_agreement_of_people_is_asked_for_and_what_was_typed_stays(
    day: DayPage, make_photo: MakePhoto
) -> None:
    page = day.page
    expect(page.get_by_text("L’endroit enregistré dans la photo est retiré.")).to_be_visible()
    expect(day.agreement).not_to_be_checked()
    day.choose_photo(make_photo((640, 480)))
    page.get_by_label("Légende").fill("Le stand à l’ouverture")
    day.send_photo()
    expect(page.get_by_text("Demandez d’abord leur accord").first).to_be_visible()
    expect(page.get_by_label("Légende")).to_have_value("Le stand à l’ouverture")
    assert not Photo.objects.exists()


def test_a_photo_is_sent_by_keyboard(day: DayPage, make_photo: MakePhoto) -> None:
    page = day.page
    day.choose_photo(make_photo((640, 480)))
    page.get_by_label("Photo", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.type("Le stand")
    page.keyboard.press("Tab")
    expect(day.agreement).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("La photo est enregistrée.")).to_be_visible()
    expect(page.get_by_role("img", name="Le stand")).to_be_visible()
    assert drawn_width(page) > 0


def drawn_width(page: Page) -> int:
    image = page.get_by_role("img", name="Le stand")
    image.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    return int(image.evaluate("(one) => one.naturalWidth"))


def test_what_is_no_photo_is_refused_beside_its_field(day: DayPage, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff" + b"broken" * 20)
    day.choose_photo(path)
    day.agreement.check()
    day.send_photo()
    expect(day.page.get_by_text("Cette photo est abîmée").first).to_be_visible()
    assert not Photo.objects.exists()


def test_the_browser_that_draws_nothing_leaves_it_to_the_server(
    action: Deployment, people: dict[str, User], open_page: OpenPage, make_photo: MakePhoto
) -> None:
    page = open_page(PHONE, user=people["ul"], java_script_enabled=False)
    page.goto(f"/deploiements/{action.pk}/sur-place/")
    day = DayPage(page, action.pk)
    day.choose_photo(make_photo((4000, 3000)))
    day.agreement.check()
    day.send_photo()
    expect(page.get_by_text("La photo est enregistrée.")).to_be_visible()
    expect_kept((2048, 1536))
