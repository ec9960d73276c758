from django.apps import AppConfig

from messaging.purposes import name_purposes


class MaterialsConfig(AppConfig):
    name = "materials"
    verbose_name = "Matériel"

    def ready(self) -> None:
        # Models must be loaded first.
        from materials import composing, mails
        from messaging.composers import register_composer

        name_purposes(mails.LABELS)
        for purpose in mails.LABELS:
            register_composer(purpose, composing.compose)
