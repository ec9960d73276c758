from django.apps import AppConfig

from core.ciphers import keeps_secrets
from messaging.purposes import name_purposes


class WebinarsConfig(AppConfig):
    name = "webinars"
    verbose_name = "Webinaires"

    def ready(self) -> None:
        # Models must be loaded first.
        from contacts.hooks import register_erasure_hook
        from messaging.composers import register_composer
        from webinars import composing, forgetting, mails, meetings

        name_purposes(mails.LABELS)
        for purpose in mails.COMPOSED:
            register_composer(purpose, composing.compose)
        keeps_secrets("Salles de réunion", meetings.reseal_meetings)
        register_erasure_hook(forgetting.forget_contacts)
