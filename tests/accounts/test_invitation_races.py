"""An invitation acted upon twice at the same moment."""

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import pytest
from django.db import connection

from accounts import actions
from accounts.errors import InvitationClosed
from accounts.models import Invitation
from organisations.models import Membership
from tests.accounts.test_invitations import invite
from tests.factories import make_user


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_membership() -> None:
    user = make_user()
    invitation, _ = invite(email=user.email)
    start = threading.Barrier(2)

    def accept() -> None:
        start.wait()
        try:
            actions.accept_invitation(invitation=invitation, user=user)
        finally:
            connection.close()

    run_together(accept, accept)
    assert Membership.objects.filter(user=user).count() == 1


def accept_while_it_is_withdrawn(monkeypatch: pytest.MonkeyPatch) -> Invitation:
    """The withdrawal comes when the acceptance has looked and has not written yet."""
    user = make_user()
    invitation, _ = invite(email=user.email)
    looked, withdrawn = threading.Event(), threading.Event()
    original = actions._mark_accepted

    def wait_then_mark(*args: Any) -> None:
        looked.set()
        withdrawn.wait(timeout=2)
        original(*args)

    monkeypatch.setattr(actions, "_mark_accepted", wait_then_mark)

    def accept() -> None:
        with closing(connection):
            actions.accept_invitation(invitation=invitation, user=user)

    def withdraw() -> None:
        looked.wait(timeout=10)
        with suppress(InvitationClosed), closing(connection):
            actions.revoke_invitation(invitation=invitation)
        withdrawn.set()

    run_together(accept, withdraw)
    invitation.refresh_from_db()
    return invitation


@pytest.mark.django_db(transaction=True)
def test_what_is_being_accepted_cannot_be_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    invitation = accept_while_it_is_withdrawn(monkeypatch)
    assert (invitation.accepted_at is None, invitation.revoked_at is None) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_it_would_be_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        actions, "_lock", lambda invitation: Invitation.objects.get(pk=invitation.pk)
    )
    invitation = accept_while_it_is_withdrawn(monkeypatch)
    assert (invitation.accepted_at is None, invitation.revoked_at is None) == (False, False)


def run_together(*functions: Callable[[], None]) -> None:
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads)
