"""The tab « Bilan »: figures, tops and flops, texts to share."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import clock
from contacts.rules import count_captures
from core.pages import confirm
from deployments import day_rules, debrief_rules, debriefing, press
from deployments.crumbs import deployment_crumbs, deployment_tabs
from deployments.debrief_forms import TEXTS, DebriefForm, OpinionForm, RemarkForm, TextsForm
from deployments.enums import RemarkKind
from deployments.models import Debrief, Deployment
from deployments.rules import can_manage, get_deployment_or_404, get_managed_deployment_or_404
from organisations.requests import UserRequest


@never_cache
@require_safe
def debrief_page(request: UserRequest, pk: int) -> HttpResponse:
    return _page(request, get_deployment_or_404(request.user, pk))


def _page(
    request: UserRequest, deployment: Deployment, *, remark_form: RemarkForm | None = None
) -> HttpResponse:
    debrief = debrief_rules.find_debrief(deployment)
    is_team = day_rules.takes_part(request.user, deployment)
    may_read = debrief_rules.may_read(request.user, deployment, debrief)
    remarks = list(debrief_rules.remarks_of(deployment)) if may_read else []
    is_managed = can_manage(request.user, deployment)
    context = {
        "deployment": deployment,
        "crumbs": deployment_crumbs("Bilan", deployment),
        "tabs": deployment_tabs(deployment, "debrief", is_managed=is_managed),
        "debrief": debrief if may_read else None,
        "may_read": may_read,
        "is_team": is_team,
        "is_managed": is_managed,
        "may_report": debrief_rules.may_be_reported(deployment),
        "opens_words": debrief_rules.why_no_report_yet(deployment),
        "is_under_way": not deployment.is_over_at(clock.now()),
        "counts": count_captures(deployment.source),
        "figures": debrief_rules.figures_of(deployment, debrief),
        "tops": [one for one in remarks if one.kind == RemarkKind.TOP],
        "flops": [one for one in remarks if one.kind == RemarkKind.FLOP],
        "remark_form": remark_form or RemarkForm(),
        "opinion_address": _opinion_address(deployment) if is_team else "",
    }
    return render(request, "deployments/debrief/page.html", context)


def _opinion_address(deployment: Deployment) -> str:
    secret = debrief_rules.opinion_secret(deployment)
    return settings.SITE_URL + reverse("deployments:opinion", args=[deployment.pk, secret])


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_edit(request: UserRequest, pk: int) -> HttpResponse:
    deployment = get_managed_deployment_or_404(request.user, pk)
    debrief = debrief_rules.find_debrief(deployment) or Debrief(deployment=deployment)
    known = debrief_rules.suggested(deployment)
    form = DebriefForm.for_debrief(debrief, known, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            debriefing.save_debrief(deployment=deployment, **form.changes())
        except debriefing.DebriefMoved:
            return _moved(request, deployment, form, "deployments/debrief/edit.html", "Modifier")
        if "close" in request.POST:
            debriefing.close_debrief(deployment=deployment, author=request.user)
            messages.success(request, "Le bilan est rendu. Merci !")
        else:
            messages.success(request, "Le bilan est enregistré.")
        return redirect("deployments:debrief", pk=pk)
    context = {
        "form": form,
        "deployment": deployment,
        "debrief": debrief,
        "newer": None,
        "crumbs": deployment_crumbs("Modifier le bilan", deployment),
    }
    return render(request, "deployments/debrief/edit.html", context)


def _moved(
    request: UserRequest,
    deployment: Deployment,
    form: DebriefForm | TextsForm,
    template: str,
    here: str,
) -> HttpResponse:
    newer = debrief_rules.find_debrief(deployment)
    if newer is not None:
        form.show_newer(newer)
    context = {
        "form": form,
        "deployment": deployment,
        "debrief": newer,
        "newer": newer,
        "press": debrief_rules.press_contact_of(deployment),
        "crumbs": deployment_crumbs(here, deployment),
    }
    return render(request, template, context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_reopen(request: UserRequest, pk: int) -> HttpResponse:
    deployment = get_managed_deployment_or_404(request.user, pk)
    if request.method != "POST":
        return confirm(
            request,
            title="Rouvrir ce bilan ?",
            text="L’action compte de nouveau comme sans bilan, jusqu’à ce que vous le rendiez.",
            label="Rouvrir le bilan",
            back=reverse("deployments:debrief", args=[pk]),
        )
    debriefing.reopen_debrief(deployment=deployment, author=request.user)
    messages.success(request, "Le bilan est rouvert.")
    return redirect("deployments:debrief", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def debrief_texts(request: UserRequest, pk: int) -> HttpResponse:
    """Texts written from the facts, to be changed, kept and copied."""
    deployment = get_managed_deployment_or_404(request.user, pk)
    debrief = debrief_rules.find_debrief(deployment) or Debrief(deployment=deployment)
    proposed = _proposed(deployment, debrief)
    kept = {name: getattr(debrief, name) or proposed[name] for name in TEXTS}
    form = TextsForm(request.POST or None, initial=kept | {"revision": debrief.revision})
    if request.method == "POST" and form.is_valid():
        try:
            debriefing.save_debrief(deployment=deployment, **form.rewritten(proposed))
        except debriefing.DebriefMoved:
            return _moved(request, deployment, form, "deployments/debrief/texts.html", "Textes")
        messages.success(request, "Les textes sont enregistrés.")
        return redirect("deployments:debrief-texts", pk=pk)
    context = {
        "form": form,
        "deployment": deployment,
        "newer": None,
        "press": debrief_rules.press_contact_of(deployment),
        "crumbs": deployment_crumbs("Textes à partager", deployment),
    }
    return render(request, "deployments/debrief/texts.html", context)


def _proposed(deployment: Deployment, debrief: Debrief) -> dict[str, str]:
    """What the facts say, today."""
    facts = debrief_rules.facts_of(deployment, debrief)
    return {name: getattr(press, name)(facts) if facts else "" for name in TEXTS}


@require_POST
def remark_add(request: UserRequest, pk: int) -> HttpResponse:
    deployment = day_rules.get_joined_deployment_or_404(request.user, pk)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, deployment, remark_form=form)
    debriefing.add_remark(
        deployment=deployment,
        kind=RemarkKind(form.cleaned_data["kind"]),
        text=form.cleaned_data["text"],
        author=request.user.first_name,
        member=deployment.team.filter(user=request.user).first(),
    )
    messages.success(request, "C’est noté, merci.")
    return redirect(reverse("deployments:debrief", args=[pk]) + "#avis")


@require_POST
def remark_remove(request: UserRequest, pk: int) -> HttpResponse:
    remark = debrief_rules.get_removable_remark_or_404(request.user, pk)
    debriefing.remove_remark(remark=remark, author=request.user)
    messages.success(request, "La remarque est retirée.")
    return redirect(reverse("deployments:debrief", args=[remark.deployment_id]) + "#avis")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, pk: int, secret: str) -> HttpResponse:
    """A top and a flop from whoever holds the link of the action, without an account."""
    deployment = debrief_rules.get_deployment_by_opinion_secret_or_404(pk, secret)
    if not debrief_rules.takes_opinions(deployment):
        raise Http404
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if not form.is_robot:
                debriefing.add_opinions(
                    deployment=deployment,
                    author=form.cleaned_data["first_name"],
                    texts=form.texts(),
                )
        except debriefing.TooManyOpinions:
            form.add_error(None, "Cette action a déjà beaucoup d’avis : parlez-en à son équipe.")
        else:
            return redirect("deployments:opinion-thanks")
    context = {"deployment": deployment, "form": form}
    return render(request, "deployments/debrief/opinion.html", context)


@login_not_required
@require_safe
def opinion_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "deployments/debrief/opinion_thanks.html")
