"""The sheet of an action: one A4, whatever it holds, for its team alone."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client
from pypdf import PdfReader

from deployments.brief import brief_pdf, shortened
from deployments.day import open_field_session
from deployments.enums import Answer
from deployments.models import ChecklistItem, Deployment, TeamMember
from deployments.sketch import HEIGHT, WIDTH, draw, sketch_of
from organisations.models import User
from territory.models import Commune
from tests.deployments.factories import make_deployment, slot
from tests.deployments.test_declaration_pages import make_member
from tests.deployments.test_declarations import at, make_fixed_point
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


def pages_of(content: bytes) -> list[str]:
    """The text of each page, names that the font at hand breaks put together again."""
    texts = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    return [text.replace("\xa0", " ").replace("-\n", "-") for text in texts]


def make_full() -> Deployment:
    """Everything there can be, longer than anybody writes it."""
    days = [slot(at(f"2027-06-{day:02}")) for day in range(9, 20)]
    deployment = make_deployment(
        title="Une action au nom interminable " * 4, slots=days, has_fixed_point=True,
        objective="Inscrire cent cinquante salarié·es de la boulangerie " * 3,
        talking_points="Écouter d’abord, parler ensuite. " * 90, guest="la secrétaire générale",
    )  # fmt: skip
    for number in range(30):
        make_member(
            deployment, first_name=f"Maximilienne {number}",
            role_id="pilote" if not number else "equipe", pair=number // 2 + 1,
        )  # fmt: skip
        ChecklistItem.objects.create(
            deployment=deployment, category="Divers", quantity="12 cartons",
            label=f"Une chose à emporter, décrite avec beaucoup de soin {number}",
        )  # fmt: skip
    open_field_session(deployment=deployment, author=make_user("staff", "ul-caen"))
    return deployment


def test_the_fullest_sheet_is_one_page() -> None:
    (page,) = pages_of(brief_pdf(make_full()))
    assert "Maximilienne 0" in page
    assert "et 18 autres" in page


def test_an_idea_has_its_sheet_too() -> None:
    (page,) = pages_of(brief_pdf(make_deployment(reported=False, slots=[], commune=None)))
    assert "Date à choisir" in page


def test_the_sheet_tells_hours_team_and_declarations() -> None:
    deployment = make_fixed_point("2027-06-09")
    make_member(deployment, first_name="Sacha", role_id="pilote")
    (page,) = pages_of(brief_pdf(deployment))
    for fact in ("mercredi 9 juin 2027, de 9 h à 12 h", "Sacha", "06 39 98 00 12", "Mairie"):
        assert fact in page


def test_whoever_waits_for_a_place_is_not_of_the_team() -> None:
    deployment = make_deployment()
    make_member(deployment, first_name="Zoé", role_id="pilote")
    make_member(deployment, first_name="Bob", answer=Answer.WAITING)
    make_member(deployment, first_name="Ana", answer=Answer.INVITED)
    (page,) = pages_of(brief_pdf(deployment))
    assert page.index("Zoé") < page.index("Ana")
    assert "Bob" not in page


def test_the_sheet_is_for_the_team_alone(client_for: ClientFor) -> None:
    deployment = make_deployment()
    member = make_user("militant", "ul-caen")
    make_member(deployment, member)
    address = f"/deploiements/{deployment.pk}/fiche.pdf"

    def opened(user: User) -> HttpResponse:
        return client_for(user).get(address)

    answer = opened(member)
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert opened(make_user("militant", "ul-caen")).status_code == 404
    assert opened(make_user("staff", "ud-50")).status_code == 404


@pytest.mark.parametrize("answer", [Answer.INVITED, Answer.WAITING, Answer.DECLINED])
@pytest.mark.parametrize("sheet", ["fiche.pdf", "fiche-et-recepisses.pdf"])
def test_numbers_are_not_for_who_does_not_come(
    client_for: ClientFor, answer: Answer, sheet: str
) -> None:
    deployment = make_deployment()
    asked = make_user("militant", "ul-caen")
    member = make_member(deployment, asked, answer=answer)
    client = client_for(asked)
    assert client.get(f"/deploiements/{deployment.pk}/{sheet}").status_code == 404
    assert sheet not in client.get(f"/deploiements/{deployment.pk}/").content.decode()
    TeamMember.objects.filter(pk=member.pk).update(answer=Answer.COMING)
    assert client.get(f"/deploiements/{deployment.pk}/{sheet}").status_code == 200
    assert "fiche.pdf" in client.get(f"/deploiements/{deployment.pk}/").content.decode()


def test_a_long_text_is_cut_after_a_word() -> None:
    text = shortened("mot " * 400)
    assert len(text) <= 601
    assert text.endswith("mot…")


def test_towns_stand_where_they_are() -> None:
    """Bayeux lies west-north-west of Caen."""
    sketch = sketch_of(make_deployment())
    assert sketch is not None
    target = sketch.marks[0]
    assert (target.name, target.x, target.y) == ("Caen", WIDTH / 2, HEIGHT / 2)
    assert len(sketch.marks) > 2
    bayeux = draw((49.18, -0.36), "Caen", [("Bayeux", (49.28, -0.70))]).marks[1]
    assert bayeux.x < target.x
    assert bayeux.y < target.y


def test_names_never_run_over_each_other() -> None:
    twins = [("Une longue commune", (49.3, -0.3)), ("Une autre commune", (49.301, -0.301))]
    assert len(draw((49.18, -0.36), "Caen", twins).marks) == 2


def test_a_place_nobody_knows_the_position_of_has_no_map() -> None:
    nowhere = Commune.objects.filter(latitude=None).order_by("pk").first()
    assert nowhere is not None
    assert sketch_of(make_deployment(commune=nowhere)) is None
