"""Attaching a receipt says that the declaration was accepted, and that is taken back in a click."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from deployments import actions, declaring
from deployments.back_plan import DECLARATION
from deployments.enums import DeclarationState
from deployments.models import Deployment, PublicSpaceDeclaration
from organisations.models import User
from tests.deployments.test_declarations import at, facts_now, make_fixed_point, settle, town_hall
from tests.factories import make_user
from tests.library.test_uploads import ACCEPTED

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


@pytest.fixture
def declaration() -> PublicSpaceDeclaration:
    return town_hall(make_fixed_point())


def address(declaration: PublicSpaceDeclaration, page: str = "recepisse/") -> str:
    return f"/deploiements/{declaration.deployment_id}/declarations/{declaration.pk}/{page}"


def attach(
    client: Client, declaration: PublicSpaceDeclaration, content: bytes = b"%PDF-1.7", **typed: str
) -> HttpResponse:
    """What the page sends when nobody touches what it proposes."""
    declaration.refresh_from_db()
    proposed = {
        "file": SimpleUploadedFile("reponse.pdf", content, "application/pdf"),
        "revision": str(declaration.revision), "facts": facts_now(declaration),
        "is_granted": "on", "on": timezone.localdate().isoformat(),
    }  # fmt: skip
    return client.post(address(declaration), proposed | typed)


def state_of(declaration: PublicSpaceDeclaration) -> DeclarationState:
    declaration.refresh_from_db()
    return DeclarationState(declaration.state)


def words(answer: HttpResponse) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def test_the_page_proposes_to_note_that_it_was_accepted(
    staff: Client, declaration: PublicSpaceDeclaration
) -> None:
    page = words(staff.get(address(declaration)))
    box = page.split('name="is_granted"')[1].split(">")[0]
    assert "checked" in box
    assert "C’est l’autorisation" in page


def test_attaching_the_answer_moves_the_declaration_and_its_task(
    staff: Client, declaration: PublicSpaceDeclaration
) -> None:
    assert attach(staff, declaration).status_code == 302
    assert state_of(declaration) == DeclarationState.GRANTED
    assert declaration.answered_on == timezone.localdate()
    assert declaring.receipt_holds(declaration)
    settle(declaration.deployment.declarations.get(authority="prefecture"), DeclarationState.SENT)
    assert declaration.deployment.tasks.get(step=DECLARATION).done_at


def test_unticked_the_file_alone_is_kept(
    staff: Client, declaration: PublicSpaceDeclaration
) -> None:
    assert attach(staff, declaration, is_granted="").status_code == 302
    assert state_of(declaration) == DeclarationState.TO_SEND
    assert declaration.receipt


def test_a_refused_declaration_is_not_led_to_a_yes(
    staff: Client, declaration: PublicSpaceDeclaration
) -> None:
    settle(settle(declaration, DeclarationState.SENT), DeclarationState.REFUSED)
    page = words(staff.get(address(declaration)))
    assert "checked" not in page.split('name="is_granted"')[1].split(">")[0]


def test_what_is_accepted_already_is_not_asked_again(
    staff: Client, declaration: PublicSpaceDeclaration
) -> None:
    settle(settle(declaration, DeclarationState.SENT), DeclarationState.GRANTED)
    assert "is_granted" not in words(staff.get(address(declaration)))
    assert attach(staff, declaration).status_code == 302


def test_it_is_taken_back_from_the_next_page(
    staff: Client, declaration: PublicSpaceDeclaration
) -> None:
    settle(declaration, DeclarationState.SENT)
    attach(staff, declaration)
    assert "Annuler cette note" in words(
        staff.get(f"/deploiements/{declaration.deployment_id}/declarations/")
    )
    staff.post(address(declaration, "recepisse/annuler/"))
    assert state_of(declaration) == DeclarationState.SENT
    assert declaration.answered_on is None
    assert declaration.receipt
    assert staff.post(address(declaration, "recepisse/annuler/")).status_code == 404


def test_it_is_not_taken_back_over_somebody_else(
    staff: Client, declaration: PublicSpaceDeclaration
) -> None:
    attach(staff, declaration)
    declaration.refresh_from_db()
    settle(declaration, DeclarationState.REFUSED)
    answer = staff.post(address(declaration, "recepisse/annuler/"), follow=True)
    assert "Quelqu’un a changé cette déclaration depuis" in words(answer)
    assert state_of(declaration) == DeclarationState.REFUSED


def test_what_is_old_is_no_longer_taken_back(
    staff: Client, declaration: PublicSpaceDeclaration
) -> None:
    attach(staff, declaration)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        page = staff.get(f"/deploiements/{declaration.deployment_id}/declarations/")
    assert "Annuler cette note" not in words(page)


def test_an_answer_about_other_hours_is_not_noted(
    staff: Client, declaration: PublicSpaceDeclaration
) -> None:
    seen = facts_now(declaration)
    deployment = Deployment.objects.get(pk=declaration.deployment_id)
    actions.move_deployment(
        deployment=deployment, revision=deployment.revision,
        starts_at=at("2027-06-09") + timedelta(hours=5),
    )  # fmt: skip
    answer = attach(staff, declaration, facts=seen)
    assert answer.status_code == 409
    assert state_of(declaration) == DeclarationState.TO_SEND
    assert not declaration.receipt


@pytest.mark.parametrize(
    ("on", "said"), [("", "De quel jour"), ("2999-01-01", "n’est pas encore venu")]
)
def test_the_day_of_an_answer_is_looked_at(
    staff: Client, declaration: PublicSpaceDeclaration, on: str, said: str
) -> None:
    answer = attach(staff, declaration, on=on)
    assert said in words(answer)
    assert state_of(declaration) == DeclarationState.TO_SEND


@pytest.mark.parametrize(("kind", "name"), [("pptx", "PowerPoint"), ("mp4", "Vidéo MP4")])
def test_a_format_that_is_not_taken_here_says_what_is(
    staff: Client, declaration: PublicSpaceDeclaration, kind: str, name: str
) -> None:
    page = words(attach(staff, declaration, ACCEPTED[kind]))
    assert f"{name} n’est pas accepté ici. Formats : PDF, Image JPEG, Image PNG." in page
    page = words(attach(staff, declaration, b"MZ\x90\0"))
    assert "Formats : PDF, Image JPEG, Image PNG." in page
    assert "PowerPoint" not in page
