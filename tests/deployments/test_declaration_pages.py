"""The tab « Déclarations », the letter, the receipt and the pages of the rules."""

import html
import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from deployments import actions, declaring
from deployments.enums import Answer, DeclarationState
from deployments.letters import of_place, people_expected, proposed_body
from deployments.models import (
    ChecklistItem,
    DeclarationRule,
    Deployment,
    PublicSpaceDeclaration,
    TeamMember,
)
from organisations.models import Organisation, User
from territory.models import Commune
from tests.deployments.factories import make_deployment, next_week, slot
from tests.deployments.test_declarations import (
    at,
    facts_now,
    make_fixed_point,
    make_rule,
    settle,
    town_hall,
)
from tests.factories import CAEN, make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
PDF = b"%PDF-1.7\n1 0 obj\n"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 30


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


def address(declaration: PublicSpaceDeclaration, page: str = "") -> str:
    base = f"/deploiements/{declaration.deployment_id}/declarations/"
    return f"{base}{declaration.pk}/{page}" if page else base


def make_member(deployment: Deployment, user: User | None = None, **fields: object) -> TeamMember:
    count = deployment.team.count()
    defaults: dict[str, object] = {
        "first_name": "Camille", "role_id": "equipe", "answer": Answer.COMING,
        "phone": "+33639980012", "person": f"test:{count}",
        "token_hash": f"{deployment.pk}-{count}",
    }  # fmt: skip
    return TeamMember.objects.create(deployment=deployment, user=user, **(defaults | fields))


def words(answer: HttpResponse) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def step(declaration: PublicSpaceDeclaration, **typed: str) -> dict[str, str]:
    """What the page of a step sends."""
    return typed | {"revision": "1", "facts": facts_now(declaration)}


def test_the_page_says_what_to_do_when_it_is_too_late(staff: Client) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    deployment = make_deployment(slots=[slot(tomorrow)], has_fixed_point=True)
    page = words(staff.get(address(town_hall(deployment))))
    assert "Trop tard : il fallait l’envoyer à la mairie" in page
    assert "changez de date" in page


def test_an_activist_sees_the_dates_and_changes_nothing(client_for: ClientFor) -> None:
    declaration = town_hall(make_fixed_point())
    militant = client_for(make_user("militant", "ul-caen"))
    page = words(militant.get(address(declaration)))
    assert "2 juin 2027" in page
    assert "Noter où elle en est" not in page


def test_it_is_noted_as_sent(staff: Client) -> None:
    declaration = town_hall(make_fixed_point())
    today = timezone.localdate().isoformat()
    answer = staff.post(address(declaration, "etape/"), step(declaration, state="sent", on=today))
    declaration.refresh_from_db()
    assert (answer.status_code, declaration.state) == (302, DeclarationState.SENT)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"state": "sent", "on": ""}, "De quel jour"),
        ({"state": "sent", "on": "2999-01-01"}, "n’est pas encore venu"),
        ({"state": "sent", "on": "1999-01-01"}, "vérifiez l’année"),
        ({"state": "granted", "on": "2026-11-20"}, "Sélectionnez un choix valide"),
        ({"on": "2026-11-20"}, "Choisissez où elle en est"),
    ],
)
def test_nonsense_is_refused_beside_its_field(
    staff: Client, typed: dict[str, str], said: str
) -> None:
    declaration = town_hall(make_fixed_point())
    answer = staff.post(address(declaration, "etape/"), step(declaration, **typed))
    assert answer.status_code == 200
    assert said in words(answer)
    declaration.refresh_from_db()
    assert declaration.state == DeclarationState.TO_SEND


def test_who_comes_second_sees_what_the_first_noted(staff: Client) -> None:
    declaration = town_hall(make_fixed_point())
    declaring.settle_declaration(
        declaration=declaration, revision=1, facts=facts_now(declaration),
        state=DeclarationState.SENT, on=date(2026, 11, 20), author=make_user("staff", "ul-caen"),
    )  # fmt: skip
    answer = staff.post(address(declaration, "etape/"), step(declaration, state="not-needed"))
    assert answer.status_code == 409
    assert "l’a notée « Envoyée », le 20 novembre 2026" in words(answer)
    assert "Vous vouliez noter « Sans objet ici »" in words(answer)
    declaration.refresh_from_db()
    assert declaration.state == DeclarationState.SENT


