"""How people can be reached: numbers and addresses, and the channels they opened and closed."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from contacts.enums import ConsentChannel
from contacts.models import Consent, Contact
from core.text import fold
from messaging.models import Suppression, address_hash

# A channel and an address on it.
Address = tuple[str, str]


def e164(contact: Contact) -> str:
    return contact.phone.as_e164


def address_on(contact: Contact, channel: str) -> str:
    """The contact's address on a channel: the e-mail one, or the number."""
    return contact.email if ConsentChannel(channel).goes_by == "email" else e164(contact)


def addresses_of(*, phone: str, email: str) -> list[Address]:
    """Every way of reaching somebody: both messages and calls go to a number."""
    number = [(ConsentChannel.SMS.value, phone), (ConsentChannel.CALL.value, phone)]
    both = [(ConsentChannel.EMAIL.value, email), *number]
    return [(channel, address) for channel, address in both if address]


def suppressions_of(addresses: Iterable[Address]) -> dict[Address, Suppression]:
    """The refusals among `addresses`, in one query: unsubscribe links, replies, erasures."""
    # A number is asked about for SMS and for calls: hashed once.
    hashes: dict[str, str] = {}
    wanted: dict[Address, Address] = {}
    for channel, address in addresses:
        if address not in hashes:
            hashes[address] = address_hash(channel, address)
        wanted[channel, hashes[address]] = (channel, address)
    if not wanted:
        return {}
    rows = Suppression.objects.filter(address_hash__in=set(hashes.values()))
    return {
        wanted[row.channel, row.address_hash]: row
        for row in rows
        if (row.channel, row.address_hash) in wanted
    }


def agreed_channels_of(contacts: Collection[Contact]) -> dict[int, set[str]]:
    """By contact, the channels they agreed to and have not closed since, in two queries."""
    given: dict[int, set[str]] = defaultdict(set)
    holding = Consent.objects.filter(contact__in=contacts).holding()
    for contact, channel, is_given in holding.values_list("contact_id", "channel", "is_given"):
        if is_given:
            given[contact].add(channel)
    refused = suppressions_of(address for each in contacts for address in own_addresses(each))
    return {contact.pk: given[contact.pk] - refused_of(contact, refused) for contact in contacts}


def own_addresses(contact: Contact) -> list[Address]:
    """Every way of reaching the contact."""
    return addresses_of(phone=e164(contact), email=contact.email)


def refused_of(contact: Contact, refused: Collection[Address]) -> set[str]:
    """The channels of the contact whose number or address is among those refused."""
    return {channel for channel, address in own_addresses(contact) if (channel, address) in refused}


def agreed_channels(contact: Contact) -> set[str]:
    return agreed_channels_of([contact])[contact.pk]


def awaits_confirmation(contact: Contact) -> bool:
    """Whether nobody has shown yet that the e-mail address is this person's.

    They do by a link that only a mail carries; an activist who heard it has done it for them.
    """
    return bool(contact.email) and contact.email_confirmed_at is None


def open_channels(contact: Contact) -> set[str]:
    """Channels on which the person may be written to or called: e-mail, SMS or calls.

    They agreed, have not closed it since, and confirmed the e-mail address (double opt-in).
    """
    agreed = agreed_channels(contact)
    return agreed - {"email"} if awaits_confirmation(contact) else agreed


def suppressed_channels(contact: Contact) -> set[str]:
    """Channels on which the person said stop by other means: an unsubscribe link, a reply."""
    return {channel for channel, _ in suppressions_of(own_addresses(contact))}


def search_text(contact: Contact) -> str:
    """What a search finds a contact by: name, address, place, number with and without prefix."""
    number = contact.phone
    numbers = f"{number.as_e164} {number.as_national.replace(' ', '')}" if number else ""
    commune = contact.commune.name if contact.commune else ""
    place = f"{contact.postcode} {commune}"
    return fold(f"{contact.first_name} {contact.email} {numbers} {place}")
