"""The sessions one holds: their list, the beginning of one, its page and its preparation."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import clock
from campaigns.rules import get_current_campaign_or_404
from organisations.models import User
from organisations.requests import UserRequest
from webinars import actions, rules, staff_rules
from webinars.crumbs import manage_crumbs, manage_tabs
from webinars.models import Series, Webinar
from webinars.overview import (
    description_from,
    facts_about,
    missing_in,
    programme_warning,
    stage_of,
)
from webinars.participation import attendance_of
from webinars.staff_forms import FORMS, NewSessionForm, SeriesFilterForm, StepForm
from webinars.steps import ROOM, STEPS, Step, trail, url_after
from webinars.wording import programme_words, when_words

MOMENTS = {
    "a-venir": "À venir", "brouillons": "Brouillons", "passees": "Passées", "annulees": "Annulées",
}  # fmt: skip
GET_OR_POST = ["GET", "HEAD", "POST"]
KEEPS_ITS_DATE = "Des personnes ont cette séance dans leur agenda : elle garde une date."


@require_safe
def session_list(request: UserRequest) -> HttpResponse:
    staff_rules.check_planner(request.user)
    form = SeriesFilterForm(request.GET)
    series = form.chosen()
    moment = request.GET.get("quand", "")
    moment = moment if moment in MOMENTS else "a-venir"
    context = {
        "tabs": _moment_tabs(request.user, moment, series),
        "form": form,
        "crumbs": [
            {"label": "Webinaires", "url": reverse("webinars:agenda")},
            {"label": "À gérer", "url": ""},
        ],
        "moment": moment,
        "is_filtering": series is not None,
        "sessions": staff_rules.sessions_at(
            request.user, moment=moment, series=series, page=request.GET.get("page")
        ),
        "keeps_series": rules.can_keep_series(request.user),
    }
    return render(request, "webinars/staff/list.html", context)


def _moment_tabs(user: User, here: str, series: Series | None) -> list[dict[str, object]]:
    counts = staff_rules.count_by_moment(user, series)
    own = reverse("webinars:manage-list")
    rest = f"&serie={series.pk}" if series else ""
    return [
        {"label": label, "url": f"{own}?quand={slug}{rest}", "current": slug == here,
         "count": counts[slug]}
        for slug, label in MOMENTS.items()
    ]  # fmt: skip


@require_http_methods(GET_OR_POST)
def session_create(request: UserRequest) -> HttpResponse:
    """Begin a session; from suggestions, their questions are already in its words."""
    organisations = rules.planning_organisations(request.user)
    if not organisations:
        raise Http404
    wanted = staff_rules.questions_to_answer(request.user, request.GET.getlist("question"))
    form = NewSessionForm(
        request.POST or None, organisations=organisations,
        initial={"description": description_from(wanted)} if wanted else None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        webinar = actions.create_webinar(
            campaign=get_current_campaign_or_404(), created_by=request.user, **form.cleaned_data
        )
        messages.success(request, "C’est noté. Personne d’autre ne la voit avant l’annonce.")
        return redirect(url_after("seance", webinar))
    context = {"form": form, "crumbs": manage_crumbs("Nouvelle séance")}
    return render(request, "webinars/staff/create.html", context)


@require_safe
def session_detail(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    now = clock.now()
    is_over = webinar.is_over_at(now)
    filled = staff_rules.filled_steps(webinar)
    context = {
        "webinar": webinar,
        "crumbs": manage_crumbs(webinar.title),
        "tabs": manage_tabs(webinar, "manage-detail"),
        "stage": stage_of(webinar, now),
        "facts": facts_about(webinar, ZoneInfo(request.user.time_zone)),
        "attendance": attendance_of(webinar),
        "questions": staff_rules.count_questions(webinar),
        "missing": [] if is_over or webinar.cancelled_at else missing_in(webinar, filled),
        "has_room": "salle" in filled,
        "is_over": is_over,
        "programme": programme_words(webinar),
    }
    return render(request, "webinars/staff/detail.html", context)


@require_http_methods(GET_OR_POST)
def session_prepare(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    if slug == ROOM:
        return redirect("webinars:manage-room", pk)
    step = STEPS.get(slug)
    if step is None:
        raise Http404
    form = FORMS[slug](request.POST or None, webinar=webinar, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _step_page(request, webinar, step, form)
    try:
        saved = form.save()
    except actions.WebinarMoved:
        return _moved(request, pk, step, form)
    except actions.KeepsItsDate:
        form.add_error("starts_at", KEEPS_ITS_DATE)
        return _step_page(request, webinar, step, form)
    messages.success(request, "C’est noté.")
    if slug in ("moment", "programme") and (words := programme_warning(saved)):
        messages.warning(request, words)
    if "more" in request.POST:
        return redirect("webinars:manage-prepare", pk, slug)
    return redirect(url_after(slug, saved))


def _moved(request: UserRequest, pk: int, step: Step, form: StepForm) -> HttpResponse:
    """What was typed, beside what somebody else has kept meanwhile."""
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    newer = FORMS[step.slug](None, webinar=webinar, user=request.user)
    form.show_newer(newer)
    return _step_page(request, webinar, step, form, status=409, stored=newer.written())


def _step_page(
    request: UserRequest, webinar: Webinar, step: Step, form: StepForm, *, status: int = 200,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    context |= {
        "webinar": webinar,
        "step": step,
        "next_url": url_after(step.slug, webinar),
        "form": form,
        "when": when_words(webinar),
        "is_announced": webinar.announced_at is not None and webinar.cancelled_at is None,
        "trail": trail(webinar, step.slug, staff_rules.filled_steps(webinar)),
        "crumbs": manage_crumbs("Préparation", webinar),
        "tabs": manage_tabs(webinar, "manage-prepare"),
    }
    return render(request, "webinars/staff/prepare.html", context, status=status)
