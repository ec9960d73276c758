"""Who may invite, and who may act on somebody's account. Anything else is a 404."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Invitation
from core.tokens import hash_secret
from organisations.models import Membership, Organisation, User
from organisations.rules import is_confederation_admin


def list_invitations(organisation: Organisation) -> QuerySet[Invitation, Invitation]:
    """Latest first; those that were accepted are members now."""
    invitations = Invitation.objects.filter(organisation=organisation, accepted_at__isnull=True)
    return invitations.select_related("invited_by").order_by("-created_at", "pk")


def get_invitation_or_404(user: User, pk: int) -> Invitation:
    invitations = Invitation.objects.visible_to(user).select_related("organisation")
    return get_object_or_404(invitations, pk=pk)


def get_invitation_by_secret_or_404(secret: str) -> Invitation:
    invitations = Invitation.objects.select_related("organisation", "invited_by")
    return get_object_or_404(invitations, secret_hash=hash_secret(secret))


def find_account(email: str) -> User | None:
    return User.objects.filter(email=email).first()


def get_person_or_404(user: User, pk: int) -> User:
    """Accounts as such are kept by the admins of the confederation."""
    if not is_confederation_admin(user):
        raise Http404
    return get_object_or_404(User, pk=pk)


def list_own_memberships(user: User) -> QuerySet[Membership, Membership]:
    return Membership.objects.active().filter(user=user).select_related("organisation")


def list_membership_history(user: User) -> QuerySet[Membership, Membership]:
    history = Membership.objects.filter(user=user).select_related("organisation")
    return history.order_by("-started_at", "pk")
