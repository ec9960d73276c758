"""The pages of lists, from the file to the report."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError

from contacts.models import Contact
from imports import tasks
from imports.models import ContactImport
from organisations.models import User
from tests.factories import get_organisation, make_user
from tests.imports.factories import LIST, WORDS, make_checked_import, make_done_import, make_import
from tests.imports.factories import work as work_to_the_end
from tests.imports.workbooks import workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def ud(people: dict[str, User], client_for: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Staff of UD 14; what they ask of a worker is done at once."""
    monkeypatch.setattr(tasks.work_on_import, "delay", tasks.work_on_import)
    return client_for(people["ud"])  # type: ignore[no-any-return]


def send(client: Client, data: bytes = LIST.encode(), name: str = "liste.csv") -> Any:
    fields = {
        "organisation": get_organisation("ud-14").pk,
        "label": "Permanences 2025",
        "file": SimpleUploadedFile(name, data),
    }
    return client.post("/imports/nouvelle/", fields)


PROOF = {
    "origin": "paper", "consented_on": "2025-11-03", "words": WORDS, "circumstances": "",
    "channels": ["email", "sms"], "sends_welcome": "on", "attested": "on",
}  # fmt: skip
COLUMNS = {
    "column_0": "first_name", "column_1": "phone", "column_2": "email", "column_3": "trade",
    "column_4": "postcode", "default_trade": "", "default_postcode": "",
}  # fmt: skip


def test_a_list_goes_from_file_to_people(ud: Client) -> None:
    address = send(ud).headers["Location"]
    page = ud.get(address).content.decode()
    assert "Zoé · Léa · Irène" in page
    assert page.count("selected") >= 5

    proof = ud.post(address, COLUMNS).headers["Location"]
    detail = ud.post(proof, PROOF).headers["Location"]
    page = ud.get(detail).content.decode()
    assert "Importer 3 personnes" in page
    assert "06 39 98 00 11" in page
    assert "travaille hors de votre périmètre" in page
    assert "2 e-mails et 1 SMS" in page
    assert not Contact.objects.exists()

    assert ud.post(f"{detail}importer/").headers["Location"] == detail
    assert "3 personnes" in ud.get(detail).content.decode()
    assert Contact.objects.count() == 3


def test_who_asked_to_be_called_agreed_to_calls(ud: Client) -> None:
    proof = ud.post(send(ud).headers["Location"], COLUMNS).headers["Location"]
    asked = PROOF | {"asked_to_be_called": "on"}
    assert "Cochez aussi" in ud.post(proof, asked).content.decode()
    answer = ud.post(proof, asked | {"channels": ["sms", "call"]})
    assert "2 personnes à appeler" in ud.get(answer.headers["Location"]).content.decode()


def test_a_workbook_is_taken_too(ud: Client) -> None:
    data = workbook([["Prénom", "Mobile", "CP"], ["Zoé", 639980011.0, 14000.0]])
    assert "/colonnes/" in send(ud, data, "liste.xlsx").headers["Location"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7 ", "pas un tableau"),
        (b"", "est vide"),
        ("Zoé;0639980011\n".encode(), "Ligne 1"),
    ],
)
def test_a_wrong_file_is_refused_beside_its_field(ud: Client, data: bytes, words: str) -> None:
    page = send(ud, data).content.decode()
    assert words in page
    assert "Permanences 2025" in page
    assert not ContactImport.objects.exists()


def test_a_list_is_not_sent_in_the_name_of_another_organisation(ud: Client) -> None:
    fields = {
        "organisation": get_organisation("ud-50").pk, "label": "Liste",
        "file": SimpleUploadedFile("liste.csv", LIST.encode()),
    }  # fmt: skip
    assert ud.post("/imports/nouvelle/", fields).status_code == 200
    assert not ContactImport.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"column_0": ""}, "quelle colonne contient le prénom"),
        ({"column_1": "", "column_2": ""}, "contient un téléphone ou un e-mail"),
        ({"column_2": "phone"}, "déjà prise par une autre colonne"),
        ({"column_4": ""}, "où les personnes travaillent"),
        ({"default_postcode": "99999"}, "existe pas en France"),
    ],
)
def test_columns_that_do_not_make_a_list_are_asked_again(
    ud: Client, people: dict[str, User], changes: dict[str, str], words: str
) -> None:
    contact_import = make_import(user=people["ud"])
    page = ud.post(f"/imports/{contact_import.pk}/colonnes/", COLUMNS | changes).content.decode()
    assert words in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"origin": ""}, "Dites comment"),
        ({"consented_on": "2999-01-01"}, "futur"),
        ({"words": "oui"}, "trop court"),
        ({"words": ""}, "rien n’est importé"),
        ({"channels": []}, "au moins un moyen"),
        ({"attested": ""}, "Sans cette attestation"),
    ],
)
def test_without_a_whole_proof_nothing_goes_on(
    ud: Client, people: dict[str, User], changes: dict[str, Any], words: str
) -> None:
    contact_import = make_import(user=people["ud"])
    page = ud.post(f"/imports/{contact_import.pk}/accord/", PROOF | changes).content.decode()
    assert words in page
    contact_import.refresh_from_db()
    assert contact_import.status == "draft"


