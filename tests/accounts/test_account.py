"""My account, and the accounts kept by the confederation."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.errors import AccountError
from organisations.models import User
from tests.conftest import show_second_factor
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
ME = "/compte/"


def page_of(user: User, name: str = "person") -> str:
    return reverse(f"accounts:{name}", args=[user.pk])


def test_my_account_shows_where_i_belong(client_for: LogIn, people: dict[str, User]) -> None:
    text = client_for(people["militant"]).get(ME).content.decode()
    assert people["militant"].email in text
    assert "UD 14" in text


def test_i_change_my_name(client_for: LogIn, people: dict[str, User]) -> None:
    client = client_for(people["militant"])
    client.post(ME, {"first_name": "Zoé", "last_name": "O’Neil"})
    people["militant"].refresh_from_db()
    assert str(people["militant"]) == "Zoé O’Neil"


def test_a_wrong_name_keeps_what_was_typed(client_for: LogIn, people: dict[str, User]) -> None:
    page = client_for(people["militant"]).post(ME, {"first_name": "", "last_name": "Tapé"})
    assert "Tapé" in page.content.decode()


def test_my_other_devices_are_logged_out_and_this_one_stays(
    client_for: LogIn, people: dict[str, User]
) -> None:
    here, there = client_for(people["ud"]), client_for(people["ud"])
    here.post("/compte/autres-appareils/")
    assert here.get(ME).status_code == 200
    assert there.get(ME).status_code == 302


@pytest.mark.parametrize(
    "role", ["militant", "ul", "ud", "ud_admin", "fd", "region", "confederation", "other_ud"]
)
@pytest.mark.parametrize(
    "name", ["person", "person-deactivate", "person-reactivate", "person-reset-second-factor"]
)
def test_accounts_are_kept_by_the_admins_of_the_confederation_alone(
    client_for: LogIn, people: dict[str, User], role: str, name: str
) -> None:
    client = client_for(people[role])
    page = page_of(people["militant"], name)
    assert client.post(page).status_code in (404, 405)
    assert client.get(page).status_code in (404, 405)
    people["militant"].refresh_from_db()
    assert people["militant"].is_active


def test_deactivating_is_asked_then_ends_the_sessions_at_once(
    client_for: LogIn, people: dict[str, User]
) -> None:
    someone = people["ud"]
    theirs, admin = client_for(someone), client_for(people["confederation_admin"])
    page = page_of(someone, "person-deactivate")
    assert "Désactiver le compte" in admin.get(page).content.decode()
    assert theirs.get(ME).status_code == 200
    admin.post(page)
    assert theirs.get(ME).status_code == 302
    assert someone.memberships.count() == 1


def test_a_reactivated_account_logs_in_again_but_its_old_sessions_stay_dead(
    client_for: LogIn, people: dict[str, User]
) -> None:
    someone = people["ud"]
    theirs, admin = client_for(someone), client_for(people["confederation_admin"])
    admin.post(page_of(someone, "person-deactivate"))
    admin.post(page_of(someone, "person-reactivate"))
    someone.refresh_from_db()
    assert theirs.get(ME).status_code == 302
    assert client_for(someone).get(ME).status_code == 200


def test_a_deactivated_account_is_told_so_after_its_password(client: Client) -> None:
    user = make_user("militant", "ud-14", password="une petite phrase à moi", is_active=False)
    data = {"login": user.email, "password": "une petite phrase à moi"}
    response = client.post("/compte/connexion/", data, follow=True)
    assert "Ce compte est désactivé" in response.content.decode()


def test_nobody_deactivates_their_own_account(client_for: LogIn, people: dict[str, User]) -> None:
    admin = people["confederation_admin"]
    client_for(admin).post(page_of(admin, "person-deactivate"))
    admin.refresh_from_db()
    assert admin.is_active


def test_the_last_admin_of_the_confederation_stays(people: dict[str, User]) -> None:
    with pytest.raises(AccountError, match="dernière personne responsable"):
        actions.deactivate_user(
            user=people["confederation_admin"], deactivated_by=people["confederation"]
        )


def test_a_lost_second_factor_is_reset_and_the_sessions_end(
    client_for: LogIn, people: dict[str, User]
) -> None:
    someone = people["ud"]
    Authenticator.objects.create(user=someone, type="totp", data={})
    theirs, admin = client_for(someone), client_for(people["confederation_admin"])
    assert "Effacer" in admin.get(page_of(someone, "person-reset-second-factor")).content.decode()
    admin.post(page_of(someone, "person-reset-second-factor"))
    assert not Authenticator.objects.filter(user=someone).exists()
    assert theirs.get(ME).status_code == 302
    again = Client()
    again.force_login(User.objects.get(pk=someone.pk))
    assert again.get(ME)["Location"] == "/compte/proteger/"


def test_nobody_resets_their_own_second_factor(people: dict[str, User]) -> None:
    admin = people["confederation_admin"]
    with pytest.raises(AccountError):
        actions.reset_second_factor(user=admin, reset_by=admin)


def test_a_promotion_asks_for_the_second_factor_in_the_open_session(
    client: Client, people: dict[str, User]
) -> None:
    someone = people["militant"]
    client.force_login(someone)
    assert client.get(ME).status_code == 200
    someone.memberships.update(role="staff")
    assert client.get(ME)["Location"] == "/compte/proteger/"
    show_second_factor(client, someone)
    assert client.get(ME).status_code == 200
