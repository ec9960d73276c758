"""« Mes absences »: when nobody should invite me."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import clock
from deployments import absences, rules, team_rules
from deployments.team_forms import AbsenceForm
from organisations.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def absence_list(request: UserRequest) -> HttpResponse:
    rules.check_member(request.user)
    form = AbsenceForm(request.POST or None)
    if form.is_valid():
        absences.note_absence(user=request.user, **form.cleaned_data)
        messages.success(request, "C’est noté : vous ne serez pas invité·e ces jours-là.")
        return redirect("deployments:absences")
    found = team_rules.own_absences(request.user, clock.now())
    return render(request, "deployments/team/absences.html", {"form": form, "absences": found})


@require_POST
def absence_remove(request: UserRequest, pk: int) -> HttpResponse:
    absences.take_absence_back(absence=team_rules.get_own_absence_or_404(request.user, pk))
    messages.success(request, "Cette absence est retirée.")
    return redirect("deployments:absences")
