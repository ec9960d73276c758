"""Logging in: a code by mail, a password, and what strangers must not learn."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from messaging.models import Message
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LOGIN = "/compte/connexion/"
ASK_CODE = "/compte/connexion/code/"
TYPE_CODE = "/compte/connexion/code/saisie/"
FORGOTTEN = "/compte/mot-de-passe/oublie/"
PASSWORD = "une petite phrase à moi"


def read_code() -> str:
    message = Message.objects.get(purpose="login-code")
    found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", message.text)
    assert found, message.text
    return found[0]


def ask_code(client: Client, email: str) -> None:
    response = client.post(ASK_CODE, {"email": email})
    assert response.status_code == 302
    assert response["Location"] == TYPE_CODE


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_code_sent_by_mail_logs_in(client: Client) -> None:
    user = make_user("militant", "ud-14")
    ask_code(client, user.email)
    response = client.post(TYPE_CODE, {"code": read_code().lower().replace("-", " ")})
    assert response.status_code == 302
    assert is_logged_in(client)


def test_the_address_may_be_typed_with_capitals(client: Client) -> None:
    user = make_user("militant", "ud-14")
    ask_code(client, user.email.upper())
    assert Message.objects.get().recipient == user.email


def test_the_mail_with_the_code_is_secret_and_dies_with_it(client: Client) -> None:
    ask_code(client, make_user().email)
    message = Message.objects.get()
    assert message.is_secret
    assert message.is_transactional
    assert message.not_after is not None
    assert message.not_after <= timezone.now() + timedelta(minutes=10)


def test_a_wrong_code_says_so_and_keeps_the_page(client: Client) -> None:
    ask_code(client, make_user().email)
    response = client.post(TYPE_CODE, {"code": "ZZZZ-ZZZZ"})
    assert response.status_code == 200
    assert "Ce code n’est pas le bon" in response.content.decode()
    assert not is_logged_in(client)


def test_three_wrong_codes_start_again(client: Client) -> None:
    ask_code(client, make_user().email)
    for _ in range(2):
        client.post(TYPE_CODE, {"code": "ZZZZ-ZZZZ"})
    response = client.post(TYPE_CODE, {"code": "ZZZZ-ZZZZ"}, follow=True)
    assert response.redirect_chain[-1][0] == ASK_CODE
    assert "Trop d’essais" in response.content.decode()


def test_an_expired_code_does_not_log_in(client: Client) -> None:
    ask_code(client, make_user().email)
    code = read_code()
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        response = client.post(TYPE_CODE, {"code": code}, follow=True)
    assert response.redirect_chain[-1][0] == ASK_CODE
    assert not is_logged_in(client)


def test_the_page_asked_for_is_where_the_log_in_ends(client: Client) -> None:
    user = make_user("militant", "ud-14")
    asked = reverse("accounts:me")
    response = client.get(asked)
    assert response["Location"] == f"{LOGIN}?next={asked}"
    client.post(ASK_CODE, {"email": user.email, "next": asked})
    response = client.post(TYPE_CODE, {"code": read_code(), "next": asked})
    assert response["Location"] == asked


def test_nobody_is_led_to_another_site_after_the_log_in(client: Client) -> None:
    user = make_user("militant", "ud-14", password=PASSWORD)
    data = {"login": user.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(LOGIN, data)["Location"] == "/"


def test_a_password_logs_in(client: Client) -> None:
    user = make_user("militant", "ud-14", password=PASSWORD)
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert is_logged_in(client)


def test_an_account_without_a_password_does_not_take_one(client: Client) -> None:
    user = make_user("militant", "ud-14")
    client.post(LOGIN, {"login": user.email, "password": ""})
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert not is_logged_in(client)


def test_a_closed_account_receives_no_code(client: Client) -> None:
    ask_code(client, make_user(is_active=False).email)
    assert not Message.objects.exists()


def blank(content: bytes, *secrets: str) -> str:
    """The page without what differs from one request to the next."""
    text = content.decode()
    for secret in secrets:
        text = text.replace(secret, "…")
    return re.sub(r'(csrfmiddlewaretoken" value=|x-csrftoken": )"[^"]+"', r"\1", text)


def test_a_code_is_asked_the_same_way_for_a_stranger() -> None:
    pages = []
    for email in (make_user().email, "inconnue@example.org"):
        client = Client()
        ask_code(client, email)
        shown = client.get(TYPE_CODE)
        wrong = client.post(TYPE_CODE, {"code": "ZZZZ-ZZZZ"})
        again = client.post(TYPE_CODE, {"action": "resend"})
        pages.append(
            (
                shown.status_code,
                blank(shown.content, email),
                wrong.status_code,
                blank(wrong.content, email),
                again.status_code,
                again["Location"],
            )
        )
    assert pages[0] == pages[1]
    assert "inconnue@example.org" not in Message.objects.values_list("recipient", flat=True)


def test_a_stranger_gets_no_mail(client: Client) -> None:
    ask_code(client, "inconnue@example.org")
    client.post(FORGOTTEN, {"email": "inconnue@example.org"})
    assert not Message.objects.exists()


def test_a_stranger_costs_the_work_of_a_mail(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of the answer must not tell who has an account: the mail is made, then dropped."""
    made = []
    from accounts import adapter

    original = adapter.enqueue_email
    monkeypatch.setattr(
        adapter, "enqueue_email", lambda **values: made.append(1) or original(**values)
    )
    ask_code(client, make_user().email)
    ask_code(Client(), "inconnue@example.org")
    client.post(FORGOTTEN, {"email": "inconnue@example.org"})
    assert len(made) == 3


