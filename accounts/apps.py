from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Comptes"

    def ready(self) -> None:
        # Models must be loaded before a check can be registered from here.
        from accounts import checks  # noqa: F401
