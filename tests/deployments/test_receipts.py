"""The sheet and what authorities answered, in one file to print, whatever was handed in."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from deployments import declaring
from deployments.enums import DeclarationState
from deployments.models import Deployment, PublicSpaceDeclaration
from deployments.receipts import MOST_PAGES, brief_and_receipts_pdf
from organisations.models import User
from tests.deployments.factories import make_deployment
from tests.deployments.test_brief import make_full, pages_of
from tests.deployments.test_declaration_pages import make_member, move_and_be_granted_again, words
from tests.deployments.test_declarations import facts_now, make_fixed_point, settle, town_hall
from tests.factories import make_user
from tests.library.test_pdf_pages import annotated, make_hostile, make_pdf, saved

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo(size: tuple[int, int] = (1200, 1600)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "orange").save(out, "JPEG")
    return out.getvalue()


def answered(
    declaration: PublicSpaceDeclaration, content: bytes, name: str = "arrêté.pdf"
) -> PublicSpaceDeclaration:
    """An authority said yes, in writing."""
    declaration = settle(settle(declaration, DeclarationState.SENT), DeclarationState.GRANTED)
    declaration.receipt.save(name, ContentFile(content), save=False)
    declaration.receipt_name, declaration.receipt_facts = name, facts_now(declaration)
    declaration.save()
    return declaration


def printed(deployment: Deployment) -> list[str]:
    return [" ".join(page.split()) for page in pages_of(brief_and_receipts_pdf(deployment))]


def test_each_receipt_follows_the_sheet() -> None:
    deployment = make_fixed_point()
    answered(town_hall(deployment), saved(make_pdf(pages=2)))
    answered(deployment.declarations.get(authority="prefecture"), photo(), "photo.jpg")
    sheet, first, second, third = printed(deployment)
    assert sheet.count("Récépissé : pages suivantes.") == 2
    assert "à part" not in sheet
    assert (first, second) == ("Page 1", "Page 2")
    assert third == "Préfecture, photo.jpg"


def test_a_photo_fills_its_page() -> None:
    deployment = make_fixed_point()
    answered(town_hall(deployment), photo(), "photo.jpg")
    _, page = PdfReader(BytesIO(brief_and_receipts_pdf(deployment))).pages
    (picture,) = page.images
    assert picture.image
    assert picture.image.size == (1200, 1600)


def test_nothing_that_acts_is_handed_on() -> None:
    deployment = make_fixed_point()
    answered(town_hall(deployment), make_hostile())
    whole = brief_and_receipts_pdf(deployment)
    assert len(PdfReader(BytesIO(whole)).pages) == 2
    for remains in (b"app.alert", b"virus.exe", b"example.org", b"/JavaScript"):
        assert remains not in whole


def encrypted() -> bytes:
    writer = make_pdf()
    writer.encrypt("secret", algorithm="AES-256")
    return saved(writer)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (encrypted(), "arrêté.pdf", "mot de passe"),
        (b"%PDF-1.7\n1 0 obj\n", "arrêté.pdf", "fichier illisible"),
        (saved(annotated("/Stamp")), "arrêté.pdf", "champs remplis, tampons ou calques"),
        (saved(make_pdf(pages=MOST_PAGES + 1)), "arrêté.pdf", "plus de 10 pages"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "photo.png", "photo illisible"),
    ],
)
def test_one_that_cannot_follow_is_said_to_print_apart(content: bytes, name: str, why: str) -> None:
    deployment = make_fixed_point()
    answered(town_hall(deployment), content, name)
    (sheet,) = printed(deployment)
    assert f"Récépissé à imprimer à part ({why})." in sheet


def test_a_file_that_is_gone_is_said_so(tmp_path: Path) -> None:
    deployment = make_fixed_point()
    Path(answered(town_hall(deployment), photo(), "photo.jpg").receipt.path).unlink()
    (sheet,) = printed(deployment)
    assert "(fichier introuvable)" in sheet


def test_an_answer_to_another_day_stays_behind() -> None:
    deployment = make_fixed_point()
    declaration = answered(town_hall(deployment), saved(make_pdf()))
    declaring.settle_declaration(
        declaration=declaration, revision=declaration.revision, facts=facts_now(declaration),
        state=DeclarationState.SENT, on=None, author=make_user("staff", "ul-caen"),
    )  # fmt: skip
    declaration.refresh_from_db()
    settle(declaration, DeclarationState.TO_SEND)
    assert len(printed(deployment)) == 1


def test_the_receipt_of_the_former_day_does_not_come_back_with_the_new_answer() -> None:
    deployment = make_fixed_point()
    move_and_be_granted_again(answered(town_hall(deployment), saved(make_pdf())))
    deployment.refresh_from_db()
    (sheet,) = printed(deployment)
    assert "acceptée" in sheet
    assert "sur soi" not in sheet


def test_a_refusal_is_nothing_to_carry() -> None:
    deployment = make_fixed_point()
    settle(answered(town_hall(deployment), saved(make_pdf())), DeclarationState.REFUSED)
    (sheet,) = printed(deployment)
    assert "refusée" in sheet
    assert "sur soi" not in sheet


def test_the_fullest_sheet_keeps_its_page_before_the_receipts() -> None:
    deployment = make_full()
    for declaration in deployment.declarations.all():
        answered(declaration, encrypted(), f"{'Un nom interminable ' * 6}.pdf")
    (sheet,) = printed(deployment)
    assert sheet.count("Récépissé à imprimer à part") == 2


def test_the_button_is_there_once_an_authority_answered(client_for: ClientFor) -> None:
    deployment = make_fixed_point()
    staff = client_for(make_user("staff", "ul-caen"))
    page = f"/deploiements/{deployment.pk}/"
    assert "Fiche et récépissés" not in words(staff.get(page))
    answered(town_hall(deployment), photo(), "photo.jpg")
    assert f"{page}fiche-et-recepisses.pdf" in words(staff.get(page))


def test_receipts_are_for_the_team_alone(client_for: ClientFor) -> None:
    deployment = make_deployment()
    member = make_user("militant", "ul-caen")
    make_member(deployment, member)
    address = f"/deploiements/{deployment.pk}/fiche-et-recepisses.pdf"
    answer = client_for(member).get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert client_for(make_user("militant", "ul-caen")).get(address).status_code == 404
    assert client_for(make_user("staff", "ud-50")).get(address).status_code == 404