def test_who_notes_hours_that_have_changed_sees_the_new_ones(staff: Client) -> None:
    deployment = make_fixed_point()
    declaration = town_hall(deployment)
    typed = step(declaration, state="sent", on="2026-11-20")
    actions.move_deployment(
        deployment=deployment, revision=deployment.revision,
        starts_at=at("2027-06-09") + timedelta(hours=5),
    )  # fmt: skip
    answer = staff.post(address(declaration, "etape/"), typed)
    assert answer.status_code == 409
    assert "vient de changer de date ou de lieu" in words(answer)
    assert "mercredi 9 juin 2027, de 14 h à 17 h" in words(answer)
    assert "Vous vouliez noter « Envoyée, le 20 novembre 2026 »" in words(answer)
    declaration.refresh_from_db()
    assert declaration.state == DeclarationState.TO_SEND
    typed = step(declaration, state="sent", on="2026-11-20")
    assert staff.post(address(declaration, "etape/"), typed).status_code == 302


def test_a_receipt_never_takes_the_place_of_one_nobody_saw(staff: Client, tmp_path: Path) -> None:
    declaration = town_hall(make_fixed_point())
    upload(staff, declaration, PDF, revision=1)
    answer = upload(staff, declaration, PICTURE, revision=1)
    assert answer.status_code == 409
    assert "« Récépissé <1>.pdf » n’est pas joint" in html.unescape(words(answer))
    assert "avec le fichier « Récépissé 1.pdf »" in words(answer)
    (kept,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept.read_bytes() == PDF
    assert upload(staff, declaration, PICTURE, revision=2).status_code == 302


def test_the_letter_tells_the_facts() -> None:
    days = [slot(at("2027-06-09")), slot(at("2027-06-10"), hours=4)]
    deployment = make_deployment(slots=days, has_fixed_point=True)
    make_member(deployment, role_id="pilote", first_name="Sacha")
    ChecklistItem.objects.create(
        deployment=deployment, category="Point fixe", label="Barnum 3 × 3 m"
    )
    body = proposed_body(town_hall(deployment)).replace("\xa0", " ")
    for fact in (
        "L’UL de Caen organise", "14000 Caen", "mercredi 9 juin 2027, de 9 h à 12 h",
        "jeudi 10 juin 2027, de 9 h à 13 h", "barnum 3 × 3 m", "Sacha, 06 39 98 00 12",
        "Nous vous demandons l’autorisation",
    ):  # fmt: skip
        assert fact in body
    assert "Nous vous déclarons" in proposed_body(
        deployment.declarations.get(authority="prefecture")
    )


def test_the_hours_of_the_letter_are_those_of_the_place() -> None:
    start = at("2027-06-09").replace(hour=5)
    there = make_deployment(
        commune=Commune.objects.get(pk="97411"), slots=[slot(start)], has_fixed_point=True
    )
    assert "de 7 h à 10 h" in proposed_body(town_hall(there)).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("name", "written"),
    [("Caen", "de Caen"), ("Orléans", "d’Orléans"), ("Évry", "d’Évry"), ("Le Mans", "du Mans"),
     ("Les Ulis", "des Ulis"), ("La Rochelle", "de La Rochelle"), ("Yvetot", "d’Yvetot")],
)  # fmt: skip
def test_a_commune_is_named_as_one_says_it(name: str, written: str) -> None:
    assert of_place(name) == written


def test_the_team_is_as_many_as_come_or_are_asked_for() -> None:
    deployment = make_deployment(types=["vide-grenier"])
    assert people_expected(deployment) == 6
    for _ in range(7):
        make_member(deployment)
    assert people_expected(deployment) == 7


def test_the_letter_is_a_pdf_of_one_page(staff: Client) -> None:
    make_rule(departement_id="14", address="Service de la voirie\n14000 Caen")
    declaration = town_hall(make_fixed_point())
    answer = staff.get(address(declaration, "lettre.pdf"))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    pages = PdfReader(BytesIO(content)).pages
    assert len(pages) == 1
    assert "Service de la voirie" in pages[0].extract_text()


def test_the_letter_begins_with_the_address_of_who_writes(staff: Client) -> None:
    declaration = town_hall(make_fixed_point())
    page = words(staff.get(address(declaration, "lettre/")))
    assert "n’est pas encore écrite" in page
    assert "Demandez à une personne responsable" in page
    Organisation.objects.filter(slug="ul-caen").update(
        postal_address="12 rue de l’Exemple\n14000 Caen", phone="+33231850000"
    )
    page = words(staff.get(address(declaration, "lettre/")))
    assert "12 rue de l’Exemple<br>14000 Caen<br>Tél. : 02 31 85 00 00" in page
    assert "n’est pas encore écrite" not in page
    answer = staff.get(address(declaration, "lettre.pdf"))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    (letter,) = PdfReader(BytesIO(content)).pages
    text = letter.extract_text().replace("\xa0", " ")
    assert text.index("UL de Caen") < text.index("12 rue de l’Exemple") < text.index("Mairie")
    assert "Tél. : 02 31 85 00 00" in text


