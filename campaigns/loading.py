"""Reads an edition from a JSON file: its dates, goals, helpline, eligibility and milestones."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from campaigns.models import Campaign, Milestone

T = TypeVar("T")
_ELIGIBILITY = ("campaign", "eligibility")
REFERENCE_EDITION = Path(__file__).parent / "data" / "campaign_2024.json"


class CampaignFileError(ValueError):
    """The file is refused whole; the message says where and why."""


@dataclass(frozen=True)
class LoadReport:
    campaign: Campaign
    milestones: int
    is_new: bool


@transaction.atomic
def load_campaign(
    path: Path = REFERENCE_EDITION, *, shift_weeks: int = 0, make_current: bool = True
) -> LoadReport:
    """Create or replace the edition of a file, moved by whole weeks so that weekdays stay.

    The milestones of the file replace those of the edition. Raises `CampaignFileError`.
    """
    content = _read(path)
    shift = timedelta(weeks=shift_weeks)
    said = _Reader(content, shift)
    slug = said.text("campaign", "slug")
    is_new = not Campaign.objects.filter(slug=slug).exists()
    if make_current:
        Campaign.objects.exclude(slug=slug).update(is_current=False)
    milestones = [
        _milestone(_Reader(item, shift, f"milestones, n° {number}"))
        for number, item in enumerate(content.get("milestones", []), start=1)
    ]
    fields = _campaign_fields(said)
    fields["collection_opens"] = min(
        [milestone.starts_on for milestone in milestones] + [fields["vote_opens"]]
    )
    campaign = Campaign.objects.filter(slug=slug).first() or Campaign(slug=slug)
    for name, value in (fields | {"is_current": make_current or campaign.is_current}).items():
        setattr(campaign, name, value)
    try:
        campaign.full_clean(validate_unique=False)
    except ValidationError as error:
        raise CampaignFileError(f"{path.name} : {' '.join(error.messages)}") from error
    campaign.save()
    campaign.milestones.all().delete()
    for milestone in milestones:
        milestone.campaign = campaign
    Milestone.objects.bulk_create(milestones)
    return LoadReport(campaign, len(milestones), is_new)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CampaignFileError(f"{path.name} : fichier illisible ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CampaignFileError(f"{path.name} : le fichier n’est pas en UTF-8") from error
    except json.JSONDecodeError as error:
        raise CampaignFileError(f"{path.name}, ligne {error.lineno} : JSON incorrect") from error
    if not isinstance(content, dict) or not isinstance(content.get("campaign"), dict):
        raise CampaignFileError(f"{path.name} : il manque l’objet « campaign »")
    return content


class _Reader:
    """Typed reading of nested values; each error names the place of the value."""

    def __init__(self, content: Any, shift: timedelta, place: str = "") -> None:
        self.content, self.shift, self.place = content, shift, place

    def value(self, *path: str) -> Any:
        value = self.content
        for key in path:
            if not isinstance(value, dict) or key not in value:
                raise CampaignFileError(f"{self._name(path)} : valeur absente")
            value = value[key]
        return value

    def read(self, convert: Callable[[Any], T], *path: str) -> T:
        value = self.value(*path)
        try:
            return convert(value)
        except (TypeError, ValueError, InvalidOperation) as error:
            raise CampaignFileError(f"{self._name(path)} : « {value} » incorrect") from error

    def text(self, *path: str) -> str:
        return self.read(str, *path)

    def number(self, *path: str) -> int:
        return self.read(int, *path)

    def day(self, *path: str) -> date:
        return self.read(date.fromisoformat, *path) + self.shift

    def has(self, *path: str) -> bool:
        value = self.content
        for key in path:
            if not isinstance(value, dict) or key not in value:
                return False
            value = value[key]
        return True

    def _name(self, path: tuple[str, ...]) -> str:
        return ", ".join(filter(None, [self.place, ".".join(path)]))


def _campaign_fields(said: _Reader) -> dict[str, Any]:
    employed_in = said.read(_month, *_ELIGIBILITY, "employed_in_month")
    fields: dict[str, Any] = {
        "name": said.text("campaign", "name"),
        "vote_opens": said.day("campaign", "vote_opens"),
        "vote_closes": said.day("campaign", "vote_closes"),
        "results_on": said.day("campaign", "results_on"),
        "employed_in_month": _same_month(employed_in, said.shift),
        "max_headcount_exclusive": said.number(*_ELIGIBILITY, "max_headcount_exclusive"),
        "min_age_on_first_day": said.number(*_ELIGIBILITY, "min_age_on_first_day"),
        "goal_contacts": said.number("campaign", "goals", "contacts"),
        "goal_deployments": said.number("campaign", "goals", "deployments"),
        "goal_helpline_volunteers": said.number("campaign", "goals", "helpline_volunteers"),
        "goals_per_militant": said.read(_numbers, "campaign", "goals", "contacts_per_militant"),
    }
    if said.has("campaign", "vote_closes_at"):
        fields["vote_closes_at"] = said.read(time.fromisoformat, "campaign", "vote_closes_at")
    if said.has("campaign", "baseline"):
        fields |= _baseline_fields(said)
    if said.has("campaign", "helpline"):
        fields |= _helpline_fields(said)
    if said.has("campaign", "ministry"):
        fields |= {
            "ministry_site": said.text("campaign", "ministry", "site"),
            "ministry_phone": said.text("campaign", "ministry", "phone"),
            "ministry_hours": said.text("campaign", "ministry", "hours"),
        }
    return fields


def _baseline_fields(said: _Reader) -> dict[str, Any]:
    place = ("campaign", "baseline")
    return {
        "baseline_year": said.number(*place, "year"),
        "baseline_votes": said.number(*place, "votes"),
        "baseline_share_percent": said.read(_decimal, *place, "share_percent"),
        "baseline_turnout_percent": said.read(_decimal, *place, "turnout_percent"),
        "electorate": said.number(*place, "electorate"),
    }


def _helpline_fields(said: _Reader) -> dict[str, Any]:
    place = ("campaign", "helpline")
    return {
        "helpline_phone": said.text(*place, "phone"),
        "helpline_display": said.text(*place, "display"),
        "helpline_opens": said.day(*place, "opens"),
        "helpline_closes": said.day(*place, "closes"),
        "helpline_weekdays": said.read(_numbers, *place, "weekdays"),
        "helpline_from": said.read(time.fromisoformat, *place, "from"),
        "helpline_to": said.read(time.fromisoformat, *place, "to"),
    }


def _milestone(said: _Reader) -> Milestone:
    starts_on, ends_on = said.day("from"), said.day("to")
    if ends_on < starts_on:
        raise CampaignFileError(f"{said.place} : la fin précède le début")
    return Milestone(
        slug=said.text("slug"),
        label=said.text("label"),
        starts_on=starts_on,
        ends_on=ends_on,
        is_approximate=said.has("approximate") and bool(said.value("approximate")),
    )


def _month(value: Any) -> date:
    return date.fromisoformat(f"{value}-01")


def _numbers(value: Any) -> list[int]:
    return [int(item) for item in value]


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def _same_month(month: date, shift: timedelta) -> date:
    """The month of eligibility of a moved edition: December of the year before the vote."""
    return (month + shift).replace(month=month.month, day=1) if shift else month
