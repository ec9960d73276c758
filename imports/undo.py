"""Taking back what a list brought: whoever it alone brought goes, whoever was met since stays."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from contacts.confirmations import confirmation_key
from contacts.models import Capture, Consent, Contact, ContactQuerySet
from imports.models import ContactImport, ImportChunk
from messaging.actions import forget_messages

# What only a human, or the person, writes on a contact.
UNTOUCHED = Q(
    revision=1, link_version=1, email_confirmed_at=None, reached_at=None, voted_at=None,
    support="", will_vote="", joining="",
)  # fmt: skip


def take_back(contact_import: ContactImport, chunk: ImportChunk) -> tuple[int, int]:
    """Remove what a chunk brought; return how many people stay because they were met since, and
    how many are gone.

    A person known before loses only this list's capture and consents.
    """
    captures = Capture.objects.filter(capture_id__in=_capture_ids(contact_import, chunk))
    brought = Contact.objects.filter(pk__in=captures.filter(created_contact=True).values("contact"))
    gone = list(_untouched(brought, contact_import).order_by("pk"))
    gone_pks = [contact.pk for contact in gone]
    stay = set(brought.exclude(pk__in=gone_pks).values_list("pk", flat=True))
    for contact in gone if contact_import.sends_welcome else ():
        forget_messages(unique_key_prefix=confirmation_key(contact))
    removed = captures.exclude(contact__in=stay)
    Consent.objects.filter(capture__in=removed.values("pk")).delete()
    removed.delete()
    Contact.objects.filter(pk__in=gone_pks).delete()
    return len(stay), len(gone)


def _untouched(brought: ContactQuerySet, contact_import: ContactImport) -> ContactQuerySet:
    """Those with nothing but what this list gave them."""
    own = {"contact": OuterRef("pk")}
    other_captures = Capture.objects.filter(**own).exclude(source=contact_import.source_id)
    ours = Q(capture__source=contact_import.source_id)
    other_consents = Consent.objects.filter(~ours | Q(capture=None), **own)
    return brought.filter(
        UNTOUCHED,
        ~Exists(other_captures),
        ~Exists(other_consents),
        merges=None,
        # Both are written as the row is made, a moment apart.
        updated_at__lt=F("created_at") + timedelta(seconds=2),
    )


def _capture_ids(contact_import: ContactImport, chunk: ImportChunk) -> Iterable[uuid.UUID]:
    numbers = range(chunk.first_line, chunk.last_line + 1)
    return [capture_id_of(contact_import, number) for number in numbers]


def capture_id_of(contact_import: ContactImport, number: int) -> uuid.UUID:
    """The identifier of a line's capture, the same each time the line is imported."""
    return uuid.uuid5(contact_import.pk, str(number))
