"""Asked by the outbox just before an appointment or a letter is handed over."""

from collections.abc import Mapping
from uuid import UUID

from calls.models import FollowUp, Meeting
from contacts.addresses import address_on
from contacts.gates import without_consent
from contacts.models import Contact
from messaging.enums import SkipReason
from messaging.models import Message, address_hash


def check_meetings(messages: list[Message]) -> Mapping[UUID, SkipReason]:
    """The appointments not to write: the person withdrew, changed address, or was erased."""
    uids = {message.pk: UUID(_name(message)) for message in messages}
    meetings = Meeting.objects.filter(uid__in=uids.values()).select_related("follow_up__contact")
    people = {meeting.uid: meeting.follow_up.contact for meeting in meetings}
    return _refused(messages, {pk: people.get(uid) for pk, uid in uids.items()})


def check_letters(messages: list[Message]) -> Mapping[UUID, SkipReason]:
    """The letters not to send, for the same reasons."""
    pks = {message.pk: int(_name(message)) for message in messages}
    rows = FollowUp.objects.select_related("contact").in_bulk(set(pks.values()))
    people = {pk: row.contact for pk, row in rows.items()}
    return _refused(messages, {message: people.get(pk) for message, pk in pks.items()})


def _name(message: Message) -> str:
    """Whose appointment or follow-up it is about: the second part of its key."""
    return message.unique_key.split(":")[1]


def _refused(
    messages: list[Message], people: Mapping[UUID, Contact | None]
) -> dict[UUID, SkipReason]:
    """Words go only where they were meant to: to today's address of whoever still agrees."""
    contacts = {}
    for message in messages:
        contact = people[message.pk]
        address = address_on(contact, message.channel) if contact else ""
        if contact and message.recipient_hash == address_hash(message.channel, address):
            contacts[message.pk] = contact.pk
    return without_consent(messages, contacts)
