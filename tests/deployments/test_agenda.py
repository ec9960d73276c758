"""The calendar: what stands where, for whom, and how much it asks of the database."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployments import actions, staffing
from deployments.absences import note_absence
from deployments.agenda_rules import absences_of
from deployments.enums import Answer, Authority, DeclarationState
from deployments.models import Deployment, PublicSpaceDeclaration, RoleNeed, TeamMember, TeamRole
from organisations.models import Organisation, User
from territory.models import Commune, Trade
from tests.deployments.factories import PARIS, add_member, make_deployment, next_week, slot
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
AGENDA = "/deploiements/agenda/"
SAINT_DENIS = "97411"


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


def at(day: date, hour: int, zone: ZoneInfo = PARIS) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone)


def page_of(client: Client, **query: object) -> str:
    answer = client.get(AGENDA, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def day_cell(page: str, day: date) -> str:
    """The part of a page about one day."""
    return page.split(f'data-day="{day.isoformat()}"')[1].split("data-day=")[0]


@pytest.mark.parametrize("vue", ["mois", "semaine"])
def test_an_action_stands_on_its_day(staff: Client, vue: str) -> None:
    deployment = make_deployment(slots=[slot(at(date(2027, 3, 10), 9))])
    page = page_of(staff, vue=vue, le="2027-03-10")
    cell = day_cell(page, date(2027, 3, 10))
    assert f"/deploiements/{deployment.pk}/" in cell
    assert "9\u00a0h" in cell
    assert "Marché Saint-Pierre" not in day_cell(page, date(2027, 3, 11))


def test_an_overseas_action_stands_on_the_day_of_its_place(staff: Client) -> None:
    """One in the morning in La Réunion is still the day before in Paris."""
    reunion = ZoneInfo("Indian/Reunion")
    make_deployment(
        commune=Commune.objects.get(pk=SAINT_DENIS), slots=[slot(at(date(2027, 3, 10), 1, reunion))]
    )
    page = page_of(staff, le="2027-03-10")
    assert "Marché Saint-Pierre" in day_cell(page, date(2027, 3, 10))
    assert "Marché Saint-Pierre" not in day_cell(page, date(2027, 3, 9))


def test_a_night_belongs_to_its_evening(staff: Client) -> None:
    make_deployment(slots=[slot(at(date(2027, 3, 10), 22), hours=5)])
    page = page_of(staff, le="2027-03-10")
    assert "Marché Saint-Pierre" not in day_cell(page, date(2027, 3, 11))


def test_several_days_are_one_bar_over_the_end_of_the_week(staff: Client) -> None:
    days = [date(2027, 3, 13) + timedelta(days=number) for number in range(4)]
    make_deployment(title="Caravane", slots=[slot(at(one, 9)) for one in days])
    page = page_of(staff, le="2027-03-10")
    for one in days:
        assert "Caravane" in day_cell(page, one)
        assert "event--long" in day_cell(page, one)
    assert "event--from" not in day_cell(page, days[0])
    assert "event--on" not in day_cell(page, days[-1])


def test_what_does_not_fit_is_counted_and_leads_to_the_list(staff: Client) -> None:
    for hour in range(8, 15):
        make_deployment(title=f"Action de {hour}", slots=[slot(at(date(2027, 3, 10), hour))])
    cell = day_cell(page_of(staff, le="2027-03-10", public="workers"), date(2027, 3, 10))
    assert "Action de 10" in cell
    assert "Action de 11" not in cell
    assert "4 de plus" in cell
    assert "public=workers&amp;vue=liste&amp;le=2027-03-10" in cell


def test_a_crowded_day_keeps_room_for_a_bar(staff: Client) -> None:
    make_deployment(title="Caravane", slots=[slot(at(date(2027, 3, 9), 9), hours=60)])
    for hour in range(8, 15):
        make_deployment(title=f"Action de {hour}", slots=[slot(at(date(2027, 3, 10), hour))])
    cell = day_cell(page_of(staff, le="2027-03-10"), date(2027, 3, 10))
    assert "Caravane" in cell
    assert "5 de plus" in cell


def test_the_list_begins_with_the_day_asked_for(staff: Client) -> None:
    make_deployment(title="Avant", slots=[slot(at(date(2027, 3, 9), 9))])
    make_deployment(title="Après", slots=[slot(at(date(2027, 4, 9), 9))])
    page = page_of(staff, vue="liste", le="2027-03-10")
    assert "Après" in page
    assert "Avant</a>" not in page


def test_an_idea_of_others_and_what_is_cancelled_are_not_there(staff: Client) -> None:
    slots = [slot(at(date(2027, 3, 10), 9))]
    make_deployment("ud-50", title="Idée de la Manche", reported=False, slots=slots)
    gone = make_deployment(title="Pluie annoncée", slots=slots)
    actions.cancel_deployment(deployment=gone, revision=gone.revision, reason="Tempête")
    page = page_of(staff, le="2027-03-10")
    assert "Manche" not in day_cell(page, date(2027, 3, 10))
    assert "Pluie annoncée" not in page
    assert "Pluie annoncée" in page_of(staff, le="2027-03-10", annules="on")


def shown_with(client: Client, **query: object) -> set[str]:
    page = page_of(client, vue="liste", le="2027-03-01", **query)
    return {title for title in ("Une", "Autre") if f">{title}</a>" in page}


def make_two(**fields: object) -> None:
    slots = [slot(at(date(2027, 3, 10), 9))]
    make_deployment(title="Une", slots=slots, **(fields))  # type: ignore[arg-type]
    make_deployment("ud-50", title="Autre", slots=slots, commune=Commune.objects.get(pk="50129"))
    RoleNeed.objects.all().delete()


@pytest.fixture
def confederation(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "confederation"))


@pytest.mark.parametrize(
    ("fields", "query"),
    [
        ({}, {"territoire": "d14"}),
        ({"public": "retired"}, {"public": "retired"}),
        ({"guest": "la secrétaire générale"}, {"avec": "secretaire"}),
        ({"types": ["point-fixe"]}, {"type": "point-fixe"}),
    ],
)
def test_filters_leave_the_rest_out(
    confederation: Client, fields: dict[str, object], query: dict[str, str]
) -> None:
    make_two(**fields)
    assert shown_with(confederation) == {"Une", "Autre"}
    assert shown_with(confederation, **query) == {"Une"}


def test_a_local_union_shows_what_takes_place_in_its_communes(confederation: Client) -> None:
    make_two()
    union = Organisation.objects.get(slug="ul-caen")
    assert shown_with(confederation, territoire=f"o{union.pk}") == {"Une"}


def test_a_federation_shows_the_actions_for_its_trades(confederation: Client) -> None:
    make_two(trades=Trade.objects.filter(pk="coiffeur"))
    federation = Organisation.objects.filter(kind="fd", agreements__trades="coiffeur").first()
    assert federation is not None
    assert shown_with(confederation, federation=federation.pk) == {"Une"}


def test_a_role_nobody_took_is_found(confederation: Client) -> None:
    make_two()
    make = {"deployment_id": _number("Une"), "role": TeamRole.objects.get(pk="pilote")}
    RoleNeed.objects.create(minimum=1, **make)
    assert shown_with(confederation, role="tous") == shown_with(confederation, role="pilote")
    assert shown_with(confederation, role="tous") == {"Une"}
    TeamMember.objects.create(
        first_name="Léa", phone="+33639980001", person="x", token_hash="x", answer=Answer.COMING,
        **make,
    )  # fmt: skip
    assert shown_with(confederation, role="tous") == set()


def test_a_mandate_is_asked_of_those_who_come(confederation: Client) -> None:
    make_two()
    make = {"deployment_id": _number("Une"), "role": TeamRole.objects.get(pk="pilote")}
    RoleNeed.objects.create(minimum=1, mandate="judge", **make)
    member = TeamMember.objects.create(
        first_name="Léa", phone="+33639980001", person="x", token_hash="x", answer=Answer.COMING,
        **make,
    )  # fmt: skip
    assert shown_with(confederation, role="tous") == {"Une"}
    member.mandates = ["judge"]
    member.save()
    assert shown_with(confederation, role="tous") == set()


def test_a_declaration_that_should_have_left_is_found_and_told(confederation: Client) -> None:
    make_two()
    today = timezone.localdate()
    declaration = PublicSpaceDeclaration.objects.create(
        deployment_id=_number("Une"), authority=Authority.TOWN_HALL, advised_on=today,
        last_day=today + timedelta(days=9),
    )  # fmt: skip
    assert shown_with(confederation, danger="on") == {"Une"}
    assert "(déclaration à envoyer maintenant)" in page_of(confederation, le="2027-03-10")
    declaration.state = DeclarationState.SENT
    declaration.save()
    assert shown_with(confederation, danger="on") == set()


def _number(title: str) -> int:
    return Deployment.objects.get(title=title).pk


@pytest.mark.parametrize("value", ["o1x", "r", "zzz", "o999999999999"])
def test_a_filter_that_does_not_exist_filters_nothing(confederation: Client, value: str) -> None:
    make_two()
    assert shown_with(confederation, territoire=value) == {"Une", "Autre"}


@pytest.mark.parametrize("day", ["2027-13-45", "0001-01-01", "9999-12-31", "hier"])
def test_a_day_that_makes_no_sense_is_today(staff: Client, day: str) -> None:
    assert "aujourd’hui" in page_of(staff, le=day)


def test_the_names_of_a_team_are_for_its_managers(client_for: ClientFor) -> None:
    deployment = make_deployment("ul-caen")
    TeamMember.objects.create(
        deployment=deployment, role=TeamRole.objects.get(pk="pilote"), first_name="Ousmane",
        phone="+33639980001", person="x", token_hash="x", answer=Answer.COMING,
    )  # fmt: skip
    query = {"vue": "equipes", "le": next_week().date().isoformat()}
    manager = client_for(make_user("staff", "ul-caen"))
    assert "Ousmane" in page_of(manager, **query)
    for role, organisation in (("militant", "ul-caen"), ("staff", "fd-commerce")):
        other = client_for(make_user(role, organisation))
        assert "Ousmane" not in page_of(other, **query)


def roster(client: Client, day: date) -> list[str]:
    """The names of the people of the fortnight that holds a day."""
    answer = client.get(AGENDA, {"vue": "equipes", "le": day.isoformat()})
    return [row.name for row in answer.context["people"]]


def roster_days(client: Client, day: date) -> dict[str, list[date]]:
    """By name, the days on which somebody is expected."""
    answer = client.get(AGENDA, {"vue": "equipes", "le": day.isoformat()})
    return {
        row.name: [cell.day.date for cell in row.cells if cell.entries]
        for row in answer.context["people"]
    }


def test_the_roster_names_only_who_is_expected_on_its_days(staff: Client) -> None:
    sunday, monday = date(2027, 3, 7), date(2027, 3, 8)
    add_member(make_deployment(slots=[slot(at(sunday, 9))]), 1)
    add_member(make_deployment(slots=[slot(at(monday, 9))]), 2)
    off = make_deployment(slots=[slot(at(monday, 14))])
    add_member(off, 3, comes=False)
    off.refresh_from_db()
    actions.cancel_deployment(deployment=off, revision=off.revision, reason="Tempête")
    assert roster(staff, monday) == ["Sacha 2"]


def test_the_roster_expects_people_on_the_days_they_chose(staff: Client) -> None:
    first, second = date(2027, 3, 10), date(2027, 3, 11)
    deployment = make_deployment(slots=[slot(at(first, 9)), slot(at(second, 9))])
    member = add_member(deployment, 1)
    add_member(deployment, 2)
    staffing.say_coming(member=member, shifts=[deployment.shifts.order_by("starts_at")[1]])
    assert roster_days(staff, first) == {"Sacha 1": [second], "Sacha 2": [first, second]}


def test_the_roster_tells_namesakes_apart(staff: Client) -> None:
    deployment = make_deployment(slots=[slot(at(date(2027, 3, 10), 9))])
    for number in (1, 2):
        add_member(deployment, number, first_name="Sacha")
    add_member(deployment, 3, first_name="Lou")
    names = sorted(roster(staff, date(2027, 3, 10)))
    assert names == ["Lou", "Sacha (06 •• •• •• 01)", "Sacha (06 •• •• •• 02)"]


@pytest.mark.parametrize("vue", ["mois", "semaine", "liste", "equipes"])
def test_a_page_asks_as_much_for_thirty_actions_as_for_two(staff: Client, vue: str) -> None:
    start = at(date(2027, 3, 10), 9)
    query = {"vue": vue, "le": "2027-03-10"}
    for number in range(2):
        _with_team(number, start)
    page_of(staff, **query)
    with CaptureQueriesContext(connection) as two:
        page_of(staff, **query)
    for number in range(2, 30):
        _with_team(number, start)
    with CaptureQueriesContext(connection) as thirty:
        page_of(staff, **query)
    assert len(thirty) == len(two)


@pytest.mark.parametrize("organisation", ["ul-caen", "ud-971", "ud-974"])
def test_an_absence_is_of_the_days_of_who_is_away(organisation: str) -> None:
    user = make_user("militant", organisation)
    first, last = date(2027, 3, 10), date(2027, 3, 12)
    note_absence(user=user, first=first, last=last)
    (away,) = absences_of([f"u:{user.pk}"], first, last)
    assert (away.first_day, away.last_day) == (first, last)


def test_the_absences_of_thirty_ask_as_much_as_those_of_two() -> None:
    day = date(2027, 3, 10)
    people = [make_user("militant", "ud-971") for _ in range(30)]
    for user in people:
        note_absence(user=user, first=day, last=day)
    counts = []
    for asked in (people[:2], people):
        with CaptureQueriesContext(connection) as queries:
            assert len(absences_of([f"u:{user.pk}" for user in asked], day, day)) == len(asked)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def _with_team(number: int, start: datetime) -> None:
    deployment = make_deployment(title=f"Marché {number}", slots=[slot(start)])
    TeamMember.objects.create(
        deployment=deployment, role=TeamRole.objects.get(pk="pilote"), first_name=f"Zoé {number}",
        phone="+33639980001", person=f"x{number}", token_hash=f"x{number}", answer=Answer.COMING,
    )  # fmt: skip
