"""An invitation, from the mail to the membership."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.models import Invitation
from core.tokens import hash_secret
from messaging.enums import Status
from messaging.models import Message
from organisations.enums import Role
from organisations.models import Membership, User
from tests.factories import get_organisation, make_local_union, make_user

pytestmark = pytest.mark.django_db
EMAIL = "nouvelle@example.org"
LogIn = Callable[[User], Client]


def invite(
    slug: str = "ud-14", email: str = EMAIL, role: Role = Role.STAFF
) -> tuple[Invitation, str]:
    invitation = actions.invite_member(
        organisation=get_organisation(slug), email=email, role=role, invited_by=make_user()
    )
    return invitation, read_link()


def grow_older(**delay: float) -> None:
    """As if every invitation had been sent that much earlier."""
    earlier = timedelta(**delay)
    Invitation.objects.update(
        created_at=F("created_at") - earlier, expires_at=F("expires_at") - earlier
    )


def read_link() -> str:
    message = Message.objects.filter(purpose="invitation").latest("created_at")
    link = re.search(r"http://testserver(/invitation/\S+)", message.text)
    assert link
    return link[1]


def post_invite(client: Client, slug: str, emails: str, role: str = "militant") -> Any:
    page = reverse("accounts:invitation-create", args=[get_organisation(slug).pk])
    return client.post(page, {"emails": emails, "role": role})


def test_an_admin_invites_several_people(client_for: LogIn, people: dict[str, User]) -> None:
    client = client_for(people["ud_admin"])
    response = post_invite(
        client, "ud-14", "a@example.org\n\n B@Example.org \na@example.org", "staff"
    )
    assert response["Location"].endswith("/invitations/")
    sent = Invitation.objects.order_by("email").values_list("email", "role")
    assert list(sent) == [("a@example.org", "staff"), ("b@example.org", "staff")]
    assert Message.objects.filter(purpose="invitation").count() == 2


@pytest.mark.parametrize(
    ("role", "slug", "allowed"),
    [
        ("ud_admin", "ud-14", True),
        ("ud_admin", "ul-caen", True),
        ("ud_admin", "ud-50", False),
        ("ud_admin", "cr-28", False),
        ("confederation_admin", "ud-50", True),
        ("confederation_admin", "fd-commerce", True),
        ("confederation", "confederation", False),
        ("ud", "ud-14", False),
        ("ul", "ul-caen", False),
        ("fd", "fd-commerce", False),
        ("region", "cr-28", False),
        ("militant", "ud-14", False),
        ("other_ud", "ud-14", False),
    ],
)
def test_who_may_invite_where(
    client_for: LogIn, people: dict[str, User], role: str, slug: str, allowed: bool
) -> None:
    client = client_for(people[role])
    response = post_invite(client, slug, EMAIL)
    assert response.status_code == (302 if allowed else 404)
    assert Invitation.objects.exists() is allowed


def test_each_wrong_line_is_named_and_nothing_is_sent(
    client_for: LogIn, people: dict[str, User]
) -> None:
    client = client_for(people["ud_admin"])
    lines = f"bonne@example.org\npas une adresse\n{people['ud'].email}\n<script>@x"
    text = post_invite(client, "ud-14", lines).content.decode()
    assert "Ligne 2 : « pas une adresse » n’est pas une adresse e-mail." in text
    assert f"Ligne 3 : « {people['ud'].email} » fait déjà partie" in text
    assert "Ligne 4" in text
    assert "bonne@example.org" in text
    assert not Invitation.objects.exists()


def test_fifty_addresses_at_once_at_most(client_for: LogIn, people: dict[str, User]) -> None:
    lines = "\n".join(f"p{number}@example.org" for number in range(51))
    page = post_invite(client_for(people["ud_admin"]), "ud-14", lines)
    assert "51 adresses" in page.content.decode()


def test_only_the_hash_of_the_secret_is_kept() -> None:
    invitation, link = invite()
    secret = link.split("/")[2]
    assert len(secret) >= 22
    assert invitation.secret_hash == hash_secret(secret)
    assert Message.objects.get().is_secret


def test_inviting_again_replaces_the_link(client: Client) -> None:
    _, first = invite()
    grow_older(minutes=10)
    _, second = invite(role=Role.MILITANT)
    assert Invitation.objects.count() == 1
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_the_list_shows_the_state_of_each(client_for: LogIn, people: dict[str, User]) -> None:
    invite(email="attente@example.org")
    revoked, _ = invite(email="annulee@example.org")
    actions.revoke_invitation(invitation=revoked)
    expired, _ = invite(email="expiree@example.org")
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    page = reverse("accounts:invitation-list", args=[get_organisation("ud-14").pk])
    text = client_for(people["ud_admin"]).get(page).content.decode()
    for state in ("En attente", "Annulée", "Expirée"):
        assert state in text


def test_the_list_costs_the_same_for_any_length(client_for: LogIn, people: dict[str, User]) -> None:
    costs = []
    client = client_for(people["ud_admin"])
    page = reverse("accounts:invitation-list", args=[get_organisation("ud-14").pk])
    for rows in (1, 30):
        for number in range(rows):
            invite(email=f"p{rows}-{number}@example.org")
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_another_organisation_s_invitation_does_not_exist(
    client_for: LogIn, people: dict[str, User]
) -> None:
    invitation, _ = invite("ud-50")
    client = client_for(people["ud_admin"])
    for name in ("accounts:invitation-resend", "accounts:invitation-revoke"):
        assert client.post(reverse(name, args=[invitation.pk])).status_code == 404


def test_resending_sends_a_new_link_and_starts_the_delay_again(
    client_for: LogIn, people: dict[str, User], client: Client
) -> None:
    invitation, first = invite()
    grow_older(days=15)
    client_for(people["ud_admin"]).post(reverse("accounts:invitation-resend", args=[invitation.pk]))
    assert client.get(first).status_code == 404
    assert client.get(read_link()).status_code == 200


def test_a_withdrawn_invitation_is_asked_then_done(
    client_for: LogIn, people: dict[str, User], client: Client
) -> None:
    invitation, link = invite()
    admin = client_for(people["ud_admin"])
    page = reverse("accounts:invitation-revoke", args=[invitation.pk])
    assert "Annuler l’invitation" in admin.get(page).content.decode()
    assert client.get(link).status_code == 200
    admin.post(page)
    response = client.get(link)
    assert response.status_code == 410
    assert "a été annulée" in response.content.decode()


def test_a_withdrawn_invitation_not_yet_sent_is_not_sent() -> None:
    invitation, _ = invite()
    actions.revoke_invitation(invitation=invitation)
    assert Message.objects.get().status == Status.SKIPPED


def test_only_the_last_link_is_sent() -> None:
    invite()
    grow_older(minutes=10)
    invite()
    assert Message.objects.filter(status=Status.QUEUED).count() == 1


def test_a_new_person_joins_with_a_first_name_alone(client: Client) -> None:
    _, link = invite()
    assert "UD 14" in client.get(link).content.decode()
    response = client.post(link, {"first_name": "N'Guyen-Özgür 山田", "last_name": ""})
    assert response.status_code == 302
    user = User.objects.get(email=EMAIL)
    assert client.session["_auth_user_id"] == str(user.pk)
    membership = user.memberships.get()
    assert (membership.organisation.slug, membership.role) == ("ud-14", "staff")


def test_a_new_team_member_must_then_protect_the_account(client: Client) -> None:
    _, link = invite()
    client.post(link, {"first_name": "Nouvelle"})
    assert client.get("/compte/")["Location"] == "/compte/proteger/"


def test_a_name_is_needed(client: Client) -> None:
    _, link = invite()
    page = client.post(link, {"first_name": "  "})
    assert page.status_code == 200
    assert not User.objects.filter(email=EMAIL).exists()


def test_who_has_an_account_logs_in_first(client: Client) -> None:
    user = make_user()
    _, link = invite(email=user.email)
    text = client.get(link).content.decode()
    assert "Vous avez déjà un compte" in text
    client.post(link, {"first_name": "Une autre"})
    assert not Membership.objects.filter(user=user).exists()


def test_who_is_logged_in_joins_with_the_same_account(client_for: LogIn) -> None:
    user = make_user("militant", "ud-50")
    _, link = invite(email=user.email)
    client_for(user).post(link)
    assert set(user.memberships.values_list("organisation__slug", flat=True)) == {"ud-50", "ud-14"}


def test_accepting_twice_makes_one_membership(client_for: LogIn) -> None:
    user = make_user()
    _, link = invite(email=user.email)
    client = client_for(user)
    first, second = client.post(link), client.post(link)
    assert first.status_code == second.status_code == 302
    assert user.memberships.count() == 1


@pytest.mark.parametrize("role", Role)
def test_the_link_lets_in_no_other_account_than_the_invited_one(
    client_for: LogIn, role: Role
) -> None:
    _, link = invite(role=role)
    other = make_user("admin", "ud-50")
    client = client_for(other)
    page = client.post(link, follow=True).content.decode()
    assert f"Cette invitation est pour {EMAIL}." in page
    assert "Changer de compte" in page
    assert "Rejoindre l’organisation" not in page
    assert other.memberships.count() == 1


def test_changing_account_leads_back_to_the_invitation(client_for: LogIn) -> None:
    _, link = invite()
    client = client_for(make_user())
    page = client.post("/compte/deconnexion/", {"next": link}, follow=True)
    assert "Créer mon compte et rejoindre" in page.content.decode()


def test_a_link_that_has_served_says_so(client: Client) -> None:
    _, link = invite()
    client.post(link, {"first_name": "Nouvelle"})
    response = Client().post(link, {"first_name": "Une autre"})
    assert response.status_code == 410
    assert "déjà servi" in response.content.decode()


def test_an_invitation_dies_after_fourteen_days(client: Client) -> None:
    _, link = invite()
    with time_machine.travel(timezone.now() + timedelta(days=14, seconds=1), tick=False):
        response = client.post(link, {"first_name": "Trop tard"})
    assert response.status_code == 410
    assert "n’est plus valable" in response.content.decode()
    assert not User.objects.filter(email=EMAIL).exists()


def test_an_invitation_into_a_closed_organisation_does_nothing(client_for: LogIn) -> None:
    union = make_local_union("ul-lisieux", "UL de Lisieux", "ud-14", [])
    user = make_user()
    _, link = invite("ul-lisieux", user.email)
    union.is_active = False
    union.save()
    assert client_for(user).post(link).status_code == 410
    assert not user.memberships.exists()


@pytest.mark.parametrize("secret", ["inconnu", "x" * 500, "%00"])
def test_an_unknown_link_does_not_exist(client: Client, secret: str) -> None:
    assert client.get(f"/invitation/{secret}/").status_code == 404


def test_coming_back_after_leaving_opens_a_new_membership(client_for: LogIn) -> None:
    user = make_user("staff", "ud-14")
    user.memberships.update(ended_at=timezone.now())
    _, link = invite(email=user.email, role=Role.MILITANT)
    client_for(user).post(link)
    assert user.memberships.active().get().role == Role.MILITANT
    assert user.memberships.count() == 2


def test_the_first_admin_is_invited_from_the_command_line(client: Client) -> None:
    call_command("invite", EMAIL, verbosity=0)
    client.post(read_link(), {"first_name": "Première"})
    membership = Membership.objects.get(user__email=EMAIL)
    assert (membership.organisation.slug, membership.role) == ("confederation", "admin")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pas une adresse"], "n’est pas une adresse"),
        ([EMAIL, "--organisation", "nulle-part"], "Aucune organisation"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("invite", *arguments)
