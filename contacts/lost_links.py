"""« Recevoir mon lien »: the same answer, in the same time, whoever is known or not.

Every address that is typed gets a row in the outbox. Only as it is handed over is it looked up:
the link of those it belongs to is written then, and an address that is nobody's is forgotten.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import phonenumbers
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from campaigns import clock
from contacts.addresses import e164
from contacts.links import personal_url
from contacts.models import Contact
from messaging.actions import Envelope, enqueue_composed, forget_messages
from messaging.enums import Channel
from messaging.models import Message, address_hash
from messaging.rendering import Rendered, render_email
from territory.models import Departement

PURPOSE = "contact-link"
# Anyone may type anybody's address: this many links reach it in a day, no more.
PER_ADDRESS = 3
LIFETIME = timedelta(hours=12)
# People behind one address whose links fit in one message: a couple, a family.
MOST_PEOPLE = {Channel.EMAIL: 6, Channel.SMS: 2}


@transaction.atomic
def ask_personal_link(*, channel: Channel, address: str, language: str) -> None:
    """Write to `address` the personal links of those it belongs to, if it does to anybody."""
    recent = Message.objects.to_address(channel, address).filter(
        purpose=PURPOSE, created_at__gte=clock.now() - timedelta(days=1)
    )
    if recent.count() < PER_ADDRESS:
        envelope = _envelope(channel, address, language)
        enqueue_composed(purpose=PURPOSE, envelopes=[envelope])


def _envelope(channel: Channel, address: str, language: str) -> Envelope:
    # A double click asks once.
    key = f"{PURPOSE}:{channel}:{address_hash(channel, address)}:{clock.now():%Y%m%d%H%M}"
    return Envelope(
        unique_key=key,
        channel=channel,
        recipient=address,
        language=language,
        not_after=clock.now() + LIFETIME,
        departement=_departement_of(address) if channel == Channel.SMS else None,
        # Whoever unsubscribed may still see, correct and erase what is known of them.
        is_transactional=channel == Channel.EMAIL,
    )


def _departement_of(phone: str) -> Departement | None:
    """Whose quiet hours an SMS keeps: an overseas number tells, any other is of the mainland."""
    region = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    return Departement.objects.filter(phone_region=region).exclude(phone_region="FR").first()


def compose(messages: list[Message]) -> dict[UUID, Rendered]:
    """The words of each message whose address belongs to somebody; forget the other ones."""
    by_email, by_phone = _people_at({message.recipient for message in messages})
    words = {}
    for message in messages:
        if message.channel == Channel.EMAIL:
            people = by_email[message.recipient]
        else:
            people = [one for one in by_phone[message.recipient] if not one.email]
            _write_to_mailboxes(by_phone[message.recipient], message)
        if people:
            words[message.pk] = _render(message, people[: MOST_PEOPLE[Channel(message.channel)]])
        elif not by_phone[message.recipient]:
            forget_messages(unique_key_prefix=message.unique_key)
    return words


def _people_at(addresses: set[str]) -> tuple[dict[str, list[Contact]], dict[str, list[Contact]]]:
    by_email: dict[str, list[Contact]] = defaultdict(list)
    by_phone: dict[str, list[Contact]] = defaultdict(list)
    newest = Contact.objects.order_by("-created_at", "-pk")
    for contact in newest.filter(email__in=addresses - {""}):
        by_email[contact.email].append(contact)
    for contact in newest.filter(phone__in=[text for text in addresses if text.startswith("+")]):
        by_phone[e164(contact)].append(contact)
    return by_email, by_phone


def _write_to_mailboxes(people: Iterable[Contact], message: Message) -> None:
    """Send by e-mail to those who left an address: families share a number and read its SMS."""
    for address in {person.email for person in people if person.email}:
        ask_personal_link(channel=Channel.EMAIL, address=address, language=message.language)


def _render(message: Message, people: list[Contact]) -> Rendered:
    context = {
        "people": [
            {"first_name": person.first_name, "personal_url": personal_url(person)}
            for person in people
        ],
        "unsubscribe_url": "",
    }
    if message.channel == Channel.EMAIL:
        return render_email("contacts/email/link", context, message.language)
    with translation.override(message.language):
        text = render_to_string("contacts/sms/link.txt", context)
    return Rendered(subject="", text=" ".join(text.split()), html="")
