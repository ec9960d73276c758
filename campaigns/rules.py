"""Everyone logged in reads the campaign; confederation staff set it."""

from django.http import Http404

from campaigns.clock import current_campaign
from campaigns.models import Campaign
from organisations.models import User


def can_edit_campaign(user: User) -> bool:
    return user.is_superuser or user.scope.everything


def get_current_campaign_or_404() -> Campaign:
    campaign = current_campaign()
    if campaign is None:
        raise Http404("no campaign is loaded")
    return campaign


def get_edited_campaign_or_404(user: User) -> Campaign:
    if not can_edit_campaign(user):
        raise Http404
    return get_current_campaign_or_404()
