"""My account, invitations, and the accounts kept by the confederation."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions, rules, second_factor
from accounts.enums import InvitationState
from accounts.errors import AccountError, InvitationClosed, WrongAccount
from accounts.forms import InvitationForm, NameForm
from accounts.models import Invitation
from core.pages import confirm
from organisations.enums import Role
from organisations.requests import UserRequest
from organisations.rules import get_administered_organisation_or_404

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
def me(request: UserRequest) -> HttpResponse:
    names = {"first_name": request.user.first_name, "last_name": request.user.last_name}
    form = NameForm(request.POST or None, initial=names)
    if form.is_valid():
        actions.rename_user(user=request.user, **form.cleaned_data)
        messages.success(request, "Votre nom est enregistré.")
        return redirect("accounts:me")
    return render(
        request,
        "accounts/me.html",
        {
            "form": form,
            "memberships": rules.list_own_memberships(request.user),
            "is_protected": second_factor.has_one(request.user),
            "has_password": request.user.has_usable_password(),
        },
    )


@require_GET
def protect(request: UserRequest) -> HttpResponse:
    if second_factor.has_one(request.user):
        return redirect("mfa_index")
    # No menu: none of its doors opens yet.
    return render(request, "accounts/protect.html", {"navigation": []})


@require_POST
def end_other_sessions(request: UserRequest) -> HttpResponse:
    user = actions.end_sessions(user=request.user)
    update_session_auth_hash(request, user)
    messages.success(request, "C’est fait : seul cet appareil reste connecté.")
    return redirect("accounts:me")


@require_GET
def invitations(request: UserRequest, pk: int) -> HttpResponse:
    organisation = get_administered_organisation_or_404(request.user, pk)
    page = Paginator(rules.list_invitations(organisation), 50).get_page(request.GET.get("page"))
    context = {"organisation": organisation, "page_obj": page, "states": InvitationState}
    return render(request, "accounts/invitations.html", context)


@require_http_methods(GET_OR_POST)
def invite(request: UserRequest, pk: int) -> HttpResponse:
    organisation = get_administered_organisation_or_404(request.user, pk)
    form = InvitationForm(request.POST or None, organisation=organisation)
    if form.is_valid():
        try:
            sent = actions.invite_members(
                organisation=organisation,
                emails=form.cleaned_data["emails"],
                role=Role(form.cleaned_data["role"]),
                invited_by=request.user,
            )
        except AccountError as error:
            form.add_error("emails", str(error))
        else:
            messages.success(request, _sent_message(sent))
            return redirect("accounts:invitation-list", pk)
    return render(request, "accounts/invite.html", {"organisation": organisation, "form": form})


def _sent_message(sent: list[Invitation]) -> str:
    if len(sent) == 1:
        return f"Invitation envoyée à {sent[0].email}."
    return f"{len(sent)} invitations envoyées."


@require_POST
def resend_invitation(request: UserRequest, pk: int) -> HttpResponse:
    invitation = rules.get_invitation_or_404(request.user, pk)
    try:
        actions.resend_invitation(invitation=invitation)
        messages.success(request, f"Nouveau lien envoyé à {invitation.email}.")
    except AccountError as error:
        messages.error(request, str(error))
    return redirect("accounts:invitation-list", invitation.organisation_id)


@require_http_methods(GET_OR_POST)
def revoke_invitation(request: UserRequest, pk: int) -> HttpResponse:
    invitation = rules.get_invitation_or_404(request.user, pk)
    back = reverse("accounts:invitation-list", args=[invitation.organisation_id])
    if request.method != "POST":
        return confirm(
            request,
            title=f"Annuler l’invitation de {invitation.email} ?",
            text="Le lien reçu ne fonctionnera plus. Vous pourrez inviter cette adresse à nouveau.",
            label="Annuler l’invitation",
            back=back,
        )
    try:
        actions.revoke_invitation(invitation=invitation)
        messages.success(request, f"L’invitation de {invitation.email} est annulée.")
    except InvitationClosed as error:
        messages.error(request, str(error))
    return redirect(back)


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def accept_invitation(request: UserRequest, secret: str) -> HttpResponse:
    """Join with the account that is logged in, if it is of the invited address, or a new one."""
    invitation = rules.get_invitation_by_secret_or_404(secret)
    try:
        if request.method == "POST" and request.user.is_authenticated:
            actions.accept_invitation(invitation=invitation, user=request.user)
            return _welcome(request, invitation)
        if invitation.current_state != InvitationState.OPEN:
            return _show_closed(request, invitation)
        account = rules.find_account(invitation.email)
        form = None if request.user.is_authenticated or account else NameForm(request.POST or None)
        if form is not None and form.is_valid():
            user = actions.accept_with_new_account(invitation=invitation, **form.cleaned_data)
            get_adapter().login(request, user)
            return _welcome(request, invitation)
    except WrongAccount as error:
        messages.error(request, str(error))
        return redirect("accounts:invitation-accept", secret)
    except InvitationClosed as error:
        messages.error(request, str(error))
        invitation.refresh_from_db()
        return _show_closed(request, invitation)
    context = {"invitation": invitation, "form": form, "account": account}
    return render(request, "accounts/invitation.html", context)


def _welcome(request: UserRequest, invitation: Invitation) -> HttpResponse:
    messages.success(request, f"Bienvenue ! Vous avez rejoint {invitation.organisation}.")
    return redirect("dashboards:home")


def _show_closed(request: UserRequest, invitation: Invitation) -> HttpResponse:
    context = {"invitation": invitation, "states": InvitationState}
    return render(request, "accounts/invitation_closed.html", context, status=410)


@require_GET
def person(request: UserRequest, pk: int) -> HttpResponse:
    someone = rules.get_person_or_404(request.user, pk)
    context = {
        "person": someone,
        "memberships": rules.list_membership_history(someone),
        "is_protected": second_factor.has_one(someone),
        "is_self": someone.pk == request.user.pk,
    }
    return render(request, "accounts/person.html", context)


@require_http_methods(GET_OR_POST)
def deactivate(request: UserRequest, pk: int) -> HttpResponse:
    someone = rules.get_person_or_404(request.user, pk)
    if request.method != "POST":
        return confirm(
            request,
            title=f"Désactiver le compte de {someone} ?",
            text=(
                "Ses appareils sont déconnectés tout de suite et cette personne ne pourra plus "
                "se connecter. Ce qu’elle a fait reste enregistré. Vous pourrez réactiver le "
                "compte à tout moment."
            ),
            label="Désactiver le compte",
            back=reverse("accounts:person", args=[pk]),
        )
    try:
        actions.deactivate_user(user=someone, deactivated_by=request.user)
        messages.success(request, f"Le compte de {someone} est désactivé.")
    except AccountError as error:
        messages.error(request, str(error))
    return redirect("accounts:person", pk)


@require_POST
def reactivate(request: UserRequest, pk: int) -> HttpResponse:
    someone = rules.get_person_or_404(request.user, pk)
    actions.reactivate_user(user=someone, reactivated_by=request.user)
    messages.success(request, f"Le compte de {someone} est réactivé.")
    return redirect("accounts:person", pk)


@require_http_methods(GET_OR_POST)
def reset_second_factor(request: UserRequest, pk: int) -> HttpResponse:
    someone = rules.get_person_or_404(request.user, pk)
    if request.method != "POST":
        return confirm(
            request,
            title=f"Effacer la double protection de {someone} ?",
            text=(
                "À faire seulement après avoir parlé à cette personne, de vive voix. Elle "
                "recevra un code par e-mail pour se connecter, puis choisira une nouvelle "
                "protection."
            ),
            label="Effacer la double protection",
            back=reverse("accounts:person", args=[pk]),
        )
    try:
        actions.reset_second_factor(user=someone, reset_by=request.user)
        messages.success(request, f"{someone} choisira une nouvelle protection en se connectant.")
    except AccountError as error:
        messages.error(request, str(error))
    return redirect("accounts:person", pk)
