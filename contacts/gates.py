"""Asked by the outbox just before a message is handed over: does the person still agree?"""

from collections.abc import Mapping
from uuid import UUID

from contacts.models import Consent
from messaging.enums import SkipReason
from messaging.models import Message


def check_consents(messages: list[Message]) -> Mapping[UUID, SkipReason]:
    """The confirmations not to send: the person withdrew, or was erased, meanwhile."""
    return without_consent(
        messages, {message.pk: int(message.unique_key.split(":")[1]) for message in messages}
    )


def without_consent(
    messages: list[Message], contacts: Mapping[UUID, int]
) -> dict[UUID, SkipReason]:
    """The messages whose person, named by `contacts`, does not agree to their channel, or is gone.

    One query.
    """
    agreed = {
        (consent.contact_id, consent.channel)
        for consent in Consent.objects.filter(contact__in=set(contacts.values())).holding()
        if consent.is_given
    }
    return {
        message.pk: SkipReason.NO_CONSENT
        for message in messages
        if (contacts.get(message.pk), message.channel) not in agreed
    }
