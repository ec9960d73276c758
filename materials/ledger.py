"""Every movement of packs. A real stock never goes below zero; a mistake is moved back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Sum

from campaigns import clock
from materials.enums import RESERVING, LocationKind, Reason
from materials.errors import MaterialError, NotEnough, StockMoved
from materials.models import Item, Location, OrderLine, Shelf, StockMovement
from materials.places import shared_location, shelf_of
from organisations.models import User


@dataclass(frozen=True)
class Count:
    """What somebody counted of an item, in packs."""

    item: Item
    packs: int
    # What the ledger said when they began to count.
    seen: int | None = None


def on_hand(location: Location, item: Item) -> int:
    """The packs of `item` there now."""
    return StockMovement.objects.filter(item=item).balance(location)


def reserved(location: Location, item: Item) -> int:
    """Packs promised to orders that have not left yet."""
    promised = OrderLine.objects.filter(
        item=item, order__served_from=location, order__state__in=RESERVING
    )
    return promised.aggregate(total=Sum(F("approved")))["total"] or 0


def available(location: Location, item: Item) -> int:
    """What may still be promised or taken."""
    return on_hand(location, item) - reserved(location, item)


def lock_shelves(location: Location, items: Iterable[Item]) -> None:
    """Hold `items` of a stock until the end of the transaction; always in the same order."""
    shelves = [shelf_of(location, item).pk for item in items]
    list(Shelf.objects.filter(pk__in=shelves).order_by("pk").select_for_update(no_key=True))


@transaction.atomic
def move(
    *,
    item: Item,
    from_location: Location,
    to_location: Location,
    packs: int,
    reason: Reason,
    by: User | None,
    key: UUID | None = None,
    order_line: OrderLine | None = None,
    note: str = "",
    moment: datetime | None = None,
    corrects: StockMovement | None = None,
) -> StockMovement:
    """Move packs; a repeated `key` answers the movement that was made.

    What is promised to orders stays, unless the movement serves one. Raises `NotEnough`.
    """
    # What comes from the printer is held where it arrives: a second click waits and finds it.
    lock_shelves(to_location if from_location.may_go_below_zero else from_location, [item])
    key = key or uuid4()
    made = StockMovement.objects.filter(key=key).first()
    if made is not None:
        return made
    if not from_location.may_go_below_zero:
        keeps = 0 if order_line or reason == Reason.COUNTED else reserved(from_location, item)
        _check_left(item, from_location, packs, keeps)
    return StockMovement.objects.create(
        item=item,
        from_location=from_location,
        to_location=to_location,
        packs=packs,
        reason=reason,
        order_line=order_line,
        note=note,
        corrects=corrects,
        by=by,
        key=key,
        moment=moment or clock.now(),
    )


def _check_left(item: Item, location: Location, packs: int, keeps: int) -> None:
    left = on_hand(location, item) - keeps
    if left < packs:
        raise NotEnough(item.name, max(left, 0), place=location.label)


@transaction.atomic
def count_stock(
    *, location: Location, counts: Iterable[Count], by: User | None, note: str = ""
) -> list[StockMovement]:
    """An inventory: what differs from the ledger goes to or comes from « écarts ».

    Counting the same again changes nothing, so that a form may be sent twice. Raises `StockMoved`
    when packs of a counted item came or went meanwhile: what was counted says nothing any more.
    """
    gap = shared_location(LocationKind.GAP)
    wanted = sorted(counts, key=lambda count: count.item.pk)
    lock_shelves(location, [count.item for count in wanted])
    made = []
    for count in wanted:
        there_now = on_hand(location, count.item)
        more = count.packs - there_now
        if more and count.seen not in (None, there_now):
            raise StockMoved(count.item.name)
        if more:
            there, back = (gap, location) if more > 0 else (location, gap)
            made.append(
                move(
                    item=count.item, from_location=there, to_location=back, packs=abs(more),
                    reason=Reason.COUNTED, by=by, note=note,
                )
            )  # fmt: skip
    return made


@transaction.atomic
def correct_movement(
    *, movement: StockMovement, by: User | None, note: str = "", key: UUID | None = None
) -> StockMovement:
    """The opposite movement; both stay to be read. Once only.

    Raises `NotEnough` when the packs have gone further, `MaterialError` for what an order moved.
    """
    movement = StockMovement.objects.select_for_update(of=("self",)).get(pk=movement.pk)
    done = StockMovement.objects.filter(corrects=movement).first()
    if done is not None:
        return done
    if movement.order_line_id is not None:
        raise MaterialError("Ce mouvement vient d’une commande : corrigez-le par un inventaire.")
    if movement.corrects_id is not None:
        raise MaterialError("Une correction ne se corrige pas : notez un nouveau mouvement.")
    return move(
        item=movement.item, from_location=movement.to_location,
        to_location=movement.from_location, packs=movement.packs, reason=Reason.CORRECTED,
        by=by, note=note, key=key, corrects=movement,
    )  # fmt: skip
