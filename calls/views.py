"""The board and the calling screen."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from calls import actions, board, rules
from calls.enums import Effect
from calls.errors import AlreadyTaken, LeaseLost, NoLongerCallable, UndoRefused
from calls.forms import AssignForm, BoardForm, CallForm
from calls.hours import is_elsewhere, next_opening
from calls.models import FollowUp
from calls.scripts import current_phase, fill, script_for
from campaigns import clock
from core.dates import hour
from organisations.requests import UserRequest

Crumb = dict[str, str]
NOT_NOW = "Cette personne ne peut plus être jointe : elle a changé d’avis, ou c’est déjà fait."
WITHDREW = (
    "Cette personne ne souhaite plus être jointe. Rien n’a été enregistré : votre note est encore "
    "ci-dessous."
)
LOST = (
    "La réservation est terminée et quelqu’un d’autre a pris cette personne. "
    "Rien n’a été enregistré : votre note est encore ci-dessous."
)


def tabs(user_tab: str, query: QueryDict) -> list[dict[str, object]]:
    kept = {key: str(query[key]) for key in query if key not in ("vue", "page")}
    return [
        {
            "label": label,
            "url": f"?{urlencode({**kept, 'vue': tab})}",
            "current": tab == user_tab,
            "count": None,
        }
        for tab, label in board.TABS.items()
    ]


def page_number(text: str) -> int:
    return min(int(text), board.LAST_PAGE) if text.isdecimal() and 0 < len(text) < 6 else 1


def follow_up_list(request: UserRequest) -> HttpResponse:
    """« Qui doit un appel ? »"""
    user, now = request.user, clock.now()
    tab = request.GET.get("vue", board.PHONE)
    tab = tab if tab in board.TABS else board.PHONE
    form = BoardForm(request.GET, user=user)
    rows = board.apply_filters(board.follow_ups_in(tab, user), form, user=user, now=now)
    counts_people = user.lists_people and tab == board.PHONE
    counts = board.count_by_organisation(form, user, now) if counts_people else []
    context = {
        "form": form,
        "tab": tab,
        "tabs": tabs(tab, request.GET),
        "page": board.page_of(rows, number=max(1, page_number(request.GET.get("page", "")))),
        "counts": counts if len(counts) > 1 else [],
        "now": now,
        "held": rules.held_by(user),
        "pause": board.pause_of(form, user, now),
        "last_call": rules.last_own_call(user),
        "query": request.GET.urlencode(),
        "can_edit_rules": rules.can_edit_rules(user),
        "members": rules.assignees(user) if tab == board.PHONE else [],
    }
    return render(request, "calls/board.html", context)


@require_POST
def follow_up_next(request: UserRequest) -> HttpResponse:
    """Reserve the next person of the list on screen, and go there."""
    query = QueryDict(request.POST.get("filters", "")[:2000])
    now = clock.now()
    queue = board.queue_of(BoardForm(query, user=request.user), request.user, now)
    row = actions.take_next(caller=request.user, queue=queue)
    back = f"{reverse('calls:follow-up-list')}?{query.urlencode()}"
    if row is None:
        messages.info(
            request,
            "Plus personne à appeler pour l’instant dans cette liste : tout est fait, quelqu’un "
            "d’autre est en ligne, ou ce n’est pas l’heure là-bas.",
        )
        return redirect(back)
    return redirect(screen_url(row, query))


def screen_url(row: FollowUp, query: QueryDict) -> str:
    address = reverse("calls:follow-up", args=[row.pk])
    return f"{address}?{query.urlencode()}" if query else address


@require_POST
def follow_up_take(request: UserRequest, pk: int) -> HttpResponse:
    row = rules.get_follow_up_or_404(request.user, pk)
    try:
        actions.take(caller=request.user, follow_up=row)
    except AlreadyTaken as error:
        who = error.holder.get_short_name() if error.holder else "Quelqu’un"
        until = f" jusqu’à {hour(error.until)}" if error.until else ""
        messages.warning(request, f"{who} est en ligne avec cette personne{until}.")
    except NoLongerCallable:
        messages.warning(request, NOT_NOW)
    return redirect(screen_url(row, request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: UserRequest, pk: int) -> HttpResponse:
    """One person: who they are, what to say, how it ended."""
    row = rules.get_follow_up_or_404(request.user, pk)
    form = CallForm(
        request.POST or None,
        outcomes=list(rules.outcomes_in_use()),
        departement=row.contact.departement,
        can_write=rules.can_be_written_to(row.contact),
    )
    if request.method == "POST" and form.is_valid():
        answer = _record(request, row, form)
        if answer is not None:
            return answer
    return render(request, "calls/screen.html", _screen(request, row, form))


def _record(request: UserRequest, row: FollowUp, form: CallForm) -> HttpResponse | None:
    """Note the call; None when it cannot be noted any more, so that the note stays typed."""
    try:
        actions.record_call(follow_up=row, caller=request.user, report=form.report())
    except LeaseLost:
        messages.error(request, LOST)
        return None
    except NoLongerCallable:
        messages.warning(request, WITHDREW)
        return None
    messages.success(request, f"{row.contact.first_name} : c’est noté.{_who_is_told(row, form)}")
    if "next" in request.POST:
        queue = board.queue_of(BoardForm(request.GET, user=request.user), request.user, clock.now())
        following = actions.take_next(caller=request.user, queue=queue)
        if following is not None:
            return redirect(screen_url(following, request.GET))
    return redirect(f"{reverse('calls:follow-up-list')}?{request.GET.urlencode()}")


def _who_is_told(row: FollowUp, form: CallForm) -> str:
    """After an appointment, whether the person has it in writing."""
    if form.effect != Effect.MEETING:
        return ""
    if rules.can_be_written_to(row.contact):
        return " Son invitation part dans quelques minutes."
    return " Aucune invitation ne part : cette personne n’accepte ni e-mail ni SMS."


def _screen(request: UserRequest, row: FollowUp, form: CallForm) -> dict[str, object]:
    user = request.user
    campaign = clock.current_campaign()
    now = clock.now(campaign)
    local = now.astimezone(ZoneInfo(row.contact.departement.time_zone))
    is_held = rules.is_held_by(row, user)
    ways = rules.ways_to_reach(row) if row.is_open else set()
    phase = current_phase(campaign)
    text = fill(
        script_for(phase),
        first_name=row.contact.first_name,
        caller=user.get_short_name(),
        organisation=row.organisation,
        campaign=campaign,
    )
    return {
        "follow_up": row,
        "contact": row.contact,
        "crumbs": _crumbs(row, request.GET),
        "form": form,
        "is_held": is_held,
        "is_taken": not is_held and row.is_open and rules.is_taken(row),
        "is_reachable": row.is_open and rules.is_reachable_by(row, ways),
        "ways": ways,
        "seconds_left": rules.seconds_left(row),
        "script": text,
        "phase": phase.label,
        "calls": rules.history(row),
        "moves": row.moves.select_related("from_organisation", "to_organisation"),
        "captures": row.contact.captures.exclude(note="").order_by("-server_time", "-pk"),
        "local_time": local,
        "is_elsewhere": is_elsewhere(local),
        "opening": _opening(row, now),
        "sees_contact": rules.can_see_contact(user, row),
        "last_call": rules.last_own_call(user),
        "query": request.GET.urlencode(),
        "now": now,
    }


def _opening(row: FollowUp, now: datetime) -> datetime | None:
    """When the person may be called, if not now, in the hours of where they work."""
    departement = row.contact.departement
    opening = next_opening(now, departement)
    return opening.astimezone(ZoneInfo(departement.time_zone)) if opening > now else None


def _crumbs(row: FollowUp, query: QueryDict) -> list[Crumb]:
    back = f"{reverse('calls:follow-up-list')}?{query.urlencode()}"
    return [{"label": "Appels", "url": back}, {"label": row.contact.first_name, "url": ""}]


@require_POST
def follow_up_extend(request: UserRequest, pk: int) -> HttpResponse:
    row = rules.get_follow_up_or_404(request.user, pk)
    try:
        row = actions.extend_lease(caller=request.user, follow_up=row)
    except LeaseLost:
        messages.warning(request, "Cette personne n’est plus réservée pour vous.")
        seconds = 0
    else:
        seconds = rules.seconds_left(row)
    if request.headers.get("Accept") == "text/plain":
        return HttpResponse(str(seconds), content_type="text/plain")
    return redirect(screen_url(row, request.GET))


@require_POST
def follow_up_release(request: UserRequest, pk: int) -> HttpResponse:
    """Give the person back. A page that is merely left keeps them for a moment."""
    row = rules.get_follow_up_or_404(request.user, pk)
    if "leaving" in request.POST:
        actions.leave(caller=request.user, follow_up=row)
        return HttpResponse(status=204)
    actions.release(caller=request.user, follow_up=row)
    return redirect(f"{reverse('calls:follow-up-list')}?{request.GET.urlencode()}")


@require_POST
def call_undo(request: UserRequest, pk: int) -> HttpResponse:
    call = rules.get_own_call_or_404(request.user, pk)
    try:
        row = actions.undo_call(call=call, caller=request.user)
    except UndoRefused:
        messages.warning(request, "Il est trop tard pour annuler cet appel.")
        return redirect("calls:follow-up", pk=call.follow_up_id)
    messages.success(request, "L’appel est annulé : tout est comme avant.")
    return redirect("calls:follow-up", pk=row.pk)


@require_POST
def follow_up_assign(request: UserRequest) -> HttpResponse:
    """Give the ticked people to somebody, or back to everybody."""
    rows = rules.assignable_follow_ups_or_404(request.user)
    form = AssignForm(request.POST, members=rules.assignees(request.user))
    if not form.is_valid():
        messages.warning(request, "Cochez au moins une personne, et choisissez à qui la confier.")
        return redirect("calls:follow-up-list")
    keys = form.cleaned_data["follow_ups"]
    chosen = form.chosen()
    if chosen is None:
        number = actions.unassign(follow_ups=rows, keys=keys)
        messages.success(request, f"{number} rappel·s à la disposition de tout le monde.")
    else:
        organisation, assignee = chosen
        number = actions.assign(
            follow_ups=rows, keys=keys, assignee=assignee, organisation=organisation
        )
        messages.success(request, f"Confié à {assignee.get_full_name()} : {number}.")
    return redirect("calls:follow-up-list")
