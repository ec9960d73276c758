"""The team of an action: who comes, who is missing, who was there."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.text import counted
from deployments import attendance, pairs, rules, sign_up_links, staffing, team_rules
from deployments.attendance_forms import ArrivalForm
from deployments.bookings import AlreadyTaken
from deployments.crumbs import deployment_crumbs, deployment_tabs
from deployments.enums import Answer
from deployments.models import Deployment
from deployments.person_hours import person_hours
from deployments.team_forms import MemberForm, PersonForm, PickForm, RemovalForm
from deployments.team_links import member_path, sign_up_url
from deployments.team_wording import listed, taken_words
from organisations.requests import UserRequest

GET_OR_POST = ["GET", "HEAD", "POST"]
CLOSED = "Cette action est passée ou annulée : l’équipe ne change plus."
NOT_HELD = "Cette action n’a pas commencé, ou est annulée."


@require_safe
def team(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_deployment_or_404(request.user, pk)
    own = team_rules.own_member(request.user, deployment)
    is_managed = rules.can_manage(request.user, deployment)
    link = team_rules.find_sign_up_link(deployment) if is_managed else None
    context = _frame(deployment, "Équipe") | {
        "tabs": deployment_tabs(deployment, "team", is_managed=is_managed),
        "sheet": team_rules.team_sheet(deployment),
        "own": own,
        "own_page": member_path(own) if own and not own.forgotten_at else "",
        "is_managed": is_managed,
        "sees_names": team_rules.sees_names(request.user, deployment),
        "sees_numbers": team_rules.sees_numbers(request.user, deployment),
        "is_open": staffing.is_open(deployment),
        "has_begun": attendance.has_begun(deployment),
        "sign_up_address": sign_up_url(link) if link else "",
    }
    return render(request, "deployments/team/sheet.html", context)


@require_http_methods(GET_OR_POST)
def team_invite(request: UserRequest, pk: int) -> HttpResponse:
    """Choose among the accounts of the organisation."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    choices = team_rules.pick_list(deployment)
    form = PickForm(request.POST or None, choices=choices, deployment=deployment)
    if form.is_valid():
        try:
            invited = staffing.invite_accounts(
                deployment=deployment,
                users=list(form.cleaned_data["people"]),
                role=form.cleaned_data["role"],
                invited_by=request.user,
            )
        except staffing.TeamClosed:
            form.add_error(None, CLOSED)
        else:
            _tell_invited(request, invited, deployment)
            return redirect("deployments:team", pk)
    context = _frame(deployment, "Inviter", in_team=True) | {"form": form}
    return render(request, "deployments/team/invite.html", context)


def _tell_invited(request: UserRequest, invited: staffing.Invited, deployment: Deployment) -> None:
    if number := len(invited.members):
        words = counted(number, "invitation part", "invitations partent")
        messages.success(request, f"{words} tout de suite.")
    for user in invited.absent:
        messages.warning(request, f"{user.get_full_name()} : absent·e ce jour-là.")
    for user, clash in invited.taken:
        words = taken_words(clash, deployment.zone)
        messages.warning(request, f"{user.get_full_name()} : {words}.")


