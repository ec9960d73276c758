"""The next actions near somebody."""

from datetime import timedelta

import pytest

from deployments.nearby import next_actions_near
from territory.models import Commune
from tests.deployments.factories import make_deployment, next_week, slot
from tests.factories import make_user

pytestmark = pytest.mark.django_db
BAYEUX, LISIEUX, VIRE = "14047", "14366", "14762"


def near(role: str, organisation: str, most: int = 3) -> list[str]:
    return [one.title for one in next_actions_near(make_user(role, organisation), most=most)]


def test_what_is_far_is_left_out_as_long_as_something_is_near() -> None:
    make_deployment(title="Caen", slots=[slot(next_week() + timedelta(days=2))])
    make_deployment("ud-14", title="Vire", commune=Commune.objects.get(pk=VIRE))
    make_deployment("ud-14", title="Bayeux", commune=Commune.objects.get(pk=BAYEUX))
    assert near("militant", "ul-caen") == ["Bayeux", "Caen"]


def test_nothing_near_leaves_the_next_ones() -> None:
    make_deployment(title="Vire", commune=Commune.objects.get(pk=VIRE))
    assert near("militant", "ul-caen") == ["Vire"]


def test_what_is_over_cancelled_or_not_announced_is_no_next_action() -> None:
    make_deployment(title="Hier", slots=[slot(next_week() - timedelta(days=9))])
    make_deployment(title="Idée", reported=False)
    assert near("staff", "ul-caen") == []


def test_the_distance_is_that_of_a_map() -> None:
    make_deployment(commune=Commune.objects.get(pk=LISIEUX))
    (action,) = next_actions_near(make_user("militant", "ul-caen"), most=1)
    assert 41 < action.distance_km < 45


def test_a_federation_has_no_place_of_its_own() -> None:
    make_deployment(title="Caen")
    assert near("staff", "confederation") == ["Caen"]
