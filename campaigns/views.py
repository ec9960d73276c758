from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns import actions, clock, rules
from campaigns.forms import CampaignForm, drafts, milestone_formset
from campaigns.wording import milestone_lines, weekdays
from organisations.requests import UserRequest


def campaign(request: UserRequest) -> HttpResponse:
    """The edition under way: its dates, its goals, who may vote, whom to call."""
    current = rules.get_current_campaign_or_404()
    today = clock.today(current)
    context = {
        "campaign": current,
        "phase": current.phase_on(today),
        "milestones": milestone_lines(current.milestones.all(), today),
        "helpline_days": weekdays(current.helpline_weekdays),
        "helpline_is_open": current.helpline_is_open(clock.now(current)),
        "can_edit": rules.can_edit_campaign(request.user),
    }
    return render(request, "campaigns/campaign.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def campaign_edit(request: UserRequest) -> HttpResponse:
    current = rules.get_edited_campaign_or_404(request.user)
    form = CampaignForm(request.POST or None, instance=current)
    dates = milestone_formset(current, request.POST or None)
    if request.method == "POST" and form.is_valid() and dates.is_valid():
        try:
            actions.set_campaign(
                campaign=current, milestones=drafts(dates), author=request.user, **form.cleaned_data
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "La campagne est à jour.")
            return redirect("campaigns:campaign")
    crumbs = [
        {"label": "Campagne", "url": reverse("campaigns:campaign")},
        {"label": "Modifier", "url": ""},
    ]
    context = {"form": form, "dates": dates, "campaign": current, "crumbs": crumbs}
    return render(request, "campaigns/edit.html", context)
