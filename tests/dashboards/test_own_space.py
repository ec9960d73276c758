"""An activist's own space: their people, their QR code, what comes next."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.actions import open_activist_source
from contacts.models import Source
from dashboards.own_space import own_space, progress
from field.actions import open_session
from organisations.models import User
from tests.factories import get_organisation, make_contact, make_source, make_user
from tests.webinars.factories import make_webinar, sign_up
from webinars.registering import cancel_registration

pytestmark = pytest.mark.django_db
PAGE = "/mon-espace/"


@pytest.fixture
def militant() -> User:
    return make_user("militant", "ul-caen")


def own_source(user: User) -> Source:
    return open_activist_source(user=user, organisation=get_organisation("ul-caen"))


def test_people_entered_and_people_who_used_the_link_count(militant: User) -> None:
    make_contact(captured_by=militant, source=own_source(militant))
    make_contact(first_name="Rose", phone="+33639980002", email="", source=own_source(militant))
    make_contact(first_name="Anne", phone="+33639980003", email="")
    done = progress(militant, None)
    assert (done.entered, done.by_link, done.total) == (1, 1, 2)


def test_somebody_met_twice_counts_once_for_who_met_them_first(militant: User) -> None:
    other = make_user("militant", "ul-caen")
    make_contact(captured_by=other, source=make_source("ul-caen"))
    make_contact(captured_by=militant, source=own_source(militant))
    assert progress(militant, None).total == 0


def test_the_page_offers_to_make_a_qr_code_then_to_share_it(
    militant: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(militant)
    assert "Créer mon QR code" in client.get(PAGE).content.decode()
    membership = militant.memberships.get()
    client.post(reverse("dashboards:own-source-open", args=[membership.pk]))
    page = client.get(PAGE)
    assert "Créer mon QR code" not in page.content.decode()
    source = Source.objects.get(activist=militant)
    for link in page.context["sources"][0]["links"]:
        assert f"/i/{source.code}/" in unquote(link.url)


def test_nobody_opens_a_qr_code_for_the_membership_of_somebody_else(
    militant: User, client_for: Callable[[User], Client]
) -> None:
    other = make_user("militant", "ud-50").memberships.get()
    answer = client_for(militant).post(reverse("dashboards:own-source-open", args=[other.pk]))
    assert answer.status_code == 404
    assert not Source.objects.exists()


def test_the_next_sessions_of_ones_organisations_are_shown(militant: User) -> None:
    today = timezone.localdate()
    staff = make_user("staff", "ul-caen")
    for organisation, label, days in (
        ("ul-caen", "Marché Saint-Pierre", 2), ("ul-caen", "Passé", -3), ("ud-50", "Ailleurs", 1),
    ):  # fmt: skip
        day = today + timedelta(days=days)
        open_session(
            organisation=get_organisation(organisation), label=label, starts_on=day, ends_on=day,
            created_by=staff,
        )  # fmt: skip
    sessions: Any = own_space(militant)["sessions"]
    assert [session.label for session in sessions] == ["Marché Saint-Pierre"]


def test_a_session_ends_with_the_day_of_where_it_takes_place(
    client_for: Callable[[User], Client],
) -> None:
    """Half past nine in the evening in Paris: tomorrow already in La Réunion."""
    with time_machine.travel("2026-11-22T20:30:00+00:00"):
        open_session(
            organisation=get_organisation("ud-974"), label="Marché de Saint-Pierre",
            starts_on=date(2026, 11, 22), ends_on=date(2026, 11, 22),
            created_by=make_user("staff", "ud-974"),
        )  # fmt: skip
        page = client_for(make_user("militant", "ud-974")).get(PAGE)
    assert page.context["sessions"] == []


def test_the_next_webinars_of_the_person_and_of_nobody_else(
    militant: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(militant)
    assert "Aucune inscription pour l’instant" in client.get(PAGE).content.decode()
    webinar = make_webinar(title="Les outils")
    sign_up(make_webinar(title="D’une autre personne"))
    cancel_registration(registration=sign_up(make_webinar(title="Quittée"), email=militant.email))
    sign_up(webinar, email=militant.email)
    for page in (PAGE, "/"):
        text = client.get(page).content.decode()
        assert f"/webinaires/s/{webinar.code}/moi/" in text
        assert "D’une autre personne" not in text
        assert "Quittée" not in text


def test_as_many_queries_for_ten_contacts_as_for_one(
    militant: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(militant)
    source = own_source(militant)
    make_contact(captured_by=militant, source=source)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(10, 20):
        make_contact(
            first_name=f"Personne {number}", phone=f"+336399800{number}", email="",
            captured_by=militant, source=source,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few)
