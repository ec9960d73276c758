"""Agendas read by a telephone: what they say, for whom, until when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import vobject
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event

from deployments import actions, feeds
from deployments.enums import Answer, FeedKind
from deployments.models import CalendarFeed, Deployment, TeamMember, TeamRole
from organisations.models import Membership, Organisation, User
from territory.models import Commune
from tests.deployments.factories import PARIS, make_deployment, slot
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
TENTH = datetime(2027, 3, 10, 9, tzinfo=PARIS)


def open_feed(user: User, kind: str = FeedKind.EVERYTHING, organisation: str = "") -> str:
    owner = Organisation.objects.get(slug=organisation) if organisation else None
    _, secret = feeds.open_feed(user=user, kind=kind, organisation=owner)
    return f"/deploiements/agendas/{secret}.ics"


def titles(address: str) -> set[str]:
    answer = Client().get(address)
    assert answer.status_code == 200
    return {str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_a_second_library_reads_the_same_events() -> None:
    """Over the change of clocks: nine in the morning in Paris is not the same hour in UTC."""
    make_deployment(
        title="Caravane, l’été", guest="la secrétaire générale",
        slots=[slot(datetime(2027, 3, day, 9, tzinfo=PARIS)) for day in (27, 28)],
    )  # fmt: skip
    body = Client().get(open_feed(make_user("staff", "ul-caen"))).content.decode()
    events = list(vobject.readOne(body).vevent_list)
    assert [event.summary.value for event in events] == ["Caravane, l’été"] * 2
    assert [event.dtstart.value for event in events] == [
        datetime(2027, 3, 27, 8, tzinfo=UTC), datetime(2027, 3, 28, 7, tzinfo=UTC),
    ]  # fmt: skip
    assert len({event.uid.value for event in events}) == 2
    assert "secrétaire générale" in events[0].description.value
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))


def test_a_change_keeps_the_event_and_raises_its_number() -> None:
    address = open_feed(make_user("staff", "ul-caen"))
    deployment = make_deployment(slots=[slot(TENTH)])
    before = read_one(address)
    actions.set_slots(
        deployment=deployment, revision=deployment.revision, slots=[slot(TENTH, hours=1)]
    )
    deployment.refresh_from_db()
    moved = actions.move_deployment(
        deployment=deployment, revision=deployment.revision, starts_at=TENTH + timedelta(days=1)
    )
    after = read_one(address)
    assert after["uid"] == before["uid"]
    assert after["sequence"] == moved.revision > before["sequence"]


def read_one(address: str) -> Event:
    (event,) = Calendar.from_ical(Client().get(address).content).walk("VEVENT")
    return event


def test_a_cancelled_action_is_said_cancelled() -> None:
    address = open_feed(make_user("staff", "ul-caen"))
    deployment = make_deployment()
    assert read_one(address)["STATUS"] == "CONFIRMED"
    actions.cancel_deployment(deployment=deployment, revision=deployment.revision, reason="Tempête")
    assert read_one(address)["STATUS"] == "CANCELLED"


def test_an_archived_action_is_gone() -> None:
    address = open_feed(make_user("staff", "ul-caen"))
    deployment = make_deployment()
    actions.archive_deployment(deployment=deployment, revision=deployment.revision)
    assert titles(address) == set()


def test_everything_is_what_the_owner_sees_now() -> None:
    owner = make_user("staff", "ul-caen")
    address = open_feed(owner)
    make_deployment(title="Idée", reported=False)
    make_deployment("ud-50", title="Idée de la Manche", reported=False)
    assert titles(address) == {"Idée"}
    Membership.objects.filter(user=owner).update(ended_at=timezone.now())
    assert titles(address) == set()


def test_an_organisation_is_shown_with_those_below_it() -> None:
    address = open_feed(make_user("staff", "ud-14"), FeedKind.ORGANISATION, "ud-14")
    make_deployment("ul-caen", title="UL")
    make_deployment("ud-14", title="UD")
    make_deployment("ud-50", title="Voisins à Caen")
    assert titles(address) == {"UL", "UD"}


def test_mine_are_the_teams_one_is_in() -> None:
    owner = make_user("militant", "ul-caen")
    address = open_feed(owner, FeedKind.MINE)
    deployment = make_deployment(title="La mienne")
    make_deployment(title="Une autre")
    member = TeamMember.objects.create(
        deployment=deployment, user=owner, role=TeamRole.objects.get(pk="pilote"),
        first_name="Léa", person=f"u:{owner.pk}", token_hash="x", answer=Answer.COMING,
    )  # fmt: skip
    assert titles(address) == {"La mienne"}
    member.answer = Answer.DECLINED
    member.save()
    assert titles(address) == set()


def test_an_address_taken_back_leads_nowhere(client_for: ClientFor) -> None:
    owner = make_user("staff", "ul-caen")
    address = open_feed(owner)
    feed = CalendarFeed.objects.get()
    assert client_for(owner).post(f"/deploiements/agendas/{feed.pk}/retirer/").status_code == 302
    assert Client().get(address).status_code == 404


def test_the_address_of_somebody_who_left_leads_nowhere() -> None:
    owner = make_user("staff", "ul-caen")
    address = open_feed(owner)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert Client().get(address).status_code == 404


def test_a_guessed_address_leads_nowhere() -> None:
    assert Client().get("/deploiements/agendas/AAAAAAAAAAAAAAAAAAAAAA.ics").status_code == 404


def test_what_has_not_changed_is_not_sent_again() -> None:
    address = open_feed(make_user("staff", "ul-caen"))
    deployment = make_deployment()
    first = Client().get(address)
    again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Last-Modified" in first
    actions.archive_deployment(deployment=deployment, revision=deployment.revision)
    changed = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_a_reading_is_noted_by_a_worker_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, str]] = []
    monkeypatch.setattr(
        "deployments.tasks.note_feed_reading.delay", lambda *given: asked.append(given)
    )
    address = open_feed(make_user("staff", "ul-caen"))
    Client().get(address)
    ((pk, at),) = asked
    feeds.note_reading(pk=pk, at=datetime.fromisoformat(at))
    Client().get(address)
    assert len(asked) == 1
    assert CalendarFeed.objects.get().last_read_at == datetime.fromisoformat(at)


def test_the_secret_is_shown_once_and_not_kept(client_for: ClientFor) -> None:
    client = client_for(make_user("staff", "ul-caen"))
    page = client.post("/deploiements/agendas/", {"kind": "everything"}).content.decode()
    address = page.split('code-box__code">')[1].split("<")[0]
    path = "/" + address.partition("://")[2].partition("/")[2]
    assert titles(path) == set()
    secret = path.rsplit("/", 1)[1].removesuffix(".ics")
    assert secret not in client.get("/deploiements/agendas/").content.decode()
    assert secret not in str(CalendarFeed.objects.values())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Choisissez ce que l’agenda montre"),
        ({"kind": "organisation"}, "De quelle organisation"),
        ({"kind": "organisation", "organisation": "999999"}, "une organisation de la liste"),
    ],
)
def test_what_is_missing_is_said(client_for: ClientFor, typed: dict[str, str], words: str) -> None:
    client = client_for(make_user("staff", "ul-caen"))
    page = client.post("/deploiements/agendas/", typed).content.decode()
    assert words in page
    assert not CalendarFeed.objects.exists()


def test_one_does_not_have_more_agendas_than_ten(client_for: ClientFor) -> None:
    owner = make_user("staff", "ul-caen")
    for _ in range(feeds.MOST_FEEDS):
        open_feed(owner)
    page = client_for(owner).post("/deploiements/agendas/", {"kind": "mine"})
    assert "retirez-en un" in page.content.decode()


def test_one_action_is_a_file_that_names_its_place(client_for: ClientFor) -> None:
    deployment = make_deployment(slots=[slot(TENTH)])
    client = client_for(make_user("militant", "ul-caen"))
    answer = client.get(f"/deploiements/{deployment.pk}/action.ics")
    event = vobject.readOne(answer.content.decode()).vevent
    assert event.dtstart.value == datetime(2027, 3, 10, 8, tzinfo=UTC)
    assert "Caen" in event.location.value
    assert answer["Content-Disposition"] == f'attachment; filename="action-{deployment.pk}.ics"'


def test_an_hour_in_la_reunion_is_its_own() -> None:
    address = open_feed(make_user("staff", "confederation"))
    make_deployment(commune=Commune.objects.get(pk="97411"), slots=[slot(TENTH)])
    start = read_one(address)["DTSTART"].dt
    assert start == TENTH
    assert Deployment.objects.get().time_zone == "Indian/Reunion"
