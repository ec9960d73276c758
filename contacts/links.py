"""Addresses given to people: the short one of a source and the personal one of a contact."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from contacts.models import Contact, Source

SALT = "contacts.personal-page"


def source_url(source: Source) -> str:
    """The short address behind a source's QR code."""
    return settings.SITE_URL + reverse("contacts:register", args=[source.code])


def personal_token(contact: Contact) -> str:
    return signing.dumps([contact.pk, contact.link_version], salt=SALT)


def personal_url(contact: Contact) -> str:
    """The signed address of the person's own page: whoever holds it acts for them."""
    return settings.SITE_URL + reverse("contacts:personal", args=[personal_token(contact)])
