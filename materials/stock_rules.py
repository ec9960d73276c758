"""What is where, seen by whom: sums of the ledger, never stored."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns import clock
from materials.enums import RESERVING, LocationKind, OrderState, Reason
from materials.models import (
    Allotment,
    Item,
    Location,
    Order,
    OrderLine,
    Shelf,
    StockMovement,
)
from materials.order_rules import check_staff
from organisations.models import Organisation, User

# Recent use is what left in so many days.
RECENT = timedelta(days=28)
PAGE = 50
LOCATIONS = 24


@dataclass(frozen=True)
class StockRow:
    """An item in a stock."""

    item: Item
    location: Location
    packs: int
    promised: int
    coming: int
    used: int
    threshold: int | None

    @property
    def left(self) -> int:
        return self.packs - self.promised

    @property
    def is_low(self) -> bool:
        return self.threshold is not None and self.left < self.threshold

    @property
    def days(self) -> int | None:
        """For how many days it lasts at the pace of the last weeks; None if nothing leaves."""
        return max(self.left, 0) * RECENT.days // self.used if self.used else None

    @property
    def copies(self) -> int:
        return self.packs * (self.item.pack_size or 1)


def visible_locations(user: User) -> QuerySet[Location]:
    check_staff(user)
    found = Location.objects.visible_to(user).select_related("organisation")
    return found.order_by("organisation__kind", "label", "pk")


def get_location_or_404(user: User, pk: int) -> Location:
    return get_object_or_404(visible_locations(user), pk=pk)


def locations_page(user: User, page: str | None) -> Page[Location]:
    return Paginator(visible_locations(user), LOCATIONS).get_page(page)


def own_stocks(user: User) -> list[Location]:
    """Those of one's own organisations; each comes into being with its first packs."""
    own = Location.objects.kept_by(user).exclude(kind=LocationKind.DEPLOYMENT)
    return list(own.order_by("label", "pk"))


def summaries(locations: Sequence[Location]) -> list[dict[str, object]]:
    """For each stock: how many packs of how many items, and how many run low."""
    rows = defaultdict(list)
    for row in stock_rows(locations):
        rows[row.location.pk].append(row)
    return [
        {
            "location": place,
            "packs": sum(row.packs for row in rows[place.pk]),
            "items": sum(row.packs > 0 for row in rows[place.pk]),
            "low": sum(row.is_low for row in rows[place.pk]),
        }
        for place in locations
    ]


def stocked_items() -> QuerySet[Item]:
    return Item.objects.filter(pack_size__isnull=False, retired_at=None).order_by(
        "position", "name", "pk"
    )


def balances(locations: Collection[Location]) -> dict[tuple[int, int], int]:
    """By location and item, the packs there: two sums, whatever their number."""
    found: dict[tuple[int, int], int] = defaultdict(int)
    for side, sign in (("to_location", 1), ("from_location", -1)):
        rows = StockMovement.objects.filter(**{f"{side}__in": [one.pk for one in locations]})
        for place, item, packs in (
            rows.order_by().values(side, "item").annotate(total=Sum("packs"))
            .values_list(side, "item", "total")
        ):  # fmt: skip
            found[place, item] += sign * packs
    return found


def _promised(locations: Collection[Location]) -> dict[tuple[int, int], int]:
    lines = OrderLine.objects.filter(
        order__served_from__in=[one.pk for one in locations], order__state__in=RESERVING
    )
    return _summed(lines, "order__served_from", "approved")


def _coming(locations: Collection[Location]) -> dict[tuple[int, int], int]:
    """On the road or promised to the organisation that keeps the stock."""
    owners = [one.organisation_id for one in locations]
    lines = OrderLine.objects.filter(order__organisation__in=owners)
    on_road = lines.filter(order__state=OrderState.SHIPPED)
    promised = lines.filter(order__state__in=RESERVING)
    found = defaultdict(int, _summed(on_road, "order__organisation", "shipped"))
    for key, packs in _summed(promised, "order__organisation", "approved").items():
        found[key] += packs
    return found


def _summed(rows: QuerySet, place: str, packs: str) -> dict[tuple[int, int], int]:
    grouped = rows.order_by().values(place, "item").annotate(total=Sum(F(packs)))
    return {
        (number, item): total or 0
        for number, item, total in grouped.values_list(place, "item", "total")
    }


def used_recently(locations: Collection[Location]) -> dict[tuple[int, int], int]:
    since = clock.now() - RECENT
    rows = StockMovement.objects.used_since(since)
    return _summed(
        rows.filter(from_location__in=[one.pk for one in locations]), "from_location", "packs"
    )


