"""The map of the calendar, in a real browser: seen, opened, gone through by the keyboard."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from deployments.models import Deployment, Place
from organisations.models import User
from territory.models import Commune
from tests.deployments.factories import make_deployment, next_week, slot
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage
from tests.e2e.crawl import violations_of
from tests.e2e.pages import visit
from tests.e2e.site import Site, collect_static, running_site
from tests.e2e.validity import errors_of
from tests.factories import CAEN

MONTH = f"{next_week():%Y-%m-01}"
CARTE = f"/deploiements/agenda/?vue=carte&le={MONTH}"
LYON, SAINT_DENIS = "69123", "97411"
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


def make_actions() -> None:
    """Two at the same market of Caen, one across the town, one in Lyon, one in La Réunion."""
    commune = Commune.objects.get(pk=CAEN)
    hall = Place.objects.create(
        commune=commune, name="Halle", folded_name="halle", latitude=49.2, longitude=-0.31
    )
    for title in ("Premier tractage", "Second tractage"):
        make_deployment(title=title)
    across = make_deployment(title="Halle du nord")
    Deployment.objects.filter(pk=across.pk).update(place=hall)
    make_deployment("ud-69", title="Lyon", commune=Commune.objects.get(pk=LYON))
    make_deployment(title="Saint-Denis", commune=Commune.objects.get(pk=SAINT_DENIS),
                    public="retired", slots=[slot(next_week())])  # fmt: skip


def open_map(page: Page, address: str = CARTE) -> Locator:
    visit(page, address)
    canvas = page.get_by_role("region", name="Carte des actions")
    expect(canvas.locator("path.map__outline")).to_have_count(101)
    return canvas


def signs(canvas: Locator) -> Locator:
    return canvas.locator(".map__pin")


@pytest.fixture
def confederation(site: Site, people: dict[str, User]) -> User:
    make_actions()
    return people["confederation"]


def test_a_cluster_opens_and_a_sign_tells_its_action(
    confederation: User, open_page: OpenPage
) -> None:
    page = open_page(DESKTOP, user=confederation)
    canvas = open_map(page)
    page.get_by_role("button", name="Hexagone (4)").click()
    canvas.get_by_role("button", name="3 actions, 14 – Calvados").click()
    expect(canvas.get_by_role("button", name="Halle du nord")).to_be_visible()

    canvas.get_by_role("button", name="2 actions, 14 – Calvados").click()
    bubble = canvas.get_by_role("group", name="À cet endroit")
    expect(bubble.get_by_role("listitem")).to_have_count(2)
    expect(bubble).to_contain_text("Caen – UL de Caen")
    bubble.get_by_role("link", name="Second tractage").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second tractage")


def test_the_keyboard_goes_in_and_comes_back(confederation: User, open_page: OpenPage) -> None:
    page = open_page(DESKTOP, user=confederation, reduced_motion="reduce")
    canvas = open_map(page)
    page.get_by_role("button", name="Hexagone (4)").press("Enter")
    canvas.get_by_role("button", name="3 actions").press("Enter")
    # The keyboard stays with what was opened.
    expect(canvas.get_by_role("button", name="2 actions")).to_be_focused()
    page.keyboard.press(" ")
    bubble = canvas.get_by_role("group", name="À cet endroit")
    expect(bubble.get_by_role("link", name="Premier tractage")).to_be_focused()
    page.keyboard.press("Escape")
    expect(bubble).to_have_count(0)
    expect(canvas.get_by_role("button", name="2 actions")).to_be_focused()


def test_one_may_pass_the_map(confederation: User, open_page: OpenPage) -> None:
    page = open_page(DESKTOP, user=confederation)
    open_map(page)
    passing = page.get_by_role("link", name="Passer la carte")
    passing.focus()
    expect(passing).to_be_in_viewport()
    passing.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("summary").filter(has_text="14 – Calvados")).to_be_focused()


def test_overseas_is_one_button_away(confederation: User, open_page: OpenPage) -> None:
    page = open_page(DESKTOP, user=confederation, reduced_motion="reduce")
    canvas = open_map(page)
    reunion = canvas.get_by_role("button", name="Saint-Denis")
    expect(reunion).not_to_be_in_viewport()
    page.get_by_role("button", name="La Réunion (1)").click()
    expect(reunion).to_be_in_viewport()
    expect(canvas.get_by_text("La Réunion", exact=True)).to_be_visible()


def test_a_filter_holds_from_view_to_view(confederation: User, open_page: OpenPage) -> None:
    page = open_page(DESKTOP, user=confederation)
    visit(page, f"/deploiements/agenda/?vue=mois&le={MONTH}")
    page.locator("summary").filter(has_text="Choisir ce qu’on voit").click()
    page.get_by_label("Public").select_option("retired")
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_role("link", name="Carte").click()
    canvas = page.get_by_role("region", name="Carte des actions")
    expect(signs(canvas)).to_have_count(1)
    page.get_by_role("link", name="Toute la campagne").click()
    expect(signs(canvas)).to_have_count(1)
    page.get_by_role("link", name="Mois par mois").click()
    page.get_by_role("link", name="Liste", exact=True).click()
    expect(page.get_by_role("link", name="Saint-Denis", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Lyon", exact=True)).to_have_count(0)


def test_where_one_is_is_asked_only_on_request(confederation: User, open_page: OpenPage) -> None:
    here = {"latitude": 45.76, "longitude": 4.83}
    page = open_page(DESKTOP, user=confederation, geolocation=here, permissions=["geolocation"],
                     reduced_motion="reduce")  # fmt: skip
    page.add_init_script(
        "const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);"
        "window.asked = 0;"
        "navigator.geolocation.getCurrentPosition = (...all) => { window.asked++; ask(...all) };"
    )
    canvas = open_map(page)
    assert page.evaluate("window.asked") == 0
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.get_by_role("status")).to_contain_text("Votre position reste sur cet appareil")
    expect(canvas.locator(".map__here")).to_have_count(1)
    assert page.evaluate("window.asked") == 1
    expect(canvas.get_by_role("button", name="Lyon")).to_be_in_viewport()


def test_a_position_that_is_refused_is_said(confederation: User, open_page: OpenPage) -> None:
    page = open_page(DESKTOP, user=confederation)
    open_map(page)
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.get_by_role("status")).to_contain_text("n’a pas été trouvée")


def test_no_other_machine_is_asked(confederation: User, open_page: OpenPage, site: Site) -> None:
    page = open_page(DESKTOP, user=confederation)
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    open_map(page)
    assert hosts == {urlsplit(site.url).netloc}


def test_without_javascript_the_list_says_it_all(confederation: User, open_page: OpenPage) -> None:
    page = open_page(PHONE, user=confederation, java_script_enabled=False)
    page.goto(CARTE)
    expect(page.locator(".map")).to_be_hidden()
    expect(page.get_by_role("heading", name="14 – Calvados")).to_be_visible()
    expect(page.get_by_role("link", name="Halle du nord")).to_be_visible()
    expect(page.get_by_role("heading", name="974 – La Réunion")).to_be_visible()


def test_everybody_can_use_an_open_map(
    confederation: User, open_page: OpenPage, tmp_path: Path
) -> None:
    # axe writes again, as HTML, the styles that Leaflet sets one by one: the policy would refuse.
    page = open_page(DESKTOP, user=confederation, reduced_motion="reduce", bypass_csp=True)
    canvas = open_map(page)
    page.get_by_role("button", name="Hexagone (4)").click()
    canvas.get_by_role("button", name="Lyon").click()
    expect(canvas.get_by_role("group", name="À cet endroit")).to_be_visible()
    assert violations_of(page, whole=True) == []
    assert errors_of({CARTE: page.request.get(CARTE).text()}, tmp_path) == []


class Tiles(BaseHTTPRequestHandler):
    """Answers a transparent picture, and remembers what was asked by whom."""

    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Referer"]))
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(ONE_PIXEL)

    def log_message(self, format: str, *args: object) -> None:
        """A test has no log."""


@pytest.fixture
def tile_server() -> Iterator[str]:
    Tiles.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Tiles) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def tiled_site(
    site: Site, tile_server: str, tmp_path: Path, shared_folder: Path,
    monkeypatch: pytest.MonkeyPatch, worker_id: str,
) -> Iterator[Site]:  # fmt: skip
    """A second server on the same database, with tiles."""
    monkeypatch.setenv("MAP_TILE_URL", f"{tile_server}/{{z}}/{{x}}/{{y}}.png")
    monkeypatch.setenv("MAP_TILE_CREDIT", "© Des cartographes")
    static_root = collect_static(shared_folder / "static")
    worker = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1
    with running_site(tmp_path, static_root=static_root, worker=worker) as tiled:
        yield tiled


def test_tiles_come_once_they_are_set_and_no_address_of_ours_goes_out(
    confederation: User, open_page: OpenPage, tiled_site: Site
) -> None:
    page = open_page(DESKTOP, user=confederation)
    canvas = open_map(page, tiled_site.address(CARTE))
    expect(canvas.locator("img.leaflet-tile-loaded").first).to_be_visible()
    expect(page.get_by_text("© Des cartographes")).to_be_visible()
    # Those of another zoom are dropped: the policy must have nothing to say about it.
    first = canvas.locator("img.leaflet-tile-loaded").first.get_attribute("src") or ""
    zoom = int(urlsplit(first).path.split("/")[1])
    canvas.get_by_role("button", name="Réduire").click()
    expect(canvas.locator(f'img.leaflet-tile-loaded[src*="/{zoom - 1}/"]').first).to_be_visible()
    expect(canvas.locator(f'img[src*="/{zoom}/"]')).to_have_count(0)
    assert {referrer for _, referrer in Tiles.asked} == {f"{tiled_site.url}/"}
