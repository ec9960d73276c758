"""An action dragged on the calendar, in a real browser."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from deployments.models import Deployment
from organisations.models import User
from tests.deployments.factories import PARIS, make_deployment, slot
from tests.e2e.conftest import DESKTOP, OpenPage
from tests.e2e.pages import visit
from tests.e2e.site import Site

TENTH = datetime(2027, 3, 10, 9, tzinfo=PARIS)


@pytest.mark.parametrize("grabbed", ["2027-03-10", "2027-03-11"])
def test_an_action_is_dragged_by_any_of_its_days_and_put_back(
    site: Site, people: dict[str, User], open_page: OpenPage, grabbed: str
) -> None:
    make_deployment(title="Caravane", slots=[slot(TENTH), slot(TENTH + timedelta(days=1))])
    page = open_page(DESKTOP, user=people["ul"])
    visit(page, "/deploiements/agenda/?le=2027-03-10")
    shift = timedelta(days=int(grabbed[-2:]) - 10)
    target = (datetime(2027, 3, 12) + shift).date()  # noqa: DTZ001
    held = page.locator(f'[data-day="{grabbed}"]').get_by_role("link", name="Caravane")
    held.drag_to(page.locator(f'[data-day="{target}"]'))

    expect(page.get_by_text("a maintenant lieu le vendredi 12 mars")).to_be_visible()
    assert Deployment.objects.get().starts_at == datetime(2027, 3, 12, 9, tzinfo=PARIS)

    page.get_by_role("button", name="Annuler ce déplacement").click()
    expect(page.get_by_text("L’action est revenue à sa date d’avant.")).to_be_visible()
    assert Deployment.objects.get().starts_at == TENTH
