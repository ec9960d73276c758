"""The published 2024 edition, read from its file."""

import json
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.loading import REFERENCE_EDITION, CampaignFileError, load_campaign
from campaigns.models import Campaign

pytestmark = pytest.mark.django_db


def test_the_reference_edition_is_the_published_one() -> None:
    campaign = load_campaign().campaign
    assert (campaign.vote_opens, campaign.vote_closes) == (date(2024, 11, 25), date(2024, 12, 9))
    assert campaign.results_on == date(2024, 12, 19)
    assert (campaign.goal_contacts, campaign.goal_deployments) == (130_000, 1_000)
    assert campaign.goals_per_militant == [5, 10, 15]
    assert campaign.baseline_votes == 67_634
    assert str(campaign.helpline_phone) == "+33801030077"
    assert campaign.helpline_from == time(9)
    assert campaign.employed_in_month == date(2023, 12, 1)
    assert campaign.milestones.count() == 9
    assert campaign.collection_opens == date(2024, 9, 2)


def test_loading_twice_keeps_one_edition() -> None:
    load_campaign()
    report = load_campaign()
    assert not report.is_new
    assert Campaign.objects.count() == 1
    assert report.campaign.milestones.count() == 9


def test_an_edition_moved_by_weeks_keeps_its_weekdays() -> None:
    moved = load_campaign(shift_weeks=104).campaign
    assert moved.vote_opens == date(2026, 11, 23)
    assert moved.vote_opens.isoweekday() == date(2024, 11, 25).isoweekday()
    assert moved.employed_in_month == date(2025, 12, 1)


def test_another_edition_takes_the_place_of_the_current_one(tmp_path: Path) -> None:
    load_campaign()
    load_campaign(changed(tmp_path, slug="tpe-2028"))
    assert [campaign.slug for campaign in Campaign.objects.current()] == ["tpe-2028"]


def changed(folder: Path, **fields: Any) -> Path:
    content = json.loads(REFERENCE_EDITION.read_text(encoding="utf-8"))
    for name, value in fields.items():
        if value is None:
            del content["campaign"][name]
        else:
            content["campaign"][name] = value
    path = folder / "edition.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"vote_opens": None}, "campaign.vote_opens : valeur absente"),
        ({"vote_opens": "2024-13-01"}, "campaign.vote_opens : « 2024-13-01 » incorrect"),
        ({"vote_closes": "2024-11-01"}, "ne se suivent pas"),
        ({"goals": {"contacts": "beaucoup"}}, "goals.contacts : « beaucoup » incorrect"),
        ({"baseline": {"year": 2021}}, "baseline.votes : valeur absente"),
    ],
)
def test_a_wrong_file_is_refused_whole(
    tmp_path: Path, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(CampaignFileError) as refused:
        load_campaign(changed(tmp_path, **fields))
    assert message in str(refused.value)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "ligne 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "« campaign »"),
    ],
)
def test_a_file_that_is_not_one_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "edition.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        call_command("load_campaign", str(path))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="illisible"):
        call_command("load_campaign", str(tmp_path / "absent.json"))