def test_who_may_write_the_address_is_led_there(client_for: ClientFor) -> None:
    declaration = town_hall(make_fixed_point())
    admin = client_for(make_user("admin", "ul-caen"))
    page = words(admin.get(address(declaration, "lettre/")))
    assert f"/organisations/{declaration.deployment.organisation_id}/adresse/" in page


def test_own_words_replace_the_proposed_ones_until_emptied(staff: Client) -> None:
    declaration = town_hall(make_fixed_point())
    staff.post(address(declaration, "lettre/"), {"letter": "Bonjour", "revision": 1})
    declaration.refresh_from_db()
    assert declaration.letter == "Bonjour"
    staff.post(address(declaration, "lettre/"), {"letter": "", "revision": 2})
    assert "Nous vous demandons" in words(staff.get(address(declaration, "lettre/")))


def test_two_who_write_the_letter_see_each_other(staff: Client) -> None:
    declaration = town_hall(make_fixed_point())
    staff.post(address(declaration, "lettre/"), {"letter": "La première", "revision": 1})
    answer = staff.post(address(declaration, "lettre/"), {"letter": "La seconde", "revision": 1})
    assert answer.status_code == 409
    assert "La première" in words(answer)
    assert "La seconde" in words(answer)
    declaration.refresh_from_db()
    assert declaration.letter == "La première"


def upload(
    client: Client, declaration: PublicSpaceDeclaration, content: bytes, revision: int | None = None
) -> HttpResponse:
    file = SimpleUploadedFile("Récépissé <1>.pdf", content, "application/pdf")
    declaration.refresh_from_db()
    typed = {"file": file, "revision": revision or declaration.revision}
    return client.post(address(declaration, "recepisse/"), typed)


def test_a_receipt_is_kept_and_read_by_the_team_alone(staff: Client, client_for: ClientFor) -> None:
    deployment = make_fixed_point()
    declaration = town_hall(deployment)
    assert upload(staff, declaration, PDF).status_code == 302
    member, other = make_user("militant", "ul-caen"), make_user("militant", "ul-caen")
    make_member(deployment, member)
    file = address(declaration, "recepisse/fichier/")
    answer = client_for(member).get(file)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Security-Policy"] == "sandbox"
    assert client_for(other).get(file).status_code == 404


def move_and_be_granted_again(declaration: PublicSpaceDeclaration) -> None:
    deployment = Deployment.objects.get(pk=declaration.deployment_id)
    actions.move_deployment(
        deployment=deployment, revision=deployment.revision, starts_at=at("2027-06-16")
    )
    declaration.refresh_from_db()
    settle(settle(declaration, DeclarationState.SENT), DeclarationState.GRANTED)


def test_the_button_that_stands_out_is_the_next_thing_to_do(staff: Client) -> None:
    def standing_out() -> list[str]:
        page = words(staff.get(address(declaration)))
        card = page.split(f'aria-labelledby="d-{declaration.pk}"')[1].split("</section>")[0]
        return re.findall(r"button--primary.*?<span>(.*?)</span>", card, re.DOTALL)

    declaration = town_hall(make_fixed_point())
    assert standing_out() == ["Lire et compléter la lettre"]
    declaration = settle(declaration, DeclarationState.SENT)
    assert standing_out() == ["Noter où elle en est"]
    declaration = settle(declaration, DeclarationState.GRANTED)
    assert standing_out() == ["Joindre le récépissé"]
    upload(staff, declaration, PDF)
    assert standing_out() == ["Télécharger le récépissé"]
    move_and_be_granted_again(declaration)
    assert standing_out() == ["Joindre le récépissé"]
    assert "Joignez le récépissé" in words(staff.get(address(declaration)))


