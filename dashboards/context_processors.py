"""What every page shows around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from campaigns import clock
from dashboards.navigation import navigation
from organisations.models import User


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, the menu of the person, and what says that this is not the real thing."""
    user: User | None = getattr(request, "user", None)
    context: dict[str, Any] = {
        "site_name": settings.SITE_NAME,
        "demonstration": settings.DEMONSTRATION,
        "catcher_url": settings.CATCHER_URL,
        "navigation": [],
        "organisation_label": "",
        "account_url": "",
        "campaign_clock_shifted": False,
    }
    if user is None or not user.is_authenticated:
        return context
    campaign = clock.current_campaign()
    names = [membership.organisation.name for membership in user.active_memberships]
    return context | {
        "navigation": navigation(user, request.path),
        "organisation_label": ", ".join(names),
        "account_url": reverse("accounts:me"),
        "campaign_clock_shifted": bool(campaign and campaign.clock_offset),
        "campaign_now": clock.now(campaign),
    }
