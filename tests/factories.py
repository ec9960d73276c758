"""Objects for tests, in the words of the domain."""

from itertools import count

from organisations.enums import Kind, Role
from organisations.models import Membership, Organisation, User
from territory.models import Commune

_numbers = count(1)
CAEN = "14118"


def get_organisation(slug: str) -> Organisation:
    """A loaded organisation by its slug; `ul-caen` is made on first use."""
    if slug == "ul-caen":
        return make_local_union("ul-caen", "UL de Caen", "ud-14", [CAEN])
    return Organisation.objects.get(slug=slug)


def make_local_union(slug: str, name: str, parent: str, communes: list[str]) -> Organisation:
    union, created = Organisation.objects.get_or_create(
        slug=slug,
        defaults={
            "kind": Kind.UL,
            "name": name,
            "parent": Organisation.objects.get(slug=parent),
        },
    )
    if created:
        union.communes.set(Commune.objects.filter(pk__in=communes))
    return union


def make_user(role: str | None = None, organisation: str | None = None, **fields: object) -> User:
    """An account, member of `organisation` with `role` (`militant`, `staff`, `admin`)."""
    number = next(_numbers)
    defaults: dict[str, object] = {"first_name": f"Camille {number}"}
    user = User.objects.create_user(f"personne{number}@example.org", **(defaults | fields))  # type: ignore[arg-type]
    if role and organisation:
        Membership.objects.create(
            user=user, organisation=get_organisation(organisation), role=Role(role)
        )
    return user
