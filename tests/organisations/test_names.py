"""Two sister organisations never go by the same name, even when two forms are sent at once."""

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from organisations import actions
from organisations.enums import Kind
from organisations.errors import NameTaken
from organisations.models import Organisation, User
from tests.factories import get_organisation, make_local_union

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def open_union(client: Client, name: str, parent: str = "ud-14") -> Any:
    filled = {"name": name, "parent": get_organisation(parent).pk, "communes": "Caen"}
    return client.post("/organisations/ul/nouvelle/", filled)


@pytest.mark.parametrize(
    "twin", ["UL du Bocage-Virois", "ul du bocage virois", "UL  du Bocage Virois"]
)
def test_one_local_union_of_a_name_under_a_departmental_union(
    client_for: LogIn, people: dict[str, User], twin: str
) -> None:
    client = client_for(people["ud_admin"])
    assert open_union(client, "UL du Bocage Virois").status_code == 302
    page = open_union(client, twin)
    assert "« UL du Bocage Virois » existe déjà" in page.context["form"].errors["name"][0]
    assert Organisation.objects.filter(name__icontains="bocage").count() == 1


def test_the_same_name_is_free_under_another_departmental_union() -> None:
    for parent in ("ud-14", "ud-50"):
        actions.create_local_union(
            name="UL Centre", parent=get_organisation(parent), communes=[], postcodes=[]
        )
    slugs = (
        Organisation.objects.filter(kind=Kind.UL).order_by("slug").values_list("slug", flat=True)
    )
    assert list(slugs) == ["ul-centre", "ul-centre-2"]


def test_a_closed_organisation_keeps_its_name_and_is_to_be_reopened(
    client_for: LogIn, people: dict[str, User]
) -> None:
    client = client_for(people["ud_admin"])
    open_union(client, "UL de Vire")
    Organisation.objects.filter(name="UL de Vire").update(is_active=False)
    page = open_union(client, "UL de Vire")
    assert "rouvrez-la plutôt" in page.context["form"].errors["name"][0]


def test_renaming_takes_no_sister_s_name(client_for: LogIn, people: dict[str, User]) -> None:
    client = client_for(people["confederation_admin"])
    edit = reverse("organisations:organisation-edit", args=[get_organisation("fd-commerce").pk])
    page = client.post(
        edit,
        {"name": get_organisation("fd-construction").name.upper(), "agreements": ""},
    )
    assert "existe déjà" in page.context["form"].errors["name"][0]
    same = {"name": get_organisation("fd-commerce").name, "agreements": ""}
    assert client.post(edit, same).status_code == 302


def test_one_specific_organisation_of_a_name(client_for: LogIn, people: dict[str, User]) -> None:
    client = client_for(people["confederation_admin"])
    first = client.post("/organisations/specifique/nouvelle/", {"name": "Retraité·es"})
    second = client.post("/organisations/specifique/nouvelle/", {"name": "retraité·es"})
    assert (first.status_code, second.status_code) == (302, 200)
    assert "existe déjà" in second.context["form"].errors["name"][0]


def open_twins(names: list[str]) -> int:
    """Two forms sent at the same moment; the number of local unions they opened."""
    parent = get_organisation("ud-14")
    start = threading.Barrier(len(names), timeout=10)

    def open_one(name: str) -> None:
        with closing(connection), suppress(NameTaken):
            start.wait()
            actions.create_local_union(name=name, parent=parent, communes=[], postcodes=[])

    threads = [threading.Thread(target=open_one, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return Organisation.objects.filter(kind=Kind.UL, parent=parent).count()


@pytest.mark.django_db(transaction=True)
def test_two_forms_at_once_open_one_local_union() -> None:
    assert open_twins(["UL de Lisieux", "ul de lisieux", "UL de Lisieux", "UL-de-Lisieux"]) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would_be_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the race above: each looked before the other wrote."""
    looked = threading.Barrier(2, timeout=10)
    original = actions._free_slug

    def wait_then_choose(name: str) -> str:
        looked.wait()
        return f"{original(name)}-{threading.get_ident()}"

    monkeypatch.setattr(actions, "_lock_names", lambda: None)
    monkeypatch.setattr(actions, "_free_slug", wait_then_choose)
    assert open_twins(["UL de Lisieux", "UL-de-Lisieux"]) == 2


def test_the_database_too_refuses_a_twin() -> None:
    make_local_union("ul-1", "UL de Lisieux", "ud-14", [])
    with pytest.raises(IntegrityError, match="one_name_per_parent"), transaction.atomic():
        make_local_union("ul-2", "UL de LISIEUX", "ud-14", [])
