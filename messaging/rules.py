"""Who may see the outbox: the staff of the confederation, and nobody else."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from messaging.enums import Channel
from messaging.links import read_unsubscribe_token
from messaging.models import Message, MessageQuerySet
from organisations.models import User


def can_see_outbox(user: User) -> bool:
    return user.scope.everything


def get_outbox_or_404(user: User) -> MessageQuerySet:
    if not can_see_outbox(user):
        raise Http404
    return Message.objects.all()


def get_message_or_404(user: User, pk: UUID) -> Message:
    return get_object_or_404(get_outbox_or_404(user), pk=pk)


def get_address_of_token_or_404(token: str) -> tuple[Channel, str]:
    """Whoever holds the link may unsubscribe the address it was made for."""
    if found := read_unsubscribe_token(token):
        return found
    raise Http404
