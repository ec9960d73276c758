"""Who sees whom: places for UD, UL and région, branches for FD, captures for activists."""

import pytest

from contacts.models import Contact
from organisations.models import User
from tests.factories import make_contact, make_local_union, make_user

pytestmark = pytest.mark.django_db


def sees(user: User) -> set[str]:
    user = User.objects.get(pk=user.pk)
    return set(Contact.objects.visible_to(user).values_list("first_name", flat=True))


@pytest.fixture
def crowd(people: dict[str, User]) -> dict[str, User]:
    make_contact(first_name="Caen", phone="+33639980001", email="")
    make_contact(first_name="Bayeux", phone="+33639980002", email="", postcode="14400")
    make_contact(first_name="Cherbourg", phone="+33639980003", email="", postcode="50100")
    make_contact(first_name="Rouen", phone="+33639980004", email="", postcode="76000")
    make_contact(
        first_name="Lyon", phone="+33639980005", email="", postcode="69003",
        captured_by=people["militant"], trade=None,
    )  # fmt: skip
    return people


def test_scopes(crowd: dict[str, User]) -> None:
    assert sees(crowd["ud"]) == {"Caen", "Bayeux"}
    assert sees(crowd["ul"]) == {"Caen"}
    assert sees(crowd["other_ud"]) == {"Cherbourg"}
    assert sees(crowd["region"]) == {"Caen", "Bayeux", "Cherbourg", "Rouen"}
    assert sees(crowd["fd"]) == {"Caen", "Bayeux", "Cherbourg", "Rouen"}
    assert sees(crowd["confederation"]) == {"Caen", "Bayeux", "Cherbourg", "Rouen", "Lyon"}
    assert sees(crowd["militant"]) == {"Lyon"}
    assert sees(make_user()) == set()


def test_an_ul_sees_whoever_shares_a_postcode_with_its_communes(crowd: dict[str, User]) -> None:
    make_local_union("ul-bayeux", "UL de Bayeux", "ud-14", ["14047"])
    assert sees(make_user("staff", "ul-bayeux")) == {"Bayeux"}


def test_two_memberships_add_up(crowd: dict[str, User]) -> None:
    from organisations.models import Membership, Organisation

    Membership.objects.create(
        user=crowd["ud"], organisation=Organisation.objects.get(slug="ud-50"), role="staff"
    )
    assert sees(crowd["ud"]) == {"Caen", "Bayeux", "Cherbourg"}


def test_a_militant_of_a_ud_does_not_see_the_ud(crowd: dict[str, User]) -> None:
    assert "Caen" not in sees(crowd["militant"])


def test_an_ended_membership_shows_nothing_more(crowd: dict[str, User]) -> None:
    from django.utils import timezone

    for role in ("ud", "militant"):
        crowd[role].memberships.update(ended_at=timezone.now())
        assert sees(crowd[role]) == set()


def test_a_deactivated_organisation_shows_nothing_more(crowd: dict[str, User]) -> None:
    from organisations.models import Organisation

    Organisation.objects.filter(slug="ud-14").update(is_active=False)
    assert sees(crowd["ud"]) == set()
