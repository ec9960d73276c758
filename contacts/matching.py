"""Is this person already known? A phone is not an identity: names must agree too."""

from dataclasses import dataclass

from django.db.models import Q

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


def find_match(*, first_name: str, phone: str, email: str) -> Match | None:
    """The known person with this number or address.

    The best is one whose name agrees; failing that the oldest one, as a possible duplicate for a
    human to look at.
    """
    same_address = Q(pk__in=[])
    if phone:
        same_address |= Q(phone=phone)
    if email:
        same_address |= Q(email=email)
    # Locked: nobody may be erased or corrected between being recognised and being completed.
    rows = Contact.objects.filter(same_address).select_for_update(no_key=True, of=("self",))
    candidates = list(rows.order_by("created_at", "pk"))
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
