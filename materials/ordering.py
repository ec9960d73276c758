"""What who orders does: fill a basket, send it, copy or cancel an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from campaigns import clock
from materials.enums import TO_DECIDE, LocationKind, OrderState
from materials.errors import MaterialError, OrderMoved
from materials.mails import CANCELLED, SUBMITTED, tell_customer, tell_keeper
from materials.models import Item, Location, Order, OrderLine, OrderStep
from materials.places import confederal_stock
from organisations.enums import Kind
from organisations.models import Organisation, User

MOST_PACKS = 10_000


@dataclass(frozen=True)
class Delivery:
    """What is said of an order as a whole."""

    served_from: Location
    address: str
    needed_by: date | None = None
    note: str = ""


def lock_order(order: Order) -> Order:
    """The order as it is now, held until the end of the transaction."""
    held = Order.objects.select_related("organisation", "served_from__organisation")
    return held.select_for_update(of=("self",), no_key=True).get(pk=order.pk)


def already_done(key: UUID) -> bool:
    """Whether the form that carries `key` came before."""
    return OrderStep.objects.filter(key=key).exists()


def note_step(
    order: Order, state: OrderState, *, by: User | None, key: UUID, note: str = ""
) -> None:
    """Put the order at a step, and write who brought it there."""
    order.state = state
    order.save()
    OrderStep.objects.create(order=order, state=state, at=clock.now(), by=by, note=note, key=key)


def default_source(organisation: Organisation) -> Location:
    """Who serves it: for an UL its UD if that keeps a stock, else the confederation."""
    return sources_for(organisation)[0]


def sources_for(organisation: Organisation) -> list[Location]:
    """The stocks an organisation may order from, the nearest first."""
    above = Location.objects.filter(kind=LocationKind.UD, organisation=organisation.parent_id)
    own = above.filter(arrivals__isnull=False).distinct() if organisation.kind == Kind.UL else []
    return [*own, confederal_stock()]


@transaction.atomic
def open_basket(*, organisation: Organisation, by: User | None) -> Order:
    """The basket of an organisation, which its team fills together."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    basket = Order.objects.filter(organisation=organisation, state=OrderState.DRAFT).first()
    return basket or Order.objects.create(
        organisation=organisation,
        served_from=default_source(organisation),
        address=organisation.postal_address,
        created_by=by,
    )


@transaction.atomic
def fill_basket(*, basket: Order, packs: Mapping[Item, int]) -> None:
    """Put so many packs of each item in the basket, none at nought; the others stay.

    Quantities are whole, not added: sent twice, they are the same. Raises `OrderMoved` when the
    basket has been sent meanwhile.
    """
    order = lock_order(basket)
    if order.state != OrderState.DRAFT:
        raise OrderMoved("Ce panier vient d’être envoyé : ouvrez-en un nouveau.")
    for item, wanted in packs.items():
        if wanted:
            OrderLine.objects.update_or_create(
                order=order, item=item, defaults={"requested": min(wanted, MOST_PACKS)}
            )
        else:
            OrderLine.objects.filter(order=order, item=item).delete()


@transaction.atomic
def keep_delivery(*, basket: Order, delivery: Delivery) -> None:
    """Keep what was said of the delivery with a basket that is not sent yet."""
    Order.objects.filter(pk=basket.pk, state=OrderState.DRAFT).update(**vars(delivery))


@transaction.atomic
def submit_order(*, basket: Order, delivery: Delivery, by: User | None, key: UUID) -> Order:
    """Send the basket to who serves it; sent again, it is the same order."""
    order = lock_order(basket)
    if order.state != OrderState.DRAFT:
        return order
    if not order.lines.exists():
        raise MaterialError("Votre panier est vide.")
    order.served_from, order.address = delivery.served_from, delivery.address
    order.needed_by, order.note = delivery.needed_by, delivery.note
    order.submitted_at = clock.now()
    note_step(order, OrderState.SUBMITTED, by=by, key=key)
    tell_keeper(order, SUBMITTED, actor=by)
    return order


@transaction.atomic
def cancel_order(*, order: Order, by: User | None, reason: str, key: UUID) -> Order:
    """Give an order up, by who placed it or who serves it; what was promised is free again.

    Raises `OrderMoved` once it has left.
    """
    order = lock_order(order)
    if order.state == OrderState.CANCELLED or already_done(key):
        return order
    if order.state not in (*TO_DECIDE, OrderState.APPROVED, OrderState.PICKING):
        raise OrderMoved("Cette commande est déjà partie : elle ne s’annule plus.")
    note_step(order, OrderState.CANCELLED, by=by, key=key, note=reason)
    tell_customer(order, CANCELLED, actor=by)
    tell_keeper(order, CANCELLED, actor=by)
    return order


@transaction.atomic
def order_again(*, order: Order, by: User) -> Order:
    """Put what was ordered once in today's basket; what it already holds stays as it is."""
    basket = lock_order(open_basket(organisation=order.organisation, by=by))
    held = set(basket.lines.values_list("item", flat=True))
    campaign = clock.current_campaign()
    closes = campaign.vote_closes if campaign else None
    offered = Item.objects.offered(today=clock.today(campaign), vote_closes=closes)
    lines = order.lines.select_related("item").filter(
        item__in=offered.filter(pack_size__isnull=False).values("pk")
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=basket, item=line.item, requested=line.requested)
        for line in lines.order_by("pk")
        if line.item_id not in held
    )
    return basket
