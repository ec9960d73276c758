"""Taking back what a list brought: whoever it alone brought goes, whoever was met since stays."""

import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from contacts import hooks
from contacts.confirmations import confirmation_key
from contacts.models import Capture, Consent, Contact
from imports.models import ContactImport, ImportChunk
from messaging.actions import forget_messages

# What only a human, or the person, writes on a contact.
UNTOUCHED = Q(
    revision=1,
    link_version=1,
    reached_at=None,
    voted_at=None,
    support="",
    will_vote="",
    joining="",
)
# Making a row writes its times a moment apart, and that of the address its list vouches for.
AS_MADE = F("created_at") + timedelta(seconds=2)


def take_back(contact_import: ContactImport, chunk: ImportChunk) -> set[int]:
    """Remove what a chunk brought; return the people who stay because they were met since.

    Runs inside the chunk's transaction.

    A person known before loses only this list's capture and consents.
    """
    captures = Capture.objects.filter(capture_id__in=_capture_ids(contact_import, chunk))
    brought = Contact.objects.filter(pk__in=captures.filter(created_contact=True).values("contact"))
    # Locked before they are judged: what somebody writes meanwhile is seen, or waits.
    locked = {each.pk: each for each in brought.select_for_update(of=("self",)).order_by("pk")}
    gone = _untouched(locked.values(), contact_import)
    gone_pks = [contact.pk for contact in gone]
    stay = locked.keys() - set(gone_pks)
    for contact in gone if contact_import.sends_welcome else ():
        forget_messages(unique_key_prefix=confirmation_key(contact))
    hooks.before_erasure(*gone)
    removed = captures.exclude(contact__in=stay)
    Consent.objects.filter(capture__in=removed.values("pk")).delete()
    removed.delete()
    Contact.objects.filter(pk__in=gone_pks).delete()
    return stay


def _untouched(people: Collection[Contact], contact_import: ContactImport) -> list[Contact]:
    """Those with nothing but what this list gave them, as of now."""
    own = {"contact": OuterRef("pk")}
    other_captures = Capture.objects.filter(**own).exclude(source=contact_import.source_id)
    ours = Q(capture__source=contact_import.source_id)
    other_consents = Consent.objects.filter(~ours | Q(capture=None), **own)
    rows = Contact.objects.filter(
        UNTOUCHED,
        Q(email_confirmed_at=None) | Q(email_confirmed_at__lt=AS_MADE),
        ~Exists(other_captures),
        ~Exists(other_consents),
        pk__in=[contact.pk for contact in people],
        merges=None,
        updated_at__lt=AS_MADE,
    ).order_by("pk")
    dealt_with = hooks.dealt_with(list(people))
    return [contact for contact in rows if contact.pk not in dealt_with]


def _capture_ids(contact_import: ContactImport, chunk: ImportChunk) -> Iterable[uuid.UUID]:
    numbers = range(chunk.first_line, chunk.last_line + 1)
    return [capture_id_of(contact_import, number) for number in numbers]


def capture_id_of(contact_import: ContactImport, number: int) -> uuid.UUID:
    """The identifier of a line's capture, the same each time the line is imported."""
    return uuid.uuid5(contact_import.pk, str(number))