def test_a_new_receipt_takes_the_place_of_the_former(staff: Client, tmp_path: Path) -> None:
    declaration = town_hall(make_fixed_point())
    upload(staff, declaration, PDF)
    upload(staff, declaration, PICTURE)
    (only,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert only.suffix == ".png"
    answer = staff.get(address(declaration, "recepisse/fichier/"))
    assert answer["Content-Type"] == "image/png"
    answer.close()


@pytest.mark.parametrize("content", [b"", b"MZ\x90\0", b"<html>", b"RIFF\0\0\0\0WEBP"])
def test_what_is_no_scan_is_refused(staff: Client, content: bytes) -> None:
    declaration = town_hall(make_fixed_point())
    assert upload(staff, declaration, content).status_code == 200
    declaration.refresh_from_db()
    assert not declaration.receipt


RULE = {
    "authority": "town-hall", "is_needed": "on", "days_before": "10", "advised_days_before": "15",
    "source": "Appel à la voirie", "verified_on": "2026-11-02",
}  # fmt: skip


@pytest.fixture
def union(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ud-14"))


def test_a_departement_keeps_its_rules(union: Client) -> None:
    deployment = make_fixed_point()
    answer = union.post("/deploiements/regles/nouvelle/", RULE | {"departement": "14"})
    assert answer.status_code == 302
    assert town_hall(deployment).last_day == date(2027, 5, 28)
    assert "Appel à la voirie" in words(union.get("/deploiements/regles/"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choisissez un département ou une commune"),
        ({"departement": "50"}, "Sélectionnez un choix valide"),
        ({"commune": "Avranches"}, "pas de votre département"),
        ({"departement": "14", "advised_days_before": "5"}, "Au moins le dernier délai"),
        ({"departement": "14", "days_before": "-1"}, "supérieure ou égale à 0"),
        ({"departement": "14", "days_before": "999"}, "inférieure ou égale à 120"),
        ({"departement": "14", "verified_on": "2999-01-01"}, "n’est pas encore venu"),
        ({"departement": "14", "source": ""}, "obligatoire"),
    ],
)
def test_a_senseless_rule_is_refused(union: Client, typed: dict[str, str], said: str) -> None:
    answer = union.post("/deploiements/regles/nouvelle/", RULE | typed)
    assert answer.status_code == 200
    assert said in words(answer)
    assert DeclarationRule.objects.count() == 2


def test_one_rule_for_one_place_and_authority(union: Client) -> None:
    make_rule(commune_id=CAEN)
    answer = union.post("/deploiements/regles/nouvelle/", RULE | {"commune": "Caen"})
    assert "Une règle existe déjà" in words(answer)


def test_two_who_change_a_rule_see_each_other(union: Client) -> None:
    rule = make_rule(10, departement_id="14", advised_days_before=15)
    edit = f"/deploiements/regles/{rule.pk}/"
    first = RULE | {"departement": "14", "revision": "1", "source": "Appel de Mme R."}
    second = RULE | {"departement": "14", "revision": "1", "source": "Page de la ville"}
    assert union.post(edit, first).status_code == 302
    answer = union.post(edit, second)
    assert answer.status_code == 409
    assert "Appel de Mme R." in words(answer)
    assert "Page de la ville" in words(answer)
    assert DeclarationRule.objects.get(pk=rule.pk).source == "Appel de Mme R."
    assert union.post(edit, second | {"revision": "2"}).status_code == 302
    assert DeclarationRule.objects.get(pk=rule.pk).source == "Page de la ville"


def test_a_rule_somebody_has_just_changed_is_not_removed_unseen(union: Client) -> None:
    rule = make_rule(10, departement_id="14", advised_days_before=15)
    base = f"/deploiements/regles/{rule.pk}/"
    assert f"{base}retirer/?vue=1" in words(union.get("/deploiements/regles/"))
    union.post(base, RULE | {"departement": "14", "revision": "1"})
    answer = union.post(f"{base}retirer/?vue=1", follow=True)
    assert "Quelqu’un vient de modifier cette règle" in words(answer)
    assert DeclarationRule.objects.filter(pk=rule.pk).exists()
    union.post(f"{base}retirer/?vue=2")
    assert not DeclarationRule.objects.filter(pk=rule.pk).exists()


def test_the_rule_for_everywhere_is_the_confederations(client_for: ClientFor) -> None:
    default = DeclarationRule.objects.get(departement=None, authority="town-hall")
    edit = f"/deploiements/regles/{default.pk}/"
    assert client_for(make_user("staff", "ud-14")).get(edit).status_code == 404
    confederation = client_for(make_user("staff", "confederation"))
    sent = RULE | {"days_before": "9", "revision": "1"}
    assert confederation.post(edit, sent).status_code == 302
    assert confederation.post(f"{edit}retirer/").status_code == 404


def test_a_removed_rule_leaves_the_wider_one(union: Client) -> None:
    rule = make_rule(20, departement_id="14")
    deployment = make_deployment(slots=[slot(next_week())], has_fixed_point=True)
    before = town_hall(deployment).last_day
    union.post(f"/deploiements/regles/{rule.pk}/retirer/")
    assert town_hall(deployment).last_day > before
