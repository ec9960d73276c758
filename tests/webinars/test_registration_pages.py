"""Registering on the pages: for one or several sessions, with or without an account."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from messaging.models import Message
from organisations.models import User
from tests.factories import get_organisation, make_user
from tests.webinars.factories import make_webinar, sign_up, told
from webinars import actions, mails, rules
from webinars.enums import RegistrationState
from webinars.links import personal_path
from webinars.models import Registration, Webinar
from webinars.registering import cancel_registration

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
SEVERAL, THANKS = "/webinaires/inscription/", "/webinaires/inscription/merci/"


def page_of(webinar: Webinar) -> str:
    return f"/webinaires/s/{webinar.code}/"


def guest(*webinars: Webinar, **fields: Any) -> dict[str, Any]:
    typed = {"name": "Maëlle Le Goff", "email": "maelle@exemple.fr", "time_zone": "Europe/Paris"}
    return {"sessions": [one.code for one in webinars]} | typed | fields


def post(webinar: Webinar, **fields: Any) -> HttpResponse:
    return Client().post(page_of(webinar), guest(webinar, **fields))  # type: ignore[return-value]


def said_by(answer: Any) -> str:
    """What somebody reads; what stands around it holds a token of its own."""
    return str(answer.content.decode().partition("<main")[2])


def test_a_guest_registers_and_is_told_by_mail_alone() -> None:
    webinar = make_webinar()
    answer = post(webinar, time_zone="Indian/Reunion")
    assert answer["Location"] == f"{THANKS}?seance={webinar.code}"
    registration = Registration.objects.get()
    assert (registration.name, registration.email) == ("Maëlle Le Goff", "maelle@exemple.fr")
    assert registration.time_zone == "Indian/Reunion"
    assert told(mails.WORD) == ["maelle@exemple.fr"]
    thanks = Client().get(answer["Location"]).content.decode()
    assert webinar.title in thanks
    assert personal_path(registration) not in thanks


@pytest.mark.parametrize("name", ["Lou gagnez.example", "Lou 06 12 34", "lou@exemple.fr"])
def test_a_name_carries_nothing_but_a_name_into_a_mail(name: str) -> None:
    shown = post(make_webinar(), name=name).content.decode()
    assert "des lettres, sans chiffre ni adresse" in shown
    assert f'value="{name}"' in shown
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "name", ["gagnez.example", "voir //x", "a@exemple.fr", "=HYPERLINK(1)", "<b>UD</b>", "+1"]
)
def test_an_organisation_typed_carries_neither_address_nor_formula(name: str) -> None:
    shown = post(make_webinar(), organisation_name=name).content.decode()
    assert "sans adresse ni lien" in shown
    assert not Registration.objects.exists()


@pytest.mark.parametrize("name", ["U.D. 14", "C.G.T.", "Syndicat du livre (Paris, 75)", "St. Malo"])
def test_real_organisations_are_typed(name: str) -> None:
    post(make_webinar(), organisation_name=name)
    assert Registration.objects.get().organisation_name == name


def test_hours_always_say_whose_they_are() -> None:
    webinar = make_webinar()
    for page in ("/webinaires/", page_of(webinar), f"{page_of(webinar)}carte/"):
        assert "(heure de Paris)" in Client().get(page).content.decode()
        overseas = Client().get(page, {"fuseau": "Indian/Reunion"}).content.decode()
        assert "(heure de Paris)" not in overseas
        assert "à Paris)" in overseas
    assert "(heure de Paris)" in Client().get(THANKS, {"seance": webinar.code}).content.decode()


def test_the_answer_is_the_same_whoever_is_registered_already() -> None:
    """In the audience or not, with a place or not, for the first time or not."""
    full = make_webinar("outils", capacity=1)
    seated, member = make_user("militant", "ud-14"), make_user("militant", "ud-14")
    sign_up(full, email=seated.email)
    sign_up(full, email="connu@exemple.fr")
    said: set[object] = set()
    for email in (seated.email, member.email, "CONNU@exemple.fr", "inconnue@exemple.fr"):
        answer = post(full, email=email, organisation_name="UD")
        said.add((answer.status_code, answer["Location"]))
        said.add(said_by(Client().get(answer["Location"])))
    assert len(said) == 2
    found = full.registrations.order_by("pk").values_list("state", flat=True)
    assert list(found) == ["registered", "asked", "waiting", "asked"]


def test_several_sessions_in_one_go() -> None:
    two = [make_webinar(title="Un"), make_webinar(title="Deux")]
    make_webinar(title="Trois")
    chosen = {"seance": [one.code for one in two]}
    shown = Client().get(SEVERAL, chosen)
    assert shown.content.count(b" checked") == 2
    answer = Client().post(SEVERAL, guest(*two))
    assert {one.webinar for one in Registration.objects.order_by("pk")} == set(two)
    assert b"Un" in Client().get(answer["Location"]).content


def test_other_sessions_of_the_series_are_offered_beside() -> None:
    webinar, other = make_webinar("outils"), make_webinar("outils", title="La suite")
    assert "La suite" in Client().get(page_of(webinar)).content.decode()
    Client().post(page_of(webinar), guest(webinar, other, organisation_name="Une UL"))
    assert Registration.objects.count() == 2


def test_what_was_typed_is_kept_beside_its_errors() -> None:
    webinar, other = make_webinar("outils"), make_webinar("outils", title="La suite")
    page = Client().post(
        page_of(webinar), guest(webinar, other, name="  ", email="maelle@", reason="Je débute")
    )
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "Écrivez votre prénom et votre nom.", "Cette adresse e-mail semble incomplète",
        "Choisissez votre organisation", 'value="maelle@"', 'value="Je débute"',
    ):  # fmt: skip
        assert words in text
    assert text.count(" checked") == 2
    assert Registration.objects.count() == 0


def test_without_a_session_there_is_nothing_to_register_for() -> None:
    make_webinar(), make_webinar(title="Autre")
    page = Client().post(SEVERAL, guest()).content.decode()
    assert "Choisissez au moins une séance" in page


def test_a_session_closed_meanwhile_is_said_and_the_rest_kept() -> None:
    webinar, other = make_webinar(), make_webinar(title="Autre")
    actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="")
    page = Client().post(SEVERAL, guest(webinar, other)).content.decode()
    assert "n’accepte plus d’inscription" in page
    assert 'value="Maëlle Le Goff"' in page


def test_an_organisation_is_asked_where_the_audience_is_one() -> None:
    union = get_organisation("ud-14")
    post(make_webinar("outils"), organisation=union.pk)
    assert Registration.objects.get().organisation == union
    assert post(make_webinar()).status_code == 302


def test_a_mandate_is_asked_where_the_audience_is_one() -> None:
    for series, is_asked in (("conseillers", True), ("outils", False), ("ouverts", False)):
        page = Client().get(page_of(make_webinar(series))).content.decode()
        assert ('name="mandate"' in page) == is_asked
    post(make_webinar("conseillers"), mandate="defender", organisation_name="UL", reason="Élu")
    one = Registration.objects.get()
    assert (one.mandate, one.reason, one.state) == ("defender", "Élu", RegistrationState.ASKED)


def test_a_robot_is_thanked_and_forgotten() -> None:
    assert post(make_webinar(), website="https://spam.example").status_code == 302
    assert Registration.objects.count() == Message.objects.count() == 0


def test_who_is_too_fast_keeps_what_they_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    webinar = make_webinar()
    monkeypatch.setattr(rules, "PER_DEVICE", 1)
    client = Client()
    client.get(page_of(webinar))
    client.post(page_of(webinar), guest(webinar))
    answer = client.post(page_of(webinar), guest(webinar, email="encore@exemple.fr"))
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert 'value="encore@exemple.fr"' in answer.content.decode()
    assert Registration.objects.count() == 1


def test_one_network_does_not_take_every_place_and_staff_are_told(
    monkeypatch: pytest.MonkeyPatch, client_for: ClientFor
) -> None:
    """A new browser each time, as a robot has; another network still registers."""
    monkeypatch.setattr(rules, "PER_NETWORK", 2)
    monkeypatch.setattr(rules, "WORTH_A_LOOK", 2)
    webinar, other = make_webinar(), make_webinar()
    staff = client_for(make_user("staff", "confederation"))
    people = f"/webinaires/gerer/{webinar.pk}/inscriptions/"
    codes = []
    for number in range(3):
        assert ("d’un même réseau" in staff.get(people).content.decode()) == (number == 2)
        robot = Client(REMOTE_ADDR="192.0.2.1")
        robot.get(page_of(webinar))
        typed = guest(webinar, email=f"robot{number}@exemple.fr")
        codes.append(robot.post(page_of(webinar), typed).status_code)
    assert codes == [302, 302, 429]
    typed = guest(webinar, email="ailleurs@exemple.fr")
    assert Client(REMOTE_ADDR="192.0.2.2").post(page_of(webinar), typed).status_code == 302
    typed = guest(other, email="robot9@exemple.fr")
    assert Client(REMOTE_ADDR="192.0.2.1").post(page_of(other), typed).status_code == 302


def test_a_member_registers_with_one_button(client_for: ClientFor) -> None:
    webinar, member = make_webinar("outils"), make_user("militant", "ud-14")
    client = client_for(member)
    page = client.get(page_of(webinar)).content.decode()
    assert 'name="email"' not in page
    assert 'name="reason"' not in page
    answer = client.post(page_of(webinar), {"sessions": [webinar.code]})
    one = Registration.objects.get()
    assert (one.user, one.email, one.state) == (member, member.email, RegistrationState.REGISTERED)
    assert "Inscrit·e" in client.get(answer["Location"]).content.decode()


def test_a_member_of_another_audience_asks_and_is_told_so(client_for: ClientFor) -> None:
    webinar = make_webinar("cpri")
    client = client_for(make_user("militant", "ud-14"))
    assert "Demander à venir" in client.get(page_of(webinar)).content.decode()
    typed = {"sessions": [webinar.code], "reason": "Je me présente", "mandate": "cpri"}
    answer = client.post(page_of(webinar), typed)
    assert "Demande envoyée" in client.get(answer["Location"]).content.decode()
    assert Registration.objects.get().reason == "Je me présente"
    # Asked once, it is not offered again.
    assert 'id="inscription"' not in client.get(page_of(webinar)).content.decode()


def test_a_member_goes_to_their_own_page_without_the_mail(client_for: ClientFor) -> None:
    webinar, member = make_webinar(), make_user("militant", "ud-14")
    mine = f"{page_of(webinar)}moi/"
    client = client_for(member)
    assert client.get(mine).status_code == 404
    one = sign_up(webinar, email=member.email)
    sign_up(webinar, 2)
    assert client.get(mine)["Location"] == personal_path(one)
    assert personal_path(one) not in client.get(page_of(webinar)).content.decode()
    assert client_for(make_user("militant", "ud-14")).get(mine).status_code == 404
    assert "/compte/connexion/" in Client().get(mine)["Location"]


def test_who_left_may_register_again(client_for: ClientFor) -> None:
    webinar, member = make_webinar(), make_user("militant", "ud-14")
    cancel_registration(registration=sign_up(webinar, email=member.email))
    client = client_for(member)
    client.post(page_of(webinar), {"sessions": [webinar.code]})
    assert Registration.objects.get().state == RegistrationState.REGISTERED


def test_a_session_that_is_over_or_off_takes_nobody() -> None:
    webinar = make_webinar()
    actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="Grève")
    page = Client().get(page_of(webinar)).content.decode()
    assert "annulée" in page
    assert "Grève" in page
    assert 'id="inscription"' not in page
    post(webinar)
    assert Registration.objects.count() == 0


def test_a_lost_link_is_sent_again_and_nobody_learns_who_is_registered() -> None:
    sign_up(make_webinar(), email="maelle@exemple.fr")
    answers = set()
    for email in ("maelle@exemple.fr", "inconnue@exemple.fr"):
        answer = Client().post("/webinaires/mon-lien/", {"email": email}, follow=True)
        answers.add(said_by(answer))
    assert len(answers) == 1
    assert told(mails.LINK) == ["maelle@exemple.fr"]
    wrong = Client().post("/webinaires/mon-lien/", {"email": "maelle@"}).content.decode()
    assert 'value="maelle@"' in wrong


def test_the_form_costs_the_same_for_one_and_for_thirty(client_for: ClientFor) -> None:
    clients = [Client(), client_for(make_user("militant", "ud-14"))]

    def queries_for(number: int) -> list[int]:
        for rank in range(number):
            make_webinar("outils", title=f"{number}, {rank}", capacity=5, with_room=False)
        found = []
        for client in clients:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(SEVERAL).status_code == 200
            found.append(len(queries))
        return found

    make_webinar()
    assert queries_for(1) == queries_for(30)
