"""Members: roles, leaving, and the admin an organisation always keeps."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations import actions
from organisations.enums import Role
from organisations.errors import OrganisationError
from organisations.models import Membership, User
from tests.factories import get_organisation, make_user

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def membership_of(user: User) -> Membership:
    return user.memberships.get()


def page_of(user: User, name: str) -> str:
    return reverse(f"organisations:{name}", args=[membership_of(user).pk])


def members_page(slug: str) -> str:
    return reverse("organisations:member-list", args=[get_organisation(slug).pk])


@pytest.mark.parametrize(
    ("role", "slug", "seen"),
    [
        ("ud_admin", "ud-14", True),
        ("ud_admin", "ul-caen", True),
        ("ud_admin", "ud-50", False),
        ("confederation_admin", "ud-50", True),
        ("confederation", "ud-14", False),
        ("ud", "ud-14", False),
        ("ul", "ul-caen", False),
        ("militant", "ud-14", False),
        ("region", "ud-14", False),
        ("other_ud", "ud-14", False),
    ],
)
def test_who_sees_the_members(
    client_for: LogIn, people: dict[str, User], role: str, slug: str, seen: bool
) -> None:
    assert client_for(people[role]).get(members_page(slug)).status_code == (200 if seen else 404)


def test_the_list_costs_the_same_for_any_length(client_for: LogIn, people: dict[str, User]) -> None:
    costs = []
    client = client_for(people["ud_admin"])
    for rows in (1, 30):
        for _ in range(rows):
            make_user("militant", "ud-14")
        with CaptureQueriesContext(connection) as queries:
            client.get(members_page("ud-14"))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_an_admin_changes_a_role(client_for: LogIn, people: dict[str, User]) -> None:
    client_for(people["ud_admin"]).post(
        page_of(people["militant"], "member-edit"), {"role": "staff"}
    )
    assert membership_of(people["militant"]).role == Role.STAFF


@pytest.mark.parametrize("role", ["", "chef", "superuser"])
def test_an_unknown_role_is_refused(client_for: LogIn, people: dict[str, User], role: str) -> None:
    page = client_for(people["ud_admin"]).post(
        page_of(people["militant"], "member-edit"), {"role": role}
    )
    assert page.context["form"].errors["role"]
    assert membership_of(people["militant"]).role == Role.MILITANT


@pytest.mark.parametrize("role", ["militant", "ul", "ud", "region", "confederation", "other_ud"])
@pytest.mark.parametrize("name", ["member-edit", "member-remove"])
def test_nobody_else_touches_a_membership(
    client_for: LogIn, people: dict[str, User], role: str, name: str
) -> None:
    client = client_for(people[role])
    for target in ("ud", "other_ud"):
        assert client.get(page_of(people[target], name)).status_code == 404
        assert client.post(page_of(people[target], name), {"role": "admin"}).status_code == 404
        assert membership_of(people[target]).role == Role.STAFF
        assert membership_of(people[target]).ended_at is None


def test_removing_is_asked_then_kept_in_the_history(
    client_for: LogIn, people: dict[str, User]
) -> None:
    client = client_for(people["ud_admin"])
    page = page_of(people["ud"], "member-remove")
    assert "invitez-la de nouveau" in client.get(page).content.decode()
    assert membership_of(people["ud"]).ended_at is None
    client.post(page)
    assert membership_of(people["ud"]).ended_at is not None
    assert User.objects.get(pk=people["ud"].pk).scope.is_empty


def test_the_last_admin_is_not_removed(client_for: LogIn, people: dict[str, User]) -> None:
    response = client_for(people["ud_admin"]).post(
        page_of(people["ud_admin"], "member-remove"), follow=True
    )
    assert "dernière personne responsable" in response.content.decode()
    assert membership_of(people["ud_admin"]).ended_at is None


def test_the_last_admin_is_not_downgraded(client_for: LogIn, people: dict[str, User]) -> None:
    page = client_for(people["ud_admin"]).post(
        page_of(people["ud_admin"], "member-edit"), {"role": "staff"}
    )
    assert "dernière personne responsable" in page.content.decode()
    assert membership_of(people["ud_admin"]).role == Role.ADMIN


def test_a_deactivated_admin_does_not_count(people: dict[str, User]) -> None:
    make_user("admin", "ud-14", is_active=False)
    with pytest.raises(OrganisationError):
        actions.end_membership(membership=membership_of(people["ud_admin"]))


def test_the_last_but_one_admin_may_leave(client_for: LogIn, people: dict[str, User]) -> None:
    make_user("admin", "ud-14")
    client = client_for(people["ud_admin"])
    page = page_of(people["ud_admin"], "membership-leave")
    assert "Quitter" in client.get(page).content.decode()
    client.post(page)
    assert membership_of(people["ud_admin"]).ended_at is not None


def test_anybody_leaves_their_own_organisation(client_for: LogIn, people: dict[str, User]) -> None:
    client_for(people["militant"]).post(page_of(people["militant"], "membership-leave"))
    assert membership_of(people["militant"]).ended_at is not None


def test_nobody_leaves_in_the_place_of_another(client_for: LogIn, people: dict[str, User]) -> None:
    client = client_for(people["ud_admin"])
    assert client.post(page_of(people["militant"], "membership-leave")).status_code == 404
    assert membership_of(people["militant"]).ended_at is None


def test_leaving_twice_changes_nothing(people: dict[str, User]) -> None:
    membership = membership_of(people["ud"])
    first = actions.end_membership(membership=membership).ended_at
    assert actions.end_membership(membership=membership_of(people["ud"])).ended_at == first


def leave_together(monkeypatch: pytest.MonkeyPatch) -> int:
    """Two admins leave at the same moment; the number of those who could."""
    admins = [make_user("admin", "ud-14"), make_user("admin", "ud-14")]
    counted = threading.Barrier(2, timeout=2)
    original = actions._keep_an_admin
    gone = []

    def count_then_wait(membership: Membership) -> None:
        original(membership)
        try:
            counted.wait()
        except threading.BrokenBarrierError:
            return

    monkeypatch.setattr(actions, "_keep_an_admin", count_then_wait)

    def leave(user: User) -> None:
        try:
            actions.end_membership(membership=membership_of(user))
            gone.append(user)
        except OrganisationError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[admin]) for admin in admins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return len(gone)


@pytest.mark.django_db(transaction=True)
def test_two_admins_leaving_at_once_leave_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert leave_together(monkeypatch) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_lock", lambda organisation: None)
    assert leave_together(monkeypatch) == 2
