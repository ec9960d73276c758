"""Appointments, the funnel, and what the confederation writes for everybody."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from calls import actions, funnel, rules
from calls.errors import MeetingMoved
from calls.forms import EscalationForm, MeetingForm, OutcomeForm, ScriptForm
from calls.invitations import calendar_file
from calls.scripts import all_scripts, script_for
from calls.wording import WORDS
from campaigns import clock
from contacts.models import Contact
from core.pages import confirm
from organisations.requests import UserRequest

GET_POST = ["GET", "HEAD", "POST"]
SHOWN = 200


def _crumbs(*trail: tuple[str, str]) -> list[dict[str, str]]:
    start = {"label": "Appels", "url": reverse("calls:follow-up-list")}
    return [start, *({"label": label, "url": url} for label, url in trail)]


def meeting_list(request: UserRequest) -> HttpResponse:
    now = clock.now()
    meetings = rules.visible_meetings(request.user).planned()
    context = {
        "crumbs": _crumbs(("Rendez-vous", "")),
        "meetings": meetings.from_instant(now)[:SHOWN],
    }
    return render(request, "calls/meetings.html", context)


def _who_tells(contact: Contact) -> str:
    if rules.can_be_written_to(contact):
        return "la personne en est prévenue."
    return "la personne ne peut pas en être prévenue par écrit, appelez-la."


def _who_tells_of_the_end(contact: Contact) -> str:
    if rules.can_be_written_to(contact):
        return f"{contact.first_name} en sera prévenu·e, si l’invitation est déjà partie."
    return "La personne ne peut pas en être prévenue par écrit : appelez-la."


@require_http_methods(GET_POST)
def meeting_edit(request: UserRequest, pk: int) -> HttpResponse:
    meeting = rules.get_planned_meeting_or_404(request.user, pk)
    contact = meeting.follow_up.contact
    form = MeetingForm.for_meeting(meeting, contact.departement, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_meeting(meeting=meeting, draft=form.draft())
        except MeetingMoved:
            messages.warning(request, "Ce rendez-vous vient d’être annulé.")
        else:
            messages.success(request, f"C’est changé : {_who_tells(contact)}")
        return redirect("calls:meeting-list")
    context = {
        "form": form,
        "meeting": meeting,
        "contact": contact,
        "is_told": rules.can_be_written_to(contact),
        "crumbs": _crumbs(("Rendez-vous", reverse("calls:meeting-list")), (contact.first_name, "")),
    }
    return render(request, "calls/meeting_edit.html", context)


@require_http_methods(GET_POST)
def meeting_cancel(request: UserRequest, pk: int) -> HttpResponse:
    meeting = rules.get_planned_meeting_or_404(request.user, pk)
    if request.method != "POST":
        return confirm(
            request,
            title="Annuler ce rendez-vous ?",
            text=_who_tells_of_the_end(meeting.follow_up.contact),
            label="Annuler le rendez-vous",
            back=reverse("calls:meeting-list"),
        )
    try:
        actions.cancel_meeting(meeting=meeting)
    except MeetingMoved:
        messages.info(request, "Ce rendez-vous était déjà annulé.")
    else:
        messages.success(request, "Le rendez-vous est annulé.")
    return redirect("calls:meeting-list")


def meeting_file(request: UserRequest, pk: int) -> HttpResponse:
    """The appointment for the activist's own calendar, without the person's address."""
    meeting = rules.get_meeting_or_404(request.user, pk)
    response = HttpResponse(calendar_file(meeting), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return response


def funnel_page(request: UserRequest) -> HttpResponse:
    axis = request.GET.get("par", "organisation")
    axis = axis if axis in funnel.BY else "organisation"
    context = {
        "crumbs": _crumbs(("De la rencontre au vote", "")),
        "total": funnel.total(request.user),
        "rows": funnel.rows_by(axis, request.user),
        "axis": funnel.BY[axis][1],
        "meaning": funnel.MEANINGS[axis],
        # An activist's own row would always say one.
        "counts_activists": axis != "activist",
        "tabs": [
            {"label": f"Par {label.lower()}", "url": f"?par={key}", "current": key == axis,
             "count": None}
            for key, (_, label) in funnel.BY.items()
        ],
        "as_of": clock.now(),
    }  # fmt: skip
    return render(request, "calls/funnel.html", context)


def script_list(request: UserRequest) -> HttpResponse:
    rules.check_can_edit_rules(request.user)
    context = {"crumbs": _crumbs(("Ce qu’on dit", "")), "scripts": all_scripts()}
    return render(request, "calls/scripts.html", context)


@require_http_methods(GET_POST)
def script_edit(request: UserRequest, phase: str) -> HttpResponse:
    chosen = rules.get_phase_or_404(request.user, phase)
    script = script_for(chosen)
    form = ScriptForm(request.POST or None, initial={"text": script.text})
    if request.method == "POST" and form.is_valid():
        actions.rewrite_script(phase=chosen, text=form.cleaned_data["text"], author=request.user)
        messages.success(request, "Le texte est enregistré : tout le monde le lit dès maintenant.")
        return redirect("calls:script-list")
    context = {
        "form": form,
        "script": script,
        "words": WORDS.items(),
        "crumbs": _crumbs(("Ce qu’on dit", reverse("calls:script-list")), (str(chosen.label), "")),
    }
    return render(request, "calls/script_edit.html", context)


@require_POST
def script_restore(request: UserRequest, phase: str) -> HttpResponse:
    chosen = rules.get_phase_or_404(request.user, phase)
    actions.restore_script(phase=chosen, author=request.user)
    messages.success(request, "Le texte d’origine est revenu.")
    return redirect("calls:script-list")


@require_http_methods(GET_POST)
def call_rules(request: UserRequest) -> HttpResponse:
    """The words and figures of the outcomes, and when a late follow-up moves on."""
    rules.check_can_edit_rules(request.user)
    outcomes = [
        OutcomeForm(request.POST or None, instance=row, prefix=f"issue-{row.pk}")
        for row in rules.all_outcomes()
    ]
    escalations = [
        EscalationForm(request.POST or None, instance=row, prefix=f"reprise-{row.pk}")
        for row in rules.all_escalations()
    ]
    # Each is asked, so that every mistake is shown at once.
    mistakes = [form for form in [*outcomes, *escalations] if not form.is_valid()]
    if request.method == "POST" and not mistakes:
        actions.change_rules(
            outcomes=[form.instance for form in outcomes],
            escalations=[form.instance for form in escalations],
            author=request.user,
        )
        messages.success(request, "Les règles sont enregistrées.")
        return redirect("calls:rules")
    context = {
        "outcomes": outcomes,
        "escalations": escalations,
        "crumbs": _crumbs(("Règles des appels", "")),
    }
    return render(request, "calls/rules.html", context)
