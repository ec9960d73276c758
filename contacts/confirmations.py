"""What a person gets at once after registering: their sheets and their personal link."""

from datetime import timedelta

from django.template.loader import render_to_string
from django.utils import translation

from campaigns import clock
from contacts.addresses import e164, open_channels
from contacts.links import personal_url
from contacts.models import Contact
from library.models import RightsSheet
from messaging.actions import enqueue_email, enqueue_sms
from messaging.enums import Channel
from messaging.links import unsubscribe_url_for
from messaging.models import Message

PURPOSE = "contact-confirmation"
# A stranger may type anybody's address: this many confirmations reach it in a day, no more.
PER_ADDRESS = 3
# A confirmation that comes days later only puzzles.
LIFETIME = timedelta(days=3)


def confirmation_key(contact: Contact) -> str:
    """What the unique keys of all confirmations of a contact begin with."""
    return f"{PURPOSE}:{contact.pk}:"


def send_confirmation(*, contact: Contact) -> None:
    """Write the sheets and the personal link to the person: by e-mail, else by SMS.

    Only on a channel they agreed to, once a day per contact, three times a day per address.
    """
    channels = open_channels(contact)
    if contact.email and "email" in channels:
        _send_mail(contact)
    elif contact.phone and "sms" in channels:
        _send_sms(contact)


def _send_mail(contact: Contact) -> None:
    if _is_flooded(Channel.EMAIL, contact.email):
        return
    sheets = RightsSheet.objects.for_worker(trade=contact.trade_id, agreement=contact.agreement_id)
    enqueue_email(
        unique_key=_key(contact, Channel.EMAIL),
        purpose=PURPOSE,
        recipient=contact.email,
        template="contacts/email/confirmation",
        context={
            "contact": contact,
            "sheets": list(sheets),
            "personal_url": personal_url(contact),
        },
        language=contact.language,
        unsubscribe_url=unsubscribe_url_for(Channel.EMAIL, contact.email),
        not_after=clock.now() + LIFETIME,
        departement=contact.departement,
        is_secret=True,
    )


def _send_sms(contact: Contact) -> None:
    if _is_flooded(Channel.SMS, e164(contact)):
        return
    enqueue_sms(
        unique_key=_key(contact, Channel.SMS),
        purpose=PURPOSE,
        recipient=e164(contact),
        text=render_sms("contacts/sms/confirmation.txt", contact),
        language=contact.language,
        not_after=clock.now() + LIFETIME,
        departement=contact.departement,
        is_secret=True,
    )


def render_sms(template: str, contact: Contact) -> str:
    with translation.override(contact.language):
        context = {"contact": contact, "personal_url": personal_url(contact)}
        return " ".join(render_to_string(template, context).split())


def _key(contact: Contact, channel: Channel) -> str:
    return f"{confirmation_key(contact)}{channel}:{contact.link_version}:{clock.today():%Y%m%d}"


def _is_flooded(channel: Channel, address: str) -> bool:
    recent = Message.objects.to_address(channel, address).filter(
        purpose=PURPOSE, created_at__gte=clock.now() - timedelta(days=1)
    )
    return recent.count() >= PER_ADDRESS
