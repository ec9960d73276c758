"""How a person can be reached: numbers and addresses, and the channels they closed."""

from contacts.enums import ConsentChannel
from contacts.models import Contact
from core.text import fold
from messaging.enums import Channel
from messaging.models import Suppression


def e164(contact: Contact) -> str:
    return contact.phone.as_e164 if contact.phone else ""


def address_on(contact: Contact, channel: str) -> str:
    """The contact's address on a channel of messages; empty for calls."""
    match channel:
        case ConsentChannel.EMAIL:
            return contact.email
        case ConsentChannel.SMS:
            return e164(contact)
    return ""


def suppressed_channels(contact: Contact) -> set[str]:
    """Channels on which the person said stop by other means: an unsubscribe link, a reply."""
    return {
        channel
        for channel in Channel
        if (address := address_on(contact, channel))
        and Suppression.objects.for_address(channel, address).exists()
    }


def search_text(contact: Contact) -> str:
    """What a search finds a contact by: name, address, place, number with and without prefix."""
    number = contact.phone
    numbers = f"{number.as_e164} {number.as_national.replace(' ', '')}" if number else ""
    commune = contact.commune.name if contact.commune else ""
    place = f"{contact.postcode} {commune}"
    return fold(f"{contact.first_name} {contact.email} {numbers} {place}")


def open_channels(contact: Contact) -> set[str]:
    """Channels the person agreed to and has not closed since, e-mail, SMS or calls."""
    given = {consent.channel for consent in contact.consents.holding() if consent.is_given}
    return given - suppressed_channels(contact)


def suppressed_addresses(*, phone: str, email: str) -> set[str]:
    """Those of the two that must never be written to again."""
    addresses = ((Channel.SMS, phone), (Channel.EMAIL, email))
    return {
        address
        for channel, address in addresses
        if address and Suppression.objects.for_address(channel, address).exists()
    }
