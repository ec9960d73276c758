"""A date says at once what it makes of declarations, and is never in the past by a slip."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from deployments import declaring
from deployments.enums import Authority, DeclarationState
from deployments.models import Deployment
from organisations.models import User
from tests.deployments.factories import PARIS, make_deployment, next_week, slot
from tests.deployments.test_declarations import at, make_fixed_point, settle, town_hall
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


def words(answer: HttpResponse) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def in_days(days: int) -> str:
    return (timezone.localtime(timezone=PARIS) + timedelta(days=days)).date().isoformat()


def ask(client: Client, deployment: Deployment, verb: str, **typed: object) -> HttpResponse:
    data = {"revision": deployment.revision} | typed
    return client.post(f"/deploiements/{deployment.pk}/{verb}/", data, follow=True)


def test_a_move_says_which_declaration_is_now_too_late(staff: Client) -> None:
    page = words(ask(staff, make_fixed_point(), "deplacer", day=in_days(1)))
    assert "Mairie, pour le" in page
    assert "Préfecture, pour le" in page
    assert page.count("trop tard pour la déclaration") == 2


def test_a_move_says_which_declaration_is_now_to_send(staff: Client) -> None:
    deployment = make_fixed_point()
    town_hall(deployment)
    page = words(ask(staff, deployment, "deplacer", day=in_days(12)))
    assert page.count("déclaration à envoyer maintenant, dernier jour le") == 2


def test_a_move_says_what_must_be_sent_again(staff: Client) -> None:
    deployment = make_fixed_point()
    settle(town_hall(deployment), DeclarationState.SENT)
    page = words(ask(staff, deployment, "deplacer", day="2027-06-16"))
    assert "Mairie, pour le mercredi 16 juin : déclaration à envoyer de nouveau" in page
    assert "Préfecture, pour le" not in page


def test_a_move_far_ahead_says_nothing_of_declarations(staff: Client) -> None:
    page = words(ask(staff, make_fixed_point(), "deplacer", day="2027-06-16"))
    assert "déclaration à envoyer" not in page
    assert "trop tard" not in page


def test_what_was_answered_elsewhere_is_not_pressing(staff: Client) -> None:
    deployment = make_fixed_point()
    prefecture = deployment.declarations.get(authority=Authority.PREFECTURE)
    declaring.settle_declaration(
        declaration=prefecture, revision=1, facts=declaring.facts_of(deployment),
        state=DeclarationState.NOT_NEEDED, on=None, author=make_user("staff", "ul-caen"),
    )  # fmt: skip
    page = words(ask(staff, deployment, "deplacer", day=in_days(1)))
    assert page.count("trop tard pour la déclaration") == 1


def test_a_copy_says_it_too(staff: Client) -> None:
    page = words(ask(staff, make_fixed_point(), "dupliquer", day=in_days(1)))
    assert page.count("trop tard pour la déclaration") == 2


def test_a_repetition_names_the_first_ones_and_counts_the_others(staff: Client) -> None:
    deployment = make_fixed_point(in_days(1))
    weekdays = [1, 2, 3, 4, 5, 6, 7]
    page = words(ask(staff, deployment, "repeter", weekdays=weekdays, until=in_days(5)))
    assert page.count("trop tard pour la déclaration") == 4
    assert "4 autres déclarations pressent" in page


PAST = {"day": "2026-01-07"}
YES = {"is_past": "on"}


@pytest.mark.parametrize("verb", ["deplacer", "dupliquer"])
def test_the_past_is_chosen_knowingly(staff: Client, verb: str) -> None:
    deployment = make_deployment(slots=[slot(at("2027-06-09"))])
    page = ask(staff, deployment, verb, **PAST)
    assert "Attention, cette date est passée" in words(page)
    assert "Oui, elle a déjà eu lieu" in words(page)
    assert not Deployment.objects.filter(starts_at__lt=timezone.now()).exists()
    ask(staff, deployment, verb, **PAST, **YES)
    (moved,) = Deployment.objects.filter(starts_at__lt=timezone.now())
    assert moved.starts_at == datetime(2026, 1, 7, 9, tzinfo=PARIS)


def test_a_copy_that_keeps_a_past_date_is_asked_too(staff: Client) -> None:
    held = make_deployment(slots=[slot(at("2026-01-07"))])
    assert "cette date est passée" in words(ask(staff, held, "dupliquer"))
    assert Deployment.objects.count() == 1
    ask(staff, held, "dupliquer", **YES)
    assert Deployment.objects.count() == 2


def test_what_goes_on_is_said_to_have_begun(staff: Client) -> None:
    two_days = [slot(at("2027-06-09")), slot(at("2027-06-11"))]
    deployment = make_deployment(slots=two_days)
    page = words(ask(staff, deployment, "deplacer", day=in_days(-1)))
    assert "Oui, elle a déjà commencé" in page


def new_action(**typed: object) -> dict[str, object]:
    own = {"title": "Marché", "commune": "Caen", "day": "2026-01-07", "starts": "9:00"}
    return own | {"ends": "12:00"} | typed


def test_a_new_action_in_the_past_is_confirmed(staff: Client) -> None:
    make_deployment()
    union = Deployment.objects.get().organisation_id
    page = staff.post("/deploiements/nouveau/", new_action(organisation=union))
    assert "cette date est passée" in words(page)
    assert 'value="2026-01-07"' in words(page)
    answer = staff.post("/deploiements/nouveau/", new_action(organisation=union, **YES))
    assert answer.status_code == 302


def test_new_hours_in_the_past_are_confirmed_in_the_preparation(staff: Client) -> None:
    deployment = make_deployment(slots=[slot(next_week())])
    rows = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-day": "2026-01-07",
            "rows-0-starts": "09:00", "rows-0-ends": "12:00"}  # fmt: skip
    page = words(ask(staff, deployment, "preparer/moment", **rows))
    assert "cette date est passée" in page
    ask(staff, deployment, "preparer/moment", **rows, **YES)
    deployment.refresh_from_db()
    assert deployment.starts_at == datetime(2026, 1, 7, 9, tzinfo=PARIS)


def test_the_preparation_says_which_declaration_presses(staff: Client) -> None:
    deployment = make_fixed_point()
    rows = {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-day": in_days(1),
            "rows-0-starts": "09:00", "rows-0-ends": "12:00"}  # fmt: skip
    page = words(ask(staff, deployment, "preparer/moment", **rows))
    assert page.count("trop tard pour la déclaration") == 2
