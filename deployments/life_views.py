"""The great moments of an action: announced, called off, brought back, archived, made again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.text import counted
from deployments import actions, rules
from deployments.crumbs import deployment_crumbs
from deployments.enums import Stage
from deployments.flashes import warn_of_declarations
from deployments.life_forms import ActForm, CancelForm, CopyForm, RepeatForm
from deployments.models import Deployment
from deployments.neighbours import neighbours_of
from organisations.requests import UserRequest

GET_POST = ["GET", "HEAD", "POST"]
TOO_EARLY = "Pour annoncer une action, il faut une date et une commune."


@dataclass(frozen=True)
class Act:
    """How an act is asked for, and what is said once it is done."""

    title: str
    text: str
    label: str
    done: str
    variant: str = "primary"
    # Whether the action it leads to has a new date.
    gives_a_date: bool = False


# Answers where to go, when that is not the action's own page.
Do = Callable[[Deployment, int, Any], Deployment | None]


def _ask(
    request: UserRequest,
    deployment: Deployment,
    act: Act,
    do: Do,
    *,
    form_class: type[ActForm] = ActForm,
    **context: Any,
) -> HttpResponse:
    """Ask before the act, then do it on the state that was on screen."""
    form = form_class(request.POST or None, deployment=deployment)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            kept = do(deployment, form.cleaned_data["revision"], form)
        except actions.DeploymentMoved:
            deployment = rules.get_managed_deployment_or_404(request.user, deployment.pk)
            form.show_newer(deployment)
            status = 409
        except actions.NotReady:
            form.add_error(None, TOO_EARLY)
        else:
            messages.success(request, act.done)
            warn_of_declarations(request, [kept] if kept and act.gives_a_date else [])
            return redirect("deployments:detail", kept.pk) if kept else redirect("deployments:list")
    crumbs = deployment_crumbs(act.label, deployment)
    context |= {"form": form, "act": act, "deployment": deployment, "crumbs": crumbs}
    return render(request, "deployments/life/act.html", context, status=status)


def _refuse(request: UserRequest, deployment: Deployment, words: str) -> HttpResponse:
    messages.info(request, words)
    return redirect("deployments:detail", deployment.pk)


@require_http_methods(GET_POST)
def deployment_announce(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    if deployment.stage != Stage.IDEA:
        return _refuse(request, deployment, "Cette action n’est plus une idée.")
    act = Act(
        "Annoncer cette action ?",
        "Elle compte dès maintenant dans l’objectif de la campagne. Les équipes des "
        "organisations concernées la voient et reçoivent un e-mail.",
        "Annoncer",
        "C’est annoncé. Les organisations concernées reçoivent un e-mail.",
    )
    return _ask(
        request,
        deployment,
        act,
        lambda one, revision, _: actions.report_deployment(
            deployment=one, revision=revision, author=request.user
        ),
        informed=neighbours_of(deployment),
    )


@require_http_methods(GET_POST)
def deployment_cancel(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    if deployment.stage != Stage.REPORTED:
        return _refuse(request, deployment, "Seule une action annoncée s’annule.")
    act = Act(
        "Annuler cette action ?",
        "L’équipe et les organisations prévenues reçoivent un message. Rien n’est perdu : vous "
        "pourrez la rétablir.",
        "Annuler l’action",
        "L’action est annulée. « Rétablir » la fait revenir.",
        "danger-solid",
    )
    return _ask(
        request,
        deployment,
        act,
        lambda one, revision, form: actions.cancel_deployment(
            deployment=one,
            revision=revision,
            reason=form.cleaned_data["reason"],
            author=request.user,
        ),
        form_class=CancelForm,
        informed=deployment.informed.all(),
    )


@require_http_methods(GET_POST)
def deployment_restore(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    if deployment.stage != Stage.CANCELLED and deployment.archived_at is None:
        return _refuse(request, deployment, "Cette action n’est ni annulée ni archivée.")
    act = Act(
        "Rétablir cette action ?",
        "Elle revient dans les agendas, telle qu’elle était. Les personnes et les organisations "
        "qui la croyaient annulée apprennent qu’elle a lieu.",
        "Rétablir",
        "L’action est rétablie.",
    )
    return _ask(
        request,
        deployment,
        act,
        lambda one, revision, _: actions.restore_deployment(
            deployment=one, revision=revision, author=request.user
        ),
    )


@require_http_methods(GET_POST)
def deployment_archive(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    if deployment.archived_at:
        return _refuse(request, deployment, "Cette action est déjà archivée.")
    act = Act(
        "Archiver cette action ?",
        "Elle quitte les listes et les agendas. Ses contacts et son bilan restent. À venir, elle "
        "n’aura pas lieu : l’équipe en est prévenue.",
        "Archiver",
        "L’action est archivée. « Rétablir » la fait revenir.",
        "danger-solid",
    )
    return _ask(
        request,
        deployment,
        act,
        lambda one, revision, _: actions.archive_deployment(
            deployment=one, revision=revision, author=request.user
        ),
    )


@require_http_methods(GET_POST)
def deployment_delete(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    act = Act(
        "Supprimer cette idée ?",
        "Tout ce qui a été préparé disparaît, pour toute l’équipe et pour de bon. Les personnes "
        "déjà invitées apprennent qu’on ne les attend plus.",
        "Supprimer",
        "L’idée est supprimée.",
        "danger-solid",
    )

    def delete(one: Deployment, revision: int, _: Any) -> None:
        actions.delete_deployment(deployment=one, revision=revision, author=request.user)

    kept = "Cette action a été annoncée ou a déjà servi : archivez-la plutôt."
    if deployment.stage != Stage.IDEA:
        return _refuse(request, deployment, kept)
    try:
        return _ask(request, deployment, act, delete)
    except actions.HasContacts:
        return _refuse(request, deployment, kept)


@require_http_methods(GET_POST)
def deployment_copy(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    act = Act(
        "Refaire cette action",
        "La copie reprend toute la préparation, sans l’équipe ni le bilan. C’est une idée, à "
        "annoncer quand elle est prête.",
        "Dupliquer",
        "Voici la copie. Vérifiez sa date, puis annoncez-la.",
        gives_a_date=True,
    )
    return _ask(
        request,
        deployment,
        act,
        lambda one, _, form: actions.copy_deployment(
            deployment=one, starts_at=form.starts_at(), created_by=request.user
        ),
        form_class=CopyForm,
    )


@require_http_methods(GET_POST)
def deployment_repeat(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    if deployment.starts_at is None:
        return _refuse(request, deployment, "Choisissez d’abord la date de la première fois.")
    act = Act(
        "Répéter cette action",
        "Chaque jour devient une action à part, avec son équipe et son bilan, à la même heure.",
        "Répéter",
        "Les actions suivantes sont dans les idées, à annoncer quand elles sont prêtes.",
    )

    def repeat(one: Deployment, _: int, form: RepeatForm) -> Deployment:
        made = actions.repeat_deployment(
            deployment=one, days=form.starts(), created_by=request.user
        )
        messages.info(request, f"{counted(len(made), 'action ajoutée', 'actions ajoutées')}.")
        warn_of_declarations(request, made)
        return one

    return _ask(request, deployment, act, repeat, form_class=RepeatForm)
