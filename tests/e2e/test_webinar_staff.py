"""Holding a session with a keyboard, on a telephone, and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect

from organisations.models import User
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.crawl import violations_of
from tests.e2e.pages import heading, visit
from tests.e2e.site import Site
from tests.e2e.test_public_form import overflow
from tests.factories import make_user
from tests.webinars.factories import ADDRESS, PARIS, make_webinar, sign_up, the_campaign
from webinars import asking
from webinars.enums import QuestionState, WebinarState
from webinars.models import Question, Webinar

MANAGE = "/webinaires/gerer/"


@pytest.fixture
def staff(site: Site) -> User:
    the_campaign()
    return make_user("staff", "confederation")


def type_in(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).focus()
    page.keyboard.type(text)


def press(page: Page, name: str, *, role: str = "button") -> None:
    """As a keyboard does it."""
    page.get_by_role(role, name=name, exact=True).focus()  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def test_a_session_goes_from_its_title_to_its_announcement_by_keyboard_on_a_phone(
    staff: User, open_page: OpenPage
) -> None:
    page = open_page(PHONE, user=staff)
    visit(page, MANAGE)
    page.get_by_role("link", name="Nouvelle séance").first.focus()
    page.keyboard.press("Enter")
    type_in(page, "Intitulé", "Les outils, séance 9")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("Quand, et quand le rappeler\u00a0?")
    page.get_by_label("Jour et heure (à Paris)").fill("2027-05-07T13:00")
    page.get_by_label("15 minutes avant").focus()
    page.keyboard.press("Space")
    press(page, "Enregistrer et continuer")
    expect(heading(page)).to_have_text("Qui parle, et de quoi\u00a0?")
    first = page.get_by_role("group", name="Partie 1")
    first.get_by_label("Sujet").focus()
    page.keyboard.type("Outils")
    page.keyboard.press("Tab")
    page.keyboard.type("une militante")
    press(page, "Enregistrer et continuer")
    press(page, "Passer cette étape", role="link")
    expect(heading(page)).to_have_text("Où nous retrouvons-nous\u00a0?")
    type_in(page, "Adresse de la réunion", ADDRESS)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="La salle est prête")).to_be_visible()
    assert ADDRESS not in page.content()
    assert overflow(page) == 0
    press(page, "Voir la séance", role="link")
    press(page, "Annoncer", role="link")
    press(page, "Annoncer")
    expect(page.get_by_role("status")).to_contain_text("les inscriptions sont ouvertes")
    webinar = Webinar.objects.get()
    assert webinar.state == WebinarState.ANNOUNCED
    assert webinar.starts_at is not None
    assert webinar.starts_at.astimezone(PARIS).isoformat() == "2027-05-07T13:00:00+02:00"
    assert [one.minutes_before for one in webinar.reminders.all()] == [1440, 60, 15]
    assert [(one.title, one.speakers) for one in webinar.parts.all()] == [
        ("Outils", "une militante")
    ]


def test_lines_are_added_put_in_order_and_taken_away_without_javascript(
    staff: User, open_page: OpenPage
) -> None:
    webinar = make_webinar(announced=False)
    page = open_page(PHONE, user=staff, java_script_enabled=False)
    page.goto(f"{MANAGE}{webinar.pk}/preparer/programme/")
    third = page.get_by_role("group", name="Partie 3")
    third.get_by_label("Sujet").fill("Déploiements")
    third.get_by_label("Ordre").fill("1")
    page.get_by_role("group", name="Partie 2").get_by_label("Retirer").check()
    page.get_by_role("group", name="Partie 1").get_by_label("Ordre").fill("2")
    page.get_by_role("button", name="Enregistrer et ajouter des lignes").click()
    expect(page.get_by_role("group", name="Partie 4")).to_be_visible()
    assert list(webinar.parts.values_list("title", flat=True)) == ["Déploiements", "Outils"]
    assert overflow(page) == 0


def test_checking_the_room_leads_to_the_meeting(staff: User, open_page: OpenPage) -> None:
    """The policy of the page lets its form lead there."""
    webinar = make_webinar()
    page = open_page(user=staff)
    page.context.route(
        "https://reunion.example/**",
        lambda route: route.fulfill(body="<h1>La salle</h1>", content_type="text/html"),
    )
    visit(page, f"{MANAGE}{webinar.pk}/salle/")
    page.get_by_role("button", name="Vérifier").click()
    expect(heading(page)).to_have_text("La salle")
    assert page.url == ADDRESS


@pytest.fixture
def questions(staff: User) -> list[Question]:
    webinar = make_webinar()
    return [
        asking.ask(registration=sign_up(webinar, number), text=text)
        for number, text in enumerate(("Les tracts ?", "Les affiches ?", "Les horaires ?"))
    ]


def test_questions_are_sorted_without_leaving_the_keyboard(
    staff: User, questions: list[Question], open_page: OpenPage
) -> None:
    page = open_page(user=staff)
    visit(page, f"{MANAGE}{questions[0].webinar_id}/questions/")
    cards = page.locator("[data-question]")
    cards.first.focus()
    page.keyboard.press("ArrowDown")
    expect(cards.nth(1)).to_be_focused()
    page.keyboard.press("p")
    expect(page.get_by_role("status")).to_contain_text("Publiée")
    # One goes on where one was: the next question has the focus.
    expect(page.locator(f"#question-{questions[2].pk}")).to_be_focused()
    page.keyboard.press("s")
    expect(cards).to_have_count(2)
    questions[1].refresh_from_db()
    questions[2].refresh_from_db()
    assert questions[1].state == QuestionState.ACCEPTED
    assert questions[2].state == QuestionState.ANSWERED_LIVE


def test_letters_typed_in_an_answer_press_no_button(
    staff: User, questions: list[Question], open_page: OpenPage
) -> None:
    page = open_page(user=staff)
    visit(page, f"{MANAGE}{questions[0].webinar_id}/questions/")
    page.locator("[data-question]").first.focus()
    # The browser's keyboard has no accents; ours do.
    page.locator("[data-question]").first.dispatch_event("keydown", {"key": "é"})
    expect(heading(page)).to_have_text("Répondre par écrit")
    type_in(page, "Votre réponse", "Passez à l’UD : personne ne s’exprime faux.")
    press(page, "Publier la réponse")
    expect(page.locator("[data-question]")).to_have_count(2)
    questions[0].refresh_from_db()
    assert questions[0].answer == "Passez à l’UD : personne ne s’exprime faux."


def test_news_come_by_themselves_and_the_page_is_usable_by_everybody(
    staff: User, questions: list[Question], open_page: OpenPage
) -> None:
    page = open_page(user=staff, reduced_motion="reduce")
    visit(page, f"{MANAGE}{questions[0].webinar_id}/questions/")
    assert violations_of(page, whole=True) == []
    asking.ask(registration=sign_up(questions[0].webinar, 9), text="Et demain ?")
    expect(page.get_by_text("1 nouvelle question.")).to_be_visible()
    page.get_by_role("link", name="Actualiser").click()
    expect(page.locator("[data-question]")).to_have_count(4)
