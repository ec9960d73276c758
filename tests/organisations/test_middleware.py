"""Days and hours are those of where the reader acts."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Capture
from organisations.models import User
from tests.factories import get_organisation, make_contact, make_local_union, make_user

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
REUNION, PARIS = "Indian/Reunion", "Europe/Paris"
SAINT_PIERRE = "97416"
# Half past nine in the evening in Paris, past midnight in La Réunion.
EVENING = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("slug", "zone"),
    [
        ("ud-974", REUNION),
        ("ul-sud", REUNION),
        ("cr-04", REUNION),
        ("ud-972", "America/Martinique"),
        ("ud-14", PARIS),
        ("fd-commerce", PARIS),
        ("confederation", PARIS),
    ],
)
def test_an_organisation_lives_in_the_zone_of_its_territory(slug: str, zone: str) -> None:
    make_local_union("ul-sud", "UL du Sud", "ud-974", [SAINT_PIERRE])
    assert get_organisation(slug).time_zone == zone


def test_a_person_lives_where_their_nearest_organisation_is() -> None:
    user = make_user("militant", "ud-974")
    user.memberships.create(organisation=get_organisation("confederation"))
    assert user.time_zone == REUNION


def test_whoever_belongs_nowhere_lives_in_paris() -> None:
    assert make_user().time_zone == PARIS


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("ud-974", "23 novembre 2026 à 0\xa0h\xa030"),
        ("confederation", "22 novembre 2026 à 21\xa0h\xa030"),
    ],
)
def test_an_hour_is_that_of_the_reader(client_for: LogIn, slug: str, said: str) -> None:
    contact = make_contact(postcode="97410")
    Capture.objects.update(server_time=EVENING)
    page = client_for(make_user("staff", slug)).get(f"/contacts/{contact.pk}/")
    assert said in page.content.decode()


def test_the_zone_of_one_reader_is_not_that_of_the_next(client_for: LogIn) -> None:
    client_for(make_user("staff", "ud-974")).get("/")
    assert timezone.get_current_timezone_name() == PARIS


def test_living_elsewhere_costs_no_query_more(django_assert_num_queries: Any) -> None:
    make_local_union("ul-sud", "UL du Sud", "ud-974", [SAINT_PIERRE])
    user = make_user("militant", "ul-sud")
    with django_assert_num_queries(1):
        assert user.time_zone == REUNION
