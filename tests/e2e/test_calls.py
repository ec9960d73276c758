"""Calling people by keyboard alone, and what happens when the page is left."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from calls.models import Call, FollowUp
from campaigns.loading import load_campaign
from campaigns.models import Campaign
from organisations.models import User
from tests.calls.conftest import make_follow_up
from tests.e2e.conftest import PATIENCE, PHONE, OpenPage
from tests.e2e.pages import await_behaviours, heading, visit
from tests.e2e.site import Site
from tests.factories import make_user

# A Tuesday at three in the afternoon: the campaign's clock stands there.
TUESDAY = datetime(2024, 11, 5, 14, 0, tzinfo=UTC)


@pytest.fixture
def caller(site: Site) -> User:
    load_campaign()
    Campaign.objects.update(clock_offset=TUESDAY - timezone.now())
    return make_user("staff", "ul-caen")


def next_person(page: Page, name: str) -> None:
    expect(heading(page)).to_have_text(name)
    await_behaviours(page)


def chosen(page: Page) -> str:
    return str(page.locator("[data-effect]:checked").get_attribute("value"))


def test_two_people_are_called_without_a_mouse(
    site: Site, caller: User, open_page: OpenPage
) -> None:
    awa = make_follow_up(first_name="Awa").contact
    make_follow_up(first_name="Bruno")
    page = open_page(user=caller)
    visit(page, "/appels/")
    button = page.get_by_role("button", name="Commencer les appels")
    button.focus()
    page.keyboard.press("Enter")
    next_person(page, "Awa")
    expect(page.locator("[data-call-number]")).to_have_attribute("href", f"tel:{awa.phone.as_e164}")
    expect(page.get_by_text("Bonjour Awa, je suis")).to_be_visible()

    page.keyboard.press("v")
    assert chosen(page) == "voted"
    page.keyboard.press("n")
    page.keyboard.type("Votée hier soir")
    page.keyboard.press("Control+Enter")
    next_person(page, "Bruno")
    assert Call.objects.get().note == "Votée hier soir"

    page.keyboard.press("l")
    expect(page.get_by_label("Rappeler le")).to_be_focused()
    page.get_by_label("Rappeler le").fill("2024-11-06T10:30")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Bruno : c’est noté.")).to_be_visible()
    row = FollowUp.objects.get(contact__first_name="Bruno")
    assert row.next_attempt_at == datetime(2024, 11, 6, 9, 30, tzinfo=UTC)

    page.get_by_role("button", name="Annuler cet appel").press("Enter")
    expect(page.get_by_text("L’appel est annulé")).to_be_visible()


def test_letters_typed_in_a_note_choose_nothing(
    site: Site, caller: User, open_page: OpenPage
) -> None:
    row = make_follow_up()
    page = open_page(PHONE, user=caller)
    visit(page, f"/appels/{row.pk}/")
    page.get_by_role("button", name="Prendre cet appel").click()
    await_behaviours(page)
    note = page.get_by_role("textbox", name="Note")
    note.focus()
    page.keyboard.type("vxp")
    expect(note).to_have_value("vxp")
    expect(page.locator("[data-effect]:checked")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    assert chosen(page) == "no-answer"


def test_shortcuts_of_one_letter_can_be_switched_off(
    site: Site, caller: User, open_page: OpenPage
) -> None:
    row = make_follow_up()
    page = open_page(user=caller)
    visit(page, f"/appels/{row.pk}/")
    page.get_by_role("button", name="Prendre cet appel").click()
    await_behaviours(page)
    page.get_by_text("Au clavier").click()
    page.get_by_label("Raccourcis d’une seule touche").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("v")
    expect(page.locator("[data-effect]:checked")).to_have_count(0)


def test_only_the_fields_of_the_chosen_outcome_are_shown(
    site: Site, caller: User, open_page: OpenPage
) -> None:
    row = make_follow_up()
    page = open_page(user=caller)
    visit(page, f"/appels/{row.pk}/")
    page.get_by_role("button", name="Prendre cet appel").click()
    await_behaviours(page)
    expect(page.get_by_label("Rendez-vous le")).to_be_hidden()
    page.get_by_role("radio", name="Rendez-vous").check()
    expect(page.get_by_label("Rendez-vous le")).to_be_visible()
    page.get_by_role("button", name="Enregistrer et s’arrêter").click()
    await_behaviours(page)
    expect(page.get_by_label("Lieu")).to_be_visible()
    expect(page.get_by_text("Dites où vous vous retrouvez.").first).to_be_visible()


def test_time_left_is_shown_and_can_be_prolonged(
    site: Site, caller: User, open_page: OpenPage
) -> None:
    row = make_follow_up()
    page = open_page(user=caller)
    visit(page, f"/appels/{row.pk}/")
    page.get_by_role("button", name="Prendre cet appel").click()
    await_behaviours(page)
    left = page.locator("[data-call-left]")
    expect(left).to_contain_text("9 min")
    FollowUp.objects.update(lease_until=timezone.now() + timedelta(minutes=2, seconds=30))
    visit(page, f"/appels/{row.pk}/")
    expect(left).to_contain_text("2 min")
    page.keyboard.press("e")
    expect(left).to_contain_text("9 min")


def test_a_page_that_is_left_frees_the_person(
    site: Site, caller: User, open_page: OpenPage
) -> None:
    row = make_follow_up()
    page = open_page(user=caller)
    visit(page, f"/appels/{row.pk}/")
    page.get_by_role("button", name="Prendre cet appel").click()
    await_behaviours(page)
    page.goto("/vie-privee/")
    soon = timezone.now() + timedelta(seconds=60)
    for _ in range(PATIENCE // 100):
        row.refresh_from_db()
        if row.lease_until and row.lease_until < soon:
            return
        page.wait_for_timeout(100)
    pytest.fail("the person is still kept for somebody who left")


def test_a_call_is_noted_without_javascript(site: Site, caller: User, open_page: OpenPage) -> None:
    row = make_follow_up()
    page = open_page(user=caller, java_script_enabled=False)
    page.goto(f"/appels/{row.pk}/")
    page.get_by_role("button", name="Prendre cet appel").click()
    page.get_by_label("On s’est parlé").check()
    page.get_by_role("button", name="Enregistrer et s’arrêter").click()
    expect(page.get_by_text("c’est noté.")).to_be_visible()
    assert Call.objects.get().outcome.code == "talked"
