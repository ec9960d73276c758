"""Orders for tests, brought to where a test needs them by the real actions."""

from datetime import date
from uuid import uuid4

from materials.enums import OrderState
from materials.models import Item, Order
from materials.ordering import Delivery, fill_basket, open_basket, submit_order
from materials.places import confederal_stock
from materials.serving import Decision, Parcel, approve_order, ship_order, start_picking
from organisations.models import User
from tests.factories import get_organisation, make_user


def make_order(
    packs: dict[Item, int],
    *,
    organisation: str = "ud-14",
    by: User | None = None,
    needed_by: date | None = None,
) -> Order:
    """An order of the UD 14 that waits for the confederation."""
    author = by or make_user("staff", organisation)
    basket = open_basket(organisation=get_organisation(organisation), by=author)
    fill_basket(basket=basket, packs=packs)
    delivery = Delivery(confederal_stock(), "1 rue de la Paix\n14000 Caen", needed_by)
    return submit_order(basket=basket, delivery=delivery, by=author, key=uuid4())


def approve(
    order: Order, packs: dict[Item, int] | None = None, *, keeps_rest: bool = False,
    by: User | None = None,
) -> Order:  # fmt: skip
    """Give what was asked for, or so many packs of each item."""
    decisions = {
        line.pk: Decision(line.requested if packs is None else packs.get(line.item, 0))
        for line in order.lines.select_related("item")
    }
    return approve_order(
        order=order, decisions=decisions, keeps_rest=keeps_rest, reply="",
        by=by or make_user("staff", "confederation"), key=uuid4(),
    )  # fmt: skip


def ship(order: Order, *, less: int = 0, keeps_rest: bool = False) -> Order:
    """Send what was promised, or a few packs less of each line."""
    keeper = make_user("staff", "confederation")
    if order.state == OrderState.APPROVED:
        order = start_picking(order=order, by=keeper, key=uuid4())
    packs = {line.pk: (line.approved or 0) - less for line in order.lines.all()}
    return ship_order(
        order=order, packs=packs, parcel=Parcel(2, "Postes", "https://suivi.example/1"),
        keeps_rest=keeps_rest, by=keeper, key=uuid4(),
    )  # fmt: skip
