"""What people change about themselves from a link, without an account."""

from django.db import transaction
from django.utils import timezone

from contacts.confirmations import send_confirmations
from contacts.matching import rows_of_person
from contacts.models import Contact


@transaction.atomic
def confirm_email(*, contact: Contact) -> None:
    """Record that the e-mail address is theirs, on every row of the person."""
    for row in rows_of_person(contact):
        if row.email == contact.email and row.email_confirmed_at is None:
            row.email_confirmed_at = timezone.now()
            row.save(update_fields=["email_confirmed_at"])


@transaction.atomic
def change_language(*, contact: Contact, language: str) -> None:
    """Write to the person in another of `settings.LANGUAGES` from now on."""
    Contact.objects.filter(pk=contact.pk).update(language=language, updated_at=timezone.now())


@transaction.atomic
def resend_confirmation(*, contact: Contact) -> None:
    """Send the confirmation again, once a minute at most and within the limit of a day."""
    send_confirmations([contact], occasion=f"-{timezone.now():%H%M}")
