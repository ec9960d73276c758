"""The map of the calendar: what it shows where, for whom, and how much it asks of the database."""

import re
from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign
from contacts.models import Source
from deployments import actions, agenda_map_rules
from deployments.agenda_map import TONES
from deployments.enums import Authority, DeclarationState
from deployments.models import Deployment, Place, PublicSpaceDeclaration
from organisations.models import User
from territory.models import Commune
from tests.deployments.factories import PARIS, make_deployment, slot
from tests.factories import CAEN, make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
AGENDA = "/deploiements/agenda/"
SAINT_DENIS = "97411"
TILES = {
    "url": "https://tuiles.example/{z}/{x}/{y}.png",
    "origin": "https://tuiles.example",
    "credit": "© Des cartographes, https://tuiles.example/qui",
}


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


def at(day: date, hour: int = 9, zone: ZoneInfo = PARIS) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone)


TENTH = slot(at(date(2027, 3, 10)))


def page_of(client: Client, **query: object) -> str:
    answer = client.get(AGENDA, {"vue": "carte", "le": "2027-03-10", **query})
    assert answer.status_code == 200
    return str(answer.content.decode())


def items(page: str) -> dict[str, str]:
    """What the list says of each action, by its title."""
    found = re.findall(r'<li class="spot".*?</li>', page)
    return {re.findall(r"/\">(.*?)</a>", item)[0]: item for item in found}


def point_of(item: str) -> str:
    return re.findall(r'data-point="(.*?)"', item)[0]


def test_an_action_stands_at_its_place_else_in_its_commune(staff: Client) -> None:
    commune = Commune.objects.get(pk=CAEN)
    place = Place.objects.create(
        commune=commune, name="Halle", folded_name="halle", latitude=49.1812, longitude=-0.3714
    )
    known = make_deployment(title="Halle", slots=[TENTH])
    Deployment.objects.filter(pk=known.pk).update(place=place)
    make_deployment(title="Marché", slots=[TENTH])
    found = items(page_of(staff))
    assert point_of(found["Halle"]) == "49.18120,-0.37140"
    assert point_of(found["Marché"]) == f"{commune.latitude:.5f},{commune.longitude:.5f}"


def test_what_has_no_position_is_listed_apart(staff: Client) -> None:
    make_deployment(title="Marché", slots=[TENTH])
    lost = make_deployment(title="Tournée à fixer", reported=False, slots=[TENTH])
    Deployment.objects.filter(pk=lost.pk).update(commune=None, departement=None)
    page = page_of(staff)
    assert "1 sans position sur la carte" in page
    apart = page.split('id="sans-position"')[1]
    assert set(items(apart)) == {"Tournée à fixer"}
    assert "data-point" not in apart.split("</details>")[0]


def test_the_list_goes_by_departement(client_for: ClientFor) -> None:
    make_deployment("ud-50", title="Cherbourg", commune=Commune.objects.get(pk="50129"),
                    slots=[TENTH])  # fmt: skip
    make_deployment(title="Caen", slots=[TENTH])
    page = page_of(client_for(make_user("staff", "confederation")))
    calvados, manche = page.split('data-group="')[1:]
    assert calvados.startswith("14 – Calvados")
    assert set(items(calvados)) == {"Caen"}
    assert manche.startswith("50 – Manche")
    assert set(items(manche)) == {"Cherbourg"}


def test_an_action_tells_what_the_calendar_tells(staff: Client) -> None:
    make_deployment(
        title="Point <fixe>", guest="la secrétaire générale", slots=[slot(at(date(2027, 3, 10)))]
    )
    [item] = items(page_of(staff)).values()
    assert "Point &lt;fixe&gt;" in item
    assert "mercredi 10 mars, 9\u00a0h – 12\u00a0h" in item
    assert "Caen – UL de Caen – en présence de la secrétaire générale" in item


def test_several_days_are_told_as_such(staff: Client) -> None:
    make_deployment(slots=[slot(at(date(2027, 3, day))) for day in (13, 14, 15)])
    [item] = items(page_of(staff)).values()
    assert "du samedi 13 mars au lundi 15 mars" in item


