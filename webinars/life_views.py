"""The great moments of a session: announced, moved, called off, brought back, made again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from campaigns import clock
from core.text import counted
from organisations.requests import UserRequest
from webinars import actions, rules, staff_rules
from webinars.audience import audience_words
from webinars.crumbs import manage_crumbs
from webinars.enums import WebinarState
from webinars.life_forms import IN_THE_PAST, ActForm, CancelForm, CopyForm, MoveForm
from webinars.models import Webinar
from webinars.overview import missing_in
from webinars.wording import when_words

GET_OR_POST = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Act:
    """How an act is asked for, and what is said once it is done."""

    title: str
    text: str
    label: str
    done: str
    variant: str = "primary"


# Answers where to go, when that is not the list.
Do = Callable[[Webinar, int, Any], Webinar | None]


def _ask(
    request: UserRequest,
    webinar: Webinar,
    act: Act,
    do: Do,
    *,
    form_class: type[ActForm] = ActForm,
    **context: Any,
) -> HttpResponse:
    """Ask before the act, then do it on the state that was on screen."""
    form = form_class(request.POST or None, webinar=webinar)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            kept = do(webinar, form.cleaned_data["revision"], form)
        except actions.WebinarMoved:
            webinar = rules.get_managed_webinar_or_404(request.user, webinar.pk)
            form.show_newer(webinar)
            status = 409
        except actions.InThePast:
            form.add_error("starts_at", IN_THE_PAST)
        else:
            messages.success(request, act.done)
            if kept is None:
                return redirect("webinars:manage-list")
            return redirect("webinars:manage-detail", kept.pk)
    context |= {
        "form": form,
        "act": act,
        "webinar": webinar,
        "when": when_words(webinar),
        "crumbs": manage_crumbs(act.label, webinar),
    }
    return render(request, "webinars/staff/act.html", context, status=status)


def _refuse(request: UserRequest, webinar: Webinar, words: str) -> HttpResponse:
    messages.info(request, words)
    return redirect("webinars:manage-detail", webinar.pk)


def _told(webinar: Webinar) -> str:
    """« 34 personnes reçoivent un mail. », before an act that is told to those who come."""
    number = staff_rules.concerned_count(webinar)
    if not number:
        return "Personne n’est encore inscrit : aucun mail ne part."
    return f"{counted(number, 'personne reçoit', 'personnes reçoivent')} un mail."


def _is_over(webinar: Webinar) -> bool:
    return webinar.is_over_at(clock.now())


@require_http_methods(GET_OR_POST)
def session_announce(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    if webinar.state != WebinarState.DRAFT:
        return _refuse(request, webinar, "Cette séance n’est plus un brouillon.")
    act = Act(
        "Annoncer cette séance ?",
        f"Elle apparaît dans l’agenda des membres, et les inscriptions s’ouvrent. Public : "
        f"{audience_words(webinar.series)}.",
        "Annoncer",
        "C’est annoncé : les inscriptions sont ouvertes.",
    )
    return _ask(
        request,
        webinar,
        act,
        lambda one, revision, _: actions.announce_webinar(webinar=one, revision=revision),
        missing=missing_in(webinar, staff_rules.filled_steps(webinar)),
    )


@require_http_methods(GET_OR_POST)
def session_restore(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    if webinar.state != WebinarState.CANCELLED:
        return _refuse(request, webinar, "Cette séance n’est pas annulée.")
    act = Act(
        "Rétablir cette séance ?",
        f"Elle aura bien lieu, et chaque place reste à qui l’avait. {_told(webinar)}",
        "Rétablir",
        "La séance est rétablie.",
    )
    return _ask(
        request,
        webinar,
        act,
        lambda one, revision, _: actions.announce_webinar(webinar=one, revision=revision),
    )


@require_http_methods(GET_OR_POST)
def session_move(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    if webinar.state == WebinarState.CANCELLED or _is_over(webinar):
        return _refuse(request, webinar, "Une séance passée ou annulée ne se déplace pas.")
    is_first = webinar.starts_at is None
    act = Act(
        "Fixer la date" if is_first else "Déplacer cette séance",
        f"Les inscriptions et les liens restent valables, l’agenda de chacun·e se met à jour. "
        f"{_told(webinar)}",
        "Fixer cette date" if is_first else "Déplacer",
        "La nouvelle date est enregistrée, les personnes inscrites sont prévenues.",
    )
    return _ask(
        request,
        webinar,
        act,
        lambda one, revision, form: actions.change_webinar(
            webinar=one, revision=revision, **form.span()
        ),
        form_class=MoveForm,
    )


@require_http_methods(GET_OR_POST)
def session_cancel(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    if webinar.state != WebinarState.ANNOUNCED or _is_over(webinar):
        return _refuse(request, webinar, "Seule une séance annoncée et à venir s’annule.")
    act = Act(
        "Annuler cette séance ?",
        f"{_told(webinar)} Rien n’est perdu : vous pourrez la rétablir.",
        "Annuler la séance",
        "La séance est annulée. « Rétablir » la fait revenir.",
        "danger-solid",
    )
    return _ask(
        request,
        webinar,
        act,
        lambda one, revision, form: actions.cancel_webinar(
            webinar=one, revision=revision, reason=form.cleaned_data["reason"]
        ),
        form_class=CancelForm,
    )


@require_http_methods(GET_OR_POST)
def session_copy(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    act = Act(
        "Refaire cette séance",
        "La copie reprend la présentation, le programme, les documents et les rappels, sans la "
        "salle ni les inscriptions. C’est un brouillon, à annoncer quand il est prêt.",
        "Copier",
        "Voici la copie. Vérifiez sa date et sa salle, puis annoncez-la.",
    )
    return _ask(
        request,
        webinar,
        act,
        lambda one, _, form: actions.copy_webinar(
            webinar=one, created_by=request.user, **form.span()
        ),
        form_class=CopyForm,
    )


@require_http_methods(GET_OR_POST)
def session_delete(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    kept = "Cette séance a été annoncée : annulez-la plutôt."
    if webinar.announced_at is not None:
        return _refuse(request, webinar, kept)
    act = Act(
        "Supprimer ce brouillon ?",
        "Tout ce qui a été préparé disparaît, pour toute l’équipe et pour de bon.",
        "Supprimer",
        "Le brouillon est supprimé.",
        "danger-solid",
    )

    def delete(one: Webinar, revision: int, _: Any) -> None:
        actions.delete_webinar(webinar=one, revision=revision, author=request.user)

    try:
        return _ask(request, webinar, act, delete)
    except actions.NotADraft:
        return _refuse(request, webinar, kept)
