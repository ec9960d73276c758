"""Pages for the people of a team, with or without an account: a secret address is enough."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import clock
from contacts.devices import device_of, with_device
from deployments import forgetting, staffing, team_rules
from deployments.bookings import AlreadyTaken
from deployments.enums import Answer
from deployments.models import TeamLink, TeamMember
from deployments.team_forms import AnswerForm, SignUpForm, SuccessorForm
from deployments.team_links import member_path
from deployments.team_wording import taken_words

GET_OR_POST = ["GET", "HEAD", "POST"]


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def join(request: HttpRequest, code: str) -> HttpResponse:
    """Sign up for an action: the same answer whoever is in the team already."""
    link = team_rules.get_sign_up_link_or_404(code)
    deployment = link.deployment
    context = {"deployment": deployment, "shifts": deployment.shifts.all()}
    if not staffing.is_open(deployment):
        return render(request, "deployments/team/closed.html", context, status=410)
    form = SignUpForm(request.POST or None, deployment=deployment)
    status = 200
    if form.is_valid():
        if team_rules.is_too_fast(link, device_of(request)):
            form.add_error(None, "Beaucoup d’inscriptions à la fois : réessayez dans une heure.")
            status = 429
        else:
            return _sign_up(link, form, code)
    response = render(
        request, "deployments/team/join.html", context | {"form": form}, status=status
    )
    return with_device(request, response, path="/equipe/")


def _sign_up(link: TeamLink, form: SignUpForm, code: str) -> HttpResponse:
    if form.is_robot:
        return redirect("team:joined", code=code)
    try:
        staffing.sign_up(link=link, **form.person())
    except staffing.TeamClosed:
        return redirect("team:join", code=code)
    return redirect("team:joined", code=code)


@login_not_required
@require_safe
def joined(request: HttpRequest, code: str) -> HttpResponse:
    link = team_rules.get_sign_up_link_or_404(code)
    return render(request, "deployments/team/joined.html", {"deployment": link.deployment})


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def member(request: HttpRequest, secret: str) -> HttpResponse:
    """One's own page: answer, confirm, cancel, and what one needs to know of the action."""
    found = team_rules.get_member_by_secret_or_404(secret)
    if not staffing.is_open(found.deployment):
        return _own_page(request, secret, found, None)
    form = AnswerForm(request.POST or None, member=found)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("answer") == "declined":
            return _decline(request, secret, found)
        return _come(request, secret, found, form)
    return _own_page(request, secret, found, form)


def _come(request: HttpRequest, secret: str, found: TeamMember, form: AnswerForm) -> HttpResponse:
    try:
        staffing.say_coming(member=found, shifts=form.cleaned_data.get("shifts"))
    except AlreadyTaken as error:
        words = taken_words(error.clash, found.deployment.zone)
        form.add_error(None, f"Vous êtes {words}. Annulez là-bas d’abord, ou déclinez ici.")
        return _own_page(request, secret, found, form)
    except staffing.TeamClosed:
        return redirect("team:member", secret=secret)
    messages.success(request, "C’est noté, merci !")
    return redirect("team:member", secret=secret)


def _decline(request: HttpRequest, secret: str, found: TeamMember) -> HttpResponse:
    """A pilot is asked who takes over, once."""
    successor = None
    if staffing.is_last_pilot(found):
        candidates = team_rules.successors(found)
        form = SuccessorForm(request.POST, candidates=candidates)
        if "successor" not in request.POST or not form.is_valid():
            asked = SuccessorForm(candidates=candidates)
            context = {"member": found, "form": asked, "address": member_path(found)}
            return render(request, "deployments/team/successor.html", context)
        successor = form.cleaned_data["successor"]
    try:
        staffing.say_not_coming(member=found, successor=successor)
    except staffing.TeamClosed:
        return redirect("team:member", secret=secret)
    messages.success(request, "C’est noté : vous ne venez pas. Merci d’avoir prévenu.")
    return redirect("team:member", secret=secret)


def _own_page(
    request: HttpRequest, secret: str, found: TeamMember, form: AnswerForm | None
) -> HttpResponse:
    deployment = found.deployment
    comes = found.answer == Answer.COMING
    context = {
        "member": found,
        "deployment": deployment,
        "shifts": deployment.shifts.all(),
        "form": form,
        "secret": secret,
        "is_over": deployment.is_over_at(clock.now()),
        # The others' first names, and one number, in its time: that of who leads.
        "companions": team_rules.successors(found) if comes else [],
        "pilots": team_rules.pilots_of(deployment) if comes else [],
        "sees_numbers": team_rules.shares_numbers(found),
        "carried": found.carried.all(),
    }
    return render(request, "deployments/team/own.html", context)


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def erase(request: HttpRequest, secret: str) -> HttpResponse:
    """Leave and be forgotten, at once."""
    found = team_rules.get_member_by_secret_or_404(secret)
    if request.method != "POST":
        context = {"member": found, "address": reverse("team:member", args=[secret])}
        return render(request, "deployments/team/erase.html", context)
    forgetting.erase_member(member=found)
    return redirect("team:erased")


@login_not_required
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "deployments/team/erased.html")