def test_the_page_asks_again_only_while_a_worker_is_at_it(
    ud: Client, people: dict[str, User]
) -> None:
    contact_import = make_checked_import(user=people["ud"])
    address = f"/imports/{contact_import.pk}/"
    for status, asks in (("checking", True), ("running", True), ("ready", False), ("done", False)):
        ContactImport.objects.update(status=status)
        assert ("data-hx-trigger" in ud.get(address).content.decode()) is asks


def test_the_part_that_is_asked_for_is_the_state_alone(ud: Client, people: dict[str, User]) -> None:
    contact_import = make_checked_import(user=people["ud"])
    part = ud.get(f"/imports/{contact_import.pk}/", headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<div class="stack" id="state"')


def test_the_errors_come_as_a_file_to_correct_and_send_back(
    ud: Client, people: dict[str, User]
) -> None:
    text = LIST + "=1+1;+33639980013;;;14000\nMax;-12;;;14000\n"
    contact_import = make_checked_import(text, user=people["ud"])
    answer = ud.get(f"/imports/{contact_import.pk}/erreurs.csv")
    assert "permanences-2025-a-corriger.csv" in answer.headers["Content-Disposition"]
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert rows[0] == ["Ligne", "À corriger", "Prénom", "Téléphone", "E-mail", "Métier",
                       "Code postal"]  # fmt: skip
    assert [(row[0], row[2], row[3]) for row in rows[1:]] == [
        ("5", "'=1+1", "+33639980013"), ("6", "Max", "'-12"),
    ]  # fmt: skip
    rows[1][2], rows[2][3] = "Ana", "06 39 98 00 14"
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    assert work_to_the_end(make_done_import(out.getvalue())).status == "done"
    assert sorted(Contact.objects.values_list("first_name", flat=True)) == ["Ana", "Max"]


def test_undoing_is_asked_then_done(ud: Client, people: dict[str, User]) -> None:
    contact_import = make_done_import(user=people["ud"])
    address = f"/imports/{contact_import.pk}/annuler/"
    assert "Annuler cet import" in ud.get(address).content.decode()
    assert Contact.objects.count() == 3
    ud.post(address)
    assert not Contact.objects.exists()
    assert "effacé" in ud.get(f"/imports/{contact_import.pk}/").content.decode()


def test_what_is_imported_already_cannot_be_prepared_again(
    ud: Client, people: dict[str, User]
) -> None:
    contact_import = make_done_import(user=people["ud"])
    assert ud.get(f"/imports/{contact_import.pk}/colonnes/").status_code == 404
    assert ud.post(f"/imports/{contact_import.pk}/accord/", PROOF).status_code == 404


def test_a_union_above_does_not_open_the_list_of_another(client_for: Any) -> None:
    contact_import = make_import(organisation="ul-caen")
    above = client_for(make_user("admin", "ud-14"))
    assert above.get(f"/imports/{contact_import.pk}/").status_code == 404
    assert contact_import.label not in above.get("/imports/").content.decode()


def test_the_model_file_can_be_imported_as_it_is(ud: Client) -> None:
    data = ud.get("/imports/modele.csv").content
    assert "/colonnes/" in send(ud, data, "modele.csv").headers["Location"]
    guessed = ContactImport.objects.get().columns
    assert guessed.keys() == {"first_name", "phone", "email", "trade", "postcode", "commune"}


def test_the_list_asks_as_many_queries_for_ten_rows_as_for_one(
    ud: Client, people: dict[str, User]
) -> None:
    make_import(user=people["ud"])
    ud.get("/imports/")
    with CaptureQueriesContext(connection) as one:
        ud.get("/imports/")
    for _ in range(9):
        make_import(user=people["ud"])
    with CaptureQueriesContext(connection) as ten:
        assert ud.get("/imports/").content.decode().count("Permanences 2025") == 10
    assert len(ten) == len(one)


def test_an_import_is_confirmed_while_redis_is_away(
    ud: Client, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(pk: str) -> None:
        raise OperationalError("no broker")

    contact_import = make_checked_import(user=people["ud"])
    monkeypatch.setattr(tasks.work_on_import, "delay", away)
    assert ud.post(f"/imports/{contact_import.pk}/importer/").status_code == 302
    contact_import.refresh_from_db()
    assert contact_import.status == "running"


def test_nobody_is_written_to_unless_somebody_ticks_it(ud: Client) -> None:
    proof = ud.post(send(ud).headers["Location"], COLUMNS).headers["Location"]
    box = ud.get(proof).content.decode().split('name="sends_welcome"')[1].split(">")[0]
    assert "checked" not in box


def test_the_report_says_who_stands_twice_in_the_file(ud: Client) -> None:
    text = LIST + "Zoé;0639980011;zoe@example.org;;14000\n"
    page = ud.get(f"/imports/{make_checked_import(text).pk}/").content.decode()
    assert "Répétées dans ce fichier" in page
    assert "Importer 3 personnes" in page
