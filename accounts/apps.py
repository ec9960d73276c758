from django.apps import AppConfig

from core.ciphers import keeps_secrets
from messaging.purposes import name_purposes


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        # Models must be loaded before a check can be registered from here.
        from accounts import checks  # noqa: F401
        from accounts.actions import reseal_second_factors

        keeps_secrets("Doubles protections", reseal_second_factors)
        name_purposes(
            {
                "login-code": "Code de connexion",
                "password-reset": "Nouveau mot de passe",
                "security-notice": "Avertissement de sécurité",
                "invitation": "Invitation",
            }
        )
