"""The calendar, and moving what stands in it."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import clock
from core.dates import day_of_week, hour
from deployments import actions, rules
from deployments.agenda_forms import AgendaFilterForm, MoveForm
from deployments.agenda_pages import MAP, TEMPLATES, AgendaPage, clean_query
from deployments.crumbs import deployment_crumbs
from deployments.flashes import warn_of_declarations
from deployments.models import Deployment
from organisations.requests import UserRequest
from territory.maps import shows_tiles

# In the session: the last move, for as long as one regrets it.
MOVED = "deployments-moved"
REGRET = timedelta(minutes=10)


@require_safe
def calendar(request: UserRequest) -> HttpResponseBase:
    show = shows_tiles(_calendar) if request.GET.get("vue") == MAP else _calendar
    return show(request)


def _calendar(request: UserRequest) -> HttpResponse:
    rules.check_member(request.user)
    form = AgendaFilterForm(request.GET, user=request.user)
    now = clock.now()
    page = AgendaPage(
        request.user, clean_query(request.GET.dict()), form, now, timezone.localdate(now)
    )
    context = page.context(request.GET.get("page")) | {
        "can_plan": rules.can_plan(request.user),
        "moved": _last_move(request),
    }
    return render(request, TEMPLATES[page.view], context)


@require_http_methods(["GET", "HEAD", "POST"])
def deployment_move(request: UserRequest, pk: int) -> HttpResponse:
    """The whole action on another day: from its page, or dropped there on the calendar."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    before = deployment.starts_at
    if before is None:
        raise Http404
    back = request.GET.get("retour", "")
    form = MoveForm(request.POST or None, deployment=deployment, back=back)
    if request.method == "POST" and form.is_valid():
        try:
            moved = actions.move_deployment(
                deployment=deployment,
                revision=form.cleaned_data["revision"],
                starts_at=form.starts_at(),
            )
        except actions.DeploymentMoved:
            deployment = rules.get_managed_deployment_or_404(request.user, pk)
            form.show_newer(deployment)
            return _move_page(request, deployment, form, status=409)
        _remember(request, moved, before)
        warn_of_declarations(request, [moved])
        return redirect(_calendar_url(form.cleaned_data["retour"]))
    return _move_page(request, deployment, form)


@require_POST
def deployment_move_undo(request: UserRequest, pk: int) -> HttpResponse:
    """Take back the move just made, unless somebody changed the action since."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    last = request.session.pop(MOVED, None)
    if not last or last["pk"] != pk:
        raise Http404
    try:
        moved = actions.move_deployment(
            deployment=deployment,
            revision=last["revision"],
            starts_at=datetime.fromisoformat(last["from"]),
        )
    except actions.DeploymentMoved:
        messages.warning(request, "Quelqu’un a changé cette action depuis : rien n’est annulé.")
    else:
        messages.success(request, "L’action est revenue à sa date d’avant.")
        warn_of_declarations(request, [moved])
    return redirect(_calendar_url(request.POST.get("retour", "")))


def _move_page(
    request: UserRequest, deployment: Deployment, form: MoveForm, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "deployment": deployment,
        "is_conflict": status == 409,
        "back_url": _calendar_url(form["retour"].value() or ""),
        "crumbs": deployment_crumbs("Déplacer", deployment),
    }
    return render(request, "deployments/agenda/deplacer.html", context, status=status)


def _calendar_url(query: str) -> str:
    """The page of the calendar one came from; only what the calendar knows is kept."""
    kept = clean_query(dict(parse_qsl(query)))
    return f"{reverse('deployments:calendar')}{'?' if kept else ''}{urlencode(kept)}"


def _remember(request: UserRequest, moved: Deployment, before: datetime) -> None:
    request.session[MOVED] = {
        "pk": moved.pk,
        "revision": moved.revision,
        "from": before.isoformat(),
        "at": clock.now().isoformat(),
    }


def _last_move(request: UserRequest) -> dict[str, Any] | None:
    """What can be taken back, in words; nothing once it is old."""
    last = request.session.get(MOVED)
    if not last or clock.now() - datetime.fromisoformat(last["at"]) > REGRET:
        return None
    deployment = rules.find_managed_deployment(request.user, last["pk"], last["revision"])
    if deployment is None or deployment.starts_at is None:
        return None
    local = deployment.starts_at.astimezone(deployment.zone)
    is_over = deployment.is_over_at(clock.now())
    takes_place = "est maintenant notée comme passée" if is_over else "a maintenant lieu"
    return {
        "pk": deployment.pk,
        "text": f"« {deployment.title} » {takes_place} le {day_of_week(local.date())} "
        f"à {hour(local.time())}.",
    }
