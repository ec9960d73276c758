"""Paper sheets: printed with their proof, typed in once."""

import datetime as dt
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from contacts.actions import change_consents, erase_contact, open_activist_source
from contacts.enums import CaptureMethod
from contacts.models import Capture, ConsentWording, Contact, PrintedSheet, Source
from contacts.paper import wording_sets
from contacts.rules import current_wordings
from organisations.models import User
from tests.factories import get_organisation, make_contact, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(db: None) -> Source:
    source = make_source("ud-14", label="Marché de Caen")
    printed(source)
    return source


@pytest.fixture
def ud(people: dict[str, User], client_for: Any) -> Client:
    return client_for(people["ud"])  # type: ignore[no-any-return]


def line(number: int, **cells: str) -> dict[str, str]:
    cells = {"first_name": "Zoé", "phone": "0639980011", "consent_sms": "on"} | cells
    return {f"ligne-{number}-{name}": value for name, value in cells.items()}


def printed(source: Source, number: str = "7K3M") -> PrintedSheet:
    """A sheet of this number, printed once."""
    words = wording_sets()[0].reference
    sheet, _ = PrintedSheet.objects.get_or_create(
        number=number, defaults={"source": source, "wordings": words}
    )
    return sheet


def enter(client: Client, source: Source, *lines: dict[str, str], **sheet: str) -> Any:
    fields = {"number": "7K3M", "filled_on": timezone.localdate().isoformat()}
    for each in lines:
        fields |= each
    return client.post(f"/sources/{source.pk}/feuilles/saisir/", fields | sheet)


FIRST = line(1, postcode="14000", trade="coiffeuse")
SECOND = line(2, first_name="Léa", phone="06 39 98 00 12", email="lea@example.org",
              consent_email="on")  # fmt: skip


def test_sheets_are_numbered_and_carry_the_words_and_the_address(
    ud: Client, source: Source, people: dict[str, User]
) -> None:
    answer = ud.post(f"/sources/{source.pk}/feuilles/", {"sheets": "3"})
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages  # type: ignore[attr-defined]
    texts = [" ".join(page.extract_text().split()) for page in pages]
    assert len(texts) == 3
    numbers = {re.search(r"Feuille ([0-9A-Z]{4})", text)[1] for text in texts}  # type: ignore[index]
    assert len(numbers) == 3
    rows = PrintedSheet.objects.filter(number__in=numbers)
    assert {(row.source, row.printed_by, row.entered_at) for row in rows} == {
        (source, people["ud"], None)
    }
    wording = current_wordings()[0]
    assert all(
        wording.text in text
        and wording.notice[:60] in text
        and f"/i/{source.code}/" in text
        and f"Texte {wording_sets()[0].reference}" in text
        for text in texts
    )


@pytest.mark.parametrize("sheets", ["0", "51", "x", ""])
def test_a_wrong_number_of_sheets_is_asked_again(ud: Client, source: Source, sheets: str) -> None:
    page = ud.post(f"/sources/{source.pk}/feuilles/", {"sheets": sheets})
    assert "aria-invalid" in page.content.decode()


def test_a_whole_sheet_is_entered(ud: Client, source: Source, people: dict[str, User]) -> None:
    assert enter(ud, source, FIRST, SECOND).status_code == 302
    zoe, lea = Contact.objects.order_by("first_name")[::-1]
    assert (zoe.first_name, zoe.trade_id, zoe.postcode) == ("Zoé", "coiffeur", "14000")
    assert (lea.phone.as_e164, lea.email, lea.postcode) == (
        "+33639980012", "lea@example.org", "14000",
    )  # fmt: skip
    capture = lea.captures.get()
    assert (capture.method, capture.captured_by, capture.note) == (
        CaptureMethod.PAPER, people["ud"], "Feuille 7K3M, ligne 2",
    )  # fmt: skip
    assert {(each.channel, each.author) for each in lea.consents.all()} == {
        ("email", people["ud"]), ("sms", people["ud"]),
    }  # fmt: skip
    page = ud.get(f"/sources/{source.pk}/feuilles/saisir/").content.decode()
    assert "2 personnes enregistrées." in page


