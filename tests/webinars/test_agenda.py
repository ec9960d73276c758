"""The agenda: who knows of which session, at what hours, and the calendar anybody subscribes to."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from organisations.models import User
from tests.factories import make_user
from tests.webinars.factories import (
    FRIDAY,
    SECRETS,
    make_document,
    make_webinar,
    next_friday,
    sign_up,
)
from webinars import actions, agenda_rules
from webinars.agenda import lines_of
from webinars.audience import address_hash, admit, admit_addresses, belongs
from webinars.models import Series

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
AGENDA, FEED = "/webinaires/", "/webinaires/agenda.ics"
OVERSEAS = ZoneInfo("Indian/Reunion")
OWN_HOURS = "à La Réunion (13 h – 14 h à Paris)"


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def page_of(client: Client, **query: str) -> str:
    return spaced(client.get(AGENDA, query).content.decode())


def titles_for(user: User | None) -> set[str]:
    return {one.title for one in agenda_rules.sessions_for(user)}


def make_one_of_each() -> None:
    for slug in ("ouverts", "outils", "cpri", "conseillers"):
        make_webinar(slug, title=slug)
    make_webinar(title="brouillon", announced=False)


def test_anybody_knows_of_open_sessions_alone() -> None:
    make_one_of_each()
    assert titles_for(None) == titles_for(make_user()) == {"ouverts"}


def test_a_member_knows_of_those_of_their_audience() -> None:
    make_one_of_each()
    activist = make_user("militant", "ud-14")
    assert titles_for(activist) == {"ouverts", "outils"}
    assert titles_for(make_user("militant", "cr-28")) == {"ouverts"}
    admit(hashes=[address_hash(activist.email)], added_by=None, mandate="defender")
    cpri = Series.objects.get(pk="cpri")
    admit_addresses(series=cpri, addresses=[activist.email], added_by=activist)
    assert titles_for(activist) == {"ouverts", "outils", "conseillers", "cpri"}
    everything = {"ouverts", "outils", "conseillers", "cpri"}
    assert titles_for(make_user("staff", "confederation")) == everything


def test_a_member_still_sees_what_they_asked_to_come_to() -> None:
    asked = make_webinar("cpri", title="Demandée")
    activist = make_user("militant", "ud-14")
    sign_up(asked, email=activist.email)
    assert titles_for(activist) == {"Demandée"}


def test_who_must_ask_is_what_registering_says() -> None:
    series = list(Series.objects.order_by("pk"))
    series.append(Series.objects.create(slug="sur-demande", title="Sur demande"))
    known = make_user("militant", "ul-caen")
    admit(hashes=[address_hash(known.email)], added_by=None, mandate="cpri")
    admit_addresses(series=series[-1], addresses=[known.email], added_by=known)
    for user in (
        known, make_user(), make_user("militant", "cr-28"), make_user("staff", "confederation"),
    ):  # fmt: skip
        hashed = address_hash(user.email)
        expected = {one.pk for one in series if not belongs(one, hashed, user)}
        assert agenda_rules.asking_among(user, series) == expected


def test_overseas_one_reads_ones_own_hours_with_those_of_paris() -> None:
    webinar = make_webinar(starts_at=next_friday(13))
    client = Client()
    assert "13 h – 14 h" in page_of(client)
    assert OWN_HOURS in page_of(client, fuseau=OVERSEAS.key)
    # Remembered on the next page.
    assert OWN_HOURS in spaced(client.get(f"/webinaires/s/{webinar.code}/").content.decode())
    assert OWN_HOURS in page_of(client, fuseau="Mars/Olympus")


def test_a_member_reads_the_hours_of_where_they_act(client_for: ClientFor) -> None:
    make_webinar("outils")
    assert OWN_HOURS in page_of(client_for(make_user("militant", "ud-974")))


def test_hours_of_paris_stay_over_the_change_of_clocks() -> None:
    (winter, summer) = (
        make_webinar(starts_at=datetime(2027, 3, day, 13, tzinfo=ZoneInfo("Europe/Paris")))
        for day in (26, 29)
    )
    lines = lines_of([winter, summer], zone=OVERSEAS, user=None)
    told = [spaced(line.when).partition(", ")[2] for line in lines]
    assert told == [f"16 h – 17 h {OWN_HOURS}", f"15 h – 16 h {OWN_HOURS}"]


def test_an_undated_session_is_told_and_its_date_is_promised() -> None:
    make_webinar(dated=False)
    page = Client().get(AGENDA).content.decode()
    assert "date à venir" in page
    assert "Me prévenir de la date" in page


def test_a_full_session_says_so_before_one_registers() -> None:
    full, free = make_webinar(capacity=1), make_webinar(capacity=2)
    sign_up(full, 1)
    sign_up(free, 1)
    lines = lines_of([full, free, make_webinar()], zone=OVERSEAS, user=None)
    assert [line.is_full for line in lines] == [True, False, False]
    page = f"/webinaires/s/{full.code}/"
    assert "Rejoindre la liste d’attente" in Client().get(page).content.decode()


def test_the_agenda_costs_the_same_for_one_and_for_a_dozen(client_for: ClientFor) -> None:
    user = make_user("militant", "ud-14")
    clients = [Client(), client_for(user)]

    def queries_for(number: int) -> list[int]:
        for rank in range(number):
            one = make_webinar(title=f"{number}, {rank}", capacity=3, with_room=False)
            sign_up(one, email=user.email)
        found = []
        for client in clients:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(AGENDA).content.count(b"session__title") >= number
            found.append(len(queries))
        return found

    assert queries_for(1) == queries_for(12)


def test_the_page_of_a_session_costs_the_same_in_a_long_series() -> None:
    webinar = make_webinar("outils", capacity=3)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            Client().get(f"/webinaires/s/{webinar.code}/")
        return len(seen)

    make_webinar("outils", title="La suite")
    few = queries()
    for rank in range(12):
        make_webinar("outils", title=f"{rank}", capacity=3, with_room=False)
    assert queries() == few


def test_a_draft_has_no_page_and_a_code_is_forgiving() -> None:
    draft = make_webinar(announced=False)
    assert Client().get(f"/webinaires/s/{draft.code}/").status_code == 404
    webinar = make_webinar()
    assert Client().get(f"/webinaires/s/{webinar.code.lower()}/").status_code == 200


def feed() -> list[object]:
    answer = Client().get(FEED)
    assert answer["Content-Type"].startswith("text/calendar")
    calendar = vobject.readOne(answer.content.decode())
    return list(calendar.contents.get("vevent", []))


def test_the_feed_follows_what_becomes_of_open_sessions() -> None:
    webinar = make_webinar(starts_at=FRIDAY + timedelta(days=90))
    make_webinar("outils", title="Réservée")
    make_webinar(dated=False, title="Sans date")
    make_webinar(announced=False, title="Brouillon")
    (event,) = feed()
    assert event.dtstart.value == webinar.starts_at.astimezone(UTC)  # type: ignore[attr-defined,union-attr]
    assert (event.status.value, event.sequence.value) == ("CONFIRMED", "0")  # type: ignore[attr-defined]
    assert event.url.value == f"{settings.SITE_URL}/webinaires/s/{webinar.code}/"  # type: ignore[attr-defined]
    actions.cancel_webinar(webinar=webinar, revision=webinar.revision, reason="")
    (after,) = feed()
    assert after.uid.value == event.uid.value  # type: ignore[attr-defined]
    assert (after.status.value, after.sequence.value) == ("CANCELLED", "1")  # type: ignore[attr-defined]


def test_a_feed_that_did_not_change_is_not_sent_again() -> None:
    webinar = make_webinar()
    tag = Client().get(FEED)["ETag"]
    assert Client().get(FEED, headers={"if-none-match": tag}).status_code == 304
    webinar.refresh_from_db()
    actions.change_webinar(webinar=webinar, revision=webinar.revision, title="Autre")
    assert Client().get(FEED, headers={"if-none-match": tag}).status_code == 200


def test_one_session_is_a_file_without_the_meeting() -> None:
    webinar = make_webinar("outils")
    answer = Client().get(f"/webinaires/s/{webinar.code}/seance.ics")
    body = answer.content.decode()
    assert f"/webinaires/s/{webinar.code}/" in body.replace("\r\n ", "")
    assert not any(secret in body for secret in SECRETS)
    undated = make_webinar(dated=False)
    assert Client().get(f"/webinaires/s/{undated.code}/seance.ics").status_code == 404


def test_the_card_alone_may_be_framed_and_runs_nothing() -> None:
    webinar = make_webinar()
    page = f"/webinaires/s/{webinar.code}/"
    card, own = Client().get(f"{page}carte/"), Client().get(page)
    assert "frame-ancestors https:" in card["Content-Security-Policy"]
    assert "X-Frame-Options" not in card
    assert "frame-ancestors 'none'" in own["Content-Security-Policy"]
    assert own["X-Frame-Options"] == "DENY"
    body = card.content.decode()
    assert "<script" not in body
    assert "<form" not in body
    assert f'href="{page}"' in body


def test_a_guest_sees_titles_of_documents_a_member_opens_them(client_for: ClientFor) -> None:
    webinar = make_webinar(documents=[make_document("argumentaire")])
    page = f"/webinaires/s/{webinar.code}/"
    assert "/argumentaire/" not in Client().get(page).content.decode()
    member = client_for(make_user("militant", "ud-14"))
    assert "/argumentaire/" in member.get(page).content.decode()