@pytest.mark.parametrize(
    ("day", "hour", "is_shown"),
    [
        (date(2027, 2, 28), 9, False),
        # One in the morning of the first of March where it takes place, the day before in Paris.
        (date(2027, 3, 1), 1, True),
        (date(2027, 3, 31), 20, True),
        (date(2027, 4, 1), 0, False),
    ],
)
def test_a_month_is_that_of_the_place(
    client_for: ClientFor, day: date, hour: int, is_shown: bool
) -> None:
    reunion = ZoneInfo("Indian/Reunion")
    make_deployment(
        commune=Commune.objects.get(pk=SAINT_DENIS), slots=[slot(at(day, hour, reunion))]
    )
    page = page_of(client_for(make_user("staff", "confederation")))
    assert bool(items(page)) is is_shown


def test_what_goes_on_into_the_month_is_there_a_night_of_the_eve_is_not(staff: Client) -> None:
    make_deployment(title="Caravane", slots=[slot(at(date(2027, 2, 27)), hours=80)])
    make_deployment(title="Nuit", slots=[slot(at(date(2027, 2, 28), 22), hours=5)])
    assert set(items(page_of(staff))) == {"Caravane"}


def test_the_whole_campaign_shows_every_month_of_this_edition(staff: Client) -> None:
    make_deployment(title="Mars", slots=[TENTH])
    make_deployment(title="Octobre", slots=[slot(at(date(2027, 10, 10)))])
    before = make_deployment(title="Édition d’avant", slots=[TENTH])
    edition = Campaign.objects.get()
    edition.pk, edition.slug, edition.is_current = None, "avant", False
    edition.save()
    Deployment.objects.filter(pk=before.pk).update(campaign=edition)
    page = page_of(staff, periode="campagne")
    assert set(items(page)) == {"Mars", "Octobre"}
    assert "Toute la campagne</h2>" in page
    assert "Octobre" not in page_of(staff)


def test_the_other_views_keep_filters_month_and_period(staff: Client) -> None:
    page = page_of(staff, public="workers", periode="campagne")
    kept = "periode=campagne"
    for view in ("mois", "semaine", "liste", "equipes"):
        assert f'href="{AGENDA}?vue={view}&amp;le=2027-03-10&amp;public=workers&amp;{kept}"' in page
    assert f'href="{AGENDA}?vue=carte&amp;le=2027-03-10&amp;public=workers"' in page
    assert 'name="periode" value="campagne"' in page


def test_the_month_before_and_after_keep_the_map_and_its_filters(staff: Client) -> None:
    page = page_of(staff, public="workers")
    for day in ("2027-02-01", "2027-04-01"):
        assert f"?vue=carte&amp;le={day}&amp;public=workers" in page


def test_filters_leave_the_rest_out(staff: Client) -> None:
    make_deployment(title="Pour tout le monde", slots=[TENTH])
    make_deployment(title="Pour les retraité·es", public="retired", slots=[TENTH])
    assert set(items(page_of(staff, public="retired"))) == {"Pour les retraité·es"}


def test_what_one_may_not_see_is_not_on_the_map(staff: Client, client_for: ClientFor) -> None:
    """An idea is its team's alone, and an action elsewhere those who were told of it."""
    make_deployment("ud-50", title="Idée de la Manche", reported=False, slots=[TENTH])
    make_deployment(title="Caen", slots=[TENTH])
    far = client_for(make_user("staff", "ud-69"))
    for periode in ("", "campagne"):
        assert set(items(page_of(staff, periode=periode))) == {"Caen"}
        assert items(page_of(far, periode=periode)) == {}
    manche = client_for(make_user("staff", "ud-50"))
    assert "Idée de la Manche" in items(page_of(manche))


def test_an_empty_month_says_what_to_do(staff: Client) -> None:
    page = page_of(staff)
    assert "Aucune action à montrer" in page
    assert "data-map" not in page


def make_one_of_each() -> None:
    """An action to come, one with a late declaration, an idea, one that is over, one cancelled."""
    for tone in ("coming", "late", "cancelled"):
        make_deployment(title=tone, slots=[TENTH])
    make_deployment(title="idea", reported=False, slots=[TENTH])
    make_deployment(title="over", slots=[slot(at(date(2027, 3, 1)))])
    PublicSpaceDeclaration.objects.create(
        deployment=Deployment.objects.get(title="late"), authority=Authority.TOWN_HALL,
        advised_on=date(2027, 1, 1), last_day=date(2027, 1, 9), state=DeclarationState.REFUSED,
    )  # fmt: skip
    gone = Deployment.objects.get(title="cancelled")
    actions.cancel_deployment(deployment=gone, revision=gone.revision, reason="Tempête")


