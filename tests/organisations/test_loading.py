"""The organisations every campaign starts with."""

from io import StringIO

import pytest
from django.core.management import call_command

from organisations.enums import Kind
from organisations.loading import load_organisations
from organisations.models import Organisation
from territory.models import Departement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "count"),
    [(Kind.CONFEDERATION, 1), (Kind.REGION, 18), (Kind.UD, 101), (Kind.FD, 15)],
)
def test_how_many_are_created(kind: Kind, count: int) -> None:
    assert Organisation.objects.filter(kind=kind).count() == count


@pytest.mark.parametrize(
    ("slug", "name", "parent"),
    [
        ("confederation", "Confédération", None),
        ("cr-28", "Comité régional Normandie", "confederation"),
        ("ud-14", "UD 14 – Calvados", "cr-28"),
        ("ud-2a", "UD 2A – Corse-du-Sud", "cr-94"),
        ("ud-974", "UD 974 – La Réunion", "cr-04"),
        ("fd-commerce", "Fédération commerce, distribution et services", "confederation"),
    ],
)
def test_names_and_parents(slug: str, name: str, parent: str | None) -> None:
    organisation = Organisation.objects.get(slug=slug)
    assert organisation.name == name
    assert (organisation.parent.slug if organisation.parent else None) == parent


def test_an_ud_stands_in_the_committee_of_its_region() -> None:
    for union in Organisation.objects.filter(kind=Kind.UD).select_related("parent", "departement"):
        assert union.parent is not None
        assert union.departement is not None
        assert union.parent.region_id == union.departement.region_id


def test_collectivities_without_ud_have_none() -> None:
    assert not Organisation.objects.filter(departement__in=["975", "977", "988"]).exists()
    assert Departement.objects.filter(pk="975").exists()


def test_federations_get_the_agreements_of_their_trades() -> None:
    agro = Organisation.objects.get(slug="fd-agro")
    assert set(agro.agreements.values_list("pk", flat=True)) == {"0843", "1267", "0992"}
    assert not Organisation.objects.filter(kind=Kind.FD, agreements__isnull=True).exists()


def test_a_second_load_changes_nothing() -> None:
    report = load_organisations()
    assert report.is_empty
    assert str(report).startswith("rien à changer (")


def test_what_staff_changed_is_left_alone() -> None:
    Organisation.objects.filter(slug="ud-14").update(name="UD du Calvados", is_active=False)
    federation = Organisation.objects.get(slug="fd-agro")
    federation.agreements.set(["1979"])
    load_organisations()
    union = Organisation.objects.get(slug="ud-14")
    assert (union.name, union.is_active) == ("UD du Calvados", False)
    assert [agreement.pk for agreement in federation.agreements.all()] == ["1979"]


def test_an_ud_with_another_identifier_is_not_doubled() -> None:
    Organisation.objects.filter(slug="ud-14").update(slug="calvados")
    assert load_organisations().is_empty
    assert Organisation.objects.filter(departement="14", kind=Kind.UD).count() == 1


def test_what_is_missing_is_created_again() -> None:
    Organisation.objects.filter(slug="ud-14").delete()
    report = load_organisations()
    assert Organisation.objects.filter(slug="ud-14").exists()
    assert str(report).startswith("unions départementales : 1 ajout en ")


def test_the_command_ends_with_one_line() -> None:
    output = StringIO()
    call_command("load_organisations", stdout=output)
    assert output.getvalue().startswith("Organisations : rien à changer (")