def test_the_next_sheet_keeps_the_day(ud: Client, source: Source) -> None:
    answer = enter(ud, source, FIRST, filled_on="2025-11-03")
    assert 'value="2025-11-03"' in ud.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"first_name": "", "email": "zoe@example.org"}, "Écrivez le prénom."),
        ({"phone": "06 12"}, "Ce numéro ne semble pas valide."),
        ({"phone": ""}, "Écrivez un téléphone ou un e-mail."),
        ({"email": "zoe@"}, "Cette adresse semble incomplète."),
        ({"trade": "astronaute"}, "Choisissez un métier de la liste"),
        ({"postcode": ""}, "Il manque le code postal"),
        ({"postcode": "99999"}, "n’existe pas en France"),
        ({"consent_sms": ""}, "Sans case cochée"),
        ({"consent_email": "on"}, "Il faut ce moyen"),
    ],
)
def test_a_wrong_line_stores_nothing_and_keeps_what_was_typed(
    ud: Client, source: Source, changes: dict[str, str], message: str
) -> None:
    wrong = line(1, **({"postcode": "14000"} | changes))
    right = line(2, first_name="Léa", phone="0639980012", postcode="14000")
    page = enter(ud, source, wrong, right).content.decode()
    assert message in page
    assert "Ligne 1, " in page
    assert 'value="Léa"' in page
    assert all(f'value="{typed}"' in page for typed in changes.values() if typed not in ("", "on"))
    assert not Contact.objects.exists()


def test_blank_lines_are_passed_over(ud: Client, source: Source) -> None:
    enter(ud, source, line(4, postcode="14000"), {"ligne-7-postcode": "14000"})
    assert Contact.objects.count() == 1


def test_an_empty_sheet_is_not_stored(ud: Client, source: Source) -> None:
    assert "Écrivez au moins une ligne" in enter(ud, source).content.decode()


def test_a_commune_may_be_written_for_a_postcode(ud: Client, source: Source) -> None:
    enter(ud, source, line(1, postcode="bayeux"))
    assert Contact.objects.get().commune_id == "14047"


def test_the_same_sheet_sent_twice_is_stored_once(ud: Client, source: Source) -> None:
    enter(ud, source, FIRST, SECOND)
    assert enter(ud, source, FIRST, SECOND).status_code == 302
    assert Capture.objects.count() == 2
    assert "rien n’est doublé" in ud.get("/sources/").content.decode()


def test_a_number_entered_before_is_asked_about(ud: Client, source: Source) -> None:
    enter(ud, source, FIRST)
    page = enter(ud, source, SECOND | {"ligne-2-postcode": "14000"}).content.decode()
    assert "La feuille 7K3M a déjà été saisie" in page
    assert 'value="Léa"' in page
    assert Capture.objects.count() == 1


def test_lines_are_added_to_a_sheet_when_that_is_meant(ud: Client, source: Source) -> None:
    enter(ud, source, FIRST)
    enter(ud, source, FIRST, SECOND, again="on")
    assert Capture.objects.count() == 2
    assert "1 personne enregistrée" in ud.get("/sources/").content.decode()


def test_the_number_is_read_as_it_was_written(ud: Client, source: Source) -> None:
    enter(ud, source, FIRST)
    other = line(1, first_name="Léa", postcode="14000")
    assert "déjà été saisie" in enter(ud, source, other, number="7k3-m").content.decode()


@pytest.mark.parametrize("number", ["7K3N", "???", "7K3M7K3M"])
def test_a_number_never_printed_is_refused(ud: Client, source: Source, number: str) -> None:
    assert "Aucune feuille imprimée" in enter(ud, source, FIRST, number=number).content.decode()
    assert not Contact.objects.exists()


def test_a_number_printed_for_another_source_is_refused(ud: Client, source: Source) -> None:
    other = make_source("ud-14")
    assert "autre QR code" in enter(ud, other, FIRST).content.decode()
    assert not Contact.objects.exists()


def test_a_sheet_whose_people_were_erased_since_is_still_known_as_entered(
    ud: Client, source: Source
) -> None:
    enter(ud, source, FIRST)
    erase_contact(contact=Contact.objects.get())
    assert "a déjà été saisie" in enter(ud, source, SECOND).content.decode()


