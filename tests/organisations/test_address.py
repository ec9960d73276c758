"""Where an organisation receives letters and calls, and who says so."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from organisations.actions import details_seen
from organisations.admin import OrganisationForm
from organisations.models import Organisation, User
from tests.factories import get_organisation, make_user

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
ADDRESS = "Maison des syndicats\n\n  12 rue de l’Exemple \n14000 Caen\n"


def address_page(slug: str = "ul-caen") -> str:
    return reverse("organisations:organisation-address", args=[get_organisation(slug).pk])


def write(client: Client, slug: str = "ul-caen", **typed: str) -> HttpResponse:
    shown = {"postal_address": ADDRESS, "phone": "", "seen": details_seen(get_organisation(slug))}
    return client.post(address_page(slug), shown | typed)


def union(slug: str = "ul-caen") -> Organisation:
    return Organisation.objects.get(slug=slug)


def test_an_admin_writes_it_and_whoever_sees_the_organisation_reads_it(client_for: LogIn) -> None:
    get_organisation("ul-caen")
    answer = write(client_for(make_user("admin", "ul-caen")), phone="02 31 85 00 00")
    page = reverse("organisations:organisation-detail", args=[union().pk])
    assert answer["Location"] == page
    assert union().postal_address == "Maison des syndicats\n12 rue de l’Exemple\n14000 Caen"
    text = client_for(make_user("militant", "ul-caen")).get(page).content.decode()
    assert "12 rue de l’Exemple<br>14000 Caen" in text
    assert 'href="tel:+33231850000"' in text
    assert "02 31 85 00 00" in text
    assert address_page() not in text


@pytest.mark.parametrize(
    ("role", "slug", "status"),
    [
        ("admin", "ud-14", 302),
        ("staff", "ul-caen", 404),
        ("militant", "ul-caen", 404),
        ("admin", "ud-50", 404),
    ],
)
def test_who_writes_it(client_for: LogIn, role: str, slug: str, status: int) -> None:
    get_organisation("ul-caen")
    assert write(client_for(make_user(role, slug))).status_code == status
    assert bool(union().postal_address) is (status == 302)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"postal_address": "12 rue de l’Exemple"}, "Il manque le code postal"),
        ({"postal_address": "a\nb\nc\nd\ne\n14000 Caen"}, "5 lignes de 60 caractères au plus"),
        ({"postal_address": f"{'x' * 61}\n14000 Caen"}, "5 lignes de 60 caractères au plus"),
        ({"phone": "02 31"}, "Ce numéro ne semble pas valide"),
        ({"phone": "bonjour"}, "Ce numéro ne semble pas valide"),
    ],
)
def test_what_no_postman_would_find_is_said_beside_its_field(
    client_for: LogIn, typed: dict[str, str], said: str
) -> None:
    answer = write(client_for(make_user("admin", "ul-caen")), **typed)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert union().postal_address == ""


def test_a_number_of_la_reunion_is_read_as_one_writes_it_there(client_for: LogIn) -> None:
    write(client_for(make_user("admin", "ud-974")), "ud-974", phone="0262 12 34 56")
    assert union("ud-974").phone == "+262262123456"
    assert union("ud-974").phone_as_national == "0262 12 34 56"


def test_two_who_write_it_see_each_other(client_for: LogIn) -> None:
    seen = details_seen(get_organisation("ul-caen"))
    first, second = (client_for(make_user("admin", "ul-caen")) for _ in range(2))
    write(first, seen=seen, phone="02 31 85 00 00")
    typed = "3 place de l’Exemple\n14000 Caen"
    answer = write(second, seen=seen, postal_address=typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Quelqu’un vient de modifier cette adresse" in page
    assert "Maison des syndicats, 12 rue de l’Exemple, 14000 Caen" in page
    assert "02 31 85 00 00" in page
    assert "3 place de l’Exemple" in page
    assert union().postal_address.startswith("Maison des syndicats")
    form = answer.context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert second.post(address_page(), again).status_code == 302
    assert union().postal_address == typed


def test_what_was_never_seen_is_not_replaced(client_for: LogIn) -> None:
    get_organisation("ul-caen")
    assert write(client_for(make_user("admin", "ul-caen")), seen="").status_code == 409
    assert union().postal_address == ""


def test_it_can_be_taken_back(client_for: LogIn) -> None:
    client = client_for(make_user("admin", "ul-caen"))
    write(client, phone="02 31 85 00 00")
    write(client, postal_address="")
    assert (union().postal_address, union().phone) == ("", "")


@pytest.mark.parametrize(
    ("slug", "typed", "kept"),
    [
        ("ul-caen", "02 31 00 00 00", "+33231000000"),
        ("ud-974", "0262 12 34 56", "+262262123456"),
        ("ul-caen", "", ""),
    ],
)
def test_the_administration_keeps_the_prefix_of_a_number(slug: str, typed: str, kept: str) -> None:
    form = administration_form(slug, phone=typed)
    form.save()
    assert union(slug).phone == kept


def test_the_administration_refuses_what_nobody_could_call() -> None:
    assert "phone" in administration_form("ul-caen", phone="poste 12").errors


def administration_form(slug: str, **typed: str) -> OrganisationForm:
    organisation = get_organisation(slug)
    shown = {name: value for name, value in model_to_dict(organisation).items() if value}
    return OrganisationForm(shown | typed, instance=organisation)


def test_a_number_without_prefix_never_gets_in() -> None:
    get_organisation("ul-caen")
    with pytest.raises(IntegrityError):
        Organisation.objects.filter(slug="ul-caen").update(phone="02 31 00 00 00")
