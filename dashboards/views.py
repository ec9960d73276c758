"""The home page: what matters today to the person who looks."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from campaigns import clock
from campaigns.models import Campaign
from campaigns.wording import milestone_lines
from contacts.actions import open_activist_source
from contacts.rules import check_can_capture
from dashboards.figures import home_figures, personal_goal
from dashboards.own_space import next_webinars
from dashboards.own_space import own_space as figures_of_own_space
from deployments.goals import count_announced
from field.rules import count_to_correct
from organisations.requests import UserRequest
from organisations.rules import get_own_membership_or_404


def home(request: UserRequest) -> HttpResponse:
    campaign = clock.current_campaign()
    today = clock.today(campaign)
    figures = home_figures(request.user)
    sees_everything = request.user.scope.everything
    context = {
        "campaign": campaign,
        "phase": campaign.phase_on(today) if campaign else None,
        "days_left": _days_left(campaign, today),
        "figures": figures,
        "personal_goal": personal_goal(campaign, figures.own_contacts) if campaign else 0,
        "milestones": _timeline(campaign, today),
        "lists_people": request.user.lists_people,
        "sees_everything": sees_everything,
        "has_membership": bool(request.user.active_memberships),
        "announced": count_announced(campaign) if campaign and sees_everything else 0,
        "to_correct": count_to_correct(request.user),
        "webinars": next_webinars(request.user, most=1),
    }
    return render(request, "dashboards/home.html", context)


def own_space(request: UserRequest) -> HttpResponse:
    """How far one is, one's QR code and whom one brought."""
    check_can_capture(request.user)
    return render(request, "dashboards/own_space.html", figures_of_own_space(request.user))


@require_POST
def own_source_open(request: UserRequest, pk: int) -> HttpResponse:
    """Open one's own QR code for an organisation one belongs to."""
    membership = get_own_membership_or_404(request.user, pk)
    open_activist_source(user=request.user, organisation=membership.organisation)
    return redirect("dashboards:own-space")


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
