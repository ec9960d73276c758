"""What is to be done for an action: the back-plan, added tasks, lessons of the last time."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deployments import back_plan, rules
from deployments import task_rules as fetch
from deployments.crumbs import deployment_crumbs, deployment_tabs
from deployments.declaration_rules import get_deployment_of_team_or_404
from deployments.preparation_rules import lessons_for
from deployments.task_forms import TaskForm
from organisations.requests import UserRequest


@require_safe
def task_list(request: UserRequest, pk: int) -> HttpResponse:
    deployment = get_deployment_of_team_or_404(request.user, pk)
    tasks = fetch.with_urgency(fetch.tasks_of(deployment))
    is_managed = rules.can_manage(request.user, deployment)
    context: dict[str, Any] = {
        "deployment": deployment,
        "crumbs": deployment_crumbs("Tâches", deployment),
        "tabs": deployment_tabs(deployment, "detail", is_managed=is_managed),
        "tasks": tasks,
        "lessons": lessons_for(deployment),
        "is_managed": is_managed,
        "form": TaskForm(members=fetch.assignable(deployment)),
    }
    return render(request, "deployments/tasks/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def task_add(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    form = TaskForm(request.POST or None, members=fetch.assignable(deployment))
    if request.method == "POST" and form.is_valid():
        back_plan.add_task(deployment=deployment, **form.details())
        messages.success(request, "La tâche est ajoutée.")
        return redirect("deployments:tasks", pk=pk)
    context = {
        "form": form,
        "deployment": deployment,
        "title": "Nouvelle tâche",
        "crumbs": deployment_crumbs("Nouvelle tâche", deployment),
    }
    return render(request, "deployments/tasks/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def task_edit(request: UserRequest, pk: int, task_pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    task = fetch.get_own_task_or_404(deployment, task_pk)
    members = fetch.assignable(deployment)
    form = TaskForm(request.POST or None, members=members, task=task)
    newer = None
    if request.method == "POST" and form.is_valid():
        try:
            back_plan.change_task(
                task=task, revision=form.cleaned_data["revision"] or 0, **form.details()
            )
        except back_plan.TaskMoved:
            newer = task
            form.show_newer(task)
        else:
            messages.success(request, "La tâche est modifiée.")
            return redirect("deployments:tasks", pk=pk)
    context = {
        "form": form,
        "newer": newer,
        "deployment": deployment,
        "title": "Modifier la tâche",
        "crumbs": deployment_crumbs("Modifier la tâche", deployment),
    }
    return render(request, "deployments/tasks/form.html", context, status=409 if newer else 200)


@require_POST
def task_tick(request: UserRequest, pk: int, task_pk: int) -> HttpResponse:
    deployment = get_deployment_of_team_or_404(request.user, pk)
    task = fetch.get_task_or_404(deployment, task_pk)
    is_done = request.POST.get("fait") != "non"
    back_plan.tick_task(task=task, is_done=is_done, author=request.user)
    return redirect("deployments:tasks", pk=pk)


@require_POST
def task_remove(request: UserRequest, pk: int, task_pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    task = fetch.get_own_task_or_404(deployment, task_pk)
    seen = request.POST.get("revision", "")
    try:
        back_plan.remove_task(task=task, revision=int(seen) if seen.isdecimal() else 0)
    except back_plan.TaskMoved:
        messages.warning(request, f"Quelqu’un vient de modifier « {task} » : elle reste.")
    else:
        messages.success(request, "La tâche est retirée.")
    return redirect("deployments:tasks", pk=pk)
