"""Inviting fills nobody's letter-box: ten minutes between two mails, five in two weeks."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation
from messaging.models import Message
from organisations.enums import Role
from organisations.models import Membership, User
from tests.accounts.test_invitations import EMAIL, grow_older, invite, post_invite
from tests.factories import get_organisation

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def count_mails() -> int:
    return Message.objects.filter(purpose="invitation").count()


def test_the_button_pressed_twice_sends_one_mail(
    client_for: LogIn, people: dict[str, User]
) -> None:
    admin = client_for(people["ud_admin"])
    first, second = (post_invite(admin, "ud-14", EMAIL) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert count_mails() == 1


def test_a_role_corrected_at_once_needs_no_second_mail(client: Client) -> None:
    _, link = invite(role=Role.MILITANT)
    actions.invite_member(
        organisation=get_organisation("ud-14"), email=EMAIL, role=Role.STAFF, invited_by=None
    )
    assert count_mails() == 1
    client.post(link, {"first_name": "Nouvelle"})
    assert Membership.objects.get(user__email=EMAIL).role == Role.STAFF


def test_sending_again_waits_ten_minutes(client_for: LogIn, people: dict[str, User]) -> None:
    invitation, _ = invite()
    admin = client_for(people["ud_admin"])
    again = reverse("accounts:invitation-resend", args=[invitation.pk])
    assert "il y a moins de dix minutes" in admin.post(again, follow=True).content.decode()
    assert count_mails() == 1
    grow_older(minutes=10)
    assert "Nouveau lien envoyé" in admin.post(again, follow=True).content.decode()
    assert count_mails() == 2


def test_five_mails_in_fourteen_days_at_most(client_for: LogIn, people: dict[str, User]) -> None:
    invitation, _ = invite()
    for _ in range(4):
        grow_older(minutes=10)
        actions.resend_invitation(invitation=invitation)
    grow_older(minutes=10)
    again = reverse("accounts:invitation-resend", args=[invitation.pk])
    page = client_for(people["ud_admin"]).post(again, follow=True).content.decode()
    assert "Cinq messages sont déjà partis" in page
    assert count_mails() == 5


def test_withdrawing_and_inviting_again_is_no_way_around(
    client_for: LogIn, people: dict[str, User]
) -> None:
    invitation, _ = invite()
    actions.revoke_invitation(invitation=invitation)
    page = post_invite(client_for(people["ud_admin"]), "ud-14", f"autre@example.org\n{EMAIL}")
    assert "il y a moins de dix minutes" in page.context["form"].errors["emails"][0]
    assert count_mails() == 1


def test_another_organisation_may_invite_the_same_address_at_once() -> None:
    invite("ud-14")
    invite("ud-50")
    assert count_mails() == 2


def test_inviting_is_free_again_two_weeks_later() -> None:
    invite()
    Invitation.objects.update(mails=actions.MOST_MAILS, revoked_at=timezone.now())
    grow_older(days=14)
    invite()
    assert count_mails() == 2
