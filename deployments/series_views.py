"""A whole series: its actions to come, and what is done to them at once, seen before it is."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.text import counted
from deployments import series_rules
from deployments.actions import DeploymentMoved, NotReady
from deployments.crumbs import deployment_crumbs
from deployments.declaration_rules import today_at
from deployments.flashes import warn_of_declarations
from deployments.models import Deployment
from deployments.series_forms import AlikeForm, CallOffForm, SeriesForm, ShiftForm
from organisations.requests import UserRequest


@dataclass(frozen=True)
class Act:
    form: type[SeriesForm]
    title: str
    text: str
    # What was done to how many.
    done: tuple[str, str]
    variant: str = "primary"


ACTS = {
    "aligner": Act(
        AlikeForm,
        "Faire comme cette action",
        "Changez d’abord une action comme il faut, puis donnez aux autres ce qu’elle a : "
        "l’intitulé, le lieu, les horaires, les rôles à pourvoir.",
        ("action changée", "actions changées"),
    ),
    "decaler": Act(
        ShiftForm,
        "Décaler la série",
        "Toutes les actions choisies passent autant de jours plus tard, ou plus tôt. Chaque "
        "équipe reçoit un message avec ses nouvelles dates.",
        ("action décalée", "actions décalées"),
    ),
    "annuler": Act(
        CallOffForm,
        "Annuler la série",
        "Les équipes et les organisations prévenues reçoivent un message par action. Chacune "
        "peut être rétablie depuis sa page.",
        ("action annulée", "actions annulées"),
        "danger-solid",
    ),
}


@require_safe
def series_page(request: UserRequest, pk: int) -> HttpResponse:
    deployment = series_rules.get_of_series_or_404(request.user, pk)
    context = {
        "deployment": deployment,
        "siblings": series_rules.siblings(series_rules.coming_in_series(request.user, deployment)),
        "acts": ACTS,
        "crumbs": deployment_crumbs("Toute la série", deployment),
    }
    return render(request, "deployments/series/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def series_act(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    """Choose, read what it would change, then do it."""
    deployment = series_rules.get_of_series_or_404(request.user, pk)
    if slug not in ACTS:
        raise Http404
    form = _form(request, deployment, ACTS[slug])
    if request.method != "POST" or not form.is_valid():
        return _page(request, deployment, slug, form)
    if not form.cleaned_data["is_sure"]:
        return _page(request, deployment, slug, form, is_preview=True)
    try:
        made = form.act(request.user)
    except DeploymentMoved:
        deployment = series_rules.get_of_series_or_404(request.user, pk)
        newer = _form(request, deployment, ACTS[slug])
        newer.is_valid()
        newer.show_newer()
        return _page(request, deployment, slug, newer, status=409)
    except NotReady:
        form.add_error(None, "Une action annoncée garde une date et une commune.")
        return _page(request, deployment, slug, form)
    messages.success(request, f"{counted(len(made), *ACTS[slug].done)}.")
    warn_of_declarations(request, made)
    return redirect("deployments:series", pk=pk)


def _form(request: UserRequest, deployment: Deployment, act: Act) -> SeriesForm:
    coming = series_rules.coming_in_series(request.user, deployment)
    return act.form(
        request.POST or None,
        model=deployment,
        siblings=series_rules.siblings(coming),
        today=today_at(deployment),
    )


def _page(
    request: UserRequest,
    deployment: Deployment,
    slug: str,
    form: SeriesForm,
    *,
    is_preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form.sure() if is_preview else form,
        "deployment": deployment,
        "act": ACTS[slug],
        "preview": form.preview() if is_preview else None,
        "crumbs": deployment_crumbs(ACTS[slug].title, deployment),
    }
    return render(request, "deployments/series/act.html", context, status=status)
