"""A real browser before a real server: one of each per test process, started at the first need.

They live as long as this package's tests: Playwright keeps an event loop in the main thread,
which the tests of other packages must not find there.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from field.models import FieldSession
from library import actions as library_actions
from library.loading import load_sheets
from organisations.models import User
from tests.e2e.site import Site, collect_static, running_site
from tests.e2e.tablet import TabletPage, enrol, make_session, wait_for_quiet
from tests.e2e.watch import Watch
from tests.e2e.wire import Wire, strung

PHONE = {"width": 360, "height": 740}
TABLET = {"width": 800, "height": 1100}
DESKTOP = {"width": 1440, "height": 900}
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Those that Playwright turns off, since the last list wins, and what a window without a person
    # needs not draw: a third of the processor's time that each new one takes.
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,"
    "NetworkTimeServiceQuerying,PreconnectToSearch,Translate,PreloadTopChromeWebUI,"
    "WebUIOmniboxPopup,InitialWebUI,TabSearchToolbarButton",
]
HERE = Path(__file__).parent
# Only a failing test waits that long; a busy machine must not fail one.
PATIENCE = 15_000  # milliseconds
OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's loop makes Django believe that the tests are asynchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as running:
            yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM")
    if not program:
        pytest.fail("no Chromium: `make test` finds or installs one and says where in CHROMIUM")
    expect.set_options(timeout=PATIENCE)
    browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def running(
    django_db_setup: None,
    tmp_path_factory: pytest.TempPathFactory,
    shared_folder: Path,
    worker_id: str,
) -> Iterator[Site]:
    static_root = collect_static(shared_folder / "static")
    folder = tmp_path_factory.mktemp("site")
    worker = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) + 1
    with running_site(folder, static_root=static_root, worker=worker) as site:
        yield site


@pytest.fixture
def site(transactional_db: None, running: Site, settings: Any) -> Site:
    """The running site on an empty database; what the test itself does goes by its settings."""
    settings.SITE_URL = running.url
    settings.MEDIA_ROOT = running.media_root
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.sink.port
    running.sink.accepted.clear()
    return running


@pytest.fixture
def sheets(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped sheets, published; the drawing of their PDF has its own tests."""
    monkeypatch.setattr(library_actions, "render_version", lambda version: b"%PDF-1.7\n%%EOF\n")
    load_sheets()


@pytest.fixture
def browser_context_args(site: Site) -> dict[str, Any]:
    return {"base_url": site.url, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails a test whose pages complained in the console."""
    watch = Watch()
    yield watch
    assert not watch.complaints


@pytest.fixture
def log_in(site: Site, client_for: Callable[[User], Client]) -> Callable[..., None]:
    """Gives a browser the session of somebody who has shown a second factor, or has not."""

    def log_in(context: BrowserContext, user: User, *, protected: bool = True) -> None:
        if protected:
            client = client_for(user)
        else:
            client = Client()
            client.force_login(user)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}
        context.add_cookies([cookie])  # type: ignore[list-item]

    return log_in


@pytest.fixture
def open_page(
    new_context: Callable[..., BrowserContext], log_in: Callable[..., None], watch: Watch
) -> OpenPage:
    """A page in a browser of its own, watched: `open_page(PHONE, user=…, **context options)`."""

    def open_page(
        viewport: dict[str, int] = DESKTOP,
        *,
        user: User | None = None,
        protected: bool = True,
        **options: Any,
    ) -> Page:
        context = new_context(viewport=viewport, **options)
        watch.follow(context)
        if user:
            log_in(context, user, protected=protected)
        return context.new_page()

    return open_page


@pytest.fixture
def wire(site: Site) -> Iterator[Wire]:
    """The network of the tablets, which the test may cut."""
    with strung(site.url) as wire:
        yield wire


@pytest.fixture
def field_session(site: Site) -> FieldSession:
    return make_session()


@pytest.fixture
def new_tablet(
    browser: Browser, browser_context_args: dict[str, Any], wire: Wire
) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of its own at the end of the wire, enrolled in nothing."""
    contexts = []

    def new_tablet(viewport: dict[str, int] = PHONE, **options: Any) -> BrowserContext:
        # Colours that are still changing would be judged half-way.
        own = {"base_url": wire.url, "reduced_motion": "reduce"}
        arguments = browser_context_args | own | options
        contexts.append(browser.new_context(viewport=viewport, **arguments))  # type: ignore[arg-type]
        return contexts[-1]

    yield new_tablet
    for context in contexts:
        context.close()
    wait_for_quiet()


@pytest.fixture
def tablet(new_tablet: Callable[..., BrowserContext], field_session: FieldSession) -> TabletPage:
    """A tablet opened for the session, all it needs in its memory."""
    context = new_tablet()
    enrol(context, field_session)
    tablet = TabletPage(context.new_page())
    tablet.open()
    tablet.wait_until_kept()
    return tablet
