"""Behind a personal link: what its owner sees and does, before, during and after."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import make_user
from tests.webinars.factories import (
    ADDRESS,
    FRIDAY,
    make_document,
    make_webinar,
    sign_up,
    states,
    told,
)
from webinars import actions, mails
from webinars.asking import accept, ask
from webinars.enums import RegistrationState
from webinars.links import personal_path
from webinars.models import Feedback, Registration, Webinar
from webinars.personal_links import renew_link, revoke_link

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
FORMS = ("annuler/", "corriger/", "avis/", "nouveau-lien/", "effacer/", "questions/")


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(FRIDAY - timedelta(days=3), tick=False)
    return time_machine


@pytest.fixture
def webinar(clock: Any) -> Webinar:
    return make_webinar(starts_at=FRIDAY)


def get(one: Registration, page: str = "") -> str:
    return Client().get(f"{personal_path(one)}{page}").content.decode()


def post(one: Registration, page: str, **typed: Any) -> HttpResponse:
    return Client().post(f"{personal_path(one)}{page}", typed)  # type: ignore[return-value]


def state_of(one: Registration) -> dict[str, Any]:
    answer = Client().get(f"{personal_path(one)}etat/")
    assert "no-store" in answer["Cache-Control"]
    return dict(json.loads(answer.content))


def test_the_waiting_page_knows_how_long_by_the_server(webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar)
    clock.move_to(FRIDAY - 16 * MINUTE, tick=False)
    assert state_of(one) == {"door": "early", "left": 60}
    page = get(one)
    assert 'data-countdown="60"' in page
    # Without JavaScript it comes back by itself.
    assert '<noscript><meta http-equiv="refresh" content="61"></noscript>' in page
    clock.move_to(FRIDAY, tick=False)
    assert state_of(one)["door"] == "open"
    assert "refresh" not in get(one)


def test_a_far_day_is_asked_about_rarely(webinar: Webinar) -> None:
    page = get(sign_up(webinar))
    assert 'content="300"' in page
    assert "2 jours et 23 heures" in page


def test_the_meeting_is_told_no_address_of_ours_and_kept_nowhere(
    webinar: Webinar, clock: Any
) -> None:
    one = sign_up(webinar)
    clock.move_to(FRIDAY, tick=False)
    answer = post(one, "entrer/")
    assert answer["Location"] == ADDRESS
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert answer.content == b""


def test_every_state_has_friendly_words(webinar: Webinar, clock: Any) -> None:
    staff = make_user("staff", "confederation")
    undated = sign_up(make_webinar(dated=False), 9)
    asked = sign_up(make_webinar("cpri", starts_at=FRIDAY), 8)
    gone, off = sign_up(webinar, 1), sign_up(make_webinar(starts_at=FRIDAY), 7)
    full = make_webinar(starts_at=FRIDAY, capacity=1)
    sign_up(full, 5)
    waits = sign_up(full, 6)
    revoke_link(registration=gone, revoked_by=staff)
    actions.cancel_webinar(webinar=off.webinar, revision=off.webinar.revision, reason="Grève")
    for one, words in (
        (undated, "La date n’est pas encore fixée"), (asked, "Votre demande est envoyée"),
        (gone, "Ce lien a été retiré"), (off, "Grève"), (waits, "Vous êtes en liste d’attente"),
    ):  # fmt: skip
        assert words in get(one)
    over = sign_up(webinar, 2)
    clock.move_to(FRIDAY + timedelta(hours=3), tick=False)
    assert "La séance est terminée" in get(over)


def test_a_withdrawn_link_opens_no_other_page(webinar: Webinar) -> None:
    one = sign_up(webinar)
    revoke_link(registration=one, revoked_by=make_user("staff", "confederation"))
    for page in (*FORMS, "questions/liste/"):
        assert Client().get(f"{personal_path(one)}{page}").status_code == 404
    for page in (*FORMS, "revenir/", "questions/soutenir/"):
        assert post(one, page).status_code == 404
    assert "sacha1@exemple.fr" not in get(one)


def test_looking_cancels_nothing_and_one_may_come_back(webinar: Webinar) -> None:
    one = sign_up(webinar)
    assert "Me désinscrire" in get(one, "annuler/")
    assert states(webinar) == {"Sacha 1": "registered"}
    assert post(one, "annuler/")["Location"] == personal_path(one)
    assert states(webinar) == {"Sacha 1": "cancelled"}
    assert "Finalement, je viens" in get(one)
    post(one, "revenir/")
    assert states(webinar) == {"Sacha 1": "registered"}
    assert told(mails.WORD) == ["sacha1@exemple.fr"] * 2


def test_who_comes_back_to_a_full_session_waits(clock: Any) -> None:
    webinar = make_webinar(starts_at=FRIDAY, capacity=1)
    one = sign_up(webinar, 1)
    sign_up(webinar, 2)
    post(one, "annuler/")
    assert states(webinar) == {"Sacha 1": "cancelled", "Sacha 2": "registered"}
    assert "Rejoindre la liste d’attente" in get(one)
    post(one, "revenir/")
    assert states(webinar)["Sacha 1"] == "waiting"


def test_nobody_comes_back_once_it_is_over(webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar)
    post(one, "annuler/")
    clock.move_to(FRIDAY + timedelta(hours=2), tick=False)
    assert "Finalement, je viens" not in get(one)
    post(one, "revenir/")
    one.refresh_from_db()
    assert one.state == RegistrationState.CANCELLED


def test_one_corrects_ones_name_and_place(webinar: Webinar) -> None:
    one = sign_up(webinar, time_zone="America/New_York")
    page = post(one, "corriger/", name="", time_zone="Indian/Reunion").content.decode()
    assert "Écrivez votre prénom et votre nom." in page
    assert '<option value="Indian/Reunion" selected' in page
    post(one, "corriger/", name="Sacha Payet", time_zone="Indian/Reunion")
    assert "à La Réunion (13 h – 14 h à Paris)" in get(one).replace("\u00a0", " ")
    one.refresh_from_db()
    assert one.name == "Sacha Payet"


def test_a_zone_out_of_the_list_stays_as_it_is(webinar: Webinar) -> None:
    one = sign_up(webinar, time_zone="America/New_York")
    post(one, "corriger/", name="Sacha", time_zone="America/New_York")
    one.refresh_from_db()
    assert (one.name, one.time_zone) == ("Sacha", "America/New_York")


def test_after_the_session_three_questions_one_compulsory(webinar: Webinar, clock: Any) -> None:
    one = sign_up(webinar)
    assert (
        "une fois la séance terminée"
        in Client()
        .post(f"{personal_path(one)}avis/", {"usefulness": "5"}, follow=True)
        .content.decode()
    )
    clock.move_to(FRIDAY + timedelta(hours=2), tick=False)
    assert "Donner mon avis" in get(one)
    assert "Choisissez une réponse" in post(one, "avis/", wish="Du son").content.decode()
    assert Feedback.objects.count() == 0
    post(one, "avis/", usefulness="4", wish="Du son")
    assert Feedback.objects.get().wish == "Du son"
    assert "Merci pour votre avis" in get(one)
    post(one, "avis/", usefulness="2", next_step="Un marché")
    assert Feedback.objects.get().usefulness == 2


def test_documents_are_for_who_has_a_place(webinar: Webinar) -> None:
    actions.change_webinar(webinar=webinar, revision=webinar.revision, slides=make_document())
    make_document("ailleurs")
    one = sign_up(webinar)
    assert "Diaporama" in get(one)
    answer = Client().get(f"{personal_path(one)}documents/diaporama/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\n"
    assert Client().get(f"{personal_path(one)}documents/ailleurs/").status_code == 404
    post(one, "annuler/")
    assert Client().get(f"{personal_path(one)}documents/diaporama/").status_code == 404


def test_a_link_that_went_round_is_changed_by_its_owner(webinar: Webinar) -> None:
    one = sign_up(webinar)
    former = personal_path(one)
    get(one, "nouveau-lien/")
    assert Client().get(former).status_code == 200
    post(one, "nouveau-lien/")
    assert Client().get(former).status_code == 404
    assert told(mails.LINK) == ["sacha1@exemple.fr"]


def test_a_waiting_page_is_told_that_its_link_changed(webinar: Webinar) -> None:
    one = sign_up(webinar)
    former = f"{personal_path(one)}etat/"
    renew_link(registration=one)
    assert Client().get(former).status_code == 404


def test_one_is_forgotten_everywhere_at_once(webinar: Webinar) -> None:
    one, other = sign_up(webinar), sign_up(make_webinar(title="Autre"))
    get(one, "effacer/")
    assert Registration.objects.reachable().count() == 2
    assert post(one, "effacer/")["Location"] == "/webinaires/efface/"
    assert Registration.objects.reachable().count() == 0
    for path in (personal_path(one), personal_path(other)):
        assert Client().get(path).status_code == 404


def test_other_sessions_are_named_without_their_link(webinar: Webinar) -> None:
    one, other = sign_up(webinar), sign_up(make_webinar(title="La suite"))
    sign_up(make_webinar(title="D’une autre personne"), 2)
    page = get(one)
    assert "La suite" in page
    assert "D’une autre personne" not in page
    assert personal_path(other) not in page


def test_the_page_costs_the_same_with_many_questions_and_sessions(webinar: Webinar) -> None:
    one = sign_up(webinar)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            get(one)
        return len(seen)

    def add(number: int) -> None:
        for rank in range(number):
            who = sign_up(webinar, 100 * number + rank)
            accept(question=ask(registration=who, text=f"Question {number} {rank} ?"))
            sign_up(make_webinar(title=f"{number} {rank}", with_room=False))

    add(1)
    few = queries()
    add(12)
    assert queries() == few


def test_a_link_that_opens_nothing_leads_to_the_right_one() -> None:
    for page in ("", "entrer/", *FORMS):
        answer = Client().get(f"/webinaires/p/{'A' * 22}/{page}")
        assert answer.status_code == 404, page
        assert "/webinaires/mon-lien/" in answer.content.decode(), page


def test_who_waits_reads_when_questions_open(clock: Any) -> None:
    webinar = make_webinar(starts_at=FRIDAY, capacity=1)
    sign_up(webinar, 1)
    waiting = sign_up(webinar, 2)
    answer = Client().get(f"{personal_path(waiting)}questions/")
    assert answer.status_code == 404
    assert "dès que vous avez une place" in answer.content.decode()
    leaving = get(waiting, "annuler/")
    assert "Vous quittez la liste d’attente" in leaving
    assert "Votre place ira" not in leaving


def test_the_address_of_the_door_kept_as_a_bookmark_leads_to_the_page(webinar: Webinar) -> None:
    one = sign_up(webinar)
    answer = Client().get(f"{personal_path(one)}entrer/")
    assert (answer.status_code, answer["Location"]) == (302, personal_path(one))
    one.refresh_from_db()
    assert one.attended is None
