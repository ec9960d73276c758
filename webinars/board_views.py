"""Questions before and during a session: the board of who comes, and the screen of a room."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import clock
from organisations.requests import UserRequest
from webinars import asking, personal_rules, rules
from webinars.board import (
    ON_SCREEN,
    drawn,
    fingerprint,
    own_part,
    pause_before_next_look,
    read_board,
)
from webinars.link_pages import behind_a_link
from webinars.links import session_url
from webinars.models import Webinar
from webinars.personal_forms import QuestionForm, SupportForm

GET_OR_POST = ["GET", "HEAD", "POST"]


@login_not_required
@behind_a_link
@never_cache
@require_http_methods(GET_OR_POST)
def board(request: HttpRequest, secret: str) -> HttpResponse:
    """What is asked, the most wanted first; ask, and support what others ask."""
    registration = personal_rules.get_seated_registration_or_404(secret)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            asking.ask(registration=registration, **form.cleaned_data)
        except asking.AskingClosed:
            messages.warning(request, "La séance est terminée : on ne pose plus de question.")
        except asking.TooManyQuestions:
            form.add_error("text", "Vous avez déjà posé beaucoup de questions : laissez-en une.")
        else:
            messages.success(request, "Question envoyée : l’équipe la relit, puis la publie.")
        if not form.errors:
            return redirect("webinars:board", secret=secret)
    webinar = registration.webinar
    context = {
        "form": form,
        "webinar": webinar,
        "secret": secret,
        "board": read_board(webinar),
        "own": own_part(registration),
        "can_ask": webinar.is_open_at(clock.now()),
        "again": pause_before_next_look(webinar, clock.now(webinar.campaign)),
    }
    return render(request, "webinars/board.html", context)


@login_not_required
@require_safe
def board_list(request: HttpRequest, secret: str) -> HttpResponseBase:
    """What the board asks for from time to time: nothing (304) unless something changed.

    One header tells when to ask again, if at all; another which questions the person
    supports: the list itself is everybody's.
    """
    registration = personal_rules.get_registration_to_poll_or_404(secret)
    mark = fingerprint(registration.webinar)

    def draw() -> HttpResponse:
        own = own_part(registration)
        waiting = render_to_string("webinars/parts/own_waiting.html", {"own": own})
        response = HttpResponse(waiting + drawn(registration.webinar, mark))
        response["X-Supported"] = " ".join(str(pk) for pk in sorted(own.supported))
        return response

    return _unless_known(request, registration.webinar, f'"{mark}-{registration.pk}"', draw)


@login_not_required
@require_POST
def support(request: HttpRequest, secret: str) -> HttpResponse:
    """Support a question, or take one's support back."""
    registration = personal_rules.get_seated_registration_or_404(secret)
    form = SupportForm(request.POST)
    if not form.is_valid():
        return redirect("webinars:board", secret=secret)
    question = rules.get_published_question_or_404(registration, form.number)
    if form.cleaned_data["withdraw"]:
        asking.unvote(question=question, registration=registration)
    else:
        asking.vote(question=question, registration=registration)
    return redirect(f"{reverse('webinars:board', args=[secret])}#question-{question.pk}")


@require_safe
def screen(request: UserRequest, pk: int) -> HttpResponse:
    """The questions in letters for a room, with the way to ask one."""
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    # As one types it: the code stands on one line.
    address = session_url(webinar).partition("://")[2].removesuffix(f"{webinar.code}/")
    again = pause_before_next_look(webinar, clock.now(webinar.campaign))
    context = {"webinar": webinar, "address": address, "again": again}
    return render(request, "webinars/screen.html", context | _screen_of(webinar))


@require_safe
def screen_list(request: UserRequest, pk: int) -> HttpResponseBase:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)

    def draw() -> HttpResponse:
        return render(request, "webinars/parts/screen_questions.html", _screen_of(webinar))

    return _unless_known(request, webinar, f'"{fingerprint(webinar)}"', draw)


def _screen_of(webinar: Webinar) -> dict[str, object]:
    waiting = read_board(webinar).to_answer
    return {"questions": waiting[:ON_SCREEN], "more": max(len(waiting) - ON_SCREEN, 0)}


def _unless_known(
    request: HttpRequest, webinar: Webinar, tag: str, draw: Callable[[], HttpResponse]
) -> HttpResponseBase:
    response = get_conditional_response(request, etag=tag)
    if response is None or response.status_code != 304:
        response = draw()
        response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    again = pause_before_next_look(webinar, clock.now(webinar.campaign))
    if again is not None:
        response["X-Again"] = str(again)
    return response
