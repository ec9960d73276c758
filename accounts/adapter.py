"""How allauth meets the project: closed sign-up, French words, mails through the outbox."""

import uuid
from datetime import timedelta
from typing import Any

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from campaigns import clock
from core.ciphers import cipher
from messaging import doorbell
from messaging.actions import enqueue_email
from organisations.models import User

# Mails that carry a secret: purpose in the outbox, how long the secret is good for.
SECRET_MAILS = {
    "account/email/login_code": (
        "login-code",
        timedelta(seconds=app_settings.LOGIN_BY_CODE_TIMEOUT),
    ),
    "account/email/password_reset_key": (
        "password-reset",
        timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    ),
}
# What just happened to the account, as the subject of a warning mail.
NOTICES = {
    "account/email/password_changed": "Votre mot de passe a été changé",
    "account/email/password_reset": "Votre mot de passe a été réinitialisé",
    "account/email/password_set": "Un mot de passe a été ajouté à votre compte",
    "mfa/email/totp_activated": "Une application de codes protège votre compte",
    "mfa/email/totp_deactivated": "L’application de codes ne protège plus votre compte",
    "mfa/email/webauthn_added": "Une clé d’accès a été ajoutée à votre compte",
    "mfa/email/webauthn_removed": "Une clé d’accès a été retirée de votre compte",
    "mfa/email/recovery_codes_generated": "De nouveaux codes de secours ont été créés",
}
TOO_MANY = "Trop d’essais. Patientez cinq minutes, puis recommencez."


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est désactivé.",
        "email_password_mismatch": (
            "Cette adresse et ce mot de passe ne vont pas ensemble. "
            "Vous pouvez aussi recevoir un code par e-mail."
        ),
        "enter_current_password": "Saisissez votre mot de passe actuel.",
        "incorrect_code": "Ce code n’est pas le bon. Recopiez celui du dernier message reçu.",
        "incorrect_password": "Ce mot de passe n’est pas le bon.",
        "invalid_or_expired_key": "Ce lien n’est plus valable.",
        "invalid_password_reset": "Ce lien n’est plus valable. Demandez-en un autre.",
        "rate_limited": TOO_MANY,
        "too_many_login_attempts": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are born from an invitation only."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the mail to the outbox; nothing is sent from a request."""
        if template_prefix in NOTICES:
            _enqueue_notice(email, NOTICES[template_prefix])
            return
        purpose, valid_for = SECRET_MAILS[template_prefix]
        enqueue_email(
            unique_key=f"{purpose}:{uuid.uuid4()}",
            purpose=purpose,
            recipient=email,
            template=template_prefix,
            context=context,
            not_after=clock.now() + valid_for,
            is_secret=True,
            is_transactional=True,
        )

    def rehearse_mail(self, template_prefix: str, email: str) -> None:
        """Do the work of a mail to an unknown address and send nothing.

        Without it the time taken by an answer would tell which addresses have an account.
        """
        with transaction.atomic():
            context = {"code": self.generate_login_code(), "password_reset_url": settings.SITE_URL}
            self.send_mail(template_prefix, email, context)
            transaction.set_rollback(True)
        doorbell.ring()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": "Utiliser mon mot de passe",
            "mfa_reauthenticate": "Utiliser un code de mon application ou un code de secours",
            "mfa_reauthenticate:webauthn": "Utiliser ma clé d’accès",
        }
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words[method["id"]]} for method in methods]


def _enqueue_notice(email: str, notice: str) -> None:
    enqueue_email(
        unique_key=f"security-notice:{uuid.uuid4()}",
        purpose="security-notice",
        recipient=email,
        template="account/email/security_notice",
        context={
            "notice": notice,
            "happened_at": timezone.localtime(),
            "account_url": settings.SITE_URL + reverse("accounts:me"),
        },
        is_transactional=True,
    )


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": (
            "C’est votre seule protection et votre rôle la rend obligatoire : "
            "ajoutez-en une autre avant de retirer celle-ci."
        ),
        "incorrect_code": (
            "Ce code n’est pas le bon. Attendez le code suivant de votre application, "
            "ou utilisez un code de secours."
        ),
    }

    def build_totp_svg(self, url: str) -> str:
        code = segno.make(url, error="m")
        return str(code.svg_inline(omitsize=True, border=2, svgclass="qr__code", lineclass=None))

    def encrypt(self, text: str) -> str:
        """A copy of the database alone must not give anybody's second factor away."""
        return cipher("second-factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher("second-factor").decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last factor of somebody who must have one stays."""
        if not settings.SECOND_FACTOR_REQUIRED or not authenticator.user.lists_people:
            return True
        others = Authenticator.objects.filter(user=authenticator.user).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        )
        return bool(others.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Ma clé d’accès" if number == 1 else f"Ma clé d’accès n° {number}"

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)
