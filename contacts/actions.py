"""Every write on contacts: one verb per act."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.utils import timezone

from contacts.addresses import (
    address_on,
    e164,
    search_text,
    suppressed_addresses,
    suppressed_channels,
)
from contacts.confirmations import confirmation_key, send_confirmation
from contacts.enums import CaptureMethod, SourceKind
from contacts.matching import find_match, rows_of_person
from contacts.models import Capture, Consent, ConsentWording, Contact, Source
from contacts.places import Place
from core.tokens import keyed_hash, make_code
from messaging.actions import forget_messages, forget_recipient, lift_suppression, suppress
from messaging.enums import Channel, SuppressionReason
from organisations.models import Organisation, User
from territory.models import CollectiveAgreement, Trade

log = structlog.get_logger()


@dataclass(frozen=True)
class Details:
    """What a person said of themselves, already validated. `phone` is E.164 or empty."""

    first_name: str
    place: Place
    phone: str = ""
    email: str = ""
    trade: Trade | None = None
    language: str = "fr"
    # The wordings the person ticked; every other stays not given.
    consents: tuple[ConsentWording, ...] = field(default_factory=tuple)


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
    """Store one capture, exactly once, and the person it is about.

    A known `capture_id` returns the capture already stored. Otherwise the person is created,
    recognised (same number or address and compatible name), or created with the flag “possible
    duplicate” for a human to look at (DESIGN §2).
    """
    _lock(str(capture_id), details.phone, details.email)
    stored = Capture.objects.filter(capture_id=capture_id).first()
    if stored is not None:
        return stored
    if method == CaptureMethod.SELF:
        details = without_closed_addresses(details)
    if not (details.phone or details.email):
        return _count_only(capture_id, source, method, device)
    contact, is_new = _find_or_create(details, method)
    capture = Capture.objects.create(
        capture_id=capture_id,
        contact=contact,
        source=source,
        method=method,
        captured_by=captured_by,
        device_hash=keyed_hash(device) if device else "",
        device_time=device_time,
        created_contact=is_new,
        differences={} if is_new else _complete(contact, details, method, captured_by),
    )
    _record_consents(capture, contact, details.consents, author=captured_by)
    if (details.email or details.phone) in (contact.email, e164(contact)):
        send_confirmation(contact=contact)
    return capture


def without_closed_addresses(details: Details) -> Details:
    """Leave out the addresses whose owner said stop or had themselves erased.

    On the public form nobody knows who types: coming back goes through an activist.
    """
    closed = suppressed_addresses(phone=details.phone, email=details.email)
    return replace(
        details,
        phone="" if details.phone in closed else details.phone,
        email="" if details.email in closed else details.email,
    )


def _count_only(
    capture_id: uuid.UUID, source: Source, method: CaptureMethod, device: str
) -> Capture:
    """The event without the person, of whom nothing may be kept."""
    return Capture.objects.create(
        capture_id=capture_id, contact=None, source=source, method=method,
        device_hash=keyed_hash(device) if device else "", created_contact=False,
    )  # fmt: skip


def _lock(*names: str) -> None:
    """Let one capture at a time through per identifier, number and address."""
    with connection.cursor() as cursor:
        for name in sorted(filter(None, names)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _find_or_create(details: Details, method: CaptureMethod) -> tuple[Contact, bool]:
    match = find_match(first_name=details.first_name, phone=details.phone, email=details.email)
    if match and match.is_same_person and not _adds_address(match.contact, details, method):
        return match.contact, False
    contact = Contact(
        first_name=details.first_name,
        phone=details.phone,
        email=details.email,
        language=details.language,
        possible_duplicate_of=match.contact if match else None,
    )
    _place_and_trade(contact, details.place, details.trade)
    contact.save()
    return contact, True


def _adds_address(contact: Contact, details: Details, method: CaptureMethod) -> bool:
    """Whether somebody unknown would add an address to a known person.

    Anyone may type a neighbour's number and their own e-mail into the public form: attaching them
    would send the neighbour's personal link to them.
    """
    if method != CaptureMethod.SELF:
        return False
    new_phone = details.phone and details.phone != e164(contact)
    return bool(new_phone or (details.email and details.email != contact.email))


def _place_and_trade(contact: Contact, place: Place, trade: Trade | None) -> None:
    contact.postcode = place.postcode
    contact.commune = place.commune
    contact.departement = place.departement
    contact.trade = trade
    contact.agreement = likeliest_agreement(trade)
    contact.search_text = search_text(contact)


def likeliest_agreement(trade: Trade | None) -> CollectiveAgreement | None:
    """The first collective agreement of a trade, which staff can correct afterwards."""
    rank = trade.agreement_ranks.select_related("agreement").first() if trade else None
    return rank.agreement if rank else None


def _complete(
    contact: Contact, details: Details, method: CaptureMethod, author: User | None
) -> dict[str, str]:
    """Complete a recognised contact; return what was typed and differs from what is known.

    Known details win: a second encounter never overwrites what the person may have corrected.
    Blanks are filled only by an author who sees the contact already: typing somebody's number
    beside one's own address must not bring their personal link.
    """
    typed = {
        "first_name": (details.first_name, contact.first_name),
        "phone": (details.phone, e164(contact)),
        "email": (details.email, contact.email),
        "postcode": (details.place.postcode, contact.postcode),
        "trade": (details.trade.pk if details.trade else "", contact.trade_id or ""),
    }
    differences = {key: said for key, (said, known) in typed.items() if said and said != known}
    if method == CaptureMethod.SELF or author is None or not _sees(author, contact):
        return differences
    for key in [key for key in ("phone", "email") if not typed[key][1]]:
        if key in differences:
            setattr(contact, key, differences.pop(key))
    if contact.trade is None and details.trade is not None:
        contact.trade, contact.agreement = details.trade, likeliest_agreement(details.trade)
        differences.pop("trade")
    contact.search_text = search_text(contact)
    contact.updated_at = timezone.now()
    contact.save(
        update_fields=["phone", "email", "trade", "agreement", "search_text", "updated_at"]
    )
    return differences


def _sees(author: User, contact: Contact) -> bool:
    return Contact.objects.visible_to(author).filter(pk=contact.pk).exists()


def _record_consents(
    capture: Capture, contact: Contact, wordings: Iterable[ConsentWording], author: User | None
) -> None:
    """Add what was agreed to, with the words shown.

    In front of an activist a person can come back on a withdrawal; on the public form, where
    nobody knows who types, a withdrawal holds: only the personal page undoes it.
    """
    withdrawn = {
        (consent.purpose, consent.channel)
        for consent in contact.consents.holding()
        if not consent.is_given
    }
    for wording in wordings:
        if author is None and (wording.purpose, wording.channel) in withdrawn:
            continue
        Consent.objects.create(
            contact=contact,
            purpose=wording.purpose,
            channel=wording.channel,
            is_given=True,
            wording=wording,
            capture=capture,
            author=author,
        )
        if author is not None:
            _lift_suppression(contact, wording.channel)


def _lift_suppression(contact: Contact, channel: str) -> None:
    if address := address_on(contact, channel):
        lift_suppression(channel=Channel(channel), address=address)


@transaction.atomic
def correct_contact(
    *,
    contact: Contact,
    first_name: str,
    phone: str,
    email: str,
    place: Place,
    trade: Trade | None,
) -> Contact:
    """Replace a person's details by the corrected ones.

    Another e-mail address makes the links sent to the former one useless; the new one gets its own.
    """
    _lock(phone, email)
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    old_trade, old_email = contact.trade_id, contact.email
    contact.first_name, contact.email = first_name, email
    contact.phone = phone
    agreement = contact.agreement
    _place_and_trade(contact, place, trade)
    if contact.trade_id == old_trade:
        contact.agreement = agreement
    contact.updated_at = timezone.now()
    if contact.email != old_email:
        contact.link_version += 1
    contact.save()
    if contact.email != old_email:
        send_confirmation(contact=contact)
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
        _lift_suppression(contact, channel)
    for purpose, channel in given_before.keys() - wanted.keys():
        _withdraw(contact, purpose, channel, author)


def _withdraw(contact: Contact, purpose: str, channel: str, author: User | None) -> None:
    """Add a withdrawal to every row of the person: they may have registered twice."""
    for row in rows_of_person(contact):
        held = row.consents.holding().filter(purpose=purpose, channel=channel).first()
        if held is not None and held.is_given:
            Consent.objects.create(
                contact=row, purpose=purpose, channel=channel, is_given=False,
                wording=held.wording, author=author,
            )  # fmt: skip


@transaction.atomic
def erase_contact(*, contact: Contact, author: User | None = None) -> None:
    """Erase a person from every row: details, consents and messages go, a keyed hash remains.

    An address still used by somebody else (a family's number) is not suppressed: it is theirs
    too. The events stay, without the person, so that the count of each source stays true.
    """
    rows = rows_of_person(contact)
    others = Contact.objects.exclude(pk__in=[row.pk for row in rows])
    for row in rows:
        forget_messages(unique_key_prefix=confirmation_key(row))
        row.captures.update(differences={})
        for channel, address in ((Channel.EMAIL, row.email), (Channel.SMS, e164(row))):
            field = "email" if channel == Channel.EMAIL else "phone"
            if address and not others.filter(**{field: address}).exists():
                forget_recipient(channel=channel, address=address)
                suppress(channel=channel, address=address, reason=SuppressionReason.ERASED)
        pk = row.pk
        row.delete()
        log.info("contact-erased", contact=pk, user=author.pk if author else None)


@transaction.atomic
def dismiss_duplicate(*, contact: Contact) -> Contact:
    """Record a human's word that this contact is not the one it resembles."""
    contact.possible_duplicate_of = None
    contact.save(update_fields=["possible_duplicate_of"])
    return contact


@transaction.atomic
def create_source(
    *, organisation: Organisation, kind: SourceKind, label: str, created_by: User,
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
