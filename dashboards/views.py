"""The home page: what matters today to the person who looks."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns import clock
from campaigns.models import Campaign
from campaigns.wording import milestone_lines
from dashboards.figures import home_figures, personal_goal
from organisations.requests import UserRequest


def home(request: UserRequest) -> HttpResponse:
    campaign = clock.current_campaign()
    today = clock.today(campaign)
    figures = home_figures(request.user)
    context = {
        "campaign": campaign,
        "phase": campaign.phase_on(today) if campaign else None,
        "days_left": _days_left(campaign, today),
        "figures": figures,
        "personal_goal": personal_goal(campaign, figures.own_contacts) if campaign else 0,
        "milestones": _timeline(campaign, today),
        "lists_people": request.user.lists_people,
        "sees_everything": request.user.scope.everything,
        "has_membership": bool(request.user.active_memberships),
    }
    return render(request, "dashboards/home.html", context)


def _days_left(campaign: Campaign | None, today: date) -> dict[str, Any] | None:
    """How many days until the vote opens, then until it closes."""
    if campaign is None or today > campaign.vote_closes:
        return None
    if today < campaign.vote_opens:
        return {"count": (campaign.vote_opens - today).days, "until": "l’ouverture du vote"}
    return {"count": (campaign.vote_closes - today).days, "until": "la clôture du vote"}


def _timeline(campaign: Campaign | None, today: date) -> list[dict[str, str]]:
    milestones = campaign.milestones.from_day(today)[:6] if campaign else []
    return milestone_lines(milestones, today)


@login_not_required
@require_safe
def webmanifest(request: HttpRequest) -> HttpResponse:
    """How the site installs on a home screen: a template, since icons have hashed names."""
    return render(request, "site.webmanifest", content_type="application/manifest+json")
