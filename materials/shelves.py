"""What is set for a stock or an organisation: when to be told, what may be counted on."""

from collections.abc import Mapping

from django.db import transaction

from materials.models import Allotment, Item, Location, Shelf
from organisations.models import Organisation


@transaction.atomic
def set_thresholds(*, location: Location, thresholds: Mapping[Item, int | None]) -> None:
    """Below how many packs of each item an alert shows; None for never."""
    wanted = [
        Shelf(location=location, item=item, threshold=packs or None)
        for item, packs in sorted(thresholds.items(), key=lambda pair: pair[0].pk)
    ]
    Shelf.objects.bulk_create(
        wanted, update_conflicts=True, unique_fields=["location", "item"],
        update_fields=["threshold"],
    )  # fmt: skip


@transaction.atomic
def set_allotment(*, organisation: Organisation, item: Item, packs: int) -> None:
    """What an organisation may count on over the campaign; nought takes it away."""
    if packs:
        Allotment.objects.update_or_create(
            organisation=organisation, item=item, defaults={"packs": packs}
        )
    else:
        Allotment.objects.filter(organisation=organisation, item=item).delete()
