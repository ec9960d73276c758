"""Who sees what: one value, computed from memberships, that filters any table of people.

DOMAIN rule: an UD sees its département, an UL its communes, an FD its collective agreements, a
comité régional its départements, the confederation everything, and a militant only what they
entered themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q


@dataclass(frozen=True)
class Scope:
    """The places and agreements whose people somebody may see. An empty scope sees nobody."""

    everything: bool = False
    departements: frozenset[str] = field(default_factory=frozenset)
    communes: frozenset[str] = field(default_factory=frozenset)
    # Postcodes of those communes: they count only for a person whose commune is not known.
    commune_postcodes: frozenset[str] = field(default_factory=frozenset)
    # Postcodes given to an UL as such (the arrondissements of Paris, Lyon and Marseille).
    postcodes: frozenset[str] = field(default_factory=frozenset)
    agreements: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def union(cls, scopes: Iterable["Scope"]) -> "Scope":
        return reduce(or_, scopes, cls())

    @property
    def is_empty(self) -> bool:
        return self == Scope()

    def __or__(self, other: "Scope") -> "Scope":
        """Somebody with two memberships sees what either of them shows."""
        return Scope(
            self.everything or other.everything,
            self.departements | other.departements,
            self.communes | other.communes,
            self.commune_postcodes | other.commune_postcodes,
            self.postcodes | other.postcodes,
            self.agreements | other.agreements,
        )

    def holds(self, *, departement: str, commune: str, postcode: str, agreement: str) -> bool:
        """What `q` says of rows, said of one place and agreement; empty for what is not known."""
        return (
            self.everything
            or departement in self.departements
            or commune in self.communes
            or (not commune and postcode in self.commune_postcodes)
            or postcode in self.postcodes
            or agreement in self.agreements
        )

    def q(self) -> Q:
        """Condition for a model with `departement`, `commune`, `postcode` and `agreement`."""
        if self.everything:
            return Q()
        condition = Q(pk__in=[])
        if self.departements:
            condition |= Q(departement_id__in=self.departements)
        if self.communes:
            condition |= Q(commune_id__in=self.communes)
        if self.commune_postcodes:
            condition |= Q(commune__isnull=True, postcode__in=self.commune_postcodes)
        if self.postcodes:
            condition |= Q(postcode__in=self.postcodes)
        if self.agreements:
            condition |= Q(agreement_id__in=self.agreements)
        return condition
