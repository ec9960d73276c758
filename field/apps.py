from django.apps import AppConfig

from core.ciphers import keeps_secrets


class FieldConfig(AppConfig):
    name = "field"
    verbose_name = "Terrain"

    def ready(self) -> None:
        # Models must be loaded first.
        from field.actions import reseal_sealing_keys

        keeps_secrets("Clés des tablettes", reseal_sealing_keys)
