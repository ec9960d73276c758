"""The one-click log-ins, and the two locks that keep them out of a real campaign."""

from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import include, path

from accounts.demo import DEMO_PERSONAS, create_personas
from organisations.models import Organisation, User
from tpe_campaign.urls import urlpatterns as real_patterns

pytestmark = pytest.mark.django_db
urlpatterns = [*real_patterns, path("demo/", include("accounts.demo_urls"))]


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = True
    settings.SECOND_FACTOR_REQUIRED = False
    settings.ROOT_URLCONF = __name__


def test_the_personas_are_made_once() -> None:
    first = create_personas()
    second = create_personas()
    assert first == second
    assert set(first) == {persona.slug for persona in DEMO_PERSONAS}
    assert User.objects.filter(email__endswith="@demo.invalid").count() == len(DEMO_PERSONAS)
    assert Organisation.objects.get(slug="ul-de-caen").communes.count() == 9


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("slug", [persona.slug for persona in DEMO_PERSONAS])
def test_one_click_logs_in(client: Client, slug: str) -> None:
    personas = create_personas()
    assert f'value="{slug}"' in client.get("/demo/").content.decode()
    client.post("/demo/connexion/", {"role": slug})
    assert client.session["_auth_user_id"] == str(personas[slug].pk)


@pytest.mark.usefixtures("demonstration")
def test_another_click_changes_places(client: Client) -> None:
    personas = create_personas()
    client.post("/demo/connexion/", {"role": "ud"})
    client.post("/demo/connexion/", {"role": "militant"})
    assert client.session["_auth_user_id"] == str(personas["militant"].pk)


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("role", ["", "inconnu", "confederation@demo.invalid"])
def test_an_unknown_persona_does_not_exist(client: Client, role: str) -> None:
    create_personas()
    assert client.post("/demo/connexion/", {"role": role}).status_code == 404


@pytest.mark.usefixtures("demonstration")
def test_a_link_alone_logs_nobody_in(client: Client) -> None:
    create_personas()
    assert client.get("/demo/connexion/", {"role": "ud"}).status_code == 405


def test_the_pages_are_not_mounted_outside_a_demonstration(client: Client) -> None:
    assert not project.DEMONSTRATION
    create_personas()
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/connexion/", {"role": "ud"}).status_code == 404


def test_mounted_by_mistake_they_do_not_answer(
    client: Client, settings: Any, demonstration: None
) -> None:
    create_personas()
    settings.DEMONSTRATION = False
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/connexion/", {"role": "ud"}).status_code == 404
