"""Addresses given to people: the short one of a source and the personal one of a contact."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from contacts.models import Contact, Source
from core.tokens import keyed_hash

SALT = "contacts.personal-page"
CONFIRMATION_SALT = "contacts.confirm-address"


def source_url(source: Source) -> str:
    """The short address behind a source's QR code."""
    return settings.SITE_URL + reverse("contacts:register", args=[source.code])


def personal_token(contact: Contact) -> str:
    return signing.dumps([contact.pk, contact.link_version], salt=SALT)


def personal_url(contact: Contact) -> str:
    """The signed address of the person's own page: whoever holds it acts for them."""
    return settings.SITE_URL + reverse("contacts:personal", args=[personal_token(contact)])


def address_proof(contact: Contact) -> str:
    """What a confirmation link says of the address it was sent to."""
    return keyed_hash(contact.email)[:16]


def confirmation_token(contact: Contact) -> str:
    proof = [contact.pk, contact.link_version, address_proof(contact)]
    return signing.dumps(proof, salt=CONFIRMATION_SALT)


def confirmation_url(contact: Contact) -> str:
    """The address that only a mail carries: whoever opens it receives the mail.

    The personal link proves less: it also goes out by SMS, and stays open while correcting one's
    address.
    """
    return settings.SITE_URL + reverse("contacts:confirm", args=[confirmation_token(contact)])
