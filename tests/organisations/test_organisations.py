"""Who sees, opens, draws and closes an organisation, and what its team then sees."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organisations import actions
from organisations.enums import Kind, Role
from organisations.models import Membership, Organisation, User
from organisations.rules import led_organisations
from organisations.scope import Scope
from organisations.wording import describe_scope
from tests.factories import get_organisation, make_local_union, make_user

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
LIST = "/organisations/"


def page_of(slug: str, name: str = "organisation-detail") -> str:
    return reverse(f"organisations:{name}", args=[get_organisation(slug).pk])


def reload(slug: str) -> Organisation:
    return Organisation.objects.get(slug=slug)


@pytest.mark.parametrize(
    ("role", "slug", "seen"),
    [
        ("militant", "ud-14", True),
        ("militant", "ul-caen", False),
        ("militant", "ud-50", False),
        ("ul", "ul-caen", True),
        ("ul", "ud-14", False),
        ("ud", "ul-caen", True),
        ("ud", "cr-28", False),
        ("ud", "ud-50", False),
        ("region", "ud-50", True),
        ("region", "ul-caen", True),
        ("region", "ud-75", False),
        ("fd", "fd-commerce", True),
        ("fd", "ud-14", False),
        ("confederation", "fd-commerce", True),
        ("confederation", "ul-caen", True),
        ("other_ud", "ud-14", False),
    ],
)
def test_who_sees_which_organisation(
    client_for: LogIn, people: dict[str, User], role: str, slug: str, seen: bool
) -> None:
    response = client_for(people[role]).get(page_of(slug))
    assert response.status_code == (200 if seen else 404)


def test_the_list_is_searched_without_accents(client_for: LogIn, people: dict[str, User]) -> None:
    page = client_for(people["confederation"]).get(LIST, {"q": "cotes armor"})
    assert [organisation.slug for organisation in page.context["page_obj"]] == ["ud-22"]


def test_the_list_is_kept_to_one_kind(client_for: LogIn, people: dict[str, User]) -> None:
    page = client_for(people["confederation"]).get(LIST, {"type": "fd"})
    assert {organisation.kind for organisation in page.context["page_obj"]} == {"fd"}


@pytest.mark.parametrize("query", [{"q": "x" * 81}, {"type": "inconnu"}, {"page": "zzz"}])
def test_the_list_forgives_a_wrong_address(
    client_for: LogIn, people: dict[str, User], query: dict[str, str]
) -> None:
    assert client_for(people["confederation"]).get(LIST, query).status_code == 200


def test_an_empty_search_says_what_to_try(client_for: LogIn, people: dict[str, User]) -> None:
    text = client_for(people["ud"]).get(LIST, {"q": "introuvable"}).content.decode()
    assert "Aucune organisation trouvée" in text


def test_the_list_costs_the_same_for_any_length(client_for: LogIn, people: dict[str, User]) -> None:
    costs = []
    client = client_for(people["ud"])
    for rows in (1, 30):
        for number in range(rows):
            make_local_union(f"ul-{number}", f"UL {number}", "ud-14", [])
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(LIST).context["page_obj"]) == rows + 2
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_scope_is_said_in_plain_words() -> None:
    assert describe_scope(reload("confederation")) == "Voit tous les contacts de la campagne."
    assert "Calvados" in describe_scope(reload("ud-14"))
    assert "Normandie" in describe_scope(reload("cr-28"))
    assert describe_scope(get_organisation("ul-caen")) == "Voit les contacts de Caen."
    assert "IDCC" in describe_scope(reload("fd-commerce"))


def test_two_memberships_add_up() -> None:
    user = make_user("staff", "ul-caen")
    Membership.objects.create(user=user, organisation=reload("ud-50"), role=Role.STAFF)
    scope = User.objects.get(pk=user.pk).scope
    assert scope.departements == {"50"}
    assert scope.communes == {"14118"}


def test_a_militant_has_no_scope_even_beside_a_team() -> None:
    user = make_user("militant", "confederation")
    Membership.objects.create(user=user, organisation=reload("ud-50"), role=Role.STAFF)
    assert User.objects.get(pk=user.pk).scope == Scope(departements=frozenset(["50"]))


CREATE = "/organisations/ul/nouvelle/"


def union_form(**changes: Any) -> dict[str, Any]:
    return {
        "name": "UL de Lisieux",
        "parent": reload("ud-14").pk,
        "communes": "Lisieux\nHermival-les-Vaux",
        "postcodes": "",
    } | changes


@pytest.mark.parametrize("role", ["ud_admin", "confederation_admin"])
def test_an_admin_above_opens_a_local_union(
    client_for: LogIn, people: dict[str, User], role: str
) -> None:
    response = client_for(people[role]).post(CREATE, union_form())
    union = Organisation.objects.get(name="UL de Lisieux")
    assert response["Location"] == page_of(union.slug)
    assert union.kind == Kind.UL
    assert {commune.name for commune in union.communes.all()} == {"Lisieux", "Hermival-les-Vaux"}


@pytest.mark.parametrize(
    "role", ["militant", "ul", "ud", "fd", "region", "confederation", "other_ud"]
)
def test_nobody_else_opens_one(client_for: LogIn, people: dict[str, User], role: str) -> None:
    client = client_for(people[role])
    assert client.get(CREATE).status_code == 404
    assert client.post(CREATE, union_form()).status_code == 404
    assert not Organisation.objects.filter(name="UL de Lisieux").exists()


def test_an_admin_does_not_open_one_in_another_union(
    client_for: LogIn, people: dict[str, User]
) -> None:
    page = client_for(people["ud_admin"]).post(CREATE, union_form(parent=reload("ud-50").pk))
    assert page.status_code == 200
    assert page.context["form"].errors["parent"]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("Lisieux\nNulle-Part", "Ligne 2 : « Nulle-Part » n’est pas une commune"),
        ("14366\n99999", "Ligne 2 : aucune commune de code INSEE 99999"),
        ("Cherbourg-en-Cotentin", "Ligne 1"),
        ("50129", "Ligne 1 : aucune commune de code INSEE 50129"),
        ("<b>x</b>", "Ligne 1"),
    ],
)
def test_each_wrong_commune_is_named_by_its_line(
    client_for: LogIn, people: dict[str, User], lines: str, problem: str
) -> None:
    page = client_for(people["ud_admin"]).post(CREATE, union_form(communes=lines))
    errors = " ".join(page.context["form"].errors["communes"])
    assert problem in errors
    assert not Organisation.objects.filter(name="UL de Lisieux").exists()


@pytest.mark.parametrize("typed", ["lisieux", "LISIEUX", "14366", "Lisieux (14366)", " 14366 "])
def test_a_commune_is_written_as_one_likes(
    client_for: LogIn, people: dict[str, User], typed: str
) -> None:
    client_for(people["ud_admin"]).post(CREATE, union_form(communes=typed))
    union = Organisation.objects.get(name="UL de Lisieux")
    assert [commune.pk for commune in union.communes.all()] == ["14366"]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("7501", "5 chiffres"), ("50100", "n’existe pas"), ("abcde", "5 chiffres")],
)
def test_each_wrong_postcode_is_named(
    client_for: LogIn, people: dict[str, User], typed: str, problem: str
) -> None:
    page = client_for(people["ud_admin"]).post(CREATE, union_form(postcodes=typed))
    assert problem in page.context["form"].errors["postcodes"][0]


def test_an_arrondissement_is_a_postcode(client_for: LogIn, people: dict[str, User]) -> None:
    data = union_form(
        name="UL du 11e", parent=reload("ud-75").pk, communes="", postcodes="75011\n75 012"
    )
    client_for(people["confederation_admin"]).post(CREATE, data)
    union = Organisation.objects.get(name="UL du 11e")
    assert union.scope.postcodes == {"75011", "75012"}


def test_a_local_union_needs_a_place(client_for: LogIn, people: dict[str, User]) -> None:
    page = client_for(people["ud_admin"]).post(CREATE, union_form(communes=""))
    assert "au moins une commune" in page.context["form"].errors["communes"][0]


def test_the_ud_redraws_its_local_union(client_for: LogIn, people: dict[str, User]) -> None:
    client = client_for(people["ud_admin"])
    page = client.get(page_of("ul-caen", "organisation-edit"))
    assert page.context["form"].initial["communes"] == "Caen (14118)"
    data = {"name": "UL de Caen et Ifs", "communes": "Caen (14118)\nIfs", "postcodes": ""}
    client.post(page_of("ul-caen", "organisation-edit"), data)
    union = reload("ul-caen")
    assert union.name == "UL de Caen et Ifs"
    assert union.scope.communes == {"14118", "14341"}


def test_a_local_union_does_not_widen_its_own_territory(client_for: LogIn) -> None:
    admin = make_user("admin", "ul-caen")
    client = client_for(admin)
    assert client.get(page_of("ul-caen")).status_code == 200
    assert client.get(page_of("ul-caen", "organisation-edit")).status_code == 404
    assert client.get(page_of("ul-caen", "organisation-deactivate")).status_code == 404


def test_the_confederation_sets_the_agreements_of_a_federation(
    client_for: LogIn, people: dict[str, User]
) -> None:
    data = {"name": "Fédération du commerce", "agreements": "3239 Particuliers\nIDCC 2216\n843"}
    client_for(people["confederation_admin"]).post(
        page_of("fd-commerce", "organisation-edit"), data
    )
    assert reload("fd-commerce").scope.agreements == {"3239", "2216", "0843"}


@pytest.mark.parametrize("typed", ["9999", "boulangerie", "²³", "12345"])
def test_an_unknown_agreement_is_named_by_its_line(
    client_for: LogIn, people: dict[str, User], typed: str
) -> None:
    data = {"name": "Fédération", "agreements": f"3239\n{typed}"}
    page = client_for(people["confederation_admin"]).post(
        page_of("fd-commerce", "organisation-edit"), data
    )
    assert page.context["form"].errors["agreements"] == [
        f"Ligne 2 : aucune convention collective de code « {typed} »."
    ]


@pytest.mark.parametrize("role", ["fd", "ud_admin", "region", "confederation"])
def test_nobody_else_edits_a_federation(
    client_for: LogIn, people: dict[str, User], role: str
) -> None:
    assert (
        client_for(people[role]).get(page_of("fd-commerce", "organisation-edit")).status_code == 404
    )


def test_the_confederation_opens_a_specific_organisation(
    client_for: LogIn, people: dict[str, User]
) -> None:
    page = "/organisations/specifique/nouvelle/"
    assert client_for(people["ud_admin"]).get(page).status_code == 404
    client_for(people["confederation_admin"]).post(page, {"name": "Jeunes"})
    created = Organisation.objects.get(name="Jeunes")
    assert created.kind == Kind.SPECIFIC
    assert created.scope.is_empty


def test_closing_is_asked_then_hides_everything_from_the_team(
    client_for: LogIn, people: dict[str, User]
) -> None:
    admin, team = client_for(people["ud_admin"]), people["ul"]
    page = page_of("ul-caen", "organisation-deactivate")
    assert "Fermer l’organisation" in admin.get(page).content.decode()
    assert not team.scope.is_empty
    admin.post(page)
    assert User.objects.get(pk=team.pk).scope.is_empty
    admin.post(page_of("ul-caen", "organisation-reactivate"))
    assert not User.objects.get(pk=team.pk).scope.is_empty


def test_an_organisation_with_others_below_stays_open(
    client_for: LogIn, people: dict[str, User]
) -> None:
    page = page_of("ud-14", "organisation-deactivate")
    get_organisation("ul-caen")
    response = client_for(people["confederation_admin"]).post(page, follow=True)
    assert "dépendent de UD 14" in response.content.decode()
    assert reload("ud-14").is_active


def test_the_confederation_stays_open(client_for: LogIn, people: dict[str, User]) -> None:
    page = page_of("confederation", "organisation-deactivate")
    client_for(people["confederation_admin"]).post(page)
    assert reload("confederation").is_active


def test_what_stands_under_a_closed_one_stays_closed(
    client_for: LogIn, people: dict[str, User]
) -> None:
    union = make_local_union("ul-alencon", "UL d’Alençon", "ud-61", [])
    actions.deactivate_organisation(organisation=union)
    actions.deactivate_organisation(organisation=reload("ud-61"))
    page = page_of("ul-alencon", "organisation-reactivate")
    client_for(people["confederation_admin"]).post(page)
    assert not reload("ul-alencon").is_active


@pytest.mark.parametrize(
    ("role", "led"),
    [("militant", []), ("staff", ["UD 14 – Calvados"]), ("admin", ["UD 14 – Calvados"])],
)
def test_whom_one_leads_is_what_one_works_for_and_nothing_below(role: str, led: list[str]) -> None:
    get_organisation("ul-caen")
    user = make_user(role, "ud-14")
    assert [organisation.name for organisation in led_organisations(user)] == led


def test_whoever_left_leads_nothing(people: dict[str, User]) -> None:
    Membership.objects.filter(user=people["ud"]).update(ended_at=timezone.now())
    assert led_organisations(people["ud"]) == []
