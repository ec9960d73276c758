"""The first page of each person, and the doors they are shown."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.loading import load_campaign
from organisations.models import User
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def campaign() -> None:
    load_campaign()


def test_each_sees_the_count_of_their_scope(people: dict[str, User], client_for: Any) -> None:
    make_contact(phone="+33639980001", email="")
    make_contact(phone="+33639980002", email="", postcode="50100")
    expected = {"ud": 1, "other_ud": 1, "region": 2, "confederation": 2}
    for role, count in expected.items():
        page = client_for(people[role]).get("/").content.decode()
        assert f'<p class="stat__value">{count}' in page, role


def test_an_activist_sees_their_own_count_and_next_goal(
    people: dict[str, User], client_for: Any
) -> None:
    make_contact(phone="+33639980001", email="")
    for number in range(6):
        make_contact(phone=f"+3363998001{number}", email="", captured_by=people["militant"])
    page = client_for(people["militant"]).get("/").content.decode()
    assert 'value="6" max="10"' in page
    assert "périmètre" not in page


def test_somebody_without_organisation_is_told_what_to_do(client_for: Any) -> None:
    page = client_for(make_user()).get("/").content.decode()
    assert "vous envoyer une invitation" in page
    assert "/saisie/" not in page


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        ("militant", ["/saisie/", "/contacts/", "/webinaires/"], ["/messages/", "/imports/"]),
        ("ud", ["/organisations/", "/imports/"], ["/messages/", "/referentiel/"]),
        ("confederation", ["/messages/", "/referentiel/", "/organisations/"], []),
    ],
)
def test_the_menu_shows_the_doors_of_the_person(
    people: dict[str, User], client_for: Any, role: str, shown: list[str], hidden: list[str]
) -> None:
    page = client_for(people[role]).get("/").content.decode()
    for address in shown:
        assert f'href="{address}"' in page
    for address in hidden:
        assert f'href="{address}"' not in page


def test_home_asks_the_same_queries_for_one_contact_and_for_thirty(
    people: dict[str, User], client_for: Any
) -> None:
    client: Client = client_for(people["ud"])
    make_contact(phone="+33639980001", email="")
    client.get("/")
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    for number in range(29):
        make_contact(phone=f"+336399800{number:02d}", first_name="Autre", email="")
    with CaptureQueriesContext(connection) as thirty:
        client.get("/")
    assert len(one) == len(thirty)


def test_the_current_door_is_marked(people: dict[str, User], client_for: Any) -> None:
    page = client_for(people["ud"]).get("/contacts/").content.decode()
    assert 'href="/contacts/" aria-current="page"' in page


def test_the_manifest_names_icons_that_exist(client: Client) -> None:
    manifest = client.get("/site.webmanifest").json()
    assert manifest["name"]
    assert all(icon["src"].startswith("/static/") for icon in manifest["icons"])