@require_http_methods(GET_OR_POST)
def team_invite_person(request: UserRequest, pk: int) -> HttpResponse:
    """Invite by a number or an address."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    form = PersonForm(request.POST or None, deployment=deployment)
    if form.is_valid():
        try:
            member = staffing.invite_person(
                deployment=deployment, invited_by=request.user, **form.cleaned_data
            )
        except staffing.TeamClosed:
            form.add_error(None, CLOSED)
        except staffing.AlreadyInTeam:
            form.add_error(None, "Cette personne est déjà dans l’équipe.")
        else:
            messages.success(request, f"L’invitation part vers {member.first_name}.")
            return redirect("deployments:team", pk)
    context = _frame(deployment, "Inviter quelqu’un d’autre", in_team=True) | {"form": form}
    return render(request, "deployments/team/invite_person.html", context)


@require_POST
def team_join(request: UserRequest, pk: int) -> HttpResponse:
    """Come oneself."""
    deployment = team_rules.get_joinable_deployment_or_404(request.user, pk)
    try:
        member = staffing.join_with_account(
            deployment=deployment, user=request.user, role=team_rules.usual_role()
        )
    except AlreadyTaken as error:
        words = taken_words(error.clash, deployment.zone)
        messages.error(request, f"Vous êtes {words}.")
    except staffing.TeamClosed:
        messages.error(request, CLOSED)
    else:
        comes = member.answer == "coming"
        messages.success(
            request,
            "C’est noté, merci de venir !"
            if comes
            else "L’équipe est complète : vous êtes en liste d’attente.",
        )
    return redirect("deployments:team", pk)


@require_http_methods(GET_OR_POST)
def team_member(request: UserRequest, pk: int, member: int) -> HttpResponse:
    """One person of the team: role, mandates, pair, and what they answered."""
    found = team_rules.get_team_member_or_404(request.user, pk, member)
    form = MemberForm.for_member(found, request.POST or None)
    newer = None
    if form.is_valid():
        try:
            staffing.change_member(member=found, changed_by=request.user, **form.cleaned_data)
        except staffing.MemberMoved:
            newer = found = team_rules.get_team_member_or_404(request.user, pk, member)
            form.show_newer(found)
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("deployments:team", pk)
    context = _frame(found.deployment, found.first_name, in_team=True) | {
        "member": found,
        "newer": newer,
        "form": form,
        "is_open": staffing.is_open(found.deployment),
    }
    return render(request, "deployments/team/member.html", context, status=409 if newer else 200)


@require_POST
def team_answer(request: UserRequest, pk: int, member: int) -> HttpResponse:
    """Note the answer somebody gave by word of mouth."""
    found = team_rules.get_team_member_or_404(request.user, pk, member)
    answer = request.POST.get("answer")
    if answer not in (Answer.COMING, Answer.DECLINED):
        return HttpResponseBadRequest()
    try:
        if answer == Answer.DECLINED:
            staffing.say_not_coming(member=found, noted_by=request.user)
            messages.success(request, f"C’est noté : {found.first_name} ne vient pas.")
        else:
            found = staffing.say_coming(member=found)
            place = "vient" if found.answer == "coming" else "attend une place"
            messages.success(request, f"C’est noté : {found.first_name} {place}.")
    except AlreadyTaken as error:
        words = taken_words(error.clash, found.deployment.zone)
        messages.error(request, f"{found.first_name} : {words}.")
    except staffing.TeamClosed:
        messages.error(request, CLOSED)
    return redirect("deployments:team", pk)


@require_POST
def team_resend(request: UserRequest, pk: int, member: int) -> HttpResponse:
    found = team_rules.get_team_member_or_404(request.user, pk, member)
    try:
        staffing.send_link_again(member=found)
        messages.success(request, f"Le lien repart vers {found.first_name}.")
    except staffing.TeamClosed:
        messages.error(request, CLOSED)
    return redirect("deployments:team", pk)


@require_http_methods(GET_OR_POST)
def team_remove(request: UserRequest, pk: int, member: int) -> HttpResponse:
    found = team_rules.get_team_member_or_404(request.user, pk, member)
    data = request.POST if request.method == "POST" else None
    form = RemovalForm(data, member=found, by=request.user)
    if form.is_valid():
        is_told = form.cleaned_data.get("is_told", False)
        staffing.remove_member(member=found, removed_by=request.user, is_told=is_told)
        messages.success(request, f"{found.first_name} n’est plus dans l’équipe.")
        return redirect("deployments:team", pk)
    context = _frame(found.deployment, "Retirer", in_team=True) | {
        "form": form,
        "member": found,
        "leaves_no_pilot": staffing.is_open(found.deployment) and staffing.is_last_pilot(found),
    }
    return render(request, "deployments/team/remove.html", context)


@require_POST
def team_pairs(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    act = request.POST.get("act")
    if act not in ("part", "pair"):
        return HttpResponseBadRequest()
    if act == "part":
        pairs.part_pairs(deployment=deployment)
        messages.success(request, "Les binômes sont défaits.")
    elif pairs.pair_up(deployment=deployment):
        messages.success(request, "Les binômes sont formés : les habitué·es avec les nouveaux.")
    else:
        messages.info(request, "Il faut au moins deux personnes sans binôme.")
    return redirect("deployments:team", pk)


@require_POST
def team_link(request: UserRequest, pk: int) -> HttpResponse:
    """Open, close or replace the link by which anybody signs up."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    act = request.POST.get("act")
    if act not in ("open", "renew", "close"):
        return HttpResponseBadRequest()
    try:
        if act == "close":
            sign_up_links.close_link(deployment=deployment)
            messages.success(request, "Le lien est fermé. Les personnes inscrites le restent.")
        else:
            sign_up_links.open_link(deployment=deployment, renew=act == "renew")
            messages.success(request, "Le lien est ouvert : envoyez-le à qui vous voulez.")
    except staffing.TeamClosed:
        messages.error(request, CLOSED)
    return redirect("deployments:team", pk)


