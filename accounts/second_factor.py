"""Whether a session was opened with a second factor; allauth keeps the record in the session."""

from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from organisations.models import User

METHOD = "mfa"


def is_due(request: HttpRequest, user: User) -> bool:
    """Whether this session must still show a second factor before it goes further."""
    return settings.SECOND_FACTOR_REQUIRED and user.lists_people and not was_shown(request, user)


def was_shown(request: HttpRequest, user: User) -> bool:
    return any(record["method"] == METHOD for record in get_authentication_records(request, user))


def finish_set_up(request: HttpRequest, user: User, authenticator_type: str) -> None:
    """Setting a factor up proves that the person holds it: do not ask for it again at once."""
    record_authentication(request, user, METHOD, type=authenticator_type, reauthenticated=True)
    mark_recovery_codes_viewed(user)


def mark_recovery_codes_viewed(user: User) -> None:
    """Note it while writing is allowed: allauth would write during the GET that shows them."""
    for codes in Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES):
        codes.wrap().mark_as_viewed()


def has_one(user: User) -> bool:
    return bool(get_adapter().is_mfa_enabled(user))


def has_passkey(user: User) -> bool:
    return bool(get_adapter().is_mfa_enabled(user, [Authenticator.Type.WEBAUTHN]))
