"""Every write on organisations and memberships."""

from collections.abc import Iterable
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from core.text import fold
from organisations.enums import Kind, Role
from organisations.errors import DetailsMoved, NameTaken, OrganisationError
from organisations.models import Membership, Organisation, User
from territory.models import CollectiveAgreement, Commune

LAST_ADMIN = (
    "C’est la dernière personne responsable de {name} : "
    "confiez d’abord ce rôle à quelqu’un d’autre."
)


@transaction.atomic
def join(*, user: User, organisation: Organisation, role: Role) -> Membership:
    """Make somebody a member; who already is one keeps their role. Safe to repeat."""
    _lock(organisation)
    membership, _ = Membership.objects.get_or_create(
        user=user, organisation=organisation, ended_at=None, defaults={"role": role}
    )
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: Role) -> Membership:
    """Raises `OrganisationError` when it would leave the organisation without an admin."""
    _lock(membership.organisation)
    membership.refresh_from_db(fields=["role", "ended_at"])
    if role != Role.ADMIN:
        _keep_an_admin(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def end_membership(*, membership: Membership) -> Membership:
    """The person leaves the organisation; the row stays, for history.

    Raises `OrganisationError` when the person is its last admin. Repeating changes nothing.
    """
    _lock(membership.organisation)
    membership.refresh_from_db(fields=["role", "ended_at"])
    if membership.ended_at is None:
        _keep_an_admin(membership)
        membership.ended_at = timezone.now()
        membership.save(update_fields=["ended_at"])
    return membership


@transaction.atomic
def create_local_union(
    *, name: str, parent: Organisation, communes: Iterable[Commune], postcodes: Iterable[str]
) -> Organisation:
    """Open an UL under an UD. Raises `NameTaken` when the UD has one of that name."""
    _keep_names_apart(kind=Kind.UL, parent=parent, name=name)
    union = Organisation.objects.create(
        kind=Kind.UL,
        name=name,
        slug=_free_slug(name),
        parent=parent,
        departement=parent.departement,
        postcodes=sorted(set(postcodes)),
    )
    union.communes.set(communes)
    return union


@transaction.atomic
def update_local_union(
    *,
    organisation: Organisation,
    name: str,
    communes: Iterable[Commune],
    postcodes: Iterable[str],
) -> Organisation:
    """Rename an UL and redraw its territory: what its team sees follows at once.

    Raises `NameTaken` when its UD has another one of that name.
    """
    _keep_name_apart(organisation, name)
    organisation.name = name
    organisation.postcodes = sorted(set(postcodes))
    organisation.save(update_fields=["name", "postcodes"])
    organisation.communes.set(communes)
    return organisation


@transaction.atomic
def update_federation(
    *, organisation: Organisation, name: str, agreements: Iterable[CollectiveAgreement]
) -> Organisation:
    """Rename an FD and set its collective agreements: what its team sees follows at once.

    Raises `NameTaken` when another federation goes by that name.
    """
    _keep_name_apart(organisation, name)
    organisation.name = name
    organisation.save(update_fields=["name"])
    organisation.agreements.set(agreements)
    return organisation


@transaction.atomic
def rename_organisation(*, organisation: Organisation, name: str) -> Organisation:
    """Raises `NameTaken` when an organisation of the same kind beside it goes by that name."""
    _keep_name_apart(organisation, name)
    organisation.name = name
    organisation.save(update_fields=["name"])
    return organisation


def details_seen(organisation: Organisation) -> str:
    """The address and the telephone as a page shows them, in one word to compare."""
    shown = f"{organisation.postal_address}\n{organisation.phone}"
    return sha256(shown.encode()).hexdigest()[:16]


@transaction.atomic
def set_contact_details(
    *, organisation: Organisation, seen: str, postal_address: str, phone: str
) -> Organisation:
    """Say where an organisation receives its mail and its calls: its letters begin with it.

    `seen` is `details_seen` of what was on screen; raises `DetailsMoved` when it has changed.
    """
    locked = Organisation.objects.select_for_update(of=("self",), no_key=True)
    organisation = locked.get(pk=organisation.pk)
    if details_seen(organisation) != seen:
        raise DetailsMoved
    organisation.postal_address, organisation.phone = postal_address, phone
    organisation.save(update_fields=["postal_address", "phone"])
    return organisation


@transaction.atomic
def create_specific_organisation(*, name: str, parent: Organisation) -> Organisation:
    """Open an organisation that has members and sees nobody (retirees, young workers…).

    Raises `NameTaken` when there is one of that name.
    """
    _keep_names_apart(kind=Kind.SPECIFIC, parent=parent, name=name)
    return Organisation.objects.create(
        kind=Kind.SPECIFIC, name=name, slug=_free_slug(name), parent=parent
    )


@transaction.atomic
def deactivate_organisation(*, organisation: Organisation) -> Organisation:
    """Close an organisation: its members see nothing through it any more.

    Raises `OrganisationError` for the confederation, and while organisations depend on it.
    """
    _lock(organisation)
    if organisation.kind == Kind.CONFEDERATION:
        raise OrganisationError("La confédération ne peut pas être fermée.")
    children = organisation.children.active().count()
    if children:
        raise OrganisationError(
            f"{children} organisation(s) en activité dépendent de {organisation.name} : "
            "fermez-les d’abord."
        )
    organisation.is_active = False
    organisation.save(update_fields=["is_active"])
    return organisation


def reactivate_organisation(*, organisation: Organisation) -> Organisation:
    """Raises `OrganisationError` when the organisation above is closed."""
    if organisation.parent and not organisation.parent.is_active:
        raise OrganisationError(f"Rouvrez d’abord {organisation.parent.name}.")
    organisation.is_active = True
    organisation.save(update_fields=["is_active"])
    return organisation


def _lock(organisation: Organisation) -> None:
    """Changes of members wait for each other: two admins leaving at once leave one."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _keep_name_apart(organisation: Organisation, name: str) -> None:
    _keep_names_apart(
        kind=Kind(organisation.kind), parent=organisation.parent, name=name, besides=organisation
    )


def _keep_names_apart(
    *, kind: Kind, parent: Organisation | None, name: str, besides: Organisation | None = None
) -> None:
    """Two forms sent at once do not open twins, whatever their accents, case or hyphens."""
    _lock_names()
    sisters = Organisation.objects.filter(kind=kind, parent=parent)
    if besides:
        sisters = sisters.exclude(pk=besides.pk)
    twin = next((sister for sister in sisters if fold(sister.name) == fold(name)), None)
    if twin is None:
        return
    closed = "" if twin.is_active else " Elle est fermée : rouvrez-la plutôt."
    raise NameTaken(f"« {twin} » existe déjà{f' ({parent})' if parent else ''}.{closed}")


def _lock_names() -> None:
    """Organisations are named one at a time; the confederation stands for all of them."""
    list(Organisation.objects.filter(kind=Kind.CONFEDERATION).select_for_update(no_key=True))


def _keep_an_admin(membership: Membership) -> None:
    if membership.role != Role.ADMIN:
        return
    others = Membership.objects.active().filter(
        organisation=membership.organisation, role=Role.ADMIN, user__is_active=True
    )
    if not others.exclude(pk=membership.pk).exists():
        raise OrganisationError(LAST_ADMIN.format(name=membership.organisation.name))


def _free_slug(name: str) -> str:
    base = slugify(name)[:70] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, 10_000))
    return next(slug for slug in candidates if slug not in taken)
