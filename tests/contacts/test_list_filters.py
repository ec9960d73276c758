"""The list of contacts offers only the départements where one sees somebody."""

import re
from typing import Any

import pytest

from organisations.models import User
from tests.factories import make_contact, make_local_union, make_user

pytestmark = pytest.mark.django_db


def offered(client: Any) -> list[str]:
    page = client.get("/contacts/").content.decode()
    select = re.search(r'<select name="departement".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="(\w+)"', select[0]) if select else []


def test_a_region_filters_by_its_own_departements(client_for: Any) -> None:
    codes = offered(client_for(make_user("staff", "cr-28")))
    assert {"14", "50", "61", "27", "76"} == set(codes)


def test_a_federation_filters_by_any(people: dict[str, User], client_for: Any) -> None:
    assert len(offered(client_for(people["fd"]))) > 90


def test_one_departement_is_no_choice(people: dict[str, User], client_for: Any) -> None:
    assert offered(client_for(people["ud"])) == []
    assert offered(client_for(people["militant"])) == []


def test_a_local_union_across_a_border_filters_by_both(client_for: Any) -> None:
    make_local_union("ul-bord", "UL du bord", "ud-14", ["14118", "50502"])
    assert set(offered(client_for(make_user("staff", "ul-bord")))) == {"14", "50"}


def test_a_departement_filter_keeps_its_people(client_for: Any) -> None:
    make_contact(first_name="Normande", phone="+33639980031", email="")
    client = client_for(make_user("staff", "cr-28"))
    assert ">Normande<" in client.get("/contacts/", {"departement": "14"}).content.decode()
    assert ">Normande<" not in client.get("/contacts/", {"departement": "50"}).content.decode()
