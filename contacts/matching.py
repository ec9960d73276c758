"""Is this person already known? A phone is not an identity: names must agree too."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from contacts.addresses import e164
from contacts.models import Contact
from core.text import fold


@dataclass(frozen=True)
class Match:
    contact: Contact
    is_same_person: bool


def names_agree(one: str, other: str) -> bool:
    """Whether two first names may be those of one person.

    “Marie” agrees with “MARIE” and “Marie-Claire”, not with “Marianne”.
    """
    words, others = fold(one).split(), fold(other).split()
    if not words or not others:
        return False
    shortest = min(len(words), len(others))
    return words[:shortest] == others[:shortest]


class KnownPeople:
    """The people behind some numbers and addresses, locked, and those added since.

    Locked: nobody may be erased or corrected between being recognised and being completed.
    """

    def __init__(self, *, phones: Collection[str], emails: Collection[str]) -> None:
        same_address = Q(phone__in=phones) | Q(email__in=emails)
        rows = Contact.objects.filter(same_address).select_for_update(no_key=True, of=("self",))
        self._by_phone: dict[str, list[Contact]] = defaultdict(list)
        self._by_email: dict[str, list[Contact]] = defaultdict(list)
        self._rank: dict[int, int] = {}
        self.stored = list(rows.order_by("created_at", "pk")) if phones or emails else []
        for contact in self.stored:
            self.add(contact)

    def add(self, contact: Contact) -> None:
        """Know this person too; again after they were given an address."""
        self._rank.setdefault(id(contact), len(self._rank))
        if contact.phone and contact not in (same := self._by_phone[e164(contact)]):
            same.append(contact)
        if contact.email and contact not in (same := self._by_email[contact.email]):
            same.append(contact)

    def find(self, *, first_name: str, phone: str, email: str) -> Match | None:
        """The known person with this number or address.

        The best is one whose name agrees; failing that the oldest one, as a possible duplicate
        for a human to look at.
        """
        found = {id(contact): contact for contact in self._by_phone.get(phone, [])}
        found |= {id(contact): contact for contact in self._by_email.get(email, [])}
        candidates = sorted(found.values(), key=lambda contact: self._rank[id(contact)])
        for candidate in candidates:
            if names_agree(first_name, candidate.first_name):
                return Match(candidate, is_same_person=True)
        return Match(candidates[0], is_same_person=False) if candidates else None


def rows_of_person(contact: Contact) -> list[Contact]:
    """The contact and its twins, locked: the same e-mail address under a compatible name.

    A person's link proves their e-mail address, never their number: families share numbers.
    """
    rows = Contact.objects.select_for_update().filter(pk=contact.pk)
    if contact.email:
        rows = Contact.objects.select_for_update().filter(Q(pk=contact.pk) | Q(email=contact.email))
    return [
        row
        for row in rows.order_by("pk")
        if row.pk == contact.pk or names_agree(row.first_name, contact.first_name)
    ]
