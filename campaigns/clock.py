"""The campaign clock: every "now" of the campaign goes through here.

A rehearsal stands on another day by `Campaign.clock_offset`, which is added to the real time.
"""

from datetime import date, datetime

from django.utils import timezone

from campaigns.models import PARIS, Campaign


def current_campaign() -> Campaign | None:
    """The edition under way, or None on an installation that has not loaded one yet."""
    return Campaign.objects.current().first()


def now(campaign: Campaign | None = None) -> datetime:
    """The campaign's present instant, aware."""
    campaign = campaign or current_campaign()
    return timezone.now() + campaign.clock_offset if campaign else timezone.now()


def today(campaign: Campaign | None = None) -> date:
    """The campaign's day, as lived in Paris."""
    return now(campaign).astimezone(PARIS).date()
