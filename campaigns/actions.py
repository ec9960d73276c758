"""Every write on campaigns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from django.db import transaction
from django.utils.text import slugify

from campaigns.models import Campaign, Milestone
from organisations.models import User

log = structlog.get_logger()


@dataclass(frozen=True)
class MilestoneDraft:
    """One line of the form; without `pk` it is a new date."""

    label: str
    starts_on: date
    ends_on: date
    is_approximate: bool = False
    pk: int | None = None


@transaction.atomic
def set_campaign(
    *, campaign: Campaign, milestones: Iterable[MilestoneDraft], author: User, **fields: Any
) -> Campaign:
    """Change the dates, goals and hours of an edition; its key dates become `milestones`.

    Raises `ValidationError` when the dates do not follow one another.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    for name, value in fields.items():
        setattr(campaign, name, value)
    campaign.full_clean()
    campaign.save()
    kept = [_save_milestone(campaign, draft).pk for draft in milestones]
    campaign.milestones.exclude(pk__in=kept).delete()
    log.info("campaign changed", campaign=campaign.pk, by=author.pk)
    return campaign


def _save_milestone(campaign: Campaign, draft: MilestoneDraft) -> Milestone:
    known = campaign.milestones.filter(pk=draft.pk).first() if draft.pk else None
    milestone = known or Milestone(campaign=campaign, slug=_free_slug(campaign, draft.label))
    milestone.label = draft.label
    milestone.starts_on, milestone.ends_on = draft.starts_on, draft.ends_on
    milestone.is_approximate = draft.is_approximate
    milestone.save()
    return milestone


def _free_slug(campaign: Campaign, label: str) -> str:
    base = slugify(label)[:50] or "date"
    taken = set(campaign.milestones.values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for number in range(2, 1000) if (slug := f"{base}-{number}") not in taken)