@require_POST
def team_next(request: UserRequest, pk: int) -> HttpResponse:
    """Replace who left: the waiting list first, then people chosen by hand."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    try:
        promoted = staffing.invite_next(deployment=deployment)
    except staffing.TeamClosed:
        messages.error(request, CLOSED)
        return redirect("deployments:team", pk)
    if not promoted:
        messages.info(request, "Personne n’attend de place libre : choisissez qui inviter.")
        return redirect("deployments:team-invite", pk)
    names = listed(member.first_name for member in promoted)
    messages.success(request, f"{names} : place donnée, message envoyé.")
    return redirect("deployments:team", pk)


@require_http_methods(GET_OR_POST)
def team_attendance(request: UserRequest, pk: int) -> HttpResponse:
    """Who was there: one press a person, or everybody at once."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    if request.method == "POST":
        expected = [member.pk for member in team_rules.team_sheet(deployment).expected]
        present = _pressed(request, expected)
        try:
            attendance.mark_attendance(deployment=deployment, present=present)
        except attendance.NotHeld:
            messages.error(request, NOT_HELD)
        return redirect("deployments:team-attendance", pk)
    return _attendance_page(request, deployment, ArrivalForm(deployment=deployment))


def _attendance_page(
    request: UserRequest, deployment: Deployment, form: ArrivalForm
) -> HttpResponse:
    expected = team_rules.team_sheet(deployment).expected
    context = _frame(deployment, "Présences", in_team=True) | {
        "expected": expected,
        "present": sum(member.attended is True for member in expected),
        "hours": person_hours(deployment),
        "has_begun": attendance.has_begun(deployment),
        "is_off": deployment.is_off,
        "form": form,
    }
    return render(request, "deployments/team/attendance.html", context)


@require_POST
def team_arrival(request: UserRequest, pk: int) -> HttpResponse:
    """Add somebody who came without being expected."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    form = ArrivalForm(request.POST, deployment=deployment)
    if not form.is_valid():
        return _attendance_page(request, deployment, form)
    try:
        member = attendance.add_who_came(
            deployment=deployment, added_by=request.user, **form.cleaned_data
        )
    except attendance.NotHeld:
        messages.error(request, NOT_HELD)
    else:
        messages.success(request, f"{member.first_name} : présence notée.")
    return redirect("deployments:team-attendance", pk)


def _pressed(request: UserRequest, expected: list[int]) -> dict[int, bool]:
    """« present=12 », « absent=12 », or « everybody »."""
    if "everybody" in request.POST:
        return dict.fromkeys(expected, True)
    return {
        int(pk): name == "present"
        for name in ("present", "absent")
        for pk in request.POST.getlist(name)
        if pk.isdecimal()
    }


def _frame(deployment: Deployment, here: str, *, in_team: bool = False) -> dict[str, object]:
    crumbs = deployment_crumbs(here, deployment)
    if in_team:
        own = reverse("deployments:team", args=[deployment.pk])
        crumbs.insert(-1, {"label": "Équipe", "url": own})
    return {"deployment": deployment, "crumbs": crumbs}
