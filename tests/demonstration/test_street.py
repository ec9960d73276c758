"""The field actions of the demonstration: the ten real ones, and others that could have been."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.demo import LOCAL_UNION, create_personas
from campaigns.models import Campaign
from demonstration.edition import Moment
from demonstration.loading import load_edition
from demonstration.street import GUEST
from demonstration.street_loading import load_street
from deployments.enums import DeclarationState, Stage
from deployments.models import (
    Booking,
    Debrief,
    Deployment,
    PublicSpaceDeclaration,
    Remark,
    Task,
    TeamMember,
)
from organisations.models import Organisation, User

# Where and for how many days, in the order of the edition's file.
REAL = [
    ("Caen", "ud-14", 10, False),
    ("Aurillac", "ud-15", 1, True),
    ("Orléans", "ud-45", 3, False),
    ("Orléans", "ud-45", 1, True),
    ("Lyon", "ud-69", 40, False),
    ("Mantes-la-Jolie", "ud-78", 1, False),
    ("Toulouse", "ud-31", 1, True),
    ("Versailles", "ud-78", 1, True),
    ("Montigny-le-Bretonneux", "ud-78", 1, False),
    ("Rungis", "ud-91", 1, True),
]


@dataclass(frozen=True)
class Edition:
    """What the actions are loaded upon."""

    campaign: Campaign
    union: Organisation
    pilots: list[User]

    def load(self, count: int) -> list[Deployment]:
        return load_street(
            count, campaign=self.campaign, local_union=self.union, pilots=self.pilots
        )


@pytest.fixture
def edition(db: None) -> Edition:
    call_command("load_organisations", verbosity=0)
    campaign = load_edition(Moment.BEFORE, today=timezone.now())
    people = create_personas()
    union = Organisation.objects.get(slug=LOCAL_UNION)
    return Edition(campaign, union, [people["ul"], people["militant"]])


def test_the_ten_real_actions_keep_place_union_length_and_weekday(edition: Edition) -> None:
    rows = edition.load(10)
    found = []
    for row in rows:
        assert row.starts_at
        assert row.ends_at
        days = row.ends_at.astimezone(row.zone).date() - row.starts_at.astimezone(row.zone).date()
        assert row.commune
        found.append((row.commune.name, row.organisation.slug, days.days + 1, row.guest == GUEST))
    assert found == REAL
    first = rows[0]
    assert first.starts_at
    weeks = first.campaign.vote_opens - date(2024, 11, 25)
    assert first.starts_at.astimezone(first.zone).date() == date(2024, 9, 20) + weeks


def test_rungis_lies_in_another_departement_than_its_union(edition: Edition) -> None:
    rungis = edition.load(10)[-1]
    assert (rungis.departement_id, rungis.organisation.departement_id) == ("94", "91")


def test_three_hundred_of_every_state(edition: Edition) -> None:
    assert len(edition.load(300)) == 300
    assert set(Deployment.objects.values_list("stage", flat=True)) == set(Stage)
    states = set(PublicSpaceDeclaration.objects.values_list("state", flat=True))
    assert states >= set(DeclarationState) - {DeclarationState.NOT_NEEDED}
    over = Deployment.objects.filter(stage=Stage.REPORTED, ends_at__lt=timezone.now())
    assert 0 < Debrief.objects.count() < over.count()
    assert Remark.objects.exists()
    assert Task.objects.filter(kind="lesson", place__isnull=False).exists()
    assert Booking.objects.filter(person__startswith="u:").exists()


def test_a_report_is_found_by_what_the_team_said(edition: Edition) -> None:
    edition.load(60)
    assert Debrief.objects.filter(search_text__contains="coiffure").exists()


def test_nobody_in_the_teams_exists(edition: Edition) -> None:
    edition.load(40)
    for member in TeamMember.objects.all():
        assert (member.phone and member.phone.as_e164.startswith("+3363998")) or (
            member.email.endswith(".invalid")
        )


def test_a_second_time_adds_nothing(edition: Edition) -> None:
    assert edition.load(20)
    assert edition.load(20) == []
    assert Deployment.objects.count() == 20


def test_nothing_to_come_is_reported_and_nothing_happened_after_now(edition: Edition) -> None:
    edition.load(120)
    now = timezone.now()
    assert not Debrief.objects.filter(deployment__ends_at__gt=now).exists()
    assert not Debrief.objects.filter(closed_at__gt=now + timedelta(seconds=1)).exists()
    assert not Deployment.objects.filter(reported_at__gt=now + timedelta(seconds=1)).exists()
