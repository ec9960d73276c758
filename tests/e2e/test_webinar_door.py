"""The door of a session in a real browser: its strict rules let the form lead on to the meeting."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.site import Site
from tests.webinars.factories import ADDRESS, make_webinar, sign_up
from webinars.links import personal_path


def open_door(open_page: OpenPage, path: str) -> Page:
    page = open_page(viewport=PHONE)
    page.context.route(
        "https://reunion.example/**",
        lambda route: route.fulfill(body="<h1>La salle</h1>", content_type="text/html"),
    )
    page.goto(path)
    return page


def test_the_button_opens_the_meeting_and_notes_the_presence(
    site: Site, open_page: OpenPage
) -> None:
    one = sign_up(make_webinar(starts_at=timezone.now() - timedelta(minutes=5)))
    page = open_door(open_page, personal_path(one))
    page.get_by_role("button", name="Rejoindre le webinaire").click()
    expect(page.get_by_role("heading", name="La salle")).to_be_visible()
    assert page.url == ADDRESS
    one.refresh_from_db()
    assert one.attended
    assert one.device_hash
