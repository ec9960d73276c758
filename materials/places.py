"""Stocks come into being when they are first needed: one an organisation, one a kind for all."""

from materials.enums import LocationKind
from materials.models import Location, Shelf
from materials.models.catalogue import Item
from organisations.enums import Kind
from organisations.models import Organisation


def shared_location(kind: LocationKind) -> Location:
    """The printer, the road, what was used, lost, or found wrong by an inventory."""
    found, _ = Location.objects.get_or_create(kind=kind, defaults={"label": kind.label})
    return found


def stock_of(organisation: Organisation) -> Location:
    """The stock of an organisation."""
    found, _ = Location.objects.get_or_create(
        organisation=organisation,
        kind=LocationKind(organisation.kind),
        defaults={"label": organisation.name},
    )
    return found


def deployment_stock(*, organisation: Organisation, label: str) -> Location:
    """What an organisation took to a field action."""
    found, _ = Location.objects.get_or_create(
        organisation=organisation, kind=LocationKind.DEPLOYMENT, label=label
    )
    return found


def shelf_of(location: Location, item: Item) -> Shelf:
    found, _ = Shelf.objects.get_or_create(location=location, item=item)
    return found


def confederal_stock() -> Location:
    """From which whoever has no other stock above is served.

    Raises `Organisation.DoesNotExist` on an installation without a confederation.
    """
    return stock_of(Organisation.objects.get(kind=Kind.CONFEDERATION))
