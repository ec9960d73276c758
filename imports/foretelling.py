"""What importing each line of a list does, as far as the organisation that imports it can see.

Somebody outside its perimeter counts as new, and a refusal counts only when it is that of somebody
inside: otherwise one could learn from a list of one line whether anybody in France is known here,
or said stop.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q

from contacts.addresses import addresses_of, e164, suppressions_of
from contacts.captures import Details
from contacts.matching import names_agree
from contacts.models import Capture, Contact, ContactQuerySet
from imports.enums import DUPLICATE, KNOWN, NEW, REFUSED, TWICE
from imports.models import ContactImport
from messaging.enums import SuppressionReason
from organisations.scope import Scope


@dataclass(eq=False)
class Person:
    """Somebody a line may be about; `pk` is None for those of the list itself."""

    pk: int | None
    first_name: str
    addresses: set[str]


class Foreteller:
    """Serves one list, line after line: it remembers who stood in the lines before."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._of_list: dict[str, list[Person]] = {}
        self._met: set[int] = set()

    def foretell(self, people: Sequence[Details]) -> list[str]:
        """For each person: new, known, duplicates, refused, or twice in this list."""
        known = self._known(people)
        closed = _closed_addresses(people) & known.keys()
        return [self._foretell_one(person, known, closed) for person in people]

    def _known(self, people: Sequence[Details]) -> dict[str, list[Person]]:
        phones = {person.phone for person in people if person.phone}
        emails = {person.email for person in people if person.email}
        same_address = Q(phone__in=phones) | Q(email__in=emails)
        rows = Contact.objects.filter(self._scope.q(), same_address).order_by("created_at", "pk")
        known: dict[str, list[Person]] = {}
        for contact in rows:
            addresses = set(filter(None, (e164(contact), contact.email)))
            person = Person(contact.pk, contact.first_name, addresses)
            for address in addresses:
                known.setdefault(address, []).append(person)
        return known

    def _foretell_one(
        self, details: Details, known: dict[str, list[Person]], closed: set[str]
    ) -> str:
        left = [each for each in (details.phone, details.email) if each and each not in closed]
        if not left:
            return REFUSED
        same = [person for address in left for person in known.get(address, [])]
        same += [person for address in left for person in self._of_list.get(address, [])]
        agrees = (each for each in same if names_agree(details.first_name, each.first_name))
        match = next(agrees, None)
        if match and set(left) <= match.addresses:
            return self._meet(match)
        person = Person(None, details.first_name, set(left))
        for address in left:
            self._of_list.setdefault(address, []).append(person)
        return DUPLICATE if same else NEW

    def _meet(self, person: Person) -> str:
        if person.pk is None or person.pk in self._met:
            return TWICE
        self._met.add(person.pk)
        return KNOWN


def _closed_addresses(people: Sequence[Details]) -> set[str]:
    refusals = suppressions_of(
        address
        for person in people
        for address in addresses_of(phone=person.phone, email=person.email)
    )
    return {
        address
        for (_, address), refusal in refusals.items()
        if refusal.reason != SuppressionReason.DO_NOT_CALL
    }


def outcome_of(capture: Capture, foretold: str, seen: Collection[int]) -> str:
    """What a stored line did: what was foretold, unless something `seen` came in between.

    A line that stored nobody, because of a refusal that was not seen, did as foretold too.
    """
    contact = capture.contact
    if contact is None or foretold not in (NEW, REFUSED):
        return foretold
    if not capture.created_contact:
        return KNOWN if contact.pk in seen else NEW
    return DUPLICATE if contact.possible_duplicate_of_id in seen else NEW


def seen_among(
    captures: Collection[Capture], contact_import: ContactImport, scope: Scope
) -> set[int]:
    """Of the people these captures met or resemble, those its organisation knew without it."""
    contacts = [capture.contact for capture in captures if capture.contact]
    pks = {contact.pk for contact in contacts}
    pks |= {contact.possible_duplicate_of_id for contact in contacts}  # type: ignore[misc]
    brought = Capture.objects.filter(source=contact_import.source_id, created_contact=True)
    rows: ContactQuerySet = Contact.objects.filter(scope.q(), pk__in=pks - {None})
    return set(rows.exclude(captures__in=brought).values_list("pk", flat=True))
