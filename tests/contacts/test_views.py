"""Pages of activists and staff."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, Source
from organisations.models import User
from tests.factories import make_contact, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def militant(people: dict[str, User], client_for: Any) -> Client:
    return client_for(people["militant"])  # type: ignore[no-any-return]


@pytest.fixture
def ud(people: dict[str, User], client_for: Any) -> Client:
    return client_for(people["ud"])  # type: ignore[no-any-return]


def enter(client: Client, **changes: str) -> Any:
    page = client.get("/saisie/").content.decode()
    hidden = dict(re.findall(r'name="(form_token|shown)" value="([^"]*)"', page))
    fields = {
        "first_name": "Karim", "phone": "06 39 98 00 02", "email": "", "trade": "garagiste",
        "postcode": "14000", "consent_sms": "on",
    }  # fmt: skip
    return client.post("/saisie/", fields | hidden | changes)


def test_an_activist_enters_a_contact(militant: Client, people: dict[str, User]) -> None:
    response = enter(militant)
    assert response.status_code == 302
    contact = Contact.objects.get()
    assert contact.captures.get().captured_by == people["militant"]
    assert contact.consents.get().author == people["militant"]
    assert "1 saisi aujourd" in militant.get("/saisie/").content.decode()


@pytest.mark.parametrize(
    ("typed", "commune"), [("bayeux", "14047"), ("Caen", "14118"), ("14000", "14118")]
)
def test_the_place_is_a_postcode_or_a_name(militant: Client, typed: str, commune: str) -> None:
    enter(militant, postcode=typed)
    assert Contact.objects.get().commune_id == commune


@pytest.mark.parametrize(
    ("typed", "message"), [("Saint-Martin", "Plusieurs communes"), ("Xyzzy", "Aucune commune")]
)
def test_an_unclear_place_is_asked_again(militant: Client, typed: str, message: str) -> None:
    page = enter(militant, postcode=typed).content.decode()
    assert message in page
    assert f'value="{typed}"' in page


def test_a_chosen_commune_wins_over_its_postcode(militant: Client) -> None:
    enter(militant, postcode="Bayeux (14400)", commune="14047")
    assert Contact.objects.get().commune_id == "14047"


def test_the_source_of_another_organisation_cannot_be_chosen(militant: Client) -> None:
    foreign = make_source("ud-50")
    page = enter(militant, source=str(foreign.pk)).content.decode()
    assert "aria-invalid" in page
    assert not Contact.objects.exists()


def test_an_activist_learns_nothing_of_a_known_person(militant: Client) -> None:
    known = make_contact(phone="+33639980002", first_name="Karim")
    assert enter(militant).status_code == 302
    assert known.captures.count() == 2
    assert militant.get(f"/contacts/{known.pk}/").status_code == 404
    assert ">Karim<" not in militant.get("/contacts/", {"q": "sylviane"}).content.decode()


def test_an_activist_sees_in_full_whom_they_brought(militant: Client) -> None:
    enter(militant)
    page = militant.get(f"/contacts/{Contact.objects.get().pk}/").content.decode()
    assert "06 39 98 00 02" in page


def test_the_list_asks_as_many_queries_for_thirty_rows_as_for_one(ud: Client) -> None:
    make_contact(phone="+33639980001", email="")
    ud.get("/contacts/")
    with CaptureQueriesContext(connection) as one:
        ud.get("/contacts/")
    for number in range(29):
        make_contact(phone=f"+336399801{number:02d}", email="")
    with CaptureQueriesContext(connection) as thirty:
        assert ud.get("/contacts/").content.decode().count("/contacts/") > 30
    assert len(thirty) == len(one)


def test_pages_follow_each_other_without_loss(ud: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contacts.listing.PAGE_SIZE", 4)
    for number in range(10):
        make_contact(first_name=f"Nom{number}", phone=f"+336399802{number:02d}", email="")
    seen: list[str] = []
    address = "/contacts/"
    while address:
        page = ud.get(address).content.decode()
        seen += re.findall(r">(Nom\d+)<", page)
        following = re.search(r'rel="next" href="([^"]*)"', page)
        address = f"/contacts/{following[1]}" if following else ""
    assert seen == [f"Nom{number}" for number in reversed(range(10))]


@pytest.mark.parametrize("cursor", ["x", "2026-01-01_1", "2026-01-01T00:00:00+00:00_x", "_"])
def test_an_unreadable_cursor_shows_the_first_page(ud: Client, cursor: str) -> None:
    make_contact()
    assert "Sylviane" in ud.get("/contacts/", {"avant": cursor}).content.decode()


@pytest.mark.parametrize("query", ["%", "'", "_", "-"])
def test_punctuation_alone_finds_nobody(ud: Client, query: str) -> None:
    make_contact()
    assert ">Sylviane<" not in ud.get("/contacts/", {"q": query}).content.decode()


@pytest.mark.parametrize(
    "query", ["caen", "14000", "sylv", "SYLVIANE", "0639980001", "06 39 98 00 01", "example"]
)
def test_search_finds_by_name_number_and_address(ud: Client, query: str) -> None:
    make_contact()
    make_contact(
        first_name="Karim", phone="+33639980009", email="karim@autre.test", postcode="14400"
    )
    page = ud.get("/contacts/", {"q": query}).content.decode()
    assert ">Sylviane<" in page
    assert ">Karim<" not in page


def test_correcting_a_contact_keeps_what_was_typed_when_wrong(ud: Client) -> None:
    contact = make_contact()
    page = ud.post(
        f"/contacts/{contact.pk}/corriger/",
        {"first_name": "Sylvie", "phone": "12", "email": "", "trade": "coiffeur",
         "postcode": "14000"},
    ).content.decode()  # fmt: skip
    assert 'value="12"' in page
    assert "ne semble pas valide" in page


def test_staff_records_a_withdrawal_and_an_erasure(ud: Client) -> None:
    contact = make_contact()
    shown = re.search(
        r'name="shown" value="([^"]*)"', ud.get(f"/contacts/{contact.pk}/choix/").content.decode()
    )
    assert shown
    ud.post(f"/contacts/{contact.pk}/choix/", {"shown": shown[1]})
    assert not any(consent.is_given for consent in contact.consents.holding())
    ud.post(f"/contacts/{contact.pk}/effacer/")
    assert not Contact.objects.exists()


def test_two_people_sharing_a_number_can_be_told_apart(ud: Client) -> None:
    make_contact(email="")
    other = make_contact(first_name="Karim", email="")
    assert "est-ce la même personne" in ud.get(f"/contacts/{other.pk}/").content.decode()
    ud.post(f"/contacts/{other.pk}/distinct/")
    other.refresh_from_db()
    assert other.possible_duplicate_of is None


def test_staff_open_print_close_and_reopen_a_source(ud: Client, people: dict[str, User]) -> None:
    organisation = people["ud"].active_memberships[0].organisation
    response = ud.post(
        "/sources/nouvelle/",
        {"organisation": organisation.pk, "kind": "flyer", "label": "Marché de Caen", "trade": ""},
    )
    source = Source.objects.get()
    assert response["Location"] == f"/sources/{source.pk}/"
    assert source.code in ud.get(f"/sources/{source.pk}/affiche/").content.decode()
    assert ud.get(f"/sources/{source.pk}/qr.svg")["Content-Type"] == "image/svg+xml"
    assert ud.get(f"/sources/{source.pk}/qr.png").content.startswith(b"\x89PNG")
    assert ud.get(f"/sources/{source.pk}/qr.exe").status_code == 404
    ud.post(f"/sources/{source.pk}/fermer/")
    assert Client().get(f"/i/{source.code}/").status_code == 410
    ud.post(f"/sources/{source.pk}/rouvrir/")
    assert Client().get(f"/i/{source.code}/").status_code == 200


def test_a_source_needs_a_name_and_an_organisation_of_ones_own(ud: Client) -> None:
    foreign = make_source("ud-50").organisation
    page = ud.post(
        "/sources/nouvelle/", {"organisation": foreign.pk, "kind": "flyer", "label": ""}
    ).content.decode()
    assert "Donnez un intitulé" in page
    assert Source.objects.count() == 1


def test_the_search_follows_the_typing_with_the_results_alone(ud: Client) -> None:
    make_contact()
    page = ud.get("/contacts/", {"q": "sylv"}, headers={"HX-Request": "true"}).content.decode()
    assert ">Sylviane<" in page
    assert "<html" not in page
    assert 'id="resultats"' in page


def test_a_corrected_contact_that_leaves_ones_scope_leads_back_to_the_list(ud: Client) -> None:
    contact = make_contact()
    response = ud.post(
        f"/contacts/{contact.pk}/corriger/",
        {"first_name": "Sylviane", "phone": "06 39 98 00 01", "email": "", "trade": "coiffeur",
         "postcode": "75001"},
        follow=True,
    )  # fmt: skip
    assert response.status_code == 200
    assert "relève d’une autre" in response.content.decode()


def test_an_address_that_only_records_says_so_in_french(ud: Client) -> None:
    response = ud.get(f"/sources/{make_source().pk}/fermer/")
    assert response.status_code == 405
    assert "ne s’ouvre pas ainsi" in response.content.decode()


def test_pages_behind_the_log_in_stay_out_of_caches(ud: Client) -> None:
    assert "no-store" in ud.get("/contacts/")["Cache-Control"]
