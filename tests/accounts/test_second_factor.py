"""The second factor: compulsory for whoever can list people, and hard to get round."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.models import Message
from organisations.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PROTECT = "/compte/proteger/"
SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "une petite phrase à moi"
PEOPLE = ["ul", "ud", "ud_admin", "fd", "region", "confederation", "confederation_admin"]


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def with_application(user: User) -> User:
    TOTP.activate(user, SECRET)
    return user


def log_in_by_code(client: Client, user: User) -> Any:
    client.post("/compte/connexion/code/", {"email": user.email})
    text = Message.objects.filter(purpose="login-code").latest("created_at").text
    code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", text)
    assert code
    return client.post("/compte/connexion/code/saisie/", {"code": code[0]})


@pytest.mark.parametrize("role", PEOPLE)
def test_whoever_lists_people_must_protect_the_account(
    client: Client, people: dict[str, User], role: str
) -> None:
    client.force_login(people[role])
    for page in ("/", "/organisations/", "/compte/", "/compte/securite/"):
        assert client.get(page)["Location"] == PROTECT


def test_a_militant_is_let_in_without(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["militant"])
    assert client.get("/compte/").status_code == 200


@pytest.mark.parametrize("right", ["is_superuser", "is_staff"])
def test_who_enters_the_administration_must_protect_the_account(client: Client, right: str) -> None:
    client.force_login(make_user(**{right: True}))
    assert client.get("/admin/")["Location"] == PROTECT


def test_an_interface_answers_in_json(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["ud"])
    response = client.get("/api/v1/anything/")
    assert response.status_code in (403, 404)


@pytest.mark.parametrize(
    "page",
    [
        PROTECT,
        "/compte/securite/application/ajouter/",
        "/compte/securite/cles/ajouter/",
        "/compte/deconnexion/",
        "/compte/mot-de-passe/oublie/",
    ],
)
def test_what_protecting_needs_stays_open(
    client: Client, people: dict[str, User], page: str
) -> None:
    client.force_login(people["ud"])
    assert client.get(page).status_code == 200


def test_a_public_page_stays_open(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["ud"])
    assert client.get("/healthz").status_code == 200


def test_a_demonstration_may_do_without(
    client: Client, people: dict[str, User], settings: Any
) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(people["ud"])
    assert client.get("/compte/").status_code == 200


def test_only_a_demonstration_may_do_without(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    settings.DEMONSTRATION = False
    assert "accounts.E001" in {problem.id for problem in run_checks()}
    settings.DEMONSTRATION = True
    assert "accounts.E001" not in {problem.id for problem in run_checks()}


def set_up_application(client: Client) -> Any:
    page = client.get("/compte/securite/application/ajouter/")
    secret = page.context["form"].secret
    return client.post("/compte/securite/application/ajouter/", {"code": code_for(secret)})


def test_setting_an_application_up_shows_the_recovery_codes_then_lets_in(
    client: Client, people: dict[str, User]
) -> None:
    client.force_login(people["ud"])
    response = set_up_application(client)
    assert response["Location"] == "/compte/securite/codes/"
    page = client.get("/compte/securite/codes/")
    assert len(page.context["unused_codes"]) == 10
    assert page.context["unused_codes"][0] in page.content.decode()
    assert client.get("/compte/").status_code == 200


def test_the_application_is_told_by_mail(client: Client, people: dict[str, User]) -> None:
    client.force_login(people["ud"])
    set_up_application(client)
    assert "application de codes" in Message.objects.get(purpose="security-notice").subject


def test_the_key_of_the_application_is_not_readable_in_the_database(
    client: Client, people: dict[str, User]
) -> None:
    client.force_login(people["ud"])
    page = client.get("/compte/securite/application/ajouter/")
    secret = page.context["form"].secret
    client.post("/compte/securite/application/ajouter/", {"code": code_for(secret)})
    stored = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert secret not in json.dumps(stored.data)
    assert stored.wrap().validate_code("000000") is False


def test_a_key_sealed_under_a_former_secret_still_opens(settings: Any) -> None:
    user = with_application(make_user())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "une clé toute neuve"
    stored = Authenticator.objects.get(user=user)
    assert stored.wrap().validate_code(code_for(SECRET))


def test_a_wrong_code_of_the_application_is_refused(
    client: Client, people: dict[str, User]
) -> None:
    client.force_login(people["ud"])
    client.get("/compte/securite/application/ajouter/")
    page = client.post("/compte/securite/application/ajouter/", {"code": "000000"})
    assert "Ce code n’est pas le bon" in page.content.decode()
    assert not Authenticator.objects.exists()


def test_the_code_by_mail_is_not_enough(client: Client, people: dict[str, User]) -> None:
    user = with_application(people["ud"])
    assert log_in_by_code(client, user)["Location"] == "/compte/securite/verification/"
    assert client.get("/compte/").status_code == 302
    client.post("/compte/securite/verification/", {"code": code_for(SECRET)})
    assert client.get("/compte/").status_code == 200


def test_a_recovery_code_replaces_the_lost_telephone_once(
    client: Client, people: dict[str, User]
) -> None:
    user = with_application(people["ud"])
    code = RecoveryCodes.activate(user).generate_codes()[0]
    log_in_by_code(client, user)
    client.post("/compte/securite/verification/", {"code": code})
    assert client.get("/compte/").status_code == 200
    again = Client()
    log_in_by_code(again, user)
    page = again.post("/compte/securite/verification/", {"code": code})
    assert "Ce code n’est pas le bon" in page.content.decode()


def test_a_session_older_than_the_factor_must_show_it(
    client: Client, people: dict[str, User]
) -> None:
    client.force_login(with_application(people["ud"]))
    response = client.get("/organisations/?type=ul")
    assert response["Location"].startswith("/compte/securite/confirmation/?next=")
    shown = client.post(response["Location"], {"code": code_for(SECRET), "next": "/organisations/"})
    assert shown["Location"] == "/organisations/"
    assert client.get("/organisations/").status_code == 200


def test_a_password_does_not_get_round_the_factor_by_adding_another(
    client: Client, people: dict[str, User]
) -> None:
    user = with_application(people["ud"])
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    client.post("/compte/confirmation/", {"password": PASSWORD})
    for page in ("/compte/securite/cles/ajouter/", PROTECT, "/compte/"):
        assert client.get(page)["Location"].startswith("/compte/securite/confirmation/")


def test_too_many_codes_are_refused(client: Client, people: dict[str, User]) -> None:
    user = with_application(people["ud"])
    log_in_by_code(client, user)
    for _ in range(5):
        client.post("/compte/securite/verification/", {"code": "000000"})
    page = client.post("/compte/securite/verification/", {"code": code_for(SECRET)})
    assert "Trop d’essais" in page.content.decode()


def test_the_last_factor_of_a_compulsory_one_stays(
    client_for: Callable[[User], Client], people: dict[str, User]
) -> None:
    user = with_application(people["ud"])
    client = client_for(user)
    client.post("/compte/securite/confirmation/", {"code": code_for(SECRET)})
    page = client.post("/compte/securite/application/retirer/")
    assert "votre seule protection" in page.content.decode()
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def test_a_militant_may_remove_theirs(
    client_for: Callable[[User], Client], people: dict[str, User]
) -> None:
    user = with_application(people["militant"])
    client = client_for(user)
    client.post("/compte/securite/confirmation/", {"code": code_for(SECRET)})
    client.post("/compte/securite/application/retirer/")
    assert not Authenticator.objects.filter(user=user).exists()


def test_the_last_key_of_a_compulsory_one_stays(
    client_for: Callable[[User], Client], people: dict[str, User]
) -> None:
    user = people["ud"]
    key = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Mon téléphone"}
    )
    client = client_for(user)
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        record | {"reauthenticated": True} for record in records
    ]
    session.save()
    page = client.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert "votre seule protection" in page.content.decode()
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_sensitive_pages_ask_again_after_a_while(
    client_for: Callable[[User], Client], people: dict[str, User]
) -> None:
    user = with_application(people["ud"])
    client = client_for(user)
    client.post("/compte/securite/confirmation/", {"code": code_for(SECRET)})
    assert client.get("/compte/securite/cles/ajouter/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        response = client.get("/compte/securite/cles/ajouter/")
        assert response["Location"].startswith("/compte/securite/confirmation/")


def test_an_unprotected_administration_page_leads_to_our_door(client: Client) -> None:
    doors = [url for url, _ in client.get("/admin/", follow=True).redirect_chain]
    assert doors[-1].startswith("/compte/connexion/?next=%2Fadmin%2F")


def test_the_administration_is_closed_to_everybody_else(
    client_for: Callable[[User], Client], people: dict[str, User]
) -> None:
    client = client_for(people["confederation_admin"])
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("model", ["user", "organisation", "membership"])
def test_the_administration_shows_its_lists(
    client_for: Callable[[User], Client], model: str
) -> None:
    client = client_for(make_user(is_superuser=True, is_staff=True))
    assert client.get(f"/admin/organisations/{model}/").status_code == 200
    assert client.get(f"/admin/organisations/{model}/add/").status_code == 200


def test_an_account_made_in_the_administration_has_no_password(
    client_for: Callable[[User], Client],
) -> None:
    client = client_for(make_user(is_superuser=True, is_staff=True))
    data = {"email": "Nouvelle@Example.org", "first_name": "Nouvelle", "last_name": ""}
    client.post("/admin/organisations/user/add/", data)
    assert not User.objects.get(email="nouvelle@example.org").has_usable_password()


def test_staff_of_the_administration_do_not_make_themselves_superusers(
    client_for: Callable[[User], Client],
) -> None:
    from django.contrib.auth.models import Permission

    user = make_user(is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["change_user", "view_user"]))
    client = client_for(user)
    data = {"first_name": "Moi", "last_name": "", "is_active": "on", "is_superuser": "on"}
    client.post(f"/admin/organisations/user/{user.pk}/change/", data)
    user.refresh_from_db()
    assert not user.is_superuser
