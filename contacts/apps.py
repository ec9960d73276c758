from django.apps import AppConfig

from messaging.purposes import name_purposes


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = "Contacts"

    def ready(self) -> None:
        name_purposes({"contact-confirmation": "Confirmation d’inscription"})
