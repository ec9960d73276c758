"""Looking back and ahead: reports searched, what works, how far the goal is."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.rules import get_current_campaign_or_404
from deployments.crumbs import deployment_crumbs
from deployments.experience import ENOUGH, search_debriefs, what_works
from deployments.goals import goals_of
from deployments.rules import can_plan
from organisations.requests import UserRequest


@require_safe
def experience(request: UserRequest) -> HttpResponse:
    if not can_plan(request.user):
        raise Http404
    text = request.GET.get("q", "").strip()[:100]
    context = {
        "crumbs": deployment_crumbs("Ce qui marche"),
        "text": text,
        "debriefs": search_debriefs(request.user, text, request.GET.get("page")),
        "works": what_works(request.user),
        "enough": ENOUGH,
    }
    return render(request, "deployments/experience.html", context)


@require_safe
def goals(request: UserRequest) -> HttpResponse:
    if not can_plan(request.user):
        raise Http404
    campaign = get_current_campaign_or_404()
    context = {
        "campaign": campaign,
        "goals": goals_of(campaign, request.user),
        "crumbs": deployment_crumbs("Objectif"),
    }
    return render(request, "deployments/goals.html", context)
