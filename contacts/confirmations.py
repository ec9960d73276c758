"""What a person gets at once after registering: their sheets and their personal link."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import translation

from campaigns import clock
from campaigns.models import PARIS
from contacts.addresses import address_on, agreed_channels_of, awaits_confirmation
from contacts.links import confirmation_url, personal_url
from contacts.models import Contact
from library.models import RightsSheet
from messaging.actions import Envelope, enqueue_composed
from messaging.enums import Channel
from messaging.links import unsubscribe_url_for
from messaging.models import Message, address_hash
from messaging.rendering import Rendered, render_email

PURPOSE = "contact-confirmation"
# A stranger may type anybody's address: this many confirmations reach it in a day, no more.
PER_ADDRESS = 3
# Pages that an address had before and are told with the new one.
MOST_EARLIER = 3
# A confirmation that comes days later only puzzles.
LIFETIME = timedelta(days=3)


def confirmation_key(contact: Contact) -> str:
    """What the unique keys of all confirmations of a contact begin with."""
    return confirmation_prefix(contact.pk)


def confirmation_prefix(pk: int) -> str:
    """`confirmation_key` of a contact whose row is gone."""
    return f"{PURPOSE}:{pk}:"


def send_confirmations(
    contacts: Iterable[Contact],
    *,
    agreed: Mapping[int, Collection[str]] | None = None,
    occasion: str = "",
) -> None:
    """Write the sheets and the personal link to each person: by e-mail, else by SMS.

    Only on a channel they agreed to (`agreed`, by contact, when the caller knows), once a day per
    contact (and `occasion`), three times a day per address. The words are composed just before
    hand-over.
    """
    people = {contact.pk: contact for contact in contacts}.values()
    chosen = _choose_channels(people, agreed_channels_of(people) if agreed is None else agreed)
    if not chosen:
        return
    now = clock.now()
    recent = _count_recent(chosen, since=now - timedelta(days=1))
    envelopes = []
    for contact, channel in chosen:
        hashed = address_hash(channel, address_on(contact, channel))
        if recent[hashed] < PER_ADDRESS:
            recent[hashed] += 1
            envelopes.append(_envelope(contact, channel, now, occasion))
    enqueue_composed(purpose=PURPOSE, envelopes=envelopes)


def _choose_channels(
    contacts: Collection[Contact], agreed: Mapping[int, Collection[str]]
) -> list[tuple[Contact, Channel]]:
    chosen = []
    for contact in contacts:
        if contact.email and "email" in agreed[contact.pk]:
            chosen.append((contact, Channel.EMAIL))
        elif contact.phone and "sms" in agreed[contact.pk]:
            chosen.append((contact, Channel.SMS))
    return chosen


def _count_recent(chosen: Iterable[tuple[Contact, Channel]], *, since: datetime) -> Counter[str]:
    hashes = {address_hash(channel, address_on(contact, channel)) for contact, channel in chosen}
    recent = Message.objects.filter(
        recipient_hash__in=hashes, purpose=PURPOSE, created_at__gte=since
    )
    rows = recent.order_by().values_list("recipient_hash").annotate(number=Count("pk"))
    return Counter(dict(rows))


def _envelope(contact: Contact, channel: Channel, now: datetime, occasion: str) -> Envelope:
    day = f"{now.astimezone(PARIS):%Y%m%d}{occasion}"
    address = address_on(contact, channel)
    return Envelope(
        unique_key=f"{confirmation_key(contact)}{channel}:{contact.link_version}:{day}",
        channel=channel,
        recipient=address,
        language=contact.language,
        unsubscribe_url=unsubscribe_url_for(channel, address) if channel == Channel.EMAIL else "",
        not_after=now + LIFETIME,
        departement=contact.departement,
    )


def compose(messages: list[Message]) -> dict[UUID, Rendered]:
    """The words of confirmations, with each person's personal link and sheets of today.

    Leaves out whoever changed address or links since: a link goes only where it was meant to.
    """
    keys = {message.pk: message.unique_key.split(":") for message in messages}
    contacts = Contact.objects.select_related("trade").in_bulk(
        {int(key[1]) for key in keys.values()}
    )
    earlier = _earlier_at(contact.email for contact in contacts.values())
    sheets: dict[tuple[str | None, str | None], list[RightsSheet]] = defaultdict(list)
    for trade, agreement in {(c.trade_id, c.agreement_id) for c in contacts.values()}:
        found = RightsSheet.objects.for_worker(trade=trade, agreement=agreement)
        sheets[trade, agreement] = list(found)
    words = {}
    for message in messages:
        contact = contacts.get(int(keys[message.pk][1]))
        if contact is not None and _still_goes(message, contact, int(keys[message.pk][3])):
            own = sheets[contact.trade_id, contact.agreement_id]
            before = [other for other in earlier[contact.email] if _is_before(other, contact)]
            words[message.pk] = _render(message, contact, own, before)
    return words


def _earlier_at(emails: Iterable[str]) -> dict[str, list[Contact]]:
    """By e-mail address, everybody it belongs to, the latest first.

    Who registers again under another spelling gets the page they had as well: their address proves
    it is theirs, and the page of the form says nothing.
    """
    found: dict[str, list[Contact]] = defaultdict(list)
    rows = Contact.objects.filter(email__in=set(emails) - {""}).order_by("-created_at", "-pk")
    for contact in rows:
        found[contact.email].append(contact)
    return found


def _is_before(one: Contact, other: Contact) -> bool:
    return (one.created_at, one.pk) < (other.created_at, other.pk)


def _still_goes(message: Message, contact: Contact, link_version: int) -> bool:
    address = address_on(contact, message.channel)
    return contact.link_version == link_version and message.recipient == address


def _render(
    message: Message, contact: Contact, sheets: list[RightsSheet], earlier: list[Contact]
) -> Rendered:
    context: dict[str, Any] = {
        "contact": contact,
        "personal_url": personal_url(contact),
        "sheets": sheets,
        "unsubscribe_url": message.unsubscribe_url,
        "confirm_url": confirmation_url(contact) if awaits_confirmation(contact) else "",
        "earlier": [
            {"first_name": other.first_name, "personal_url": personal_url(other)}
            for other in earlier[:MOST_EARLIER]
        ],
    }
    if message.channel == Channel.EMAIL:
        return render_email("contacts/email/confirmation", context, message.language)
    with translation.override(message.language):
        text = render_to_string("contacts/sms/confirmation.txt", context)
    return Rendered(subject="", text=" ".join(text.split()), html="")