def stock_rows(
    locations: Collection[Location], items: Iterable[Item] | None = None
) -> list[StockRow]:
    """Every item of every stock: a constant number of queries. All items, unless some are given."""
    wanted = list(stocked_items() if items is None else items)
    held, promised = balances(locations), _promised(locations)
    coming, used = _coming(locations), used_recently(locations)
    shelves = Shelf.objects.filter(location__in=[one.pk for one in locations])
    thresholds: Mapping[tuple[int, int], int | None] = {
        (place, item): threshold
        for place, item, threshold in shelves.values_list("location", "item", "threshold")
    }
    return [
        StockRow(
            item=item,
            location=place,
            packs=held.get((place.pk, item.pk), 0),
            promised=promised.get((place.pk, item.pk), 0),
            coming=coming.get((place.organisation_id or 0, item.pk), 0),
            used=used.get((place.pk, item.pk), 0),
            threshold=thresholds.get((place.pk, item.pk)),
        )
        for place in locations
        for item in wanted
    ]


def movements_at(location: Location, page: str | None) -> Page[StockMovement]:
    rows = StockMovement.objects.touching(location).select_related(
        "item", "from_location", "to_location", "by", "order_line__order", "correction"
    )
    return Paginator(rows.order_by("-moment", "-pk"), PAGE).get_page(page)


def get_movement_or_404(user: User, location: Location, pk: int) -> StockMovement:
    rows = StockMovement.objects.touching(location).select_related(
        "item", "from_location", "to_location"
    )
    movement = get_object_or_404(rows, pk=pk)
    if movement.reason == Reason.CORRECTED:
        raise Http404
    return movement


def alerts_for(user: User) -> list[StockRow]:
    """What runs low in the stocks one sees, the emptiest first."""
    low = list(visible_locations(user).filter(shelves__threshold__isnull=False).distinct())
    rows = [row for row in stock_rows(low) if row.is_low]
    return sorted(rows, key=lambda row: (row.left, row.item.position, row.location.label))


def organisations_below(user: User) -> QuerySet[Organisation, Organisation]:
    """Those for which one sets what they may count on: one's own left out."""
    below = Organisation.objects.staffed_by(user).active().exclude(pk__in=user.led)
    return below.order_by("kind", "name", "pk")


def allotment_rows(user: User, page: str | None) -> Page[Allotment]:
    """The allotments one sees, with what was ordered so far."""
    seen = Organisation.objects.staffed_by(user).values("pk")
    found = Allotment.objects.filter(organisation__in=seen).select_related("organisation", "item")
    ordered = found.order_by("organisation__kind", "organisation__name", "item__position", "pk")
    rows = Paginator(ordered, PAGE).get_page(page)
    so_far = ordered_so_far([allotment.organisation for allotment in rows])
    for allotment in rows:
        allotment.ordered = so_far.get((allotment.organisation_id, allotment.item_id), 0)
    return rows


def allotments_of(organisations: Collection[Organisation]) -> dict[tuple[int, int], int]:
    rows = Allotment.objects.filter(organisation__in=[one.pk for one in organisations])
    return {
        (organisation, item): packs
        for organisation, item, packs in rows.values_list("organisation", "item", "packs")
    }


def ordered_so_far(organisations: Collection[Organisation]) -> dict[tuple[int, int], int]:
    """Packs sent or promised; of what is not decided yet, those requested."""
    lines = OrderLine.objects.filter(order__organisation__in=[one.pk for one in organisations])
    decided = lines.filter(
        order__state__in=[*RESERVING, OrderState.SHIPPED, OrderState.RECEIVED, OrderState.CLOSED]
    )
    waiting = lines.filter(order__state__in=[OrderState.SUBMITTED, OrderState.WAITING])
    found = defaultdict(int, _summed(decided, "order__organisation", "approved"))
    for key, packs in _summed(waiting, "order__organisation", "requested").items():
        found[key] += packs
    return found


def ready_orders(orders: Collection[Order]) -> set[int]:
    """Of orders that wait for stock, those of which something can leave now."""
    lines = OrderLine.objects.filter(order__in=[one.pk for one in orders]).select_related("item")
    wanted = list(lines.order_by("pk"))
    places = {one.served_from_id: one.served_from for one in orders}
    items = {line.item_id: line.item for line in wanted}
    left = {
        (row.location.pk, row.item.pk): row.left
        for row in stock_rows(list(places.values()), items.values())
    }
    served_from = {one.pk: one.served_from_id for one in orders}
    return {line.order_id for line in wanted if left[served_from[line.order_id], line.item_id] > 0}
