"""What a finder of the tablet can read in it, and what opening it costs on a poor network."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Request, expect

from field.models import FieldSession
from tests.e2e.tablet import SENT, TabletPage, enrol
from tests.e2e.wire import Wire

FIRST_OPENING = 350 * 1024  # bytes over the network, everything included
SCRIPTS = 80 * 1024
# A browser lets the version in use finish what it does: it may take another start.
STARTS = 10
TYPED = ("Maëlle", "Ma\\u00eblle", "39980023", "39 98 00 23", "maelle", "Passe le mardi", "Nadia")


def type_somebody(tablet: TabletPage) -> None:
    tablet.fill()
    tablet.field("ou e-mail").fill("maelle@example.org")
    tablet.page.get_by_text("Ajouter une note").click()
    tablet.field("Note").fill("Passe le mardi")
    tablet.page.wait_for_timeout(600)  # the draft is written when typing pauses


def readable(tablet: TabletPage) -> list[str]:
    kept = tablet.texts_kept()
    assert "key, extractable: false" in kept
    return [words for words in TYPED if words in kept]


def test_nothing_typed_is_readable_on_the_device(
    new_tablet: Callable[..., BrowserContext], field_session: FieldSession
) -> None:
    context = new_tablet()
    enrol(context, field_session, first_name="Nadia")
    tablet = TabletPage(context.new_page())
    tablet.open()
    tablet.wait_until_kept()
    context.set_offline(True)

    type_somebody(tablet)
    assert readable(tablet) == [], "while it is a draft"
    tablet.consent("SMS").check()
    tablet.save()
    tablet.expect_saved(1)
    assert readable(tablet) == [], "while it waits"
    assert tablet.texts_kept().count("eyJ") == 1, "one sealed record"
    context.set_offline(False)
    expect(tablet.waiting).to_have_text(SENT)
    assert readable(tablet) == [], "once it is sent"
    assert "eyJ" not in tablet.texts_kept(), "what was sent is no longer here, even sealed"


def test_the_first_opening_is_light(
    new_tablet: Callable[..., BrowserContext], field_session: FieldSession, wire: Wire
) -> None:
    context = new_tablet()
    enrol(context, field_session)
    tablet = TabletPage(context.new_page())
    finished: list[Request] = []
    tablet.page.on("requestfinished", lambda request: finished.append(request))
    tablet.open()
    tablet.wait_until_kept()
    tablet.page.wait_for_load_state("networkidle")
    assert wire.received <= FIRST_OPENING, wire.received
    assert weight_of_scripts(finished) <= SCRIPTS


def weight_of_scripts(finished: list[Request]) -> int:
    sizes = [request.sizes() for request in finished if request.resource_type == "script"]
    assert len(sizes) > 20, "the modules are separate files"
    return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


def test_a_new_version_waits_for_the_next_start(tablet: TabletPage, wire: Wire) -> None:
    page = tablet.page
    (current,) = versions(page)
    coming = current[:-4] + "next"
    wire.swap = (current.encode(), coming.encode())
    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    expect(page.get_by_text("Nouvelle version prête")).to_be_visible()
    assert current in versions(page), "the one in use stays whole"
    tablet.field("Prénom").fill("Maëlle")
    page.wait_for_timeout(600)

    for _ in range(STARTS):
        page.close()
        page = tablet.page.context.new_page()
        again = TabletPage(page)
        page.goto("/terrain/")
        expect(again.field("Prénom")).to_have_value("Maëlle")
        if versions(page) == [coming]:
            break
    assert versions(page) == [coming]
    again.expect_open()


def versions(page: Page) -> list[str]:
    return [str(name) for name in page.evaluate("caches.keys()") if name != "terrain-reference"]
