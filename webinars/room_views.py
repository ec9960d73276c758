"""The meeting room of a session: given, changed, checked; its address is written on no page."""

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import confirm
from organisations.requests import UserRequest
from webinars import meetings, rules, staff_rules
from webinars.crumbs import manage_crumbs, manage_tabs
from webinars.models import Webinar
from webinars.room_forms import RoomForm
from webinars.steps import ROOM, trail

GET_OR_POST = ["GET", "HEAD", "POST"]


# « Vérifier » leads on to the meeting: browsers hold the redirection against form-action too.
@never_cache
@csp_update({"form-action": ["https:"]})  # type: ignore[arg-type]
@require_http_methods(GET_OR_POST)
def room(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    meeting = staff_rules.meeting_of(webinar)
    form = RoomForm(request.POST or None, initial={"provider": meeting.provider if meeting else ""})
    if request.method == "POST" and form.is_valid() and _give(request, webinar, form):
        messages.success(
            request,
            "La salle est enregistrée. Les liens déjà envoyés y mènent : aucun mail ne part.",
        )
        return redirect("webinars:manage-room", pk)
    context = {
        "webinar": webinar,
        "meeting": meeting,
        "form": form,
        "trail": trail(webinar, ROOM, staff_rules.filled_steps(webinar)),
        "crumbs": manage_crumbs("Salle", webinar),
        "tabs": manage_tabs(webinar, "manage-prepare"),
    }
    return render(request, "webinars/staff/room.html", context)


def _give(request: UserRequest, webinar: Webinar, form: RoomForm) -> bool:
    """Whether the room was taken; if not the form says why."""
    try:
        meetings.set_meeting(
            webinar=webinar, room=form.room(), provider=form.cleaned_data["provider"],
            author=request.user,
        )  # fmt: skip
    except meetings.NotAnAddress:
        form.add_error("address", "L’adresse doit commencer par https://")
        return False
    return True


@never_cache
@require_POST
def room_check(request: UserRequest, pk: int) -> HttpResponse:
    """Open the room as a registrant would; who looked is logged."""
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    meeting = staff_rules.get_meeting_or_404(webinar)
    try:
        return HttpResponseRedirect(meetings.check_meeting(meeting=meeting, author=request.user))
    except meetings.Unreadable:
        messages.error(request, "Cette salle ne peut plus être lue : enregistrez-la de nouveau.")
        return redirect("webinars:manage-room", pk)


@require_http_methods(GET_OR_POST)
def room_remove(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    staff_rules.get_meeting_or_404(webinar)
    if request.method != "POST":
        return confirm(
            request,
            title="Retirer la salle ?",
            text="Qui ouvre son lien attendra devant la porte, jusqu’à ce que vous en donniez "
            "une autre.",
            label="Retirer la salle",
            back=reverse("webinars:manage-room", args=[pk]),
        )
    meetings.remove_meeting(webinar=webinar, author=request.user)
    messages.success(request, "La salle est retirée.")
    return redirect("webinars:manage-room", pk)