def test_a_number_leads_to_the_sheet_of_its_source(ud: Client, source: Source) -> None:
    answer = ud.get("/feuilles/saisir/", {"number": "7k3-m"}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(f"/sources/{source.pk}/feuilles/saisir/")
    assert 'value="7K3M"' in answer.content.decode()
    assert "déjà été saisie" not in answer.content.decode()
    enter(ud, source, FIRST)
    again = ud.get("/feuilles/saisir/", {"number": "7K3M"}, follow=True).content.decode()
    assert "La feuille 7K3M a déjà été saisie" in again


def test_a_number_of_somebody_else_is_answered_like_one_never_printed(ud: Client) -> None:
    printed(make_source("ud-50"), "AAAA")
    pages = [
        main_part(ud.get("/feuilles/saisir/", {"number": number}).content.decode(), number)
        for number in ("AAAA", "ZZZZ")
    ]
    assert "Aucune de vos feuilles" in pages[0]
    assert pages[0] == pages[1]


def main_part(page: str, number: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0].replace(number, "")


def test_the_words_are_those_that_were_printed(ud: Client, source: Source) -> None:
    words = wording_sets()[0]
    old = words.by_channel["sms"]
    ConsentWording.objects.create(
        version=old.version + 1, language="fr", purpose=old.purpose, channel="sms",
        text="Autres mots", notice="Autre information",
        published_at=timezone.now() + dt.timedelta(hours=1),
    )  # fmt: skip
    assert wording_sets()[0].by_channel["sms"].text == "Autres mots"
    assert wording_sets()[1].reference == words.reference
    enter(ud, source, FIRST)
    assert Contact.objects.get().consents.get().wording == old


def test_paper_does_not_undo_a_stop_said_since(ud: Client, source: Source) -> None:
    contact = make_contact(first_name="Zoé", phone="+33639980011", email="")
    change_consents(contact=contact, given=[])
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    enter(ud, source, FIRST, filled_on=yesterday.isoformat())
    held = {consent.channel: consent.is_given for consent in contact.consents.holding()}
    assert held["sms"] is False


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        ({"filled_on": "2999-01-01"}, "futur"),
        ({"number": ""}, "numéro de la feuille"),
    ],
)
def test_what_the_sheet_says_of_itself_is_checked(
    ud: Client, source: Source, sheet: dict[str, str], message: str
) -> None:
    assert message in enter(ud, source, FIRST, **sheet).content.decode()
    assert not Contact.objects.exists()


def test_ten_lines_cost_as_many_queries_as_one(ud: Client, source: Source) -> None:
    for number in ("AAAA", "BBBB", "CCCC"):
        printed(source, number)
    enter(ud, source, line(1, postcode="14000", phone="0639980099"), number="AAAA")

    def queries(number: str, count: int, start: int) -> int:
        lines = [
            line(at, phone=f"06399800{start + at}", postcode="14000") for at in range(1, count + 1)
        ]
        with CaptureQueriesContext(connection) as asked:
            enter(ud, source, *lines, number=number)
        return len(asked)

    assert queries("BBBB", 10, 20) == queries("CCCC", 1, 40)
    assert Contact.objects.count() == 12


def test_activists_enter_the_sheets_of_their_own_source_and_of_no_other(
    people: dict[str, User], client_for: Any
) -> None:
    activist, client = people["militant"], client_for(people["militant"])
    own = open_activist_source(user=activist, organisation=get_organisation("ud-14"))
    entry = f"/sources/{own.pk}/feuilles/saisir/"
    assert entry in client.get(f"/sources/{own.pk}/").content.decode()
    assert entry in client.get(f"/sources/{own.pk}/feuilles/").content.decode()
    printed(own)
    assert enter(client, own, FIRST).status_code == 302
    assert Capture.objects.get().captured_by == activist
    assert enter(client, make_source("ud-14"), FIRST).status_code == 404


def test_nobody_enters_the_sheets_of_somebody_else(ud: Client, people: dict[str, User]) -> None:
    own = open_activist_source(user=people["militant"], organisation=get_organisation("ud-14"))
    assert enter(ud, own, FIRST).status_code == 404


def test_a_sheet_is_of_the_day_of_where_it_was_filled(client_for: Any) -> None:
    reunion = make_source("ud-974")
    printed(reunion)
    staff = client_for(make_user("staff", "ud-974"))
    enter(staff, reunion, line(1, postcode="97410", trade="coiffeuse"), filled_on="2025-11-20")
    consent = Contact.objects.get().consents.get()
    assert consent.given_at == dt.datetime(2025, 11, 19, 20, tzinfo=dt.UTC)
