"""Two orders and the last packs, two hands on one shelf; and the controls without a lock."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError

from materials import ledger, serving
from materials.enums import LocationKind, OrderState, Reason
from materials.errors import NotEnough
from materials.ledger import available, move, on_hand
from materials.models import Item, Order, OrderStep
from materials.ordering import Delivery, fill_basket, open_basket, submit_order
from materials.places import shared_location
from materials.serving import Decision, approve_order
from organisations.models import User
from tests.factories import get_organisation, make_user
from tests.materials.factories import fill, make_item, stock
from tests.materials.orders import make_order
from tests.webinars.test_races import meet_after, together

pytestmark = pytest.mark.django_db(transaction=True)


def promise(order: Order, keeper: User) -> Callable[[], Any]:
    decisions = {line.pk: Decision(line.requested) for line in order.lines.all()}

    def act() -> Any:
        try:
            return approve_order(
                order=order, decisions=decisions, keeps_rest=False, reply="", by=keeper, key=uuid4()
            )
        except NotEnough as error:
            return error

    return act


def two_orders(item: Item) -> list[Callable[[], Any]]:
    keeper = make_user("staff", "confederation")
    orders = [make_order({item: 1}, organisation=slug) for slug in ("ud-14", "ud-50")]
    return [promise(order, keeper) for order in orders]


def test_the_last_pack_is_promised_once(monkeypatch: pytest.MonkeyPatch) -> None:
    item = make_item()
    place = fill(item, 1)
    acts = two_orders(item)
    meet_after(monkeypatch, serving, "available")
    answers = together(*acts)
    assert sum(isinstance(answer, NotEnough) for answer in answers) == 1
    assert available(place, item) == 0
    assert Order.objects.filter(state=OrderState.APPROVED).count() == 1


def test_without_the_lock_it_would_be_promised_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the race above: it does need the lock."""
    item = make_item()
    place = fill(item, 1)
    acts = two_orders(item)
    monkeypatch.setattr(serving, "lock_shelves", lambda location, items: None)
    meet_after(monkeypatch, serving, "available")
    together(*acts)
    assert available(place, item) == -1


def take(item: Item) -> Callable[[], Any]:
    place, used = stock(), shared_location(LocationKind.USED)

    def act() -> Any:
        try:
            return move(
                item=item, from_location=place, to_location=used, packs=1, reason=Reason.USED,
                by=None,
            )  # fmt: skip
        except NotEnough as error:
            return error

    return act


def test_the_last_pack_leaves_the_shelf_once(monkeypatch: pytest.MonkeyPatch) -> None:
    item = make_item()
    place = fill(item, 1)
    acts = [take(item), take(item)]
    meet_after(monkeypatch, ledger, "on_hand")
    answers = together(*acts)
    assert sum(isinstance(answer, NotEnough) for answer in answers) == 1
    assert on_hand(place, item) == 0


def test_without_the_lock_the_shelf_would_be_below_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the race above."""
    item = make_item()
    place = fill(item, 1)
    acts = [take(item), take(item)]
    monkeypatch.setattr(ledger, "lock_shelves", lambda location, items: None)
    meet_after(monkeypatch, ledger, "on_hand")
    together(*acts)
    assert on_hand(place, item) == -1


def test_a_double_click_moves_once() -> None:
    item, key = make_item(), uuid4()
    place, used = fill(item, 5), shared_location(LocationKind.USED)

    def click() -> Any:
        return move(
            item=item, from_location=place, to_location=used, packs=2, reason=Reason.USED, by=None,
            key=key,
        )  # fmt: skip

    assert len({answer.pk for answer in together(click, click)}) == 1
    assert on_hand(place, item) == 3


def test_two_colleagues_open_one_basket() -> None:
    union = get_organisation("ud-14")
    team = [make_user("staff", "ud-14") for _ in range(2)]
    opened = together(*[lambda one=one: open_basket(organisation=union, by=one) for one in team])
    assert len({basket.pk for basket in opened}) == 1


def test_an_order_sent_from_two_windows_is_sent_once() -> None:
    author, item = make_user("staff", "ud-14"), make_item()
    basket = open_basket(organisation=get_organisation("ud-14"), by=author)
    fill_basket(basket=basket, packs={item: 2})
    delivery = Delivery(stock(), "Caen")

    def send() -> Order:
        return submit_order(basket=basket, delivery=delivery, by=author, key=uuid4())

    assert {order.pk for order in together(send, send)} == {basket.pk}
    assert OrderStep.objects.filter(order=basket).count() == 1


def arrive_twice(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    item, key = make_item(), uuid4()
    place, printer = stock(), shared_location(LocationKind.PRINTER)

    def click() -> Any:
        try:
            return move(
                item=item, from_location=printer, to_location=place, packs=2,
                reason=Reason.PRINTED, by=None, key=key,
            )  # fmt: skip
        except IntegrityError as error:
            return error

    meet_after(monkeypatch, ledger.clock, "now")
    return together(click, click)


def test_a_delivery_clicked_twice_arrives_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = arrive_twice(monkeypatch)
    assert first == second


def test_without_the_lock_the_second_click_would_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the race above."""
    monkeypatch.setattr(ledger, "lock_shelves", lambda location, items: None)
    answers = arrive_twice(monkeypatch)
    assert any(isinstance(answer, IntegrityError) for answer in answers)
