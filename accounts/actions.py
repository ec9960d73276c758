"""Every write on accounts and invitations."""

import logging
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Sum
from django.urls import reverse
from django.utils import timezone

from accounts.enums import InvitationState
from accounts.errors import AccountError, InvitationClosed, TooManyMails, WrongAccount
from accounts.models import Invitation
from campaigns import clock
from core.ciphers import Resealed, cipher
from core.tokens import hash_secret, make_secret
from messaging.actions import cancel_messages, enqueue_email
from organisations.actions import join
from organisations.enums import Kind, Role
from organisations.models import Membership, Organisation, User

logger = logging.getLogger(__name__)
VALID_FOR = timedelta(days=14)
BETWEEN_MAILS = timedelta(minutes=10)
MOST_MAILS = 5


@transaction.atomic
def invite_member(
    *, organisation: Organisation, email: str, role: Role, invited_by: User | None
) -> Invitation:
    """Write an invitation and its mail. Inviting an address again renews its invitation; within
    ten minutes it only corrects the role, so that a button pressed twice sends one mail.

    Raises `AccountError` when the address already belongs to a member, `TooManyMails` as
    `resend_invitation` does.
    """
    email = email.lower()
    # Two people who invite the same address at once must not write two invitations.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if Membership.objects.active().filter(organisation=organisation, user__email=email).exists():
        raise AccountError(f"{email} fait déjà partie de l’organisation.")
    invitation = Invitation.objects.filter(
        organisation=organisation, email=email, accepted_at__isnull=True, revoked_at__isnull=True
    ).first() or Invitation(organisation=organisation, email=email)
    invitation.role = role
    invitation.invited_by = invited_by
    if invitation.pk and _is_fresh(invitation.created_at):
        invitation.save(update_fields=["role", "invited_by"])
    else:
        _renew(invitation)
    return invitation


@transaction.atomic
def invite_members(
    *, organisation: Organisation, emails: list[str], role: Role, invited_by: User
) -> list[Invitation]:
    """Invite several addresses, or none of them when one is refused."""
    return [
        invite_member(organisation=organisation, email=email, role=role, invited_by=invited_by)
        for email in emails
    ]


@transaction.atomic
def resend_invitation(*, invitation: Invitation) -> Invitation:
    """Send a new link, good for another fourteen days; the former one stops working.

    Raises `InvitationClosed` once accepted or withdrawn, `TooManyMails` within ten minutes of the
    last mail or after the fifth in fourteen days: nobody's letter-box is filled from here.
    """
    invitation = _lock(invitation)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationClosed("Cette invitation n’est plus en attente.")
    _renew(invitation)
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation) -> Invitation:
    """Withdraw an invitation; its link stops working. Raises `InvitationClosed` once accepted."""
    invitation = _lock(invitation)
    if invitation.accepted_at:
        raise InvitationClosed("Cette invitation a déjà été acceptée.")
    if invitation.revoked_at is None:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        cancel_messages(unique_keys=[_mail_key(invitation)])
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User) -> Membership:
    """Join the organisation. The same person accepting twice gets the same membership.

    Only the account of the invited address may: a link that was forwarded, or read over a
    shoulder, lets nobody else into an organisation, whatever the role. Who prefers another of
    their addresses is invited there.

    Raises `WrongAccount`, or `InvitationClosed` when it was withdrawn or has expired.
    """
    invitation = _lock(invitation)
    now = timezone.now()
    if user.email != invitation.email:
        raise WrongAccount(f"Cette invitation est pour {invitation.email}.")
    if invitation.accepted_at and invitation.accepted_by_id != user.pk:
        raise InvitationClosed("Cette invitation a déjà servi.")
    if invitation.accepted_at is None:
        if invitation.state(now) != InvitationState.OPEN or not invitation.organisation.is_active:
            raise InvitationClosed("Cette invitation n’est plus valable.")
        _mark_accepted(invitation, user, now)
    return join(user=user, organisation=invitation.organisation, role=Role(invitation.role))


@transaction.atomic
def accept_with_new_account(
    *, invitation: Invitation, first_name: str, last_name: str = ""
) -> User:
    """Create the account of the invited address and join. The address needs no other proof:
    the link was sent to it.

    Raises `InvitationClosed` when the invitation cannot be used, or an account exists already.
    """
    invitation = _lock(invitation)
    if User.objects.filter(email=invitation.email).exists():
        raise InvitationClosed("Un compte existe déjà avec cette adresse : connectez-vous.")
    user = User.objects.create_user(invitation.email, first_name=first_name, last_name=last_name)
    accept_invitation(invitation=invitation, user=user)
    return user


@transaction.atomic
def deactivate_user(*, user: User, deactivated_by: User) -> User:
    """Close an account: its sessions end at once, its memberships stay for history.

    Raises `AccountError` for one's own account and for the last admin of the confederation.
    """
    if user.pk == deactivated_by.pk:
        raise AccountError("Vous ne pouvez pas désactiver votre propre compte.")
    _keep_a_confederation_admin(user)
    user.is_active = False
    user.session_version = F("session_version") + 1
    user.save(update_fields=["is_active", "session_version"])
    user.refresh_from_db()
    logger.info("account %s deactivated by %s", user.pk, deactivated_by.pk)
    return user


