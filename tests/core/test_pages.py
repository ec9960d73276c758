"""The one page that asks before an act, on the addresses that use it."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from core.pages import confirm
from organisations.models import User
from tests.factories import get_organisation


@pytest.fixture
def question(client_for: Callable[[User], Client], people: dict[str, User]) -> HttpResponse:
    union = get_organisation("ul-caen")
    return client_for(people["ud_admin"]).get(f"/organisations/{union.pk}/fermer/")


def test_the_question_is_the_title_and_the_act_is_on_the_button(question: HttpResponse) -> None:
    assert "Fermer UL de Caen" in question.text.partition("</h1>")[0]
    assert "Fermer l’organisation</span></button>" in question.text


def test_the_way_back_changes_nothing(question: HttpResponse) -> None:
    union = get_organisation("ul-caen")
    assert f'href="/organisations/{union.pk}/"' in question.text
    assert "Ne rien changer" in question.text


def test_a_name_in_the_question_is_escaped(db: None, people: dict[str, User]) -> None:
    request = RequestFactory().get("/")
    request.user = people["ud"]
    page = confirm(request, title="<b>Fermer ?", text="<i>", label="Oui", back="/")
    assert "<b>Fermer" not in page.content.decode()
