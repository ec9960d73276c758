from django.apps import AppConfig

from messaging.purposes import name_purposes


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = "Contacts"

    def ready(self) -> None:
        # Models must be loaded first.
        from contacts import lost_links
        from contacts.confirmations import PURPOSE, compose
        from contacts.gates import check_consents
        from messaging.composers import register_composer
        from messaging.gates import register_gate

        name_purposes(
            {PURPOSE: "Confirmation d’inscription", lost_links.PURPOSE: "Lien personnel redemandé"}
        )
        register_gate(PURPOSE, check_consents)
        register_composer(PURPOSE, compose)
        register_composer(lost_links.PURPOSE, lost_links.compose)
