"""What who keeps a stock does with an order: decide, prepare, send; and what arrives."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from campaigns import clock
from materials.enums import TO_DECIDE, LocationKind, OrderState, Reason
from materials.errors import MaterialError, NotEnough, OrderMoved
from materials.ledger import available, lock_shelves, move
from materials.mails import (
    APPROVED,
    CANCELLED,
    RECEIVED,
    SHIPPED,
    SUBMITTED,
    tell_customer,
    tell_keeper,
)
from materials.models import Location, Order, OrderLine, Shipment
from materials.ordering import already_done, lock_order, note_step
from materials.places import shared_location, stock_of
from organisations.models import User


@dataclass(frozen=True)
class Decision:
    """What is given of a line, in packs, and why not all."""

    packs: int
    word: str = ""


@dataclass(frozen=True)
class Parcel:
    parcels: int
    carrier: str = ""
    tracking_url: str = ""


def _lines(order: Order) -> list[OrderLine]:
    return list(order.lines.select_related("item").order_by("item_id", "pk"))


def _check_step(order: Order, *expected: OrderState) -> None:
    if order.state not in expected:
        raise OrderMoved(
            f"Quelqu’un s’en est occupé entre-temps : « {order.get_state_display()} »."
        )


@transaction.atomic
def approve_order(
    *,
    order: Order,
    decisions: Mapping[int, Decision],
    keeps_rest: bool,
    reply: str,
    by: User,
    key: UUID,
) -> Order:
    """Promise packs of each line; `keeps_rest` makes of what lacks an order that waits for stock.

    `decisions` is by line. What is promised is reserved: raises `NotEnough` when others were
    promised it first, `OrderMoved` when somebody decided meanwhile. Nothing given and nothing
    kept is a refusal.
    """
    order = lock_order(order)
    if already_done(key):
        return order
    _check_step(order, *TO_DECIDE)
    lines = _lines(order)
    lock_shelves(order.served_from, [line.item for line in lines])
    for line in lines:
        decision = decisions.get(line.pk, Decision(0))
        left = available(order.served_from, line.item)
        if decision.packs > max(left, 0):
            raise NotEnough(line.item.name, left, place=order.served_from.label)
        line.approved, line.word = min(decision.packs, line.requested), decision.word
    order.reply = reply
    if any(line.approved for line in lines):
        return _promise(order, lines, keeps_rest=keeps_rest, by=by, key=key)
    if keeps_rest:
        _save(lines, approved=None)
        note_step(order, OrderState.WAITING, by=by, key=key, note=reply)
        tell_customer(order, APPROVED, actor=by)
        return order
    _save(lines)
    note_step(order, OrderState.CANCELLED, by=by, key=key, note=reply)
    tell_customer(order, CANCELLED, actor=by)
    return order


def _promise(
    order: Order, lines: list[OrderLine], *, keeps_rest: bool, by: User, key: UUID
) -> Order:
    _save(lines)
    note_step(order, OrderState.APPROVED, by=by, key=key, note=order.reply)
    if keeps_rest:
        _wait_for(order, {line: line.requested - (line.approved or 0) for line in lines}, by)
    tell_customer(order, APPROVED, actor=by)
    return order


def _save(lines: list[OrderLine], **change: int | None) -> None:
    for line in lines:
        for name, value in change.items():
            setattr(line, name, value)
    OrderLine.objects.bulk_update(lines, ["approved", "shipped", "received", "word"])


def _wait_for(order: Order, missing: Mapping[OrderLine, int], by: User | None) -> None:
    """Make of what `order` could not give an order that waits, or add it to the one that does."""
    wanted = {line: packs for line, packs in missing.items() if packs > 0}
    if not wanted:
        return
    rest = _waiting_rest(order, by)
    for line, packs in wanted.items():
        waiting, created = OrderLine.objects.get_or_create(
            order=rest, item=line.item, defaults={"requested": packs}
        )
        if not created:
            waiting.requested += packs
            waiting.save(update_fields=["requested"])


def _waiting_rest(order: Order, by: User | None) -> Order:
    """What waits behind an order, held; one that was decided upon meanwhile takes no more."""
    last = order
    while (found := Order.objects.filter(rest_of=last).first()) is not None:
        last = lock_order(found)
        if last.state == OrderState.WAITING:
            return last
    rest = Order(
        organisation=order.organisation,
        served_from=order.served_from,
        address=order.address,
        needed_by=order.needed_by,
        note=order.note,
        created_by=order.created_by,
        submitted_at=order.submitted_at,
        rest_of=last,
    )
    note_step(rest, OrderState.WAITING, by=by, key=uuid4(), note=f"Reste de {order.number}")
    return rest


@transaction.atomic
def forward_order(*, order: Order, to: Location, by: User) -> Order:
    """Hand an order that was not decided to the stock above."""
    order = lock_order(order)
    if order.served_from == to:
        return order
    _check_step(order, *TO_DECIDE)
    order.served_from = to
    note_step(order, OrderState.SUBMITTED, by=by, key=uuid4(), note=f"Transmise : {to.label}")
    tell_keeper(order, SUBMITTED, actor=by)
    return order


@transaction.atomic
def start_picking(*, order: Order, by: User, key: UUID) -> Order:
    """Somebody gathers the packs."""
    order = lock_order(order)
    if already_done(key) or order.state == OrderState.PICKING:
        return order
    _check_step(order, OrderState.APPROVED)
    note_step(order, OrderState.PICKING, by=by, key=key)
    return order


@transaction.atomic
def ship_order(
    *, order: Order, packs: Mapping[int, int], parcel: Parcel, keeps_rest: bool, by: User, key: UUID
) -> Order:
    """Send what was gathered, by line; it is on the road until somebody says it arrived.

    Raises `NotEnough` when an inventory found less meanwhile, `OrderMoved` when it left already.
    """
    order = lock_order(order)
    if already_done(key):
        return order
    _check_step(order, OrderState.APPROVED, OrderState.PICKING)
    lines = _lines(order)
    if not any(packs.get(line.pk) for line in lines):
        raise MaterialError("Un envoi contient au moins un paquet ; sinon, annulez la commande.")
    road = shared_location(LocationKind.TRANSIT)
    lock_shelves(order.served_from, [line.item for line in lines])
    for line in lines:
        line.shipped = min(packs.get(line.pk, 0), line.approved or 0)
        if line.shipped:
            _carry(line, order.served_from, road, line.shipped, Reason.SHIPPED, by)
    _save(lines)
    Shipment.objects.create(order=order, sent_at=clock.now(), **vars(parcel))
    note_step(order, OrderState.SHIPPED, by=by, key=key)
    if keeps_rest:
        _wait_for(order, {line: (line.approved or 0) - (line.shipped or 0) for line in lines}, by)
    tell_customer(order, SHIPPED, actor=by)
    return order


def _carry(
    line: OrderLine, there: Location, to: Location, packs: int, reason: Reason, by: User | None
) -> None:
    move(
        item=line.item, from_location=there, to_location=to, packs=packs, reason=reason, by=by,
        order_line=line,
    )  # fmt: skip


@transaction.atomic
def add_shipment(*, order: Order, parcel: Parcel, key: UUID, by: User) -> Order:
    """Another parcel of an order on the road, with its own link."""
    order = lock_order(order)
    if not already_done(key):
        _check_step(order, OrderState.SHIPPED)
        Shipment.objects.create(order=order, sent_at=clock.now(), **vars(parcel))
        note_step(order, OrderState.SHIPPED, by=by, key=key, note="Un colis de plus")
    return order


@transaction.atomic
def receive_order(
    *, order: Order, packs: Mapping[int, int], note: str, by: User | None, key: UUID
) -> Order:
    """Say what arrived, by line: it is in the stock of who ordered.

    What lacks is lost on the road, what is too much comes from « écarts »; who sent it is told and
    closes the order. Without a difference it is closed at once.
    """
    order = lock_order(order)
    if already_done(key):
        return order
    _check_step(order, OrderState.SHIPPED)
    road, own = shared_location(LocationKind.TRANSIT), stock_of(order.organisation)
    lost, gap = shared_location(LocationKind.LOST), shared_location(LocationKind.GAP)
    lines = _lines(order)
    for line in lines:
        line.received, sent = packs.get(line.pk, 0), line.shipped or 0
        if arrived := min(line.received, sent):
            _carry(line, road, own, arrived, Reason.RECEIVED, by)
        if line.difference < 0:
            _carry(line, road, lost, -line.difference, Reason.MISSING, by)
        if line.difference > 0:
            _carry(line, gap, own, line.difference, Reason.EXTRA, by)
    _save(lines)
    if not any(line.difference for line in lines):
        note_step(order, OrderState.CLOSED, by=by, key=key, note=note)
        return order
    note_step(order, OrderState.RECEIVED, by=by, key=key, note=note)
    tell_keeper(order, RECEIVED, actor=by)
    return order


@transaction.atomic
def close_order(*, order: Order, by: User, note: str, key: UUID) -> Order:
    """The differences were looked at: nothing more is to be done."""
    order = lock_order(order)
    if order.state == OrderState.CLOSED or already_done(key):
        return order
    _check_step(order, OrderState.RECEIVED)
    note_step(order, OrderState.CLOSED, by=by, key=key, note=note)
    return order
