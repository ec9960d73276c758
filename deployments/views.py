"""The list of actions and the page of one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import clock
from campaigns.rules import get_current_campaign_or_404
from deployments import actions, rules
from deployments.crumbs import deployment_crumbs, deployment_tabs
from deployments.day_rules import takes_part
from deployments.flashes import warn_of_declarations
from deployments.forms import NewDeploymentForm
from deployments.overview import facts_about
from deployments.preparation_rules import lessons_for
from deployments.readiness_rules import readiness_now
from deployments.receipts import receipts_of
from deployments.task_rules import next_tasks
from deployments.team_rules import sees_names
from deployments.timing_rules import timing_warnings
from organisations.requests import UserRequest

MOMENTS = {"a-venir": "À venir", "passes": "Passés", "idees": "Idées", "annules": "Annulés"}
COUNTS = {"a-venir": "to_come", "passes": "over", "idees": "ideas", "annules": "cancelled"}


@require_safe
def deployment_list(request: UserRequest) -> HttpResponse:
    rules.check_member(request.user)
    moment = request.GET.get("quand", "")
    moment = moment if moment in MOMENTS else "a-venir"
    counts = rules.count_by_moment(request.user)
    here = reverse("deployments:list")
    context = {
        "tabs": [
            {"label": label, "url": f"{here}?quand={slug}", "current": slug == moment,
             "count": counts[COUNTS[slug]]}
            for slug, label in MOMENTS.items()
        ],
        "deployments": rules.paginate_deployments(
            request.user, moment=moment, page=request.GET.get("page")
        ),
        "can_plan": rules.can_plan(request.user),
    }  # fmt: skip
    return render(request, "deployments/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def deployment_create(request: UserRequest) -> HttpResponse:
    organisations = rules.planning_organisations(request.user)
    if not organisations:
        raise Http404
    form = NewDeploymentForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        deployment = actions.create_deployment(
            campaign=get_current_campaign_or_404(), created_by=request.user, **form.details()
        )
        messages.success(request, "C’est noté. Personne d’autre ne la voit avant l’annonce.")
        warn_of_declarations(request, [deployment])
        return redirect("deployments:detail", pk=deployment.pk)
    context = {"form": form, "crumbs": deployment_crumbs("Nouvelle action")}
    return render(request, "deployments/create.html", context)


@require_safe
def deployment_detail(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_deployment_or_404(request.user, pk)
    is_managed = rules.can_manage(request.user, deployment)
    is_over = deployment.is_over_at(clock.now())
    context = {
        "deployment": deployment,
        "crumbs": deployment_crumbs(deployment.title),
        "tabs": deployment_tabs(deployment, "detail", is_managed=is_managed),
        "shifts": deployment.shifts.all(),
        "facts": facts_about(deployment),
        "is_managed": is_managed,
        "is_over": is_over,
        "tasks": None,
    }
    if is_managed:
        context |= {
            "readiness": readiness_now(deployment),
            "lessons": lessons_for(deployment),
            "timing": [] if is_over else timing_warnings(deployment),
            "informed": deployment.informed.all(),
        }
    if takes_part(request.user, deployment):
        context |= {
            "tasks": next_tasks(deployment),
            "reads_names": sees_names(request.user, deployment),
            "has_receipts": bool(receipts_of(deployment)),
        }
    return render(request, "deployments/detail.html", context)
