"""The pages of those who hold sessions: the list, one session, its preparation."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import User
from tests.factories import make_user
from tests.webinars.factories import (
    FRIDAY,
    PARIS,
    make_document,
    make_webinar,
    next_friday,
    sign_up,
    told,
)
from webinars import actions, mails
from webinars.enums import WebinarState
from webinars.models import Webinar
from webinars.registering import cancel_registration

pytestmark = pytest.mark.django_db
MANAGE = "/webinaires/gerer/"


@pytest.fixture
def staff(client_for: Callable[[User], Client]) -> Client:
    return client_for(make_user("staff", "confederation"))


def page_of(webinar: Webinar, path: str = "") -> str:
    return f"{MANAGE}{webinar.pk}/{path}"


def test_sessions_are_listed_by_where_they_stand_and_by_series(staff: Client) -> None:
    make_webinar("outils", title="Les outils", capacity=1)
    sign_up(make_webinar("cpri", title="Les commissions"), 1)
    make_webinar(title="Brouillon", announced=False)
    make_webinar(title="Passée", starts_at=next_friday() - timedelta(days=60))
    off = make_webinar(title="Annulée")
    actions.cancel_webinar(webinar=off, revision=off.revision, reason="Grève")
    titles = ("Les outils", "Les commissions", "Brouillon", "Passée", "Annulée")

    def listed(query: str) -> list[str]:
        page = staff.get(MANAGE + query).content.decode()
        return [title for title in titles if f">{title}</a>" in page]

    assert listed("") == ["Les outils", "Les commissions"]
    assert listed("?quand=brouillons") == ["Brouillon"]
    assert listed("?quand=passees") == ["Passée"]
    assert listed("?quand=annulees") == ["Annulée"]
    assert listed("?serie=cpri") == ["Les commissions"]
    assert listed("?serie=rien") == ["Les outils", "Les commissions"]


def test_the_list_says_how_many_come_wait_and_ask(staff: Client) -> None:
    webinar = make_webinar("outils", capacity=1, organisation="ud-14")
    for number in (1, 2):
        sign_up(webinar, number, user=make_user("staff", "ud-14"))
    sign_up(webinar, 3)
    row = staff.get(MANAGE).content.decode().replace("\n", "")
    assert '<td data-label="Inscrit·es" class="number">1&nbsp;/&nbsp;1</td>' in row
    assert '<td data-label="En attente" class="number">1</td>' in row
    assert f'href="{MANAGE}{webinar.pk}/inscriptions/?etat=asked"' in row


def test_an_empty_list_says_what_to_do(staff: Client) -> None:
    make_webinar("outils", announced=False)
    assert "Un intitulé suffit" in staff.get(MANAGE).content.decode()
    assert "de cette série" in staff.get(f"{MANAGE}?serie=cpri").content.decode()


def test_the_list_costs_the_same_for_one_session_and_for_twenty_five(staff: Client) -> None:
    def queries_for(number: int) -> int:
        for rank in range(number):
            sign_up(make_webinar(title=f"{number}, {rank}", with_room=False), rank)
        with CaptureQueriesContext(connection) as queries:
            staff.get(MANAGE)
        return len(queries)

    assert queries_for(1) == queries_for(24)


@pytest.mark.parametrize("role", ["militant", None])
def test_who_holds_nothing_finds_no_such_page(
    role: str | None, client_for: Callable[[User], Client]
) -> None:
    webinar = make_webinar(organisation="ud-14")
    client = client_for(make_user(role, "ud-14" if role else None))
    for path in ("", "nouvelle/", "participation/", "idees/", f"{webinar.pk}/"):
        assert client.get(MANAGE + path).status_code == 404


def test_a_session_begins_with_a_title_and_goes_on_to_its_date(staff: Client) -> None:
    make_webinar(announced=False)
    page = staff.get(f"{MANAGE}nouvelle/").content.decode()
    assert "Organisation qui invite" in page
    kept = {"series": "outils", "title": "Les outils", "description": "", "guest": "",
            "capacity": "80", "organisation": _own(page)}  # fmt: skip
    refused = staff.post(f"{MANAGE}nouvelle/", kept | {"title": "…"})
    assert "Donnez un intitulé" in refused.content.decode()
    assert 'value="80"' in refused.content.decode()
    answer = staff.post(f"{MANAGE}nouvelle/", kept)
    webinar = Webinar.objects.get(title="Les outils")
    assert answer["Location"] == page_of(webinar, "preparer/moment/")
    assert (webinar.state, webinar.capacity, webinar.starts_at) == (WebinarState.DRAFT, 80, None)


def _own(page: str) -> str:
    return page.split('name="organisation"')[1].split('value="')[1].split('"')[0]


def test_hours_are_those_of_paris_wherever_they_are_typed(
    client_for: Callable[[User], Client],
) -> None:
    """In summer and in winter, by somebody whose own clock shows another hour."""
    reunion = make_user("staff", "ud-974")
    webinar = make_webinar(organisation="ud-974", announced=False, dated=False)
    client = client_for(reunion)
    for typed in ("2027-01-15T13:00", "2027-07-16T13:00"):
        webinar.refresh_from_db()
        answer = client.post(
            page_of(webinar, "preparer/moment/"),
            {"revision": webinar.revision, "starts_at": typed, "minutes": 90,
             "opens_minutes_before": 10, "reminders": ["1440", "15"]},
        )  # fmt: skip
        assert answer["Location"] == page_of(webinar, "preparer/programme/")
        webinar.refresh_from_db()
        assert webinar.starts_at is not None
        assert webinar.ends_at == webinar.starts_at + timedelta(minutes=90)
        local = webinar.starts_at.astimezone(PARIS)
        assert (local.hour, local.minute) == (13, 0)
        page = client.get(page_of(webinar, "preparer/moment/")).content.decode()
        assert f'value="{typed}"' in page
    assert [one.minutes_before for one in webinar.reminders.all()] == [1440, 15]


def test_an_hour_that_does_not_exist_is_refused(staff: Client) -> None:
    webinar = make_webinar(announced=False)
    answer = staff.post(
        page_of(webinar, "preparer/moment/"),
        {"revision": webinar.revision, "starts_at": "2027-03-28T02:30", "minutes": 60,
         "opens_minutes_before": 10},
    )  # fmt: skip
    assert answer.status_code == 200
    assert "Un point à corriger" in answer.content.decode()


def test_a_date_is_taken_off_a_draft_and_not_off_an_announced_session(staff: Client) -> None:
    draft, announced = make_webinar(announced=False), make_webinar()
    for webinar in (draft, announced):
        staff.post(
            page_of(webinar, "preparer/moment/"),
            {"revision": webinar.revision, "starts_at": "", "minutes": 60,
             "opens_minutes_before": 15},
        )  # fmt: skip
        webinar.refresh_from_db()
    assert draft.starts_at is None
    assert announced.starts_at is not None
    assert not announced.reminders.exists()


def test_a_cancelled_session_may_change_its_date_and_not_lose_it(staff: Client) -> None:
    webinar = make_webinar()
    webinar = actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="Grève")
    sent = {"revision": webinar.revision, "minutes": 60, "opens_minutes_before": 15}
    where = page_of(webinar, "preparer/moment/")
    refused = staff.post(where, sent | {"starts_at": ""}).content.decode()
    assert "elle garde une date" in refused
    staff.post(where, sent | {"starts_at": "2027-05-07T13:00"})
    webinar.refresh_from_db()
    assert webinar.starts_at is not None
    assert webinar.starts_at.astimezone(PARIS).month == 5


def parts(*rows: tuple[str, ...], before: int = 0) -> dict[str, Any]:
    sent: dict[str, Any] = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": before}
    for number, row in enumerate(rows):
        for name, value in zip(
            ("title", "speakers", "minutes", "ORDER", "DELETE"), row, strict=False
        ):
            sent[f"rows-{number}-{name}"] = value
    return sent


def test_the_programme_is_written_line_by_line_put_in_order_and_cut(staff: Client) -> None:
    webinar = make_webinar(announced=False)
    rows = parts(
        ("Outils", "une militante", "20", "2"), ("Échanges", "", "40", "3", "on"),
        ("Déploiements", "", "15", "1"), ("", "", "", ""), before=2,
    )  # fmt: skip
    where = page_of(webinar, "preparer/programme/")
    answer = staff.post(where, {"revision": webinar.revision, "more": "1"} | rows)
    assert answer["Location"] == where
    found = webinar.parts.values_list("title", "minutes", "speakers")
    assert list(found) == [("Déploiements", 15, ""), ("Outils", 20, "une militante")]
    webinar.refresh_from_db()
    blank = parts(("", "", "", "1"), ("Outils", "", "", "2"), before=2)
    staff.post(where, {"revision": webinar.revision} | blank)
    assert list(webinar.parts.values_list("title", flat=True)) == ["Outils"]


def test_a_programme_longer_than_its_session_is_said(staff: Client) -> None:
    webinar = make_webinar(announced=False)
    answer = staff.post(
        page_of(webinar, "preparer/programme/"),
        {"revision": webinar.revision} | parts(("Outils", "", "70", "1")),
        follow=True,
    )
    assert "Le programme dure 70 minutes, la séance 60 minutes." in answer.content.decode()


def test_documents_slides_and_the_replay_are_attached(staff: Client) -> None:
    webinar = make_webinar()
    slides, guide = make_document("diaporama"), make_document("guide")
    answer = staff.post(
        page_of(webinar, "preparer/documents/"),
        {"revision": webinar.revision, "documents": [guide.pk], "slides": slides.pk,
         "replay_url": "https://video.example/1"},
    )  # fmt: skip
    assert answer["Location"] == page_of(webinar, "salle/")
    webinar.refresh_from_db()
    assert (webinar.slides, list(webinar.documents.all())) == (slides, [guide])


@pytest.mark.parametrize(
    ("step", "typed", "stored"),
    [
        ("seance", {"series": "outils", "title": "Ma version"}, "Leur version"),
        ("moment", {"minutes": "45", "opens_minutes_before": "5"}, "vendredi"),
        ("programme", parts(("Ma partie", "", "", "1")), "Outils (20 min), avec une militante"),
        ("documents", {"replay_url": "https://video.example/ma-version"}, "Documents"),
    ],
)
def test_two_people_at_once_see_both_states(
    step: str, typed: dict[str, Any], stored: str, staff: Client
) -> None:
    webinar = make_webinar("outils", announced=False)
    seen = webinar.revision
    changed = actions.change_webinar(webinar=webinar, revision=seen, title="Leur version")
    where = page_of(webinar, f"preparer/{step}/")
    answer = staff.post(where, {"revision": seen} | typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ce qui est enregistré maintenant" in page
    assert stored in page
    assert f'name="revision" value="{changed.revision}"' in page
    again = staff.post(where, {"revision": changed.revision} | typed)
    assert again.status_code == 302


def test_the_page_of_a_session_says_what_is_missing(staff: Client) -> None:
    webinar = make_webinar(announced=False, dated=False, with_room=False, steps=())
    page = staff.get(page_of(webinar)).content.decode()
    for words in ("La date n’est pas fixée", "La salle manque", "Le programme est vide",
                  "La présentation est vide", "Brouillon", "date à venir"):  # fmt: skip
        assert words in page
    whole = make_webinar(description="Une heure ensemble")
    assert "Ce qui manque" not in staff.get(page_of(whole)).content.decode()


def test_hours_of_the_page_are_those_of_the_reader_with_paris_beside(
    client_for: Callable[[User], Client],
) -> None:
    webinar = make_webinar(organisation="ud-974", starts_at=FRIDAY)
    page = client_for(make_user("staff", "ud-974")).get(page_of(webinar)).content.decode()
    assert "16 h – 17 h à La Réunion (13 h – 14 h à Paris)" in page.replace("\u00a0", " ")


def revision_of(webinar: Webinar, **fields: Any) -> dict[str, Any]:
    webinar.refresh_from_db()
    return {"revision": webinar.revision} | fields


def test_a_draft_is_announced_once(staff: Client) -> None:
    webinar = make_webinar(announced=False, with_room=False)
    where = page_of(webinar, "annoncer/")
    assert "La salle manque" in staff.get(where).content.decode()
    staff.post(where, revision_of(webinar))
    webinar.refresh_from_db()
    assert webinar.state == WebinarState.ANNOUNCED
    again = staff.get(where, follow=True).content.decode()
    assert "Cette séance n’est plus un brouillon" in again


def test_moving_says_how_many_are_told_and_tells_them(staff: Client) -> None:
    webinar = make_webinar(capacity=1)
    for number in (1, 2):
        sign_up(webinar, number)
    cancel_registration(registration=sign_up(webinar, 3))
    where = page_of(webinar, "deplacer/")
    assert "2 personnes reçoivent un mail" in staff.get(where).content.decode()
    staff.post(where, revision_of(webinar, starts_at="2027-05-07T13:00", minutes="90"))
    webinar.refresh_from_db()
    assert webinar.starts_at is not None
    assert webinar.starts_at.astimezone(PARIS).isoformat() == "2027-05-07T13:00:00+02:00"
    assert webinar.ends_at == webinar.starts_at + timedelta(minutes=90)
    assert sorted(told(mails.MOVED)) == ["sacha1@exemple.fr", "sacha2@exemple.fr"]


@pytest.mark.parametrize("dated", [True, False])
def test_a_typo_never_moves_a_session_into_the_past(staff: Client, dated: bool) -> None:
    webinar = make_webinar(dated=dated)
    sign_up(webinar)
    typed = revision_of(webinar, starts_at="2025-05-07T13:00", minutes="60")
    shown = staff.post(page_of(webinar, "deplacer/"), typed).content.decode()
    assert "Cette heure est déjà passée" in shown
    assert 'value="2025-05-07T13:00"' in shown
    assert Webinar.objects.get().starts_at == webinar.starts_at
    assert told(mails.MOVED) == []


def test_a_session_being_held_may_last_longer(staff: Client, time_machine: Any) -> None:
    webinar = make_webinar(starts_at=FRIDAY)
    time_machine.move_to(FRIDAY + timedelta(minutes=50), tick=False)
    staff.post(
        page_of(webinar, "deplacer/"),
        revision_of(webinar, starts_at="2026-11-20T13:00", minutes="90"),
    )
    assert Webinar.objects.get().ends_at == FRIDAY + timedelta(minutes=90)


def test_the_hours_of_a_past_session_are_corrected_without_a_mail(time_machine: Any) -> None:
    time_machine.move_to(FRIDAY - timedelta(days=1), tick=False)
    webinar = make_webinar(starts_at=FRIDAY)
    sign_up(webinar)
    time_machine.move_to(FRIDAY + timedelta(days=1), tick=False)
    actions.move_webinar(
        webinar=webinar, revision=webinar.revision, starts_at=FRIDAY + timedelta(hours=1)
    )
    assert Webinar.objects.get().starts_at == FRIDAY + timedelta(hours=1)
    assert told(mails.MOVED) == []


def test_a_first_date_is_told_too(staff: Client) -> None:
    webinar = make_webinar(dated=False)
    sign_up(webinar)
    where = page_of(webinar, "deplacer/")
    assert "Fixer la date" in staff.get(where).content.decode()
    staff.post(where, revision_of(webinar, starts_at="2027-05-07T13:00", minutes="60"))
    assert told(mails.MOVED) == ["sacha1@exemple.fr"]


def test_cancelling_asks_why_tells_how_many_and_is_undone(staff: Client) -> None:
    webinar = make_webinar()
    sign_up(webinar)
    where = page_of(webinar, "annuler/")
    assert "1 personne reçoit un mail" in staff.get(where).content.decode()
    assert "Dites pourquoi" in staff.post(where, revision_of(webinar)).content.decode()
    staff.post(where, revision_of(webinar, reason="Grève"))
    webinar.refresh_from_db()
    assert (webinar.state, webinar.cancel_reason) == (WebinarState.CANCELLED, "Grève")
    assert "Grève" in staff.get(page_of(webinar)).content.decode()
    staff.post(page_of(webinar, "retablir/"), revision_of(webinar))
    webinar.refresh_from_db()
    assert webinar.state == WebinarState.ANNOUNCED
    assert told(mails.BACK) == ["sacha1@exemple.fr"]


def test_an_act_on_an_older_state_shows_the_newer_one(staff: Client) -> None:
    webinar = make_webinar(title="Avant")
    seen = webinar.revision
    actions.change_webinar(webinar=webinar, revision=seen, title="Après")
    answer = staff.post(page_of(webinar, "annuler/"), {"revision": seen, "reason": "Grève"})
    assert answer.status_code == 409
    assert "<strong>Après</strong>" in answer.content.decode()
    assert 'value="Grève"' in answer.content.decode()
    webinar.refresh_from_db()
    assert webinar.state == WebinarState.ANNOUNCED


def test_a_copy_lasts_as_long_and_is_a_draft(staff: Client) -> None:
    webinar = make_webinar(hours=2)
    answer = staff.post(
        page_of(webinar, "copier/"), revision_of(webinar, starts_at="2027-05-07T13:00")
    )
    copy = Webinar.objects.exclude(pk=webinar.pk).get()
    assert answer["Location"] == page_of(copy)
    assert copy.starts_at is not None
    assert copy.ends_at is not None
    assert (copy.state, copy.ends_at - copy.starts_at) == (WebinarState.DRAFT, timedelta(hours=2))


def test_a_draft_alone_is_deleted(staff: Client) -> None:
    draft, announced = make_webinar(announced=False), make_webinar()
    for webinar in (draft, announced):
        staff.post(page_of(webinar, "supprimer/"), revision_of(webinar))
    assert list(Webinar.objects.all()) == [announced]


def test_a_session_that_is_over_is_neither_moved_nor_cancelled(
    staff: Client, time_machine: Any
) -> None:
    webinar = make_webinar(starts_at=FRIDAY)
    time_machine.move_to(FRIDAY + timedelta(hours=2), tick=False)
    client = staff
    client.post(page_of(webinar, "annuler/"), revision_of(webinar, reason="Trop tard"))
    client.post(
        page_of(webinar, "deplacer/"),
        revision_of(webinar, starts_at="2027-05-07T13:00", minutes="60"),
    )
    webinar.refresh_from_db()
    assert (webinar.state, webinar.starts_at) == (WebinarState.ANNOUNCED, FRIDAY)


def test_a_library_without_documents_says_so_and_keeps_the_replay(staff: Client) -> None:
    webinar = make_webinar()
    where = page_of(webinar, "preparer/documents/")
    assert "La bibliothèque est vide" in staff.get(where).content.decode()
    staff.post(where, revision_of(webinar, replay_url="https://video.example/1"))
    webinar.refresh_from_db()
    assert webinar.replay_url == "https://video.example/1"


def test_the_room_is_found_among_the_steps(staff: Client) -> None:
    webinar = make_webinar(announced=False)
    answer = staff.get(f"{MANAGE}{webinar.pk}/preparer/salle/")
    assert (answer.status_code, answer["Location"]) == (302, f"{MANAGE}{webinar.pk}/salle/")
