"""The list of actions and the page of one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deployments.enums import Stage
from deployments.models import Deployment
from organisations.models import User
from tests.deployments.factories import make_deployment
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


def test_an_idea_is_noted_with_a_title_alone(staff: Client) -> None:
    make_deployment(title="Pour qu’il y ait une campagne")
    organisation = Deployment.objects.get().organisation_id
    answer = staff.post(
        "/deploiements/nouveau/", {"title": "Foire de Caen", "organisation": organisation}
    )
    made = Deployment.objects.get(title="Foire de Caen")
    assert (answer.status_code, made.stage) == (302, Stage.IDEA)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "2027-05-05", "starts": "9:00"}, "À quelle heure finit-on"),
        ({"starts": "9:00"}, "De quel jour s’agit-il"),
        ({"commune": "Atlantis"}, "Aucune commune ne porte ce nom"),
        ({"commune": "Saint-Denis"}, "Plusieurs communes"),
        ({"title": "\u200b"}, "Donnez un intitulé"),
        (
            {"day": "2027-05-05", "starts": "12:00", "ends": "10:00"},
            "La fin vient avant le début",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    staff: Client, typed: dict[str, str], words: str
) -> None:
    organisation = make_deployment().organisation_id
    data = {"title": "Foire de Caen", "organisation": organisation, "partners": ""} | typed
    page = staff.post("/deploiements/nouveau/", data).content.decode()
    assert words in page
    assert all(value.strip("\u200b") in page for value in typed.values())


def test_a_market_that_ends_after_midnight_ends_the_next_day(staff: Client) -> None:
    organisation = make_deployment().organisation_id
    data = {"title": "Marché de nuit", "organisation": organisation, "commune": "Caen"}
    staff.post(
        "/deploiements/nouveau/", data | {"day": "2027-05-05", "starts": "22:00", "ends": "02:00"}
    )
    made = Deployment.objects.get(title="Marché de nuit")
    assert made.starts_at
    assert made.ends_at
    assert (made.ends_at - made.starts_at).total_seconds() == 4 * 3600


def test_each_tab_holds_its_own(staff: Client) -> None:
    make_deployment(title="Annoncée")
    make_deployment(title="Rêvée", reported=False)
    assert "Rêvée" not in staff.get("/deploiements/").content.decode()
    ideas = staff.get("/deploiements/?quand=idees").content.decode()
    assert "Rêvée" in ideas
    assert "Annoncée" not in ideas


def test_the_list_asks_as_much_for_thirty_as_for_one(
    staff: Client,
) -> None:

    make_deployment()
    with CaptureQueriesContext(connection) as one:
        staff.get("/deploiements/")
    for number in range(29):
        make_deployment(title=f"Marché {number}")
    with CaptureQueriesContext(connection) as thirty:
        staff.get("/deploiements/")
    assert len(thirty) == len(one)