def test_a_wrong_password_and_a_stranger_get_the_same_page() -> None:
    known = make_user(password=PASSWORD).email
    pages = []
    for email in (known, "inconnue@example.org"):
        response = Client().post(LOGIN, {"login": email, "password": "une autre phrase"})
        pages.append((response.status_code, blank(response.content, email)))
    assert pages[0] == pages[1]
    assert "ne vont pas ensemble" in pages[0][1]


def test_a_forgotten_password_answers_the_same_to_a_stranger() -> None:
    pages = []
    for email in (make_user(password=PASSWORD).email, "inconnue@example.org"):
        response = Client().post(FORGOTTEN, {"email": email}, follow=True)
        pages.append((response.status_code, response.redirect_chain, blank(response.content)))
    assert pages[0] == pages[1]


def test_a_forgotten_password_is_chosen_again_by_a_link(client: Client) -> None:
    user = make_user("militant", "ud-14", password=PASSWORD)
    client.post(FORGOTTEN, {"email": user.email})
    link = re.search(r"http://testserver(/\S+)", Message.objects.get().text)
    assert link
    page = client.get(link[1])["Location"]
    chosen = {"password1": "la nouvelle phrase", "password2": "la nouvelle phrase"}
    client.post(page, chosen)
    user.refresh_from_db()
    assert user.check_password("la nouvelle phrase")


def test_a_link_that_already_served_says_so(client: Client) -> None:
    response = client.get("/compte/mot-de-passe/nouveau/1-abc-def/")
    assert "Ce lien n’est plus valable" in response.content.decode()


def test_a_short_password_is_refused(client_for: object) -> None:
    user = make_user("militant", "ud-14")
    client = client_for(user)  # type: ignore[operator]
    page = client.post(
        reverse("account_set_password"), {"password1": "court", "password2": "court"}
    )
    assert page.status_code == 200
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_changed_password_is_told_by_mail(client_for: object) -> None:
    user = make_user("militant", "ud-14", password=PASSWORD)
    client = client_for(user)  # type: ignore[operator]
    data = {
        "oldpassword": PASSWORD,
        "password1": "la nouvelle phrase",
        "password2": "la nouvelle phrase",
    }
    client.post(reverse("account_change_password"), data)
    assert "mot de passe a été changé" in Message.objects.get().subject


@pytest.mark.parametrize("path", ["signup/", "email/", "accounts/signup/", "inscription/"])
def test_nobody_signs_up_nor_changes_address_alone(client: Client, path: str) -> None:
    client.force_login(make_user("militant", "ud-14"))
    assert client.get(f"/compte/{path}").status_code == 404


def test_too_many_codes_for_one_address_are_refused(client: Client) -> None:
    email = make_user().email
    for _ in range(3):
        ask_code(Client(), email)
    response = client.post(ASK_CODE, {"email": email})
    assert response.status_code == 200
    assert "Trop d’essais" in response.content.decode()
    assert Message.objects.count() == 3


def test_too_many_passwords_for_one_address_are_refused(client: Client) -> None:
    user = make_user("militant", "ud-14", password=PASSWORD)
    for _ in range(5):
        client.post(LOGIN, {"login": user.email, "password": "une autre phrase"})
    response = client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert "Trop d’essais" in response.content.decode()
    assert not is_logged_in(client)


def test_a_flood_from_one_place_gets_a_french_page(client: Client, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}  # type: ignore[attr-defined]
    for _ in range(2):
        client.post(LOGIN, {"login": "a@example.org", "password": "x"})
    response = client.post(LOGIN, {"login": "a@example.org", "password": "x"})
    assert response.status_code == 429
    assert "Trop d’essais en peu de temps" in response.content.decode()


def test_logging_out_is_asked_then_done(client: Client) -> None:
    client.force_login(make_user("militant", "ud-14"))
    assert client.get("/compte/deconnexion/").status_code == 200
    assert is_logged_in(client)
    client.post("/compte/deconnexion/")
    assert not is_logged_in(client)
