"""Who comes, for those who hold the session: found, answered, added, written to, counted."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from organisations.models import User
from tests.factories import get_organisation, make_user
from tests.webinars.factories import (
    FRIDAY,
    delivered,
    make_webinar,
    sign_up,
    somebody,
    states,
    told,
)
from webinars import mails
from webinars.joining import join
from webinars.links import personal_path, secret_of
from webinars.models import Registration, Webinar
from webinars.personal_links import revoke_link
from webinars.registering import TooManyInADay, add_registrant, cancel_registration, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client_for: Callable[[User], Client]) -> Client:
    return client_for(make_user("staff", "confederation"))


def people_of(webinar: Webinar, path: str = "") -> str:
    return f"/webinaires/gerer/{webinar.pk}/inscriptions/{path}"


def one_of(one: Registration, path: str = "") -> str:
    return people_of(one.webinar, f"{one.pk}/{path}")


def listed(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return [f"Sacha {number}" for number in range(1, 9) if f">Sacha {number}</a>" in page]


def test_people_are_found_by_name_address_and_organisation_despite_accents(
    staff: Client,
) -> None:
    webinar = make_webinar()
    sign_up(webinar, 1, organisation_name="Collectif des hôtels")
    sign_up(webinar, 2, organisation=get_organisation("ud-14"))
    sign_up(webinar, 3)
    for words, found in (
        ("sacha2", ["Sacha 2"]),
        ("hotels", ["Sacha 1"]),
        ("calvados", ["Sacha 2"]),
        ("SACHA hotel", ["Sacha 1"]),
        ("personne", []),
    ):
        assert listed(staff, people_of(webinar, f"?q={words}")) == found, words


def test_people_are_filtered_by_state_presence_and_devices(
    staff: Client, time_machine: Any
) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=3), tick=False)
    webinar = make_webinar(starts_at=FRIDAY, capacity=2)
    came, missed = sign_up(webinar, 1), sign_up(webinar, 2)
    sign_up(webinar, 3)
    assert "Présence</th>" not in staff.get(people_of(webinar)).content.decode()
    time_machine.move_to(FRIDAY, tick=False)
    for device in ("téléphone", "ordinateur"):
        join(registration=came, device=device)
    for query, found in (
        ("?etat=registered", ["Sacha 1", "Sacha 2"]),
        ("?etat=waiting", ["Sacha 3"]),
        ("?presence=oui", ["Sacha 1"]),
        ("?presence=non", ["Sacha 2"]),
        ("?appareils=on", ["Sacha 1"]),
        ("?etat=nimporte", ["Sacha 1", "Sacha 2", "Sacha 3"]),
    ):
        assert listed(staff, people_of(webinar, query)) == found, query
    page = staff.get(people_of(webinar)).content.decode()
    assert "2 appareils" in page
    assert "pas venu·e" in page
    assert missed.attended is None


def test_the_list_costs_the_same_for_one_and_for_thirty(staff: Client) -> None:
    webinar = make_webinar()

    def queries_for(numbers: range) -> int:
        for number in numbers:
            sign_up(webinar, number, organisation=get_organisation("ud-14"))
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(people_of(webinar)).status_code == 200
        return len(queries)

    assert queries_for(range(1)) == queries_for(range(1, 30))


def test_an_empty_list_says_why(staff: Client) -> None:
    assert (
        "quand la séance est annoncée"
        in staff.get(people_of(make_webinar(announced=False))).content.decode()
    )
    assert "Partagez la séance" in staff.get(people_of(make_webinar())).content.decode()


def test_a_request_is_accepted_with_a_word_that_is_in_the_mail(staff: Client) -> None:
    one = sign_up(make_webinar("cpri"), reason="Je suis candidate")
    delivered()
    page = staff.get(one_of(one)).content.decode()
    assert "Je suis candidate" in page
    staff.post(one_of(one, "reponse/"), {"answer": "yes", "reply": "Bienvenue, Sacha !"})
    assert states(one.webinar) == {"Sacha 1": "registered"}
    (mail,) = delivered()
    assert "Un mot de l’équipe : « Bienvenue, Sacha ! »" in mail.body.replace("\u00a0", " ")


def test_a_request_is_refused_with_a_word_and_one_may_change_ones_mind(staff: Client) -> None:
    one = sign_up(make_webinar("cpri"))
    delivered()
    staff.post(one_of(one, "reponse/"), {"answer": "no", "reply": "Venez plutôt le 4."})
    (mail,) = delivered()
    assert "Venez plutôt le 4." in mail.body
    assert "Changer d’avis" in staff.get(one_of(one)).content.decode()
    staff.post(one_of(one, "reponse/"), {"answer": "yes", "reply": ""})
    (mail,) = delivered()
    assert "acceptée" in mail.body
    assert "Venez plutôt" not in mail.body


def test_the_word_of_who_is_accepted_on_the_waiting_list_is_said_too(staff: Client) -> None:
    webinar = make_webinar("cpri", capacity=1)
    first, second = sign_up(webinar, 1), sign_up(webinar, 2)
    staff.post(one_of(first, "reponse/"), {"answer": "yes", "reply": ""})
    delivered()
    staff.post(one_of(second, "reponse/"), {"answer": "yes", "reply": "Patience !"})
    (mail,) = delivered()
    assert "liste d’attente" in mail.body
    assert "Patience" in mail.body


def test_a_request_is_accepted_from_the_list_as_it_was_filtered(staff: Client) -> None:
    one = sign_up(make_webinar("cpri"))
    here = people_of(one.webinar, "?etat=asked")
    assert 'name="answer" value="yes"' in staff.get(here).content.decode()
    answer = staff.post(one_of(one, "reponse/"), {"answer": "yes", "next": here})
    assert answer["Location"] == here
    elsewhere = staff.post(one_of(one, "reponse/"), {"answer": "yes", "next": "https://x.example/"})
    assert elsewhere["Location"] == people_of(one.webinar)


def test_who_is_added_needs_no_request_and_gets_the_usual_mail_once(staff: Client) -> None:
    webinar = make_webinar("cpri")
    typed = {"name": "Alix", "email": "Alix@Exemple.fr", "organisation_name": "Collectif"}
    answer = staff.post(people_of(webinar, "ajouter/"), typed)
    one = webinar.registrations.get()
    assert answer["Location"] == one_of(one)
    assert (one.state, one.email, one.organisation_label) == (
        "registered", "alix@exemple.fr", "Collectif",
    )  # fmt: skip
    staff.post(people_of(webinar, "ajouter/"), typed)
    assert webinar.registrations.count() == 1
    (mail,) = delivered()
    assert "C’est noté, vous êtes inscrit·e" in mail.body


def test_adding_somebody_says_what_is_wrong_beside_the_field(staff: Client) -> None:
    webinar = make_webinar()
    answer = staff.post(people_of(webinar, "ajouter/"), {"name": "Alix", "email": "alix"})
    page = answer.content.decode()
    assert "Cette adresse semble incomplète" in page
    assert 'value="Alix"' in page
    for number in range(15):
        register(webinars=[make_webinar(title=f"{number}")], applicant=somebody(1))
    with pytest.raises(TooManyInADay):
        add_registrant(webinar=webinar, applicant=somebody(1), added_by=make_user())
    page = staff.post(
        people_of(webinar, "ajouter/"), {"name": "Sacha", "email": "sacha1@exemple.fr"}
    ).content.decode()
    assert "trop souvent" in page


def test_nobody_is_added_to_a_draft(staff: Client) -> None:
    webinar = make_webinar(announced=False)
    staff.post(people_of(webinar, "ajouter/"), {"name": "Alix", "email": "alix@exemple.fr"})
    assert not webinar.registrations.exists()


def test_who_is_taken_off_is_told_and_the_place_goes_to_the_next(staff: Client) -> None:
    webinar = make_webinar(capacity=1)
    one, _ = sign_up(webinar, 1), sign_up(webinar, 2)
    delivered()
    assert "première personne qui attend" in staff.get(one_of(one, "desinscrire/")).content.decode()
    staff.post(one_of(one, "desinscrire/"), {"reply": "À l’an prochain."})
    assert states(webinar) == {"Sacha 1": "cancelled", "Sacha 2": "registered"}
    bodies = {mail.to[0]: mail.body for mail in delivered()}
    assert "vous a désinscrit·e" in bodies[one.email]
    assert "À l’an prochain." in bodies[one.email]


def test_who_is_taken_off_for_good_comes_back_by_no_way_but_staff(
    staff: Client, client_for: Callable[[User], Client]
) -> None:
    member = make_user("militant", "ud-14")
    one = sign_up(make_webinar(), 1, email=member.email)
    page = f"/webinaires/s/{one.webinar.code}/"
    assert "Ne plus l’accepter" in staff.get(one_of(one, "desinscrire/")).content.decode()
    staff.post(one_of(one, "desinscrire/"), {"reply": "Vu ensemble.", "for_good": "on"})
    (letter,) = [mail for mail in delivered() if mail.to == [one.email]]
    assert "ne rouvre pas votre inscription." in letter.body
    assert "Vu ensemble." in letter.body

    sign_up(one.webinar, 1, email=member.email)
    sign_up(one.webinar, 1, email="autre@exemple.fr", user=member)
    assert "ne rouvre pas" in Client().get(personal_path(one)).content.decode()
    Client().post(f"{personal_path(one)}revenir/")
    assert 'name="sessions"' not in client_for(member).get(page).content.decode()
    assert states(one.webinar) == {"Sacha 1": "cancelled"}
    assert delivered() == []

    staff.post(one_of(one, "reponse/"), {"answer": "yes"})
    assert states(one.webinar) == {"Sacha 1": "registered"}


def test_staff_who_add_somebody_taken_off_for_good_let_them_in() -> None:
    webinar, author = make_webinar(), make_user("staff", "confederation")
    cancel_registration(registration=sign_up(webinar, 1), cancelled_by=author, for_good=True)
    add_registrant(webinar=webinar, applicant=somebody(1), added_by=author)
    assert states(webinar) == {"Sacha 1": "registered"}


def test_who_leaves_alone_is_thanked() -> None:
    one = sign_up(make_webinar())
    delivered()
    cancel_registration(registration=one)
    (mail,) = delivered()
    assert "Merci d’avoir prévenu" in mail.body


def test_a_word_is_said_once(staff: Client) -> None:
    """Who comes back later does not read it again."""
    one = sign_up(make_webinar(capacity=1))
    staff.post(one_of(one, "desinscrire/"), {"reply": "À l’an prochain."})
    sign_up(one.webinar, 2)
    delivered()
    sign_up(one.webinar, 1)
    (mail,) = delivered()
    assert "liste d’attente" in mail.body
    assert "prochain" not in mail.body


def test_a_link_is_sent_again_replaced_and_closed_and_shown_nowhere(staff: Client) -> None:
    one = sign_up(make_webinar())
    delivered()
    first = secret_of(one.seed)
    staff.post(one_of(one, "lien/"), {"act": "again"})
    (mail,) = delivered()
    assert first in mail.body
    staff.post(one_of(one, "lien/"), {"act": "renew"})
    one.refresh_from_db()
    (mail,) = delivered()
    assert secret_of(one.seed) in mail.body
    assert first not in mail.body
    staff.post(one_of(one, "lien/"), {"act": "revoke"})
    one.refresh_from_db()
    assert one.revoked_at is not None
    page = staff.get(one_of(one)).content.decode()
    assert "Lien retiré" in page
    assert secret_of(one.seed) not in page


def test_no_link_leaves_for_a_withdrawn_place_or_a_session_that_is_over(
    staff: Client, time_machine: Any
) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=3), tick=False)
    webinar = make_webinar(starts_at=FRIDAY)
    gone, shut, late = (sign_up(webinar, number) for number in (1, 2, 3))
    cancel_registration(registration=gone)
    revoke_link(registration=shut, revoked_by=make_user())
    for one, act in ((gone, "again"), (gone, "renew"), (shut, "again")):
        staff.post(one_of(one, "lien/"), {"act": act})
    time_machine.move_to(FRIDAY + timedelta(hours=2), tick=False)
    staff.post(one_of(late, "lien/"), {"act": "again"})
    assert told(mails.LINK) == []


def test_several_devices_are_said(staff: Client, time_machine: Any) -> None:
    time_machine.move_to(FRIDAY, tick=False)
    one = sign_up(make_webinar(starts_at=FRIDAY))
    join(registration=one, device="a")
    assert "appareils" not in staff.get(one_of(one)).content.decode()
    join(registration=one, device="b")
    assert "ouvert sur 2 appareils" in staff.get(one_of(one)).content.decode()


def test_presence_is_noted_by_hand_and_taken_back(staff: Client, time_machine: Any) -> None:
    time_machine.move_to(FRIDAY, tick=False)
    one = sign_up(make_webinar(starts_at=FRIDAY))
    where = one_of(one, "presence/")
    for said, known in (("present", True), ("absent", False), ("unknown", None)):
        answer = staff.post(where, {"attended": said, "next": people_of(one.webinar)})
        assert answer["Location"] == f"{people_of(one.webinar)}#personne-{one.pk}"
        one.refresh_from_db()
        assert one.attended is known


EXPORT = "fichier/"


def test_a_file_needs_a_reason_which_is_logged_with_its_author(
    staff: Client, caplog: pytest.LogCaptureFixture
) -> None:
    webinar = make_webinar()
    sign_up(webinar)
    refused = staff.post(people_of(webinar, EXPORT), {"file_type": "csv", "reason": " "})
    assert "Dites pourquoi" in refused.content.decode()
    staff.post(people_of(webinar, EXPORT), {"file_type": "csv", "reason": "Rappeler les absents"})
    assert "webinar-registrants-exported" in caplog.text
    assert "Rappeler les absents" in caplog.text


def test_the_file_holds_those_of_the_list_and_runs_no_formula(staff: Client) -> None:
    webinar = make_webinar()
    sign_up(webinar, 1, name="=HYPERLINK(A1)", organisation_name="@Collectif")
    sign_up(webinar, 2)
    sent = {"file_type": "csv", "reason": "Liste d’émargement"}
    text = staff.post(people_of(webinar, EXPORT), sent).content.decode("utf-8-sig")
    titles, first, second = text.splitlines()
    assert titles.startswith("Nom;Adresse e-mail;Organisation")
    assert first.startswith("'=HYPERLINK(A1);sacha1@exemple.fr;'@Collectif;")
    assert second.startswith("Sacha 2;")
    filtered = staff.post(people_of(webinar, f"{EXPORT}?q=sacha2"), sent).content.decode()
    assert "HYPERLINK" not in filtered
    assert "Sacha 2" in filtered


def test_the_workbook_opens_and_holds_the_same(staff: Client) -> None:
    webinar = make_webinar()
    sign_up(webinar, 1, name="=1+1")
    answer = staff.post(people_of(webinar, EXPORT), {"file_type": "xlsx", "reason": "Émargement"})
    assert f'filename="webinaire-{webinar.pk}.xlsx"' in answer["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "Nom"
    assert (rows[1][0], rows[1][1]) == ("=1+1", "sacha1@exemple.fr")


def test_people_of_another_session_are_not_reached_by_this_one(staff: Client) -> None:
    one, other = sign_up(make_webinar()), make_webinar(title="Autre")
    assert staff.get(people_of(other, f"{one.pk}/")).status_code == 404
    assert staff.post(people_of(other, f"{one.pk}/desinscrire/")).status_code == 404
