"""The day of an action, on the phone of somebody who is there: counters that never lie."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import BrowserContext, Route, expect

from deployments.actions import cancel_deployment
from deployments.day import add_tally
from deployments.day_rules import total_of
from deployments.enums import TallyKind
from deployments.models import Deployment, Tally
from organisations.models import User
from tests.deployments.factories import make_deployment, slot
from tests.deployments.test_day import join
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.pages import DayPage, heading
from tests.e2e.site import Site
from tests.e2e.watch import Watch
from tests.factories import make_user

MET, LEAFLETS = "Personnes rencontrées", "Tracts distribués"
WAITING = "En attente d’envoi…"
COUNTING = "**/sur-place/compter/"


@pytest.fixture
def action(site: Site) -> Deployment:
    return make_deployment(slots=[slot(timezone.now() - timedelta(minutes=5))])


@pytest.fixture
def activist(action: Deployment) -> User:
    user = make_user("militant", "ul-caen")
    join(action, user)
    return user


@pytest.fixture
def day(action: Deployment, activist: User, open_page: OpenPage) -> DayPage:
    day = DayPage(open_page(PHONE, user=activist), action.pk)
    day.open()
    return day


def expect_counted(day: DayPage, action: Deployment, total: int) -> None:
    """Everything has left, and the server knows as much as the screen shows."""
    expect(day.total(MET)).to_have_text(str(total))
    expect(day.page.get_by_text(WAITING)).to_have_count(0)
    assert total_of(action, TallyKind.MET) == total
    day.page.reload()
    expect(day.total(MET)).to_have_text(str(total))


def test_each_press_moves_its_own_figure(day: DayPage, action: Deployment) -> None:
    day.count(MET, 1, 5, 10)
    day.count(LEAFLETS, 10)
    expect(day.total(LEAFLETS)).to_have_text("10")
    expect_counted(day, action, 16)
    assert total_of(action, TallyKind.LEAFLETS) == 10


def test_counting_needs_no_finger(day: DayPage, action: Deployment) -> None:
    steps = day.counter(MET).get_by_role("button")
    steps.nth(0).focus()
    day.page.keyboard.press("Space")
    day.page.keyboard.press("Tab")
    expect(steps.nth(1)).to_be_focused()
    day.page.keyboard.press("Enter")
    expect_counted(day, action, 6)


def test_without_network_the_figure_moves_and_leaves_later(
    day: DayPage, action: Deployment
) -> None:
    day.page.context.set_offline(True)
    day.count(MET, 5, 10)
    expect(day.total(MET)).to_have_text("15")
    expect(day.counter(MET).get_by_text(WAITING)).to_be_visible()
    assert total_of(action, TallyKind.MET) == 0
    day.page.context.set_offline(False)
    expect_counted(day, action, 15)


def test_a_slow_network_holds_nobody_up(day: DayPage, action: Deployment) -> None:
    held: list[Route] = []
    day.page.route(COUNTING, lambda route: held.append(route), times=1)
    day.count(MET, 1, 1, 10)
    expect(day.total(MET)).to_have_text("12")
    assert not Tally.objects.exists()
    held[0].continue_()
    expect_counted(day, action, 12)


def test_a_step_whose_answer_was_lost_counts_once(day: DayPage, action: Deployment) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    day.page.route(COUNTING, lose_the_answer, times=2)
    with day.page.expect_event("requestfailed"):
        day.count(MET, 10)
    expect(day.counter(MET).get_by_text(WAITING)).to_be_visible()
    assert total_of(action, TallyKind.MET) == 10
    expect_counted(day, action, 10)
    assert Tally.objects.count() == 1


def test_a_page_closed_without_network_loses_nothing(day: DayPage, action: Deployment) -> None:
    context = day.page.context
    context.set_offline(True)
    day.count(MET, 5)
    day.count(LEAFLETS, 10)
    day.page.close()
    context.set_offline(False)
    again = DayPage(context.new_page(), action.pk)
    again.open()
    expect_counted(again, action, 5)
    assert total_of(action, TallyKind.LEAFLETS) == 10


def test_two_pages_that_find_the_same_steps_count_them_once(
    day: DayPage, action: Deployment
) -> None:
    context = day.page.context
    context.route(COUNTING, lambda route: route.abort())
    day.count(MET, 5, 1)
    other = DayPage(context.new_page(), action.pk)
    other.open()
    context.unroute(COUNTING)
    expect_counted(other, action, 6)
    expect_counted(day, action, 6)
    assert Tally.objects.count() == 2


def test_who_was_logged_out_logs_in_again_and_loses_nothing(
    day: DayPage,
    action: Deployment,
    activist: User,
    log_in: Callable[[BrowserContext, User], None],
) -> None:
    day.page.context.clear_cookies(name="sessionid")
    day.count(MET, 10)
    expect(heading(day.page)).to_have_text("Connexion")
    assert not Tally.objects.exists()
    log_in(day.page.context, activist)
    day.open()
    expect_counted(day, action, 10)


@pytest.mark.parametrize(
    ("status", "said"), [(500, WAITING), (403, "Rechargez la page pour envoyer.")]
)
def test_a_server_in_trouble_loses_nothing(
    day: DayPage, action: Deployment, watch: Watch, status: int, said: str
) -> None:
    watch.expected.add((status, f"/deploiements/{action.pk}/sur-place/compter/"))
    day.page.route(COUNTING, lambda route: route.fulfill(status=status), times=1)
    day.count(MET, 5)
    expect(day.counter(MET).get_by_text(said)).to_be_visible()
    assert not Tally.objects.exists()
    day.page.on("dialog", lambda dialog: dialog.accept())
    day.page.reload()
    expect_counted(day, action, 5)


@pytest.mark.parametrize("status", [404, 422])
def test_what_is_not_our_servers_word_loses_nothing(
    day: DayPage, action: Deployment, watch: Watch, status: int
) -> None:
    """A proxy during an upgrade, a hotel's log-in page."""
    watch.expected.add((status, f"/deploiements/{action.pk}/sur-place/compter/"))
    day.page.route(
        COUNTING, lambda route: route.fulfill(status=status, body="<h1>Not here</h1>"), times=1
    )
    day.count(MET, 5, 10)
    expect(day.counter(MET).get_by_text(WAITING)).to_be_visible()
    expect_counted(day, action, 15)


