"""Every write on contacts: one verb per act."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from contacts import hooks, merging
from contacts.addresses import address_on, e164, suppressed_channels
from contacts.captures import CaptureRequest, Details
from contacts.capturing import CaptureBatch, likeliest_agreements, place_and_trade
from contacts.confirmations import confirmation_prefix, send_confirmations
from contacts.enums import CaptureMethod, SourceKind
from contacts.locks import lock_names
from contacts.matching import rows_of_person
from contacts.models import (
    STANDING,
    Capture,
    Consent,
    ConsentWording,
    Contact,
    ContactMerge,
    Source,
)
from contacts.places import Place
from core.tokens import make_code
from messaging.actions import forget_messages, forget_recipient, lift_suppressions, suppress
from messaging.enums import Channel, SuppressionReason
from organisations.models import Organisation, User
from territory.models import Trade

log = structlog.get_logger()


class ContactMoved(Exception):
    """Somebody else corrected this contact meanwhile."""


@transaction.atomic
def capture_contact(
    *,
    capture_id: uuid.UUID,
    source: Source,
    details: Details,
    method: CaptureMethod,
    captured_by: User | None = None,
    device: str = "",
    device_time: datetime | None = None,
) -> Capture:
    """Store one capture, exactly once, and the person it is about: a batch of one."""
    request = CaptureRequest(
        capture_id=capture_id, source=source, details=details, method=method,
        captured_by=captured_by, device=device, device_time=device_time,
    )  # fmt: skip
    return capture_batch(requests=[request])[0]


@transaction.atomic
def capture_batch(*, requests: Sequence[CaptureRequest]) -> list[Capture]:
    """Store captures, each exactly once, and the people they are about, in one transaction.

    Answers one capture per request, in their order; a known `capture_id` answers the capture
    already stored. The number of queries does not depend on the size of the batch; a few hundred
    captures at a time keep the locks on people short.
    """
    return CaptureBatch(requests).store()


@transaction.atomic
def correct_contact(
    *,
    contact: Contact,
    first_name: str,
    phone: str,
    email: str,
    place: Place,
    trade: Trade | None,
    revision: int | None = None,
) -> Contact:
    """Replace a person's details by the corrected ones.

    Another e-mail address or number makes the links sent to the former one useless; the new one
    gets its own, and a new e-mail address is to be confirmed anew. Raises `ContactMoved` when
    `revision`, the one that was on screen, is no longer the contact's.
    """
    lock_names([phone, email])
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    if revision is not None and revision != contact.revision:
        raise ContactMoved
    is_other_email = contact.email != email
    # Whoever held the former number has the personal link too.
    is_other_person = is_other_email or bool(contact.phone and e164(contact) != phone)
    contact.first_name, contact.email = first_name, email
    contact.phone = phone
    agreement = contact.agreement
    if trade and contact.trade_id != trade.pk:
        agreement = likeliest_agreements({trade}).get(trade.pk)
    place_and_trade(contact, place, trade, agreement if trade else None)
    contact.updated_at = timezone.now()
    contact.revision += 1
    if is_other_email:
        contact.email_confirmed_at = None
    contact.link_version += is_other_person
    contact.save()
    if is_other_person:
        send_confirmations([contact])
    return contact


@transaction.atomic
def change_consents(
    *, contact: Contact, given: Iterable[ConsentWording], author: User | None = None
) -> None:
    """Make `given` the consents that hold: add the new ones, withdraw the others, at once.

    `author` is the member of staff who did it at the person's request, None for the person.
    """
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    given_before = {
        (consent.purpose, consent.channel): consent
        for consent in contact.consents.holding()
        if consent.is_given
    }
    blocked = suppressed_channels(contact)
    wanted = {(wording.purpose, wording.channel): wording for wording in given}
    for (purpose, channel), wording in wanted.items():
        if (purpose, channel) in given_before and channel not in blocked:
            continue
        Consent.objects.create(
            contact=contact, purpose=purpose, channel=channel, is_given=True, wording=wording,
            author=author,
        )  # fmt: skip
        lift_suppressions(addresses=[(channel, address_on(contact, channel))])
    for purpose, channel in given_before.keys() - wanted.keys():
        withdraw_consent(contact=contact, purpose=purpose, channel=channel, author=author)


@transaction.atomic
def withdraw_consent(
    *, contact: Contact, purpose: str, channel: str, author: User | None
) -> list[int]:
    """Add a withdrawal to every row of the person that agreed; answer which.

    They may have registered twice.
    """
    rows = [row.pk for row in rows_of_person(contact)]
    held = Consent.objects.filter(contact__in=rows, purpose=purpose, channel=channel).holding()
    given = [consent for consent in held if consent.is_given]
    _say_of(given, is_given=False, author=author)
    return sorted(consent.contact_id for consent in given)


@transaction.atomic
def restore_consents(
    *, contacts: Collection[int], purpose: str, channel: str, author: User
) -> None:
    """Say again what `author` withdrew by mistake; what anybody else withdrew stays withdrawn."""
    rows = Consent.objects.filter(contact__in=contacts, purpose=purpose, channel=channel).holding()
    ours = [one for one in rows if not one.is_given and one.author_id == author.pk]
    _say_of(ours, is_given=True, author=author)


def _say_of(consents: Iterable[Consent], *, is_given: bool, author: User | None) -> None:
    """Add a statement about each of these, in the words of the one before."""
    Consent.objects.bulk_create(
        Consent(
            contact_id=consent.contact_id, purpose=consent.purpose, channel=consent.channel,
            is_given=is_given, wording_id=consent.wording_id, author=author,
        )
        for consent in consents
    )  # fmt: skip


@transaction.atomic
def record_standing(*, contact: Contact, author: User | None, **fields: Any) -> Contact:
    """Write where a person stands: `fields` are those of `STANDING` to change."""
    if unknown := fields.keys() - set(STANDING):
        raise ValueError(f"not where a person stands: {sorted(unknown)}")
    row = Contact.objects.select_for_update(no_key=True, of=("self",)).get(pk=contact.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.updated_at = timezone.now()
    row.save(update_fields=[*fields, "updated_at"])
    log.info("standing-recorded", contact=row.pk, user=author.pk if author else None)
    return row


@transaction.atomic
def erase_contact(*, contact: Contact, author: User | None = None) -> None:
    """Erase a person from every row: details, consents and messages go, a keyed hash remains.

    An address still used by somebody else (a family's number) is not suppressed: it is theirs
    too. The events stay, without the person, so that the count of each source stays true.
    """
    rows = rows_of_person(contact)
    others = Contact.objects.exclude(pk__in=[row.pk for row in rows])
    for row in rows:
        for pk in [row.pk, *row.merges.standing().values_list("merged_pk", flat=True)]:
            forget_messages(unique_key_prefix=confirmation_prefix(pk))
        row.captures.update(differences={}, note="", wishes=[])
        for phone, email in [(e164(row), row.email), *merging.addresses_merged_into(row)]:
            if phone and not others.filter(phone=phone).exists():
                _erase_address(Channel.SMS, phone)
            if email and not others.filter(email=email).exists():
                _erase_address(Channel.EMAIL, email)
        hooks.before_erasure(row)
        pk = row.pk
        row.delete()
        log.info("contact-erased", contact=pk, user=author.pk if author else None)


def _erase_address(channel: Channel, address: str) -> None:
    forget_recipient(channel=channel, address=address)
    suppress(channel=channel, address=address, reason=SuppressionReason.ERASED)


class MergeRefused(Exception):
    """These two rows cannot become one, or cannot be parted any more; the message says why."""


@transaction.atomic
def merge_contacts(
    *, survivor: Contact, other: Contact, choices: Mapping[str, str], reason: str, author: User
) -> ContactMerge:
    """Make two rows one person; `choices` says per field whether “survivor” or “other” is kept.

    The other row goes, and everything about it moves; `unmerge_contacts` brings it all back.
    Raises `MergeRefused` when one of them is gone.
    """
    rows = _lock_rows(survivor.pk, other.pk)
    if len(rows) < 2:
        raise MergeRefused("L’un des deux contacts n’existe plus.")
    merged_pk, survivor, other = other.pk, rows[survivor.pk], rows[other.pk]
    before, merged = merging.values_of(survivor), merging.values_of(other)
    elsewhere = hooks.before_merge(survivor, other)
    moved = merging.move_relations(other, survivor)
    merging.take_chosen(survivor, other, choices)
    other.delete()
    replaced = [before["email"] != survivor.email, before["phone"] not in ("", e164(survivor))]
    survivor.link_version += any(replaced)
    _save_changed(survivor)
    if any(replaced):
        send_confirmations([survivor])
    log.info("contacts-merged", contact=survivor.pk, merged=merged_pk, user=author.pk)
    return ContactMerge.objects.create(
        survivor=survivor, merged_pk=merged_pk, survivor_before=before,
        survivor_after=merging.values_of(survivor), merged_before=merged, moved=moved,
        elsewhere=elsewhere, reason=reason, merged_by=author,
    )  # fmt: skip


@transaction.atomic
def unmerge_contacts(*, merge: ContactMerge, author: User) -> Contact:
    """Part two rows that were made one; answer the row that is back, under its number.

    What was corrected or withdrawn meanwhile stays: a withdrawal holds for both. Raises
    `MergeRefused` when it was undone already or another merge of the same person is more recent.
    """
    survivor = Contact.objects.select_for_update().get(pk=merge.survivor_id)
    merge = ContactMerge.objects.select_for_update().get(pk=merge.pk)
    if survivor.merges.standing().first() != merge:
        raise MergeRefused("Seule la dernière réunion de cette personne peut être défaite.")
    restored = merging.restore_merged(merge)
    merging.move_back(merge.moved, survivor, restored)
    merging.restore_survivor(merge, survivor)
    _save_changed(survivor)
    for consent in merging.withdrawals_since(merge):
        Consent.objects.create(
            contact=restored, purpose=consent.purpose, channel=consent.channel, is_given=False,
            wording=consent.wording, author=consent.author, given_at=consent.given_at,
        )  # fmt: skip
    hooks.after_unmerge(survivor, restored, merge.elsewhere)
    # Two people again: nothing of the one stays beside the other.
    merge.survivor_before, merge.survivor_after, merge.merged_before = {}, {}, {}
    merge.moved, merge.elsewhere = {}, {}
    merge.undone_at, merge.undone_by = timezone.now(), author
    merge.save()
    log.info("contacts-parted", contact=survivor.pk, restored=restored.pk, user=author.pk)
    return restored


def _lock_rows(*pks: int) -> dict[int, Contact]:
    """The rows that still exist, locked in the order of their numbers."""
    rows = Contact.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    return {row.pk: row for row in rows.select_related("commune")}


def _save_changed(contact: Contact) -> None:
    contact.updated_at = timezone.now()
    contact.revision += 1
    contact.save()


@transaction.atomic
def dismiss_duplicate(*, contact: Contact, author: User) -> Contact:
    """Record a human's word that this contact is not the one it resembles.

    One flagged anew meanwhile, as resembling somebody else, stays so.
    """
    row = Contact.objects.select_for_update(no_key=True, of=("self",)).get(pk=contact.pk)
    other = row.possible_duplicate_of_id
    if other is None or other != contact.possible_duplicate_of_id:
        return row
    row.possible_duplicate_of = None
    row.save(update_fields=["possible_duplicate_of"])
    log.info("duplicate-dismissed", contact=row.pk, other=other, user=author.pk)
    return row


@transaction.atomic
def create_source(
    *, organisation: Organisation, kind: SourceKind, label: str, created_by: User | None,
    trade: Trade | None = None,
) -> Source:  # fmt: skip
    """Open a source with its short public code."""
    return Source.objects.create(
        code=make_code(), kind=kind, label=label, organisation=organisation, trade=trade,
        created_by=created_by,
    )  # fmt: skip


@transaction.atomic
def rename_source(*, source: Source, label: str, trade: Trade | None) -> Source:
    source.label, source.trade = label, trade
    source.save(update_fields=["label", "trade"])
    return source


@transaction.atomic
def close_source(*, source: Source) -> Source:
    """Close a source: its code leads to a page that says so and offers the rights sheets."""
    source.is_active = False
    source.save(update_fields=["is_active"])
    return source


@transaction.atomic
def reopen_source(*, source: Source) -> Source:
    source.is_active = True
    source.save(update_fields=["is_active"])
    return source


@transaction.atomic
def open_activist_source(*, user: User, organisation: Organisation) -> Source:
    """The activist's own source in an organisation, made on first use."""
    source, _ = Source.objects.get_or_create(
        kind=SourceKind.ACTIVIST,
        activist=user,
        organisation=organisation,
        defaults={
            "code": make_code(),
            "label": f"Saisies de {user.get_full_name()}",
            "created_by": user,
        },
    )
    return source
