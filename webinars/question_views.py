"""The questions of a session, for those who hold it: sorted before, answered during and after."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations.requests import UserRequest
from webinars import asking, rules, staff_rules
from webinars.crumbs import manage_crumbs, manage_tabs
from webinars.enums import QuestionState
from webinars.models import Question, Webinar
from webinars.question_forms import AnswerForm, DeclineForm, MergeForm
from webinars.staff_rules import Sorting

GET_OR_POST = ["GET", "HEAD", "POST"]
VIEWS = {
    "a-traiter": ("À traiter", (QuestionState.NEW, QuestionState.ACCEPTED)),
    "repondues": (
        "Répondues", (QuestionState.ANSWERED_LIVE, QuestionState.ANSWERED_IN_WRITING),
    ),
    "ecartees": ("Écartées", (QuestionState.DECLINED,)),
}  # fmt: skip


@require_safe
def questions(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    view = request.GET.get("vue", "")
    view = view if view in VIEWS else "a-traiter"
    sorting = staff_rules.count_questions(webinar)
    context = {
        "webinar": webinar,
        "questions": rules.questions_to_sort(webinar).filter(state__in=VIEWS[view][1]),
        "view": view,
        "views": _views(webinar, view, sorting),
        "sorting": sorting,
        "known": sorting.total,
        "crumbs": manage_crumbs("Questions", webinar),
        "tabs": manage_tabs(webinar, "manage-questions"),
    }
    return render(request, "webinars/staff/questions.html", context)


def _views(webinar: Webinar, here: str, sorting: Sorting) -> list[dict[str, object]]:
    own = reverse("webinars:manage-questions", args=[webinar.pk])
    counts = {
        "a-traiter": sorting.new + sorting.published, "repondues": sorting.answered,
        "ecartees": sorting.declined,
    }  # fmt: skip
    return [
        {"label": label, "url": f"{own}?vue={slug}", "current": slug == here,
         "count": counts[slug]}
        for slug, (label, _) in VIEWS.items()
    ]  # fmt: skip


@require_safe
def question_news(request: UserRequest, pk: int) -> HttpResponse:
    """Whether others came since the page was opened: asked every few seconds during a session."""
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    known = request.GET.get("connues", "")
    total = staff_rules.count_questions(webinar).total
    context = {
        "webinar": webinar,
        "known": known,
        "fresh": total - int(known) if known.isdecimal() and len(known) < 10 else 0,
    }
    return render(request, "webinars/staff/questions.html#news", context)


@require_POST
def question_sort(request: UserRequest, pk: int, question: int) -> HttpResponse:
    """One press: publish, note that it was answered aloud, or part it from another."""
    one = rules.get_managed_question_or_404(request.user, pk, question)
    following = staff_rules.question_after(one)
    match request.POST.get("act"):
        case "accept":
            asking.accept(question=one)
            messages.success(request, "Publiée : les personnes inscrites la lisent et votent.")
        case "live":
            asking.answer_live(question=one, answered_by=request.user)
            messages.success(request, "C’est noté : répondue en séance.")
        case "part":
            asking.part(question=one)
            messages.success(request, "Elle est de nouveau à part, avec ses votes.")
            following = one
    return _back(pk, following)


@require_http_methods(GET_OR_POST)
def question_answer(request: UserRequest, pk: int, question: int) -> HttpResponse:
    one = rules.get_managed_question_or_404(request.user, pk, question)
    written = "" if one.state == QuestionState.DECLINED else one.answer
    form = AnswerForm(request.POST or None, initial={"answer": written})
    if request.method == "POST" and form.is_valid():
        following = staff_rules.question_after(one)
        asking.answer_in_writing(
            question=one, answer=form.cleaned_data["answer"], answered_by=request.user
        )
        messages.success(request, "La réponse est publiée.")
        return _back(pk, following)
    return _page(request, one, form, title="Répondre par écrit", label="Publier la réponse")


@require_http_methods(GET_OR_POST)
def question_decline(request: UserRequest, pk: int, question: int) -> HttpResponse:
    one = rules.get_managed_question_or_404(request.user, pk, question)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        following = staff_rules.question_after(one)
        asking.decline(question=one, reply=form.cleaned_data["reply"])
        messages.success(request, "Mise de côté. Elle reste dans « Écartées », et peut revenir.")
        return _back(pk, following)
    return _page(request, one, form, title="Mettre de côté", label="Mettre de côté")


@require_http_methods(GET_OR_POST)
def question_merge(request: UserRequest, pk: int, question: int) -> HttpResponse:
    """Count it with another one that asks the same."""
    one = rules.get_managed_question_or_404(request.user, pk, question)
    form = MergeForm(request.POST or None, question=one)
    if request.method == "POST" and form.is_valid():
        try:
            target = asking.merge(question=one, into=form.cleaned_data["into"])
        except asking.CannotMerge:
            form.add_error(None, "Cette question vient d’être fusionnée ou retirée.")
        else:
            messages.success(request, "Les deux questions et leurs votes comptent ensemble.")
            return _back(pk, target)
    return _page(request, one, form, title="Fusionner", label="Fusionner")


def _page(
    request: UserRequest, one: Question, form: object, *, title: str, label: str
) -> HttpResponse:
    context = {
        "question": one,
        "form": form,
        "title": title,
        "label": label,
        "crumbs": manage_crumbs(title, one.webinar, questions="Questions"),
    }
    return render(request, "webinars/staff/question.html", context)


def _back(pk: int, question: Question | None) -> HttpResponse:
    """The list, at the question where one goes on: the keyboard stays where the work is."""
    anchor = f"#question-{question.pk}" if question else "#questions"
    return redirect(reverse("webinars:manage-questions", args=[pk]) + anchor)
