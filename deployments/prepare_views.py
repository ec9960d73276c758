"""The preparation, step by step; nothing is compulsory and each step is kept as one goes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from deployments import preparation_rules, rules
from deployments.actions import DeploymentMoved, NotReady
from deployments.crumbs import deployment_crumbs, deployment_tabs
from deployments.flashes import warn_of_declarations
from deployments.models import Deployment
from deployments.prepare_forms import FORMS, StepForm
from deployments.preparing import PlaceMoved
from deployments.readiness_rules import readiness_now
from deployments.steps import STEPS, Step, following, trail
from deployments.timing_rules import timing_warnings
from organisations.requests import UserRequest

KEEPS_BOTH = "Une action annoncée garde une date et une commune. Annulez-la plutôt."


@require_safe
def prepare(request: UserRequest, pk: int) -> HttpResponse:
    """Where to go on: the first step that holds nothing yet."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    filled = preparation_rules.filled_steps(deployment)
    step = next((slug for slug in STEPS if slug not in filled), next(iter(STEPS)))
    return redirect("deployments:prepare-step", pk, step)


@require_http_methods(["GET", "HEAD", "POST"])
def prepare_step(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    form = FORMS[slug](request.POST or None, deployment=deployment, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _page(request, deployment, step, form)
    try:
        saved = form.save()
    except (DeploymentMoved, PlaceMoved):
        return _moved(request, pk, step, form)
    except NotReady:
        form.add_error(None, KEEPS_BOTH)
        return _page(request, deployment, step, form)
    messages.success(request, "C’est noté.")
    for words in timing_warnings(saved) if slug == "moment" else ():
        messages.warning(request, words)
    if slug in ("moment", "lieu", "type"):
        warn_of_declarations(request, [saved])
    next_step = following(slug)
    if "more" in request.POST:
        return redirect("deployments:prepare-step", pk, slug)
    if next_step is None:
        return redirect("deployments:detail", pk)
    return redirect("deployments:prepare-step", pk, next_step.slug)


def _moved(request: UserRequest, pk: int, step: Step, form: StepForm) -> HttpResponse:
    """What was typed, beside what somebody else has kept meanwhile."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    newer = FORMS[step.slug](None, deployment=deployment, user=request.user)
    form.show_newer(newer)
    return _page(request, deployment, step, form, status=409, stored=newer.written())


def _page(
    request: UserRequest,
    deployment: Deployment,
    step: Step,
    form: StepForm,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    filled = preparation_rules.filled_steps(deployment)
    context |= {
        "deployment": deployment,
        "step": step,
        "next_step": following(step.slug),
        "form": form,
        "trail": trail(deployment, step.slug, filled),
        "readiness": readiness_now(deployment),
        "crumbs": deployment_crumbs("Préparation", deployment),
        "tabs": deployment_tabs(deployment, "prepare"),
    }
    if step.slug == "moment":
        context["timing"] = timing_warnings(deployment)
    if step.slug == "lieu":
        context["lessons"] = preparation_rules.lessons_for(deployment)
        context["map_url"] = preparation_rules.tpe_map_url(deployment)
    return render(request, "deployments/prepare/step.html", context, status=status)