def test_a_step_that_was_spoiled_takes_no_other_with_it(
    day: DayPage, action: Deployment, watch: Watch
) -> None:
    address = f"/deploiements/{action.pk}/sur-place/compter/"
    watch.expected.add((422, address))
    day.page.evaluate("name => localStorage.setItem(name, 'x')", f"tally:{address}:met:spoiled")
    day.page.context.set_offline(True)
    day.count(MET, 5)
    day.page.on("dialog", lambda dialog: dialog.accept())
    day.page.context.set_offline(False)
    day.page.reload()
    expect(day.counter(MET)).to_contain_text("Un appui n’a pas été compté.")
    expect_counted(day, action, 5)


def test_a_page_drawn_before_a_step_arrived_learns_of_it(
    day: DayPage, action: Deployment, activist: User, watch: Watch
) -> None:
    address = f"/deploiements/{action.pk}/sur-place/compter/"
    watch.expected.add((422, address))
    day.page.evaluate("name => localStorage.setItem(name, 'x')", f"tally:{address}:met:spoiled")

    def a_step_arrives_meanwhile(route: Route) -> None:
        drawn = route.fetch()
        add_tally(deployment=action, tally_id=uuid4(), kind=TallyKind.MET, count=5, author="Anaïs")
        connection.close()  # Playwright calls this in a context of its own
        route.fulfill(response=drawn)

    day.page.route("**/sur-place/", a_step_arrives_meanwhile, times=1)
    day.page.reload()
    expect(day.counter(MET)).to_contain_text("Un appui n’a pas été compté.")
    expect_counted(day, action, 5)


def test_a_slip_is_taken_back_once(day: DayPage, action: Deployment) -> None:
    day.count(MET, 1, 10)
    slip = day.slip(MET)
    expect(slip).to_have_text("Reprendre +10")
    slip.focus()
    day.page.keyboard.press("Enter")
    expect(day.page.get_by_text("C’est corrigé : 10 de moins.")).to_be_visible()
    expect(slip).to_contain_text("+1")
    expect_counted(day, action, 1)


def test_only_what_the_server_has_can_be_taken_back(day: DayPage) -> None:
    day.count(MET, 1)
    expect(day.slip(MET)).to_be_visible()
    day.page.context.set_offline(True)
    day.count(MET, 10)
    expect(day.slip(MET)).to_be_hidden()
    day.page.context.set_offline(False)
    expect(day.slip(MET)).to_have_text("Reprendre +10")


def test_two_phones_add_up(
    day: DayPage, action: Deployment, open_page: OpenPage, people: dict[str, User]
) -> None:
    other = DayPage(open_page(PHONE, user=people["ul"]), action.pk)
    other.open()
    other.count(MET, 10)
    expect(other.slip(MET)).to_be_visible()
    day.count(MET, 5)
    expect_counted(day, action, 15)


def test_an_action_called_off_meanwhile_counts_no_more(
    day: DayPage, action: Deployment, watch: Watch
) -> None:
    watch.expected.add((422, f"/deploiements/{action.pk}/sur-place/compter/"))
    cancel_deployment(deployment=action, revision=action.revision, reason="Tempête")
    day.count(MET, 10)
    expect(day.counter(MET).get_by_role("button")).to_have_count(0)
    expect(day.counter(MET)).to_contain_text("On ne compte plus ici. Un appui n’a pas été compté.")
    expect(day.total(MET)).to_have_text("0")
    assert not Tally.objects.exists()


def test_counting_works_without_javascript(
    action: Deployment, activist: User, open_page: OpenPage
) -> None:
    day = DayPage(open_page(PHONE, user=activist, java_script_enabled=False), action.pk)
    day.page.goto(f"/deploiements/{action.pk}/sur-place/")
    day.count(MET, 5)
    expect(day.total(MET)).to_have_text("5")
    day.slip(MET).click()
    expect(day.total(MET)).to_have_text("0")
