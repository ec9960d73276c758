"""A SECRET_KEY is replaced and then forgotten; everybody still logs in."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command

from organisations.models import User
from tests.accounts.test_second_factor import SECRET, code_for, with_application
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NEW_KEY = "une clé toute neuve"


@pytest.fixture
def user(db: None) -> User:
    return with_application(make_user())


def rotate_key(settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = NEW_KEY


def totp_of(user: User) -> Any:
    return Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).wrap()


def test_after_the_command_the_old_key_may_go(user: User, settings: Any) -> None:
    codes = RecoveryCodes.activate(user).generate_codes()
    rotate_key(settings)
    call_command("rotate_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    assert totp_of(user).validate_code(code_for(SECRET))
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    assert stored.wrap().generate_codes() == codes


def test_without_the_command_the_old_key_may_not_go(user: User, settings: Any) -> None:
    """The control of the test above."""
    rotate_key(settings)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidToken):
        totp_of(user).validate_code(code_for(SECRET))


def test_used_recovery_codes_stay_used(user: User, settings: Any) -> None:
    codes = RecoveryCodes.activate(user)
    used = codes.generate_codes()[0]
    assert codes.validate_code(used)
    rotate_key(settings)
    call_command("rotate_secrets")
    stored = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    assert used not in stored.wrap().get_unused_codes()


def test_codes_brought_from_elsewhere_are_encrypted_again_too(settings: Any) -> None:
    user = make_user()
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.RECOVERY_CODES,
        data={"migrated_codes": [encrypt("11111111"), encrypt("22222222")]},
    )
    rotate_key(settings)
    call_command("rotate_secrets")
    settings.SECRET_KEY_FALLBACKS = []
    assert Authenticator.objects.get().wrap().get_unused_codes() == ["11111111", "22222222"]


def test_what_no_key_opens_is_named_and_the_rest_is_done(
    user: User, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SECRET_KEY = "une clé oubliée"
    lost = with_application(make_user())
    settings.SECRET_KEY = NEW_KEY
    fine = with_application(make_user())
    with pytest.raises(CommandError, match=f"compte {user.pk} .* compte {lost.pk}"):
        call_command("rotate_secrets")
    assert "Doubles protections : 1 rechiffrées." in capsys.readouterr().out
    assert totp_of(fine).validate_code(code_for(SECRET))


def test_a_passkey_has_nothing_to_encrypt(capsys: pytest.CaptureFixture[str]) -> None:
    data = {"name": "Ma clé d’accès", "credential": {}}
    Authenticator.objects.create(user=make_user(), type=Authenticator.Type.WEBAUTHN, data=data)
    call_command("rotate_secrets")
    assert Authenticator.objects.get().data == data
    assert "0 rechiffrées" in capsys.readouterr().out
