"""Past reports, searched; which ways of acting bring most; how far the goal is."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployments import actions, debriefing
from deployments.experience import what_works
from deployments.goals import goals_of
from deployments.models import Deployment
from organisations.models import User
from territory.models import Trade
from tests.deployments.factories import make_deployment, next_week, slot
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def staff() -> User:
    return make_user("staff", "ul-caen")


def report(
    author: User,
    *,
    people: int = 2,
    contacts: int = 0,
    **fields: object,
) -> Deployment:
    """An action of three hours last week, reported."""
    held = make_deployment(slots=[slot(next_week() - TWO_WEEKS)], **fields)
    for number in range(contacts):
        make_contact(source=held.source, email=f"c{held.pk}-{number}@example.org")
    debriefing.save_debrief(deployment=held, revision=1, participants=people)
    debriefing.close_debrief(deployment=held, author=author)
    return held


def test_a_report_is_found_by_words_of_the_action_and_of_the_team(
    client_for: ClientFor, staff: User
) -> None:
    found = report(staff, title="Marché de Caen")
    report(staff, title="Gare de Caen")
    debriefing.add_remark(
        deployment=found, kind="top", text="La Coiffure !", author="", member=None
    )  # type: ignore[arg-type]
    page = client_for(staff).get("/deploiements/ce-qui-marche/?q=marche+%2B+COIFFURE")
    assert [one.deployment for one in page.context["debriefs"]] == [found]


def test_a_report_in_progress_or_of_others_is_not_found(client_for: ClientFor, staff: User) -> None:
    report(staff)
    make_deployment(slots=[slot(next_week() - TWO_WEEKS)])
    path = "/deploiements/ce-qui-marche/"
    assert len(client_for(staff).get(path).context["debriefs"]) == 1
    stranger = client_for(make_user("staff", "ud-69"))
    assert len(stranger.get(path).context["debriefs"]) == 0
    assert "Pas encore assez d’actions" in stranger.get(path).content.decode()


def test_contacts_per_person_hour_once_three_actions_stand_behind(staff: User) -> None:
    trade = Trade.objects.filter(pk="coiffeur")
    for contacts in (3, 6):
        report(staff, contacts=contacts, trades=trade)
    assert what_works(staff).types == []
    report(staff, contacts=0, trades=trade)
    works = what_works(staff)
    # Nine contacts in three actions of three hours by two people.
    assert [(one.actions, one.contacts, one.per_hour) for one in works.types] == [(3, 9, 0.5)]
    assert [one.label for one in works.trades] == [trade[0].label]


def test_the_page_asks_as_much_for_thirty_reports_as_for_three(
    client_for: ClientFor, staff: User
) -> None:
    client, trade = client_for(staff), Trade.objects.filter(pk="coiffeur")
    for _ in range(3):
        report(staff, trades=trade)
    with CaptureQueriesContext(connection) as three:
        client.get("/deploiements/ce-qui-marche/")
    for _ in range(12):
        report(staff, trades=trade)
    with CaptureQueriesContext(connection) as fifteen:
        client.get("/deploiements/ce-qui-marche/")
    assert len(fifteen) == len(three)


def test_the_goal_counts_each_stage_once(staff: User) -> None:
    report(staff)
    make_deployment(slots=[slot(next_week() - TWO_WEEKS)])
    make_deployment(title="À venir")
    make_deployment(title="Rêvée", reported=False)
    dropped = make_deployment(title="Annulée")
    actions.cancel_deployment(deployment=dropped, revision=dropped.revision, reason="Pluie")
    total = goals_of(dropped.campaign, staff).total
    assert (total.announced, total.held, total.debriefed, total.awaited, total.cancelled) == (
        3, 2, 1, 1, 1,
    )  # fmt: skip


def test_in_time_means_before_the_milestone_begins_in_paris(staff: User) -> None:
    on_time, late = make_deployment(title="À temps"), make_deployment(title="En retard")
    milestone = on_time.campaign.milestones.get(slug="deployment-dates-due")
    milestone.starts_on, milestone.ends_on = date(2026, 11, 7), date(2026, 11, 8)
    milestone.save()
    for row, moment in (
        (on_time, datetime(2026, 11, 6, 22, 59, tzinfo=UTC)),
        (late, datetime(2026, 11, 6, 23, 0, tzinfo=UTC)),
    ):
        Deployment.objects.filter(pk=row.pk).update(reported_at=moment)
    total = goals_of(on_time.campaign, staff).total
    assert (total.announced, total.in_time) == (2, 1)


def test_local_unions_count_for_theirs_and_trades_for_their_federation() -> None:
    trade = Trade.objects.filter(pk="coiffeur")
    deployment = make_deployment("ul-caen", trades=trade)
    goals = goals_of(deployment.campaign, make_user("staff", "confederation"))
    counted = {row.name: row.announced for row in [*goals.unions, *goals.federations]}
    assert sum(counted.values()) == 2
    assert counted[deployment.organisation.parent.name] == 1  # type: ignore[union-attr]


def test_everybody_reads_the_total_and_only_their_own_rows(
    client_for: ClientFor, staff: User
) -> None:
    make_deployment("ud-50")
    page = client_for(staff).get("/deploiements/objectif/")
    goals = page.context["goals"]
    assert goals.total.announced == 1
    assert [row.name for row in goals.unions] == [staff.active_memberships[0].organisation.name]
    assert goals.as_of <= timezone.now()


def test_the_goal_asks_as_much_for_thirty_actions_as_for_one(
    client_for: ClientFor, staff: User
) -> None:
    client = client_for(staff)
    make_deployment()
    with CaptureQueriesContext(connection) as one:
        client.get("/deploiements/objectif/")
    for number in range(20):
        make_deployment(title=str(number))
    with CaptureQueriesContext(connection) as many:
        client.get("/deploiements/objectif/")
    assert len(many) == len(one)