def reactivate_user(*, user: User, reactivated_by: User) -> User:
    """Open the account again, with the memberships it still has."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    logger.info("account %s reactivated by %s", user.pk, reactivated_by.pk)
    return user


@transaction.atomic
def reset_second_factor(*, user: User, reset_by: User) -> User:
    """For somebody who lost phone and recovery codes: their next log-in sets a new one up.

    Ends the person's sessions. Raises `AccountError` for one's own account.
    """
    if user.pk == reset_by.pk:
        raise AccountError("Demandez-le à une autre personne responsable de la confédération.")
    Authenticator.objects.filter(user=user).delete()
    logger.info("second factor of account %s reset by %s", user.pk, reset_by.pk)
    return end_sessions(user=user)


def reseal_second_factors() -> Resealed:
    """Encrypt the stored secrets of second factors under today's `SECRET_KEY`."""
    done, unreadable = 0, []
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # A recovery code used meanwhile must stay used.
            factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if factor is None:
                continue
            try:
                sealed = _reseal_data(factor.data)
            except InvalidToken:
                unreadable.append(f"compte {factor.user_id}")
                continue
            if sealed:
                factor.data |= sealed
                factor.save(update_fields=["data"])
                done += 1
    return Resealed(done, tuple(unreadable))


def _reseal_data(data: dict[str, Any]) -> dict[str, Any]:
    """What changes of an authenticator's data; a passkey keeps nothing secret here."""

    def rotate(token: str) -> str:
        return cipher("second-factor").rotate(token.encode()).decode()

    one_each: dict[str, Any] = {
        name: rotate(data[name]) for name in ("secret", "seed") if name in data
    }
    if codes := data.get("migrated_codes"):
        one_each["migrated_codes"] = [rotate(code) for code in codes]
    return one_each


def end_sessions(*, user: User) -> User:
    """End every session of the person; the caller keeps its own by signing it again."""
    User.objects.filter(pk=user.pk).update(session_version=F("session_version") + 1)
    user.refresh_from_db(fields=["session_version"])
    return user


def rename_user(*, user: User, first_name: str, last_name: str) -> User:
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])
    return user


def _lock(invitation: Invitation) -> Invitation:
    # The organisation first, as `invite_member` does: no two actions wait for each other.
    Organisation.objects.select_for_update(no_key=True).get(pk=invitation.organisation_id)
    locked = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("organisation", "invited_by").get(pk=invitation.pk)


def _renew(invitation: Invitation) -> None:
    """A new secret in a new mail: only its hash is kept, so the former link cannot be resent."""
    _spare_the_letter_box(invitation)
    secret = make_secret()
    now = timezone.now()
    cancel_messages(unique_keys=[_mail_key(invitation)])
    invitation.secret_hash = hash_secret(secret)
    invitation.mails = invitation.mails + 1 if now < invitation.created_at + VALID_FOR else 1
    invitation.created_at = now
    invitation.expires_at = now + VALID_FOR
    invitation.save()
    enqueue_email(
        unique_key=_mail_key(invitation),
        purpose="invitation",
        recipient=invitation.email,
        template="accounts/email/invitation",
        context={
            "invitation": invitation,
            "invited_by": invitation.invited_by,
            "link": settings.SITE_URL + reverse("accounts:invitation-accept", args=[secret]),
        },
        not_after=clock.now() + VALID_FOR,
        is_secret=True,
        is_transactional=True,
    )


def _spare_the_letter_box(invitation: Invitation) -> None:
    """Counts withdrawn invitations too: withdrawing and inviting again is no way around."""
    sent = Invitation.objects.filter(
        organisation=invitation.organisation,
        email=invitation.email,
        accepted_at__isnull=True,
        created_at__gt=timezone.now() - VALID_FOR,
    ).aggregate(last=Max("created_at"), mails=Sum("mails"))
    if sent["last"] and _is_fresh(sent["last"]):
        raise TooManyMails(
            f"Un message est parti vers {invitation.email} il y a moins de dix minutes : "
            "laissez-lui le temps d’arriver."
        )
    if (sent["mails"] or 0) >= MOST_MAILS:
        raise TooManyMails(
            f"Cinq messages sont déjà partis vers {invitation.email} ces deux dernières semaines. "
            "Vérifiez l’adresse avec la personne, et qu’elle regarde dans ses indésirables."
        )


def _is_fresh(sent_at: datetime) -> bool:
    return timezone.now() < sent_at + BETWEEN_MAILS


def _mail_key(invitation: Invitation) -> str:
    return f"invitation:{invitation.secret_hash}"


def _mark_accepted(invitation: Invitation, user: User, now: datetime) -> None:
    invitation.accepted_at = now
    invitation.accepted_by = user
    invitation.save(update_fields=["accepted_at", "accepted_by"])


def _keep_a_confederation_admin(user: User) -> None:
    # One at a time: two admins must not deactivate each other.
    list(Organisation.objects.filter(kind=Kind.CONFEDERATION).select_for_update(no_key=True))
    admins = Membership.objects.active().filter(
        organisation__kind=Kind.CONFEDERATION, role=Role.ADMIN, user__is_active=True
    )
    is_admin = admins.filter(user=user).exists()
    if is_admin and not admins.exclude(user=user).exists():
        raise AccountError(
            "C’est la dernière personne responsable de la confédération : "
            "confiez d’abord ce rôle à quelqu’un d’autre."
        )
