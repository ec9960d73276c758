"""Storing captures: a whole batch costs as many queries as a single one.

A capture is an event, a contact a person (DESIGN §2): each event is stored exactly once under its
identifier; the person is created, recognised (same number or address and compatible name), or
created with the flag “possible duplicate” for a human to look at.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone

from contacts.addresses import (
    Address,
    addresses_of,
    e164,
    own_addresses,
    refused_of,
    search_text,
    suppressions_of,
)
from contacts.captures import CaptureRequest, Details
from contacts.confirmations import send_confirmations
from contacts.enums import CaptureMethod, ConsentChannel
from contacts.hooks import Met, after_captures
from contacts.locks import lock_names
from contacts.matching import KnownPeople
from contacts.models import Capture, Consent, Contact
from contacts.places import Place
from core.tokens import keyed_hash
from messaging.actions import lift_suppressions
from messaging.enums import SuppressionReason
from messaging.models import Suppression
from organisations.models import User
from territory.models import CollectiveAgreement, Trade, TradeAgreement

COMPLETED = [
    "phone", "email", "email_confirmed_at", "trade", "agreement", "search_text", "updated_at",
    "revision",
]  # fmt: skip


# A contact, a purpose and a channel.
Statement = tuple[int, str, str]


class Standing(NamedTuple):
    """What holds of a statement, and since when."""

    is_given: bool
    given_at: datetime


class CaptureBatch:
    """The captures of one transaction. Used once: `store()`."""

    def __init__(self, requests: Sequence[CaptureRequest]) -> None:
        self.now = timezone.now()
        self.requests = requests
        self.captures: dict[UUID, Capture] = {}
        self.new_contacts: list[Contact] = []
        # By new contact, the account that entered it: they see whom they brought.
        self.brought_by: dict[int, User | None] = {}
        self.duplicates: list[tuple[Contact, Contact]] = []
        self.completed: dict[int, Contact] = {}
        self.consents: list[Consent] = []

    def store(self) -> list[Capture]:
        """Store what is not stored yet; one capture per request, in their order."""
        lock_names(name for request in self.requests for name in _names(request))
        ids = {request.capture_id for request in self.requests}
        self.captures = {row.capture_id: row for row in Capture.objects.filter(capture_id__in=ids)}
        fresh = {
            request.capture_id: request
            for request in reversed(self.requests)
            if request.capture_id not in self.captures
        }
        if fresh:
            self._store(list(reversed(fresh.values())))
        return [self.captures[request.capture_id] for request in self.requests]

    def _store(self, fresh: list[CaptureRequest]) -> None:
        self._look_up(fresh)
        taken = []
        for request in fresh:
            request = self._without_closed(request)
            capture = self._take(request)
            self.captures[request.capture_id] = capture
            taken.append((request, capture))
        self._save_contacts()
        Capture.objects.bulk_create([capture for _, capture in taken])
        met = [(request, capture) for request, capture in taken if capture.contact]
        self._record_consents(met)
        agreed = self._agreed(capture.contact for _, capture in met if capture.contact)
        greeted = [
            capture.contact
            for request, capture in met
            if request.is_greeted
            and capture.contact
            and _is_own_address(request.details, capture.contact)
        ]
        send_confirmations(greeted, agreed=agreed)
        after_captures(Met([capture for _, capture in met], self.consents, agreed))

    def _look_up(self, fresh: list[CaptureRequest]) -> None:
        details = [request.details for request in fresh]
        self.known = KnownPeople(
            phones={each.phone for each in details if each.phone},
            emails={each.email for each in details if each.email},
        )
        typed = [addresses_of(phone=each.phone, email=each.email) for each in details]
        owned = [own_addresses(contact) for contact in self.known.stored]
        self.suppressions = suppressions_of(chain.from_iterable(typed + owned))
        self.standing = standing_consents(self.known.stored)
        self.agreements = likeliest_agreements({each.trade for each in details if each.trade})
        pks = [contact.pk for contact in self.known.stored]
        authors = {request.captured_by for request in fresh if request.captured_by}
        self.seen_by = {
            author.pk: set(
                Contact.objects.visible_to(author).filter(pk__in=pks).values_list("pk", flat=True)
            )
            for author in authors
            if pks
        }

    def _without_closed(self, request: CaptureRequest) -> CaptureRequest:
        """The request without the addresses whose owner said stop or had themselves erased.

        On the public form nobody knows who types, and a list may be old: coming back goes through
        an activist in front of the person, after the refusal.
        """
        details = request.details
        closed = {
            address
            for channel, address in addresses_of(phone=details.phone, email=details.email)
            if self._is_closed(request, self.suppressions.get((channel, address)))
        }
        if not closed:
            return request
        phone = "" if details.phone in closed else details.phone
        email = "" if details.email in closed else details.email
        return replace(request, details=replace(details, phone=phone, email=email))

    def _is_closed(self, request: CaptureRequest, refusal: Suppression | None) -> bool:
        if refusal is None or refusal.reason == SuppressionReason.DO_NOT_CALL:
            return False
        if not request.is_in_person:
            return True
        is_later = refusal.created_at > request.spoken_at(self.now)
        return is_later and refusal.reason == SuppressionReason.ERASED

    def _take(self, request: CaptureRequest) -> Capture:
        details = request.details
        contact, is_new = None, False
        if details.phone or details.email:
            contact, is_new = self._recognise(request)
        # Of whom nothing may be kept, the event alone is counted.
        differences = {} if is_new or contact is None else self._complete(contact, request)
        return Capture(
            capture_id=request.capture_id,
            contact=contact,
            source=request.source,
            method=request.method,
            captured_by=request.captured_by,
            activist_name=request.activist_name,
            wishes=list(request.wishes) if contact else [],
            note=request.note if contact else "",
            device_hash=keyed_hash(request.device) if request.device else "",
            device_time=request.device_time,
            created_contact=is_new,
            differences=differences,
        )

    def _recognise(self, request: CaptureRequest) -> tuple[Contact, bool]:
        details = request.details
        match = self.known.find(
            first_name=details.first_name, phone=details.phone, email=details.email
        )
        if match and match.is_same_person and not _adds_address(match.contact, request):
            return match.contact, False
        contact = Contact(
            first_name=details.first_name,
            phone=details.phone,
            email=details.email,
            language=details.language,
        )
        agreement = self.agreements.get(details.trade.pk) if details.trade else None
        place_and_trade(contact, details.place, details.trade, agreement)
        if match:
            self.duplicates.append((contact, match.contact))
        self._confirm_address(contact, request)
        self.new_contacts.append(contact)
        self.brought_by[id(contact)] = request.captured_by
        self.known.add(contact)
        return contact, True

    def _complete(self, contact: Contact, request: CaptureRequest) -> dict[str, str]:
        """Complete a recognised contact; return what was typed and differs from what is known.

        Known details win: a second encounter never overwrites what the person may have corrected.
        Blanks are filled only by an author who sees the contact already: typing somebody's number
        beside one's own address must not bring their personal link.
        """
        details = request.details
        differences = _differences(contact, details)
        if self._confirm_address(contact, request):
            self.completed[id(contact)] = contact
        if not request.is_in_person or not self._sees(request.captured_by, contact):
            return differences
        blanks = [key for key in ("phone", "email") if key in differences]
        filled: list[str] = [key for key in blanks if not getattr(contact, key)]
        for key in filled:
            setattr(contact, key, differences.pop(key))
        if contact.trade is None and details.trade is not None:
            contact.trade = details.trade
            contact.agreement = self.agreements.get(details.trade.pk)
            differences.pop("trade")
            filled.append("trade")
        if filled:
            contact.search_text = search_text(contact)
            contact.updated_at = self.now
            contact.revision += 1
            self._confirm_address(contact, request)
            self.completed[id(contact)] = contact
            self.known.add(contact)
        return differences

    def _confirm_address(self, contact: Contact, request: CaptureRequest) -> bool:
        """Note that somebody vouches for the e-mail address: they heard it, or hold the proof.

        It holds for this very address, and only with the consent to be written to.
        """
        channels = {wording.channel for wording in request.details.consents}
        is_theirs = bool(contact.email) and contact.email == request.details.email
        if request.method == CaptureMethod.SELF or contact.email_confirmed_at or not is_theirs:
            return False
        if ConsentChannel.EMAIL not in channels:
            return False
        contact.email_confirmed_at = request.spoken_at(self.now)
        return True

    def _sees(self, author: User | None, contact: Contact) -> bool:
        if author is None:
            return False
        if id(contact) in self.brought_by:
            return self.brought_by[id(contact)] == author
        return contact.pk in self.seen_by.get(author.pk, set())

    def _save_contacts(self) -> None:
        Contact.objects.bulk_create(self.new_contacts)
        for contact, other in self.duplicates:
            contact.possible_duplicate_of = other
        flagged = [contact for contact, _ in self.duplicates]
        Contact.objects.bulk_update(flagged, ["possible_duplicate_of"])
        known = [contact for contact in self.completed.values() if contact.pk]
        Contact.objects.bulk_update(known, COMPLETED)

    def _record_consents(self, met: Sequence[tuple[CaptureRequest, Capture]]) -> None:
        """Add what was agreed to, with the words shown.

        In front of an activist a person can come back on a withdrawal; elsewhere, where nobody
        knows who types, a withdrawal holds: only the personal page undoes it.
        """
        lifted: set[Address] = set()
        for request, capture in met:
            contact, spoken_at = capture.contact, request.spoken_at(self.now)
            for wording in request.details.consents:
                what = (capture.contact_id or 0, wording.purpose, wording.channel)
                if not request.is_in_person and self._is_withdrawn(what):
                    continue
                self.consents.append(
                    Consent(
                        contact=contact, purpose=wording.purpose, channel=wording.channel,
                        is_given=True, wording=wording, capture=capture,
                        author=request.captured_by, given_at=spoken_at,
                    )
                )  # fmt: skip
            if contact and request.is_in_person:
                lifted |= self._lifted(request, contact, spoken_at)
        Consent.objects.bulk_create(self.consents)
        lift_suppressions(addresses=lifted)
        for address in lifted:
            del self.suppressions[address]

    def _is_withdrawn(self, what: Statement) -> bool:
        return what in self.standing and not self.standing[what].is_given

    def _agreed(self, contacts: Iterable[Contact]) -> dict[int, set[str]]:
        """`agreed_channels_of` once the batch is stored, without asking anything again."""
        given: dict[int, set[str]] = defaultdict(set)
        holding = dict(self.standing)
        for consent in self.consents:
            what = (consent.contact_id, consent.purpose, consent.channel)
            if what not in holding or holding[what].given_at <= consent.given_at:
                holding[what] = Standing(consent.is_given, consent.given_at)
        for (pk, _, channel), standing in holding.items():
            if standing.is_given:
                given[pk].add(channel)
        return {each.pk: given[each.pk] - refused_of(each, self.suppressions) for each in contacts}

    def _lifted(self, request: CaptureRequest, contact: Contact, at: datetime) -> set[Address]:
        """The refusals that what was agreed to in person undoes: those said before."""
        details = request.details
        channels = {wording.channel for wording in details.consents}
        typed = addresses_of(phone=details.phone, email=details.email)
        own = own_addresses(contact)
        return {
            (channel, address)
            for channel, address in typed
            if channel in channels
            and (channel, address) in own
            and (refusal := self.suppressions.get((channel, address)))
            and refusal.created_at <= at
        }


def _names(request: CaptureRequest) -> list[str]:
    return [str(request.capture_id), request.details.phone, request.details.email]


def _adds_address(contact: Contact, request: CaptureRequest) -> bool:
    """Whether somebody unknown would add an address to a known person.

    Anyone may type a neighbour's number and their own e-mail into the public form: attaching them
    would send the neighbour's personal link to them.
    """
    if request.is_in_person:
        return False
    details = request.details
    new_phone = details.phone and details.phone != e164(contact)
    return bool(new_phone or (details.email and details.email != contact.email))


def _differences(contact: Contact, details: Details) -> dict[str, str]:
    typed = {
        "first_name": (details.first_name, contact.first_name),
        "phone": (details.phone, e164(contact)),
        "email": (details.email, contact.email),
        "postcode": (details.place.postcode, contact.postcode),
        "trade": (details.trade.pk if details.trade else "", contact.trade_id or ""),
    }
    differences = {key: said for key, (said, known) in typed.items() if said and said != known}
    if details.trade and "trade" in differences:
        differences["trade"] = details.trade.label
    return differences


def _is_own_address(details: Details, contact: Contact) -> bool:
    """Whether the confirmation would reach who was just met, not who is known by that name."""
    return (details.email or details.phone) in (contact.email, e164(contact))


def standing_consents(contacts: Collection[Contact]) -> dict[Statement, Standing]:
    """The last word of known people on each purpose and channel."""
    if not contacts:
        return {}
    holding = Consent.objects.filter(contact__in=contacts).holding()
    rows = holding.values_list("contact_id", "purpose", "channel", "is_given", "given_at")
    return {(pk, purpose, channel): Standing(given, at) for pk, purpose, channel, given, at in rows}


def place_and_trade(
    contact: Contact, place: Place, trade: Trade | None, agreement: CollectiveAgreement | None
) -> None:
    contact.postcode = place.postcode
    contact.commune = place.commune
    contact.departement = place.departement
    contact.trade = trade
    contact.agreement = agreement
    contact.search_text = search_text(contact)


def likeliest_agreements(trades: set[Trade]) -> dict[str, CollectiveAgreement]:
    """By trade, its first collective agreement, which staff can correct afterwards."""
    if not trades:
        return {}
    ranks = TradeAgreement.objects.filter(trade__in=trades).select_related("agreement")
    return {rank.trade_id: rank.agreement for rank in ranks.order_by("-rank", "-pk")}
