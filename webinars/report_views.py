"""What comes after: the mail, opinions, who came from where, and what to talk of next."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import clock
from core.text import counted
from organisations.requests import UserRequest
from webinars import attending, participation, rules, staff_rules
from webinars.composing import preview_after
from webinars.crumbs import manage_crumbs, manage_tabs
from webinars.report_forms import ParticipationForm
from webinars.staff_forms import SeriesFilterForm

GET_OR_POST = ["GET", "HEAD", "POST"]
MOST_WISHES = 40


@require_http_methods(GET_OR_POST)
def after(request: UserRequest, pk: int) -> HttpResponse:
    """The mail of after the session: what it carries, to how many, sent once."""
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    if request.method == "POST":
        try:
            number = attending.send_follow_up(webinar=webinar, author=request.user)
        except attending.AlreadyFollowedUp:
            messages.info(request, "Ce mail est déjà parti.")
        except attending.NotOver:
            messages.error(request, "Attendez la fin de la séance.")
        else:
            words = counted(number, "personne reçoit", "personnes reçoivent")
            messages.success(request, f"C’est parti : {words} tout de ce qui s’est dit.")
        return redirect("webinars:manage-after", pk)
    counts = staff_rules.count_questions(webinar)
    context = {
        "webinar": webinar,
        "is_over": webinar.is_over_at(clock.now()),
        "attendance": participation.attendance_of(webinar),
        "number": staff_rules.registered_count(webinar),
        "in_writing": staff_rules.written_count(webinar),
        "unanswered": counts.new + counts.published,
        "preview": preview_after(webinar, request.user.get_full_name(), attended=True),
        "opinion": participation.opinion_of(webinar),
        "next_steps": participation.next_steps(webinar),
        "crumbs": manage_crumbs("Après", webinar),
        "tabs": manage_tabs(webinar, "manage-after"),
    }
    return render(request, "webinars/staff/after.html", context)


@require_safe
def participation_page(request: UserRequest) -> HttpResponse:
    """Which organisations came, and which never did, as far as the person sees."""
    form = ParticipationForm(request.GET, kinds=staff_rules.kinds_in_reach(request.user))
    kind = form.kind()
    held = staff_rules.held_webinars(request.user, form.series())
    rows = list(participation.participation(request.user, held, kinds=[kind])) if kind else []
    context = {
        "form": form,
        "kind": kind,
        "rows": rows,
        "never": [one for one in rows if not one.came],  # type: ignore[attr-defined]
        "held_count": held.count(),
        "crumbs": manage_crumbs("Qui vient ?"),
    }
    return render(request, "webinars/staff/participation.html", context)


@require_safe
def suggestions(request: UserRequest) -> HttpResponse:
    """What the next session could be about, from what people asked and would like."""
    form = SeriesFilterForm(request.GET)
    held = staff_rules.managed_webinars(request.user).over(clock.now())
    if series := form.chosen():
        held = held.filter(series=series)
    context = {
        "form": form,
        "questions": participation.suggested_questions(held),
        "wishes": participation.wishes(held)[:MOST_WISHES],
        "crumbs": manage_crumbs("Idées pour la suite"),
    }
    return render(request, "webinars/staff/suggestions.html", context)