@pytest.mark.parametrize(
    ("tone", "words"),
    [
        ("coming", ""),
        ("late", "Déclaration refusée"),
        ("idea", "Idée"),
        ("over", "Passée"),
        ("cancelled", "Annulée"),
    ],
)
def test_a_sign_is_told_in_words_too(client_for: ClientFor, tone: str, words: str) -> None:
    with time_machine.travel(at(date(2027, 3, 5)), tick=False):
        make_one_of_each()
        page = page_of(client_for(make_user("staff", "ul-caen")), annules="on")
    item = items(page)[tone]
    assert f'class="pin pin--{tone}"' in item
    assert words in item
    legend = page.split('class="map-legend"')[1].split("</ul>")[0]
    assert f'class="pin pin--{tone}"></span> {TONES[tone]}' in legend


def test_the_legend_tells_only_what_is_shown(staff: Client) -> None:
    make_deployment(slots=[TENTH])
    assert page_of(staff).count("pin--") == 2


def test_more_than_one_map_can_hold_is_said(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda_map_rules, "MOST_SPOTS", 2)
    make_deployment(slots=[TENTH])
    assert "trop d’actions" not in page_of(staff)
    for _ in range(2):
        make_deployment(slots=[TENTH])
    page = page_of(staff)
    assert "trop d’actions" in page
    assert page.count('<li class="spot"') == 2


@pytest.mark.parametrize("periode", ["", "campagne"])
def test_a_thousand_actions_ask_as_much_as_one(client_for: ClientFor, periode: str) -> None:
    client = client_for(make_user("staff", "ud-14"))
    deployment = make_deployment("ud-14", slots=[TENTH])
    page_of(client, periode=periode)
    with CaptureQueriesContext(connection) as one:
        page_of(client, periode=periode)
    multiply(deployment, 999)
    with CaptureQueriesContext(connection) as thousand:
        page = page_of(client, periode=periode)
    assert page.count('<li class="spot"') == 1000
    assert len(thousand) == len(one)


def multiply(deployment: Deployment, count: int) -> None:
    """As many more actions like this one."""
    sources, rows = [], []
    for number in range(count):
        source, row = copy(deployment.source), copy(deployment)
        source.pk, source.code = None, f"CARTE{number:04}"
        row.pk, row.source = None, source
        sources.append(source)
        rows.append(row)
    Source.objects.bulk_create(sources)
    Deployment.objects.bulk_create(rows)


def policy_of(client: Client, path: str) -> dict[str, str]:
    header = client.get(path)["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";") if part.strip())


def test_tiles_are_allowed_by_their_setting_on_this_page_alone(
    staff: Client, settings: Any
) -> None:
    make_deployment(slots=[TENTH])
    path = f"{AGENDA}?vue=carte&le=2027-03-10"
    plain, plain_page = policy_of(staff, path), page_of(staff)
    others = ("/deploiements/", f"{AGENDA}?vue=mois", f"{AGENDA}?vue=liste", AGENDA)
    elsewhere = [policy_of(staff, other)["img-src"] for other in others]
    assert "tuiles.example" not in plain_page
    settings.MAP_TILES = TILES
    allowed, page = policy_of(staff, path), page_of(staff)
    assert allowed.pop("img-src") == f"{plain.pop('img-src')} https://tuiles.example"
    assert allowed == plain
    assert [policy_of(staff, other)["img-src"] for other in others] == elsewhere
    assert 'data-tiles="https://tuiles.example/{z}/{x}/{y}.png"' in page
    assert '© Des cartographes, <a href="https://tuiles.example/qui"' in page
    assert without_tiles(page) == without_tiles(plain_page)


def without_tiles(page: str) -> str:
    """The page without what belongs to the tiles, nor what differs at each answer."""
    page = re.sub(r' data-tiles=".*?"| Fond&nbsp;: .*?</a>\.', "", page)
    return re.sub(r'"x-csrftoken": ".*?"|name="csrfmiddlewaretoken" value=".*?"', "", page)
