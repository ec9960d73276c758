"""Moving an action from the calendar, taking it back, and moving it while somebody else does."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from deployments import actions
from deployments.models import Deployment
from organisations.models import User
from tests.deployments.factories import PARIS, make_deployment, slot
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
TENTH = datetime(2027, 3, 10, 9, tzinfo=PARIS)


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


@pytest.fixture
def deployment() -> Deployment:
    return make_deployment(slots=[slot(TENTH), slot(TENTH + timedelta(days=1))])


def address(deployment: Deployment, end: str = "") -> str:
    return f"/deploiements/{deployment.pk}/deplacer/{end}"


def drop(client: Client, deployment: Deployment, day: str, **fields: object) -> int:
    data = {"day": day, "revision": deployment.revision, "retour": "vue=semaine&le=2027-03-10"}
    answer = client.post(address(deployment), data | fields)
    return int(answer.status_code)


def local_start(deployment: Deployment) -> datetime:
    deployment.refresh_from_db()
    assert deployment.starts_at
    return deployment.starts_at.astimezone(PARIS)


def test_dropped_on_a_day_it_keeps_its_hour_and_its_other_days(
    staff: Client, deployment: Deployment
) -> None:
    assert drop(staff, deployment, "2027-03-29") == 302
    assert local_start(deployment) == datetime(2027, 3, 29, 9, tzinfo=PARIS)
    assert deployment.ends_at == datetime(2027, 3, 30, 12, tzinfo=PARIS)


def test_the_form_moves_the_hour_too(staff: Client, deployment: Deployment) -> None:
    assert drop(staff, deployment, "2027-03-12", starts="14:30") == 302
    assert local_start(deployment) == datetime(2027, 3, 12, 14, 30, tzinfo=PARIS)


def test_one_comes_back_to_the_page_one_left(staff: Client, deployment: Deployment) -> None:
    data = {"day": "2027-03-12", "revision": deployment.revision}
    answer = staff.post(
        address(deployment), data | {"retour": "vue=semaine&evil=//x&avec=L%C3%A9a"}
    )
    assert answer["Location"] == "/deploiements/agenda/?vue=semaine&avec=L%C3%A9a"


def test_a_move_is_taken_back(staff: Client, deployment: Deployment) -> None:
    drop(staff, deployment, "2027-03-29")
    assert "Annuler ce déplacement" in staff.get("/deploiements/agenda/").content.decode()
    staff.post(address(deployment, "annuler/"), {"retour": ""})
    assert local_start(deployment) == TENTH
    assert "Annuler ce déplacement" not in staff.get("/deploiements/agenda/").content.decode()


def test_a_move_is_not_taken_back_over_somebody_else(staff: Client, deployment: Deployment) -> None:
    drop(staff, deployment, "2027-03-29")
    deployment.refresh_from_db()
    actions.move_deployment(
        deployment=deployment, revision=deployment.revision, starts_at=TENTH + timedelta(days=3)
    )
    page = staff.get("/deploiements/agenda/").content.decode()
    assert "Annuler ce déplacement" not in page
    answer = staff.post(address(deployment, "annuler/"), {"retour": ""}, follow=True)
    assert "Quelqu’un a changé cette action depuis" in answer.content.decode()
    assert local_start(deployment) == TENTH + timedelta(days=3)


def test_regret_lasts_ten_minutes(staff: Client, deployment: Deployment) -> None:
    drop(staff, deployment, "2027-03-29")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert "Annuler ce déplacement" not in staff.get("/deploiements/agenda/").content.decode()


def test_the_second_of_two_is_told_and_keeps_what_they_typed(
    staff: Client, deployment: Deployment
) -> None:
    old = deployment.revision
    actions.move_deployment(
        deployment=deployment, revision=old, starts_at=TENTH + timedelta(days=20)
    )
    data = {"day": "2027-04-12", "starts": "10:00", "revision": old, "retour": ""}
    answer = staff.post(address(deployment), data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "30 mars 2027" in page
    assert 'value="2027-04-12"' in page
    assert local_start(deployment).date() == date(2027, 3, 30)
    revision = Deployment.objects.get().revision
    assert f'name="revision" value="{revision}"' in page
    assert staff.post(address(deployment), data | {"revision": revision}).status_code == 302


@pytest.mark.parametrize("day", ["", "2027-02-30", "0003-01-01", "9999-12-31"])
def test_a_day_that_does_not_exist_is_refused_beside_the_field(
    staff: Client, deployment: Deployment, day: str
) -> None:
    assert drop(staff, deployment, day) == 200
    assert local_start(deployment) == TENTH


def test_only_who_organises_sees_it_movable(client_for: ClientFor, deployment: Deployment) -> None:
    query = {"le": "2027-03-10"}
    page = client_for(make_user("staff", "ud-14")).get("/deploiements/agenda/", query)
    assert "data-move" in page.content.decode()
    page = client_for(make_user("militant", "ul-caen")).get("/deploiements/agenda/", query)
    assert "data-move" not in page.content.decode()
    assert f"/deploiements/{deployment.pk}/" in page.content.decode()


def test_an_action_without_a_date_has_nothing_to_move(staff: Client) -> None:
    idea = make_deployment(reported=False, slots=[])
    assert staff.get(address(idea)).status_code == 404
