"""Which organisations owe a call: the local union of the workplace, else the departmental one.

The federation of the person's branch stands beside them. A constant number of queries, however
many people.
"""

from collections.abc import Collection
from dataclasses import dataclass

from contacts.models import Contact
from organisations.enums import Kind
from organisations.models import Organisation


@dataclass(frozen=True)
class Route:
    organisation: int | None
    federation: int | None
    place: str


def place_key(contact: Contact) -> str:
    """`calls.expressions.place_of` for a contact already read."""
    parts = (
        contact.commune_id, contact.postcode, contact.departement_id, contact.agreement_id,
    )  # fmt: skip
    return "|".join(part or "" for part in parts)


def route_contacts(contacts: Collection[Contact]) -> dict[int, Route]:
    """The organisations of each contact, by its key.

    Where two local unions share a place, the one opened first has it.
    """
    communes = _unions_by_commune(contacts)
    postcodes = _unions_by_postcode({contact.postcode for contact in contacts})
    lost = {contact.postcode for contact in contacts if contact.commune_id is None}
    nearby = _unions_by_commune_postcode(lost) if lost else {}
    departements = _departmental_unions({contact.departement_id for contact in contacts})
    federations = _federations(
        {contact.agreement_id for contact in contacts if contact.agreement_id}
    )
    top = _confederation()

    def organisation_of(contact: Contact) -> int | None:
        local = communes.get(contact.commune_id or "") or postcodes.get(contact.postcode)
        if local is None and contact.commune_id is None:
            local = nearby.get(contact.postcode)
        return local or departements.get(contact.departement_id) or top

    return {
        contact.pk: Route(
            organisation_of(contact),
            federations.get(contact.agreement_id or ""),
            place_key(contact),
        )
        for contact in contacts
    }


def _first(pairs: Collection[tuple[str, int]]) -> dict[str, int]:
    """The lowest organisation of each key."""
    found: dict[str, int] = {}
    for key, organisation in pairs:
        found[key] = min(organisation, found.get(key, organisation))
    return found


def _unions_by_commune(contacts: Collection[Contact]) -> dict[str, int]:
    communes = {contact.commune_id for contact in contacts if contact.commune_id}
    unions = Organisation.objects.active().filter(kind=Kind.UL, communes__in=communes)
    return _first(list(unions.order_by("pk").values_list("communes", "pk")))


def _unions_by_postcode(postcodes: set[str]) -> dict[str, int]:
    unions = Organisation.objects.active().filter(
        kind=Kind.UL, postcodes__overlap=sorted(postcodes)
    )
    rows = unions.order_by("pk").values_list("pk", "postcodes")
    return _first([(code, pk) for pk, codes in rows for code in codes if code in postcodes])


def _unions_by_commune_postcode(postcodes: set[str]) -> dict[str, int]:
    """For people of whom only the postcode is known, as `organisations.scope` sees them."""
    unions = Organisation.objects.active().filter(
        kind=Kind.UL, communes__postcodes__overlap=sorted(postcodes)
    )
    rows = unions.order_by("pk").values_list("pk", "communes__postcodes")
    return _first([(code, pk) for pk, codes in rows for code in codes if code in postcodes])


def _departmental_unions(departements: set[str]) -> dict[str, int]:
    unions = Organisation.objects.active().filter(kind=Kind.UD, departement__in=departements)
    return _first(list(unions.order_by("pk").values_list("departement_id", "pk")))


def _federations(agreements: set[str | None]) -> dict[str, int]:
    federations = Organisation.objects.active().filter(kind=Kind.FD, agreements__in=agreements)
    return _first(list(federations.order_by("pk").values_list("agreements", "pk")))


def _confederation() -> int | None:
    """Takes what no other organisation covers (some overseas collectivities)."""
    found = Organisation.objects.active().filter(kind=Kind.CONFEDERATION).order_by("pk")
    return found.values_list("pk", flat=True).first()
