"""The sheet of the action in the street: read without network, renewed, gone in time."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Playwright, expect

from deployments.day import open_field_session
from deployments.models import ChecklistItem, Deployment
from field.actions import close_session, revoke_device
from field.models import FieldDevice, FieldSession
from tests.deployments.factories import add_member, make_deployment, slot
from tests.e2e.conftest import CHROMIUM_ARGUMENTS, PHONE
from tests.e2e.crawl import violations_of
from tests.e2e.site import Site
from tests.e2e.tablet import SENT, SESSION, TabletPage, enrol, make_session
from tests.e2e.test_field_comfort import GLOVED, SMALL_TARGETS
from tests.e2e.wire import Wire
from tests.factories import make_user

TOLD = ("Sacha 1", "Barnum", "Écouter d’abord", "14000")
NUMBER = ("39 98 77 01", "39987701")


@pytest.fixture
def action(site: Site) -> Deployment:
    """One that goes on now, with somebody who leads it."""
    start = timezone.now() - timedelta(minutes=5)
    action = make_deployment(
        title=SESSION, slots=[slot(start)], talking_points="Écouter d’abord.\nParler ensuite."
    )
    add_member(action, 1, slug="pilote")
    ChecklistItem.objects.create(deployment=action, category="Visibilité", label="Barnum")
    return action


@pytest.fixture
def field_session(action: Deployment) -> FieldSession:
    return open_field_session(deployment=action, author=make_user("staff", "ul-caen"))


def opener(tablet: TabletPage) -> Locator:
    return tablet.page.get_by_role("button", name="Fiche de l’action")


def sheet(tablet: TabletPage) -> Locator:
    return tablet.page.get_by_role("dialog", name=SESSION)


def expect_told(tablet: TabletPage) -> None:
    for words in TOLD:
        expect(sheet(tablet)).to_contain_text(words)


def test_the_sheet_is_read_without_network_after_a_cold_start(
    site: Site, wire: Wire, playwright: Playwright, field_session: FieldSession, tmp_path: Path
) -> None:
    def launch() -> BrowserContext:
        return playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=os.environ["CHROMIUM"],
            args=CHROMIUM_ARGUMENTS,
            base_url=wire.url,
            viewport=PHONE,  # type: ignore[arg-type]
            locale="fr-FR",
        )

    context = launch()
    enrol(context, field_session)
    tablet = TabletPage(context.new_page())
    tablet.open()
    tablet.wait_until_kept()
    expect(opener(tablet)).to_be_visible()
    context.close()

    context = launch()
    context.set_offline(True)
    tablet = TabletPage(context.new_page())
    tablet.open()
    opener(tablet).click()
    expect_told(tablet)
    expect(sheet(tablet).get_by_role("img", name="Situation : Caen")).to_be_visible()
    expect(sheet(tablet).get_by_text("À jour le")).to_be_visible()
    context.close()


def test_what_changed_arrives_when_the_tablet_sends(tablet: TabletPage, action: Deployment) -> None:
    context = tablet.page.context
    expect(opener(tablet)).to_be_visible()
    context.set_offline(True)
    Deployment.objects.filter(pk=action.pk).update(talking_points="Rendez-vous sous le barnum.")
    opener(tablet).click()
    expect_told(tablet)
    tablet.page.keyboard.press("Escape")

    context.set_offline(False)
    tablet.waiting.click()
    with tablet.page.expect_request_finished(lambda request: "/terrain/fiche/" in request.url):
        tablet.page.get_by_role("button", name="Envoyer maintenant").click()
    tablet.page.keyboard.press("Escape")
    context.set_offline(True)
    opener(tablet).click()
    expect(sheet(tablet)).to_contain_text("Rendez-vous sous le barnum.")
    expect(sheet(tablet)).not_to_contain_text("Écouter d’abord")


def test_an_open_sheet_changes_under_the_eyes(tablet: TabletPage, action: Deployment) -> None:
    Deployment.objects.filter(pk=action.pk).update(objective="Inscrire dix personnes")
    opener(tablet).click()
    expect(sheet(tablet)).to_contain_text("Inscrire dix personnes")


def expect_gone(tablet: TabletPage) -> None:
    """On screen, and in the device."""
    expect(tablet.page.get_by_role("button", name="Passer la tablette")).to_be_visible()
    expect(opener(tablet)).to_be_hidden()
    assert not tablet.page.evaluate(
        """() => new Promise((done) => {
          const opening = indexedDB.open("terrain");
          opening.onsuccess = () => {
            const rows = opening.result.transaction("kept").objectStore("kept");
            rows.count("brief").onsuccess = ({ target }) => {
              opening.result.close();
              done(target.result);
            };
          };
        })"""
    )


def test_a_revoked_tablet_has_no_sheet_any_more(tablet: TabletPage) -> None:
    expect(opener(tablet)).to_be_visible()
    revoke_device(device=FieldDevice.objects.get(), author=make_user("staff", "ul-caen"))
    tablet.capture(0)
    expect(tablet.warning).to_contain_text("Rescannez le QR code")
    expect_gone(tablet)
    tablet.page.context.set_offline(True)
    tablet.page.reload()
    tablet.expect_open()
    expect_gone(tablet)


def test_a_revoked_tablet_loses_the_sheet_that_is_on_screen(tablet: TabletPage) -> None:
    opener(tablet).click()
    expect_told(tablet)
    revoke_device(device=FieldDevice.objects.get(), author=make_user("staff", "ul-caen"))
    sheet(tablet).get_by_role("button", name="Joindre la ou le pilote").click()
    expect(sheet(tablet)).to_be_hidden()
    expect_gone(tablet)


def test_a_closed_session_takes_its_sheet_along(
    tablet: TabletPage, field_session: FieldSession
) -> None:
    expect(opener(tablet)).to_be_visible()
    close_session(session=field_session)
    tablet.page.reload()
    tablet.expect_open()
    expect(tablet.warning).to_contain_text("Cette session est terminée")
    expect_gone(tablet)


def test_after_the_last_day_the_sheet_goes_even_without_network(tablet: TabletPage) -> None:
    expect(opener(tablet)).to_be_visible()
    tablet.page.context.set_offline(True)
    tablet.page.clock.set_system_time(timezone.now() + timedelta(days=2))
    tablet.page.reload()
    tablet.expect_open()
    expect_gone(tablet)


def test_an_action_called_off_takes_its_sheet_along(tablet: TabletPage, action: Deployment) -> None:
    expect(opener(tablet)).to_be_visible()
    Deployment.objects.filter(pk=action.pk).update(archived_at=timezone.now())
    tablet.page.reload()
    tablet.expect_open()
    expect_gone(tablet)


def test_another_session_without_an_action_has_no_sheet(tablet: TabletPage) -> None:
    expect(opener(tablet)).to_be_visible()
    enrol(tablet.page.context, make_session())
    tablet.page.reload()
    tablet.expect_open()
    expect_gone(tablet)


def test_nothing_of_the_sheet_is_readable_in_the_memory_of_the_device(tablet: TabletPage) -> None:
    tablet.wait_until_kept()
    opener(tablet).click()
    expect_told(tablet)
    kept = tablet.texts_kept()
    assert [words for words in (*TOLD, *NUMBER) if words in kept] == []


def test_the_number_of_the_pilot_is_shown_when_asked_and_kept_nowhere(tablet: TabletPage) -> None:
    page = tablet.page
    opener(tablet).click()
    expect_told(tablet)
    assert [number for number in NUMBER if number in page.content()] == []
    asking = sheet(tablet).get_by_role("button", name="Joindre la ou le pilote")
    asking.click()
    number = sheet(tablet).get_by_role("link", name="06 39 98 77 01")
    expect(number).to_have_attribute("href", "tel:+33639987701")
    assert [one for one in NUMBER if one in tablet.texts_kept()] == []

    sheet(tablet).get_by_role("button", name="Fermer").click()
    opener(tablet).click()
    expect(number).to_have_count(0)
    page.context.set_offline(True)
    asking.click()
    expect(sheet(tablet).get_by_text("Il faut du réseau")).to_be_visible()
    assert [one for one in NUMBER if one in page.content()] == []


def test_the_sheet_can_be_read_by_everyone(tablet: TabletPage) -> None:
    opener(tablet).focus()
    tablet.page.keyboard.press("Enter")
    expect_told(tablet)
    page = tablet.page
    assert page.evaluate(SMALL_TARGETS, GLOVED) == []
    for width in (320, 360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0, width
    assert violations_of(page, whole=True) == []
    page.keyboard.press("Escape")
    expect(opener(tablet)).to_be_focused()


def test_capturing_goes_on_while_the_sheet_fails(
    new_tablet: Callable[..., BrowserContext], field_session: FieldSession
) -> None:
    context = new_tablet()
    context.route("**/terrain/fiche/", lambda route: route.fulfill(status=500, body="en panne"))
    enrol(context, field_session)
    tablet = TabletPage(context.new_page())
    tablet.open()
    expect(opener(tablet)).to_be_hidden()
    tablet.capture(0)
    expect(tablet.waiting).to_have_text(SENT)
    expect(tablet.warning).to_be_hidden()
