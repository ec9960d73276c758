"""Webinars as those who come live them: on a poor telephone, waiting, asking, in a room."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, OpenPage
from tests.e2e.crawl import AXE, RUN_AXE
from tests.e2e.pages import heading, visit
from tests.e2e.site import Site
from tests.e2e.test_public_form import NARROW, overflow
from tests.factories import make_user
from tests.webinars.factories import ADDRESS, make_webinar, sign_up
from webinars import asking
from webinars.links import personal_path
from webinars.models import Question, Registration, Webinar

# The door opens a quarter of an hour before; the page asks within seconds of that.
SOON = timedelta(minutes=15, seconds=5)
OPENING = 40_000  # milliseconds


@pytest.fixture
def soon(site: Site) -> Registration:
    return sign_up(make_webinar(starts_at=timezone.now() + SOON))


@pytest.fixture
def webinar(site: Site) -> Webinar:
    return make_webinar(title="Retours de terrain", starts_at=timezone.now())


def published(webinar: Webinar, number: int, text: str) -> Question:
    one = sign_up(webinar, number)
    return asking.accept(question=asking.ask(registration=one, text=text))


def meeting(page: Page) -> None:
    page.context.route(
        "https://reunion.example/**",
        lambda route: route.fulfill(body="<h1>La salle</h1>", content_type="text/html"),
    )


def test_one_registers_on_a_poor_telephone(site: Site, open_page: OpenPage) -> None:
    """Without JavaScript: two sessions at once, a slip mended, the link in the mail."""
    for title in ("Les outils", "La suite"):
        make_webinar(title=title)
    page = open_page(PHONE, java_script_enabled=False)
    page.goto("/webinaires/")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="M’inscrire aux séances choisies").click()
    page.get_by_label("Prénom et nom").fill("Maëlle Le Goff")
    page.get_by_label("Adresse e-mail").fill("maelle@exemple")
    page.get_by_role("button", name="M’inscrire").click()
    expect(page.get_by_role("alert")).to_contain_text("Cette adresse e-mail semble incomplète")
    expect(page.get_by_label("Prénom et nom")).to_have_value("Maëlle Le Goff")
    page.get_by_label("Adresse e-mail").fill("maelle@exemple.fr")
    page.get_by_role("button", name="M’inscrire").click()
    expect(heading(page)).to_have_text("C’est noté, merci\u00a0!")

    mails = site.deliver()
    assert [mail["To"] for mail in mails] == ["maelle@exemple.fr"] * 2
    html = mails[0].get_body(("html",))
    assert html is not None
    link = re.search(r'href="[^"]*(/webinaires/p/[^"]+)"', html.get_content())
    assert link
    page.goto(link[1])
    expect(page.get_by_text("vous êtes inscrit·e")).to_be_visible()
    page.get_by_role("link", name="Je ne viens plus").click()
    page.get_by_role("button", name="Me désinscrire").click()
    page.get_by_role("button", name="Finalement, je viens").click()
    expect(page.get_by_text("votre place est réservée")).to_be_visible()
    assert overflow(page) == 0


def test_the_waiting_page_opens_by_itself(soon: Registration, open_page: OpenPage) -> None:
    """Nobody is counted as present before they press the button."""
    page = open_page(PHONE)
    meeting(page)
    visit(page, personal_path(soon))
    expect(page.get_by_role("timer")).to_have_text(re.compile("^[0-9]+ secondes?$"))
    button = page.get_by_role("button", name="Rejoindre le webinaire")
    expect(button).to_be_focused(timeout=OPENING)
    expect(page).to_have_title(re.compile("^La salle est ouverte"))
    soon.refresh_from_db()
    assert soon.attended is None
    button.click()
    expect(page).to_have_url(ADDRESS)
    soon.refresh_from_db()
    assert soon.attended


def test_who_asked_for_it_goes_in_at_once(soon: Registration, open_page: OpenPage) -> None:
    page = open_page(PHONE)
    meeting(page)
    visit(page, personal_path(soon))
    page.get_by_role("checkbox", name="Me faire entrer dès l’ouverture").check()
    expect(page).to_have_url(ADDRESS, timeout=OPENING)
    soon.refresh_from_db()
    assert soon.attended


def test_the_board_follows_what_others_do(webinar: Webinar, open_page: OpenPage) -> None:
    first = published(webinar, 1, "Où sont les tracts ?")
    second = published(webinar, 2, "Et le dimanche ?")
    mine, other = sign_up(webinar, 3), sign_up(webinar, 4)
    page = open_page(PHONE)
    asked: list[str] = []
    visit(page, f"{personal_path(mine)}questions/")
    page.on("framenavigated", lambda frame: asked.append(frame.url))
    page.get_by_label("Votre question").fill("Je n’ai pas fini d’écr")
    for registration in (other, sign_up(webinar, 5)):
        asking.vote(question=second, registration=registration)
    questions = page.locator(".questions .question__text")
    expect(questions.first).to_have_text(re.compile("dimanche"))
    vote = page.locator(f"#soutien-{first.pk}")
    vote.press("Enter")
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(vote).to_be_focused()
    assert first.question_votes.filter(registration=mine).exists()
    expect(page.get_by_label("Votre question")).to_have_value("Je n’ai pas fini d’écr")
    assert asked == [], "nothing was loaded anew"


def test_the_screen_of_a_room_follows_too(webinar: Webinar, open_page: OpenPage) -> None:
    page = open_page(DESKTOP, user=make_user("staff", "confederation"))
    visit(page, f"/webinaires/{webinar.pk}/ecran/")
    expect(page.get_by_text("Pas encore de question")).to_be_visible()
    published(webinar, 1, "Où sont les tracts ?")
    line = page.get_by_text("Où sont les tracts")
    expect(line).to_be_visible()
    # A twentieth of the height, with what it stands on: read at five metres.
    size = line.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")
    assert size >= DESKTOP["height"] / 20
    assert overflow(page) == 0


def test_an_idle_board_is_answered_with_nothing(webinar: Webinar, open_page: OpenPage) -> None:
    published(webinar, 1, "Où sont les tracts ?")
    one = sign_up(webinar, 2)
    page = open_page(PHONE)
    statuses: list[int] = []
    page.on(
        "response",
        lambda answer: statuses.append(answer.status) if "/liste/" in answer.url else None,
    )
    visit(page, f"{personal_path(one)}questions/")
    with page.expect_response(lambda answer: answer.status == 304, timeout=OPENING):
        pass
    assert statuses == [200, 304]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_pages_of_who_comes(
    webinar: Webinar, soon: Registration, open_page: OpenPage, scheme: Any
) -> None:
    """The crawl of every page meets a session far ahead, and one that goes on."""
    published(webinar, 1, "Où sont les tracts ?")
    own = personal_path(sign_up(webinar, 2))
    full = make_webinar("cpri", title="Réservée", capacity=1)
    page = open_page(NARROW, color_scheme=scheme, bypass_csp=True)
    violations = {}
    for path in (
        personal_path(soon), own, f"{own}questions/", f"/webinaires/s/{full.code}/",
        f"/webinaires/s/{full.code}/carte/",
    ):  # fmt: skip
        visit(page, path)
        assert overflow(page) == 0, path
        page.evaluate(AXE.read_text(encoding="utf-8"))
        if found := page.evaluate(RUN_AXE, {}):
            violations[path] = found
    assert violations == {}
