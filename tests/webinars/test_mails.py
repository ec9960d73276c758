"""What registrants read: what is true when it leaves, and no link that waits."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.actions import cancel_messages
from messaging.models import Message
from tests.factories import make_user
from tests.webinars.factories import (
    FRIDAY,
    delivered,
    make_webinar,
    sign_up,
    subjects,
)
from tests.webinars.leaks import tables_that_hold
from webinars import actions, composing
from webinars.links import personal_url, secret_of
from webinars.models import Registration, Webinar
from webinars.personal_links import renew_link
from webinars.registering import approve, cancel_registration, refuse

pytestmark = pytest.mark.django_db


def body_of_the_only_mail() -> str:
    (mail,) = delivered()
    return str(mail.body).replace("\u00a0", " ")


def test_no_link_waits_in_the_outbox_nor_stays_there() -> None:
    one = sign_up(make_webinar())
    secret = secret_of(one.seed)
    assert tables_that_hold([secret]) == []
    assert personal_url(one) in body_of_the_only_mail()
    assert tables_that_hold([secret]) == []


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Lou Martin", "Bonjour Lou,"),
        ("Lou cliquez sur gain.example", "Bonjour Lou,"),
        ("http://gain.example Lou", "Bonjour,"),
        ('=HYPERLINK("gain.example")', "Bonjour,"),
        ("<b>Lou</b>", "Bonjour,"),
    ],
)
def test_a_mail_greets_by_a_first_name_or_by_nothing(name: str, greeting: str) -> None:
    sign_up(make_webinar(), name=name)
    (mail,) = delivered()
    for text in (str(mail.body), str(mail.alternatives[0][0])):
        assert greeting in text.replace("\u00a0", " ")
        assert "gain.example" not in text
        assert "Lou</b>" not in text


def test_a_confirmation_says_all_one_needs(time_machine: Any) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=9))
    webinar = make_webinar(starts_at=FRIDAY, guest="la secrétaire générale")
    one = sign_up(webinar)
    (mail,) = delivered()
    text = str(mail.body).replace("\u00a0", " ")
    assert mail.subject == "Vous êtes inscrit·e : Outils et supports"
    for words in (
        "Bonjour Sacha,",
        "Quand : vendredi 20 novembre, 13 h – 14 h",
        "Où : en ligne, par votre lien personnel",
        "Qui invite : la confédération",
        "En présence de : la secrétaire générale",
        "- Échanges (40 min)",
        "La séance est jointe pour votre agenda.",
    ):
        assert words in text
    html = str(mail.alternatives[0][0])
    assert personal_url(one) in html
    assert mail.extra_headers["List-Unsubscribe"]


def test_what_is_told_is_what_is_true_when_it_leaves() -> None:
    webinar = make_webinar(capacity=1)
    first = sign_up(webinar, 1)
    sign_up(webinar, 2)
    cancel_registration(registration=first)
    sent = {str(mail.to[0]): str(mail.subject) for mail in delivered()}
    # The word that they wait was overtaken by the place they got.
    assert sent["sacha1@exemple.fr"] == "Vous êtes désinscrit·e : Outils et supports"
    assert "Liste d’attente" not in " ".join(sent.values())


def test_each_state_has_its_words() -> None:
    full, closed = make_webinar(title="Plein", capacity=1), make_webinar("cpri", title="Réservé")
    sign_up(full, 1)
    sign_up(full, 2)
    asked, refused = sign_up(closed, 3), sign_up(closed, 4)
    assert subjects() == {
        "Vous êtes inscrit·e : Plein": 1,
        "Liste d’attente : Plein": 1,
        "Votre demande est arrivée : Réservé": 2,
    }
    staff = make_user("staff", "ud-50")
    approve(registration=asked, decided_by=staff)
    refuse(registration=refused, decided_by=staff)
    assert subjects() == {"Vous êtes inscrit·e : Réservé": 1, "Votre demande : Réservé": 1}


def test_a_cancellation_carries_no_link_to_a_door_that_stays_shut() -> None:
    webinar = make_webinar()
    one = sign_up(webinar)
    delivered()
    actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="Grève générale")
    body = body_of_the_only_mail()
    assert "« Outils et supports » n’aura pas lieu. Pourquoi : Grève générale" in body
    assert secret_of(one.seed) not in body


def test_a_mail_sent_again_by_staff_carries_the_link_as_it_is_now() -> None:
    one = sign_up(make_webinar())
    renewed = renew_link(registration=one)
    for mail in delivered():
        assert personal_url(renewed) in mail.body
        assert personal_url(one) not in mail.body


def test_a_mail_for_a_changed_address_is_cancelled() -> None:
    one = sign_up(make_webinar())
    Registration.objects.filter(pk=one.pk).update(email="autre@exemple.fr")
    assert delivered() == []
    assert Message.objects.get().skip_reason == "cancelled"


def test_a_request_is_told_to_who_holds_the_session_with_where_to_answer() -> None:
    staff = make_user("staff", "ud-14")
    webinar = make_webinar("cpri", organisation="ud-14")
    sign_up(webinar)
    mail = next(mail for mail in delivered() if mail.to == [staff.email])
    assert mail.subject == "Des demandes pour « Outils et supports »"
    assert f"/webinaires/gerer/{webinar.pk}/inscriptions/?etat=asked" in mail.body
    assert "sacha1@exemple.fr" not in mail.body


def test_nothing_is_composed_for_a_session_that_was_deleted() -> None:
    sign_up(make_webinar())
    Webinar.objects.get().delete()
    assert delivered() == []


def test_a_batch_is_composed_in_the_same_number_of_queries_for_one_and_for_thirty() -> None:
    def queries_for(number: int) -> int:
        webinars = [
            make_webinar(title=f"{number}, {rank}", with_room=False) for rank in range(number)
        ]
        for rank, webinar in enumerate(webinars):
            sign_up(webinar, 100 * number + rank)
        waiting = list(Message.objects.filter(status="queued"))
        with CaptureQueriesContext(connection) as queries:
            assert len(composing.compose(waiting)) == number
        cancel_messages(unique_keys=[message.unique_key for message in waiting])
        return len(queries)

    assert queries_for(1) == queries_for(30)


def test_hours_on_both_sides_of_the_change_of_clocks(time_machine: Any) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=60))
    before = FRIDAY - timedelta(days=28)
    for start in (before, FRIDAY):
        webinar = make_webinar(starts_at=start, title=f"{start:%d/%m}")
        sign_up(webinar, time_zone="Indian/Reunion")
    bodies = [str(mail.body).replace("\u00a0", " ") for mail in delivered()]
    assert "15 h – 16 h à La Réunion (13 h – 14 h à Paris)" in bodies[0]
    assert "16 h – 17 h à La Réunion (13 h – 14 h à Paris)" in bodies[1]
