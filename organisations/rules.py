"""Who may see, manage and edit an organisation. Another organisation's object is a 404."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import Http404
from django.shortcuts import get_object_or_404

from organisations.enums import Kind, Role
from organisations.models import Membership, Organisation, User

# From the widest to the narrowest.
KIND_ORDER = [Kind.CONFEDERATION, Kind.REGION, Kind.UD, Kind.UL, Kind.FD, Kind.SPECIFIC]
ROLE_ORDER = [Role.ADMIN, Role.STAFF, Role.MILITANT]


def is_confederation_admin(user: User) -> bool:
    return any(
        membership.role == Role.ADMIN and membership.organisation.kind == Kind.CONFEDERATION
        for membership in user.active_memberships
    )


def read_memberships(people: Iterable[User]) -> None:
    """Read where all these people act at once, rather than when each is asked."""
    by_number: dict[int, list[User]] = defaultdict(list)
    for person in people:
        person.active_memberships = []
        by_number[person.pk].append(person)
    found = Membership.objects.active().filter(user__in=by_number)
    for membership in found.select_related(*User.ACTS_FROM):
        for person in by_number[membership.user_id]:
            person.active_memberships.append(membership)


def led_organisations(user: User) -> list[Organisation]:
    """The organisations the person acts for, by name."""
    return list(Organisation.objects.led_by(user).order_by("name", "pk"))


def list_organisations(
    user: User, *, kind: str = "", search: str = ""
) -> QuerySet[Organisation, Organisation]:
    """The organisations the person sees, widest first, with the number of active members."""
    organisations = Organisation.objects.visible_to(user)
    if kind:
        organisations = organisations.filter(kind=kind)
    for word in search.split():
        organisations = organisations.filter(name__unaccent__icontains=word)
    order = Case(
        *[When(kind=kind, then=Value(rank)) for rank, kind in enumerate(KIND_ORDER)],
        output_field=IntegerField(),
    )
    return (
        organisations.select_related("parent", "departement")
        .annotate(
            member_count=Count("memberships", filter=Q(memberships__ended_at__isnull=True)),
            kind_order=order,
        )
        .order_by("kind_order", "departement", "name", "pk")
    )


def kinds_seen(user: User) -> list[Kind]:
    seen = set(Organisation.objects.visible_to(user).order_by().values_list("kind", flat=True))
    return [kind for kind in KIND_ORDER if kind in seen]


def get_organisation_or_404(user: User, pk: int) -> Organisation:
    organisations = Organisation.objects.visible_to(user)
    return get_object_or_404(organisations.select_related("parent", "departement", "region"), pk=pk)


def list_children(user: User, organisation: Organisation) -> QuerySet[Organisation, Organisation]:
    return list_organisations(user).filter(parent=organisation)


def can_administer(user: User, organisation: Organisation) -> bool:
    """Whether the person manages the members of an organisation in activity."""
    administered = Organisation.objects.administered_by(user).active()
    return administered.filter(pk=organisation.pk).exists()


def get_administered_organisation_or_404(user: User, pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.administered_by(user).active(), pk=pk)


def list_members(organisation: Organisation) -> QuerySet[Membership, Membership]:
    """Active memberships, those who manage first."""
    order = Case(
        *[When(role=role, then=Value(rank)) for rank, role in enumerate(ROLE_ORDER)],
        output_field=IntegerField(),
    )
    return (
        Membership.objects.active()
        .filter(organisation=organisation)
        .select_related("user")
        .order_by(order, "user__first_name", "user__last_name", "pk")
    )


def get_managed_membership_or_404(user: User, pk: int) -> Membership:
    """A membership, theirs included, of an organisation the person manages."""
    managed = Membership.objects.active().filter(
        organisation__in=Organisation.objects.administered_by(user)
    )
    return get_object_or_404(managed.select_related("organisation", "user"), pk=pk)


def get_own_membership_or_404(user: User, pk: int) -> Membership:
    own = Membership.objects.active().filter(user=user)
    return get_object_or_404(own.select_related("organisation", "user"), pk=pk)


def can_edit(user: User, organisation: Organisation) -> bool:
    """An UL is drawn by those above it, never by itself: its communes are what it sees."""
    if is_confederation_admin(user):
        return True
    if organisation.kind != Kind.UL or organisation.parent_id is None:
        return False
    return Organisation.objects.administered_by(user).filter(pk=organisation.parent_id).exists()


def get_editable_organisation_or_404(user: User, pk: int) -> Organisation:
    organisation = get_organisation_or_404(user, pk)
    if not can_edit(user, organisation):
        raise Http404
    return organisation


def list_parents_for_local_union(user: User) -> QuerySet[Organisation, Organisation]:
    """The UD in which the person may open an UL."""
    unions = Organisation.objects.administered_by(user).active().filter(kind=Kind.UD)
    return unions.order_by("departement")


def list_parents_for_local_union_or_404(user: User) -> QuerySet[Organisation, Organisation]:
    parents = list_parents_for_local_union(user)
    if not parents.exists():
        raise Http404
    return parents


def get_own_confederation_or_404(user: User) -> Organisation:
    """The confederation, for those who manage it."""
    managed = Organisation.objects.administered_by(user).active()
    return get_object_or_404(managed, kind=Kind.CONFEDERATION)
