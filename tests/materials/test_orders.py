"""An order: requested, approved, shipped and received are four numbers, each told to somebody."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from materials.enums import LocationKind, OrderState, Reason
from materials.errors import MaterialError, NotEnough, OrderMoved
from materials.ledger import available, correct_movement, on_hand, reserved
from materials.models import Order, OrderStep, Shipment, StockMovement
from materials.ordering import (
    Delivery,
    cancel_order,
    fill_basket,
    open_basket,
    order_again,
    sources_for,
    submit_order,
)
from materials.places import shared_location
from materials.serving import (
    Decision,
    approve_order,
    close_order,
    forward_order,
    receive_order,
)
from messaging.composers import Compositions
from messaging.models import Message
from organisations.models import User
from tests.factories import get_organisation, make_user
from tests.materials.factories import fill, make_item, stock
from tests.materials.orders import approve, make_order, ship

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(db: None) -> User:
    return make_user("staff", "confederation")


def told(purpose: str) -> set[str]:
    return set(Message.objects.filter(purpose=purpose).values_list("recipient", flat=True))


def test_an_order_goes_from_the_basket_to_the_shelf_of_who_asked(keeper: User) -> None:
    item = make_item()
    place = fill(item, 10)
    order = make_order({item: 4})
    order = approve(order, by=keeper)
    assert (on_hand(place, item), available(place, item)) == (10, 6)
    order = ship(order)
    road = shared_location(LocationKind.TRANSIT)
    assert [on_hand(one, item) for one in (place, road, stock("ud-14"))] == [6, 4, 0]
    line = order.lines.get()
    order = receive_order(order=order, packs={line.pk: 4}, note="", by=keeper, key=uuid4())
    assert [on_hand(one, item) for one in (place, road, stock("ud-14"))] == [6, 0, 4]
    assert order.state == OrderState.CLOSED
    states = OrderStep.objects.filter(order=order).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["submitted", "approved", "picking", "shipped", "closed"]


@pytest.mark.parametrize(("arrived", "lost", "gap"), [(3, 1, 0), (5, 0, -1)])
def test_what_arrives_otherwise_is_told_and_accounted_for(
    keeper: User, arrived: int, lost: int, gap: int
) -> None:
    item = make_item()
    fill(item, 10)
    order = ship(approve(make_order({item: 4}), by=keeper))
    line = order.lines.get()
    author = make_user("staff", "ud-14")
    order = receive_order(order=order, packs={line.pk: arrived}, note="", by=author, key=uuid4())
    assert order.state == OrderState.RECEIVED
    assert on_hand(stock("ud-14"), item) == arrived
    assert on_hand(shared_location(LocationKind.TRANSIT), item) == 0
    assert on_hand(shared_location(LocationKind.LOST), item) == lost
    assert on_hand(shared_location(LocationKind.GAP), item) == gap
    assert keeper.email in told("order-received")
    assert author.email not in told("order-received")
    assert close_order(order=order, by=keeper, note="", key=uuid4()).state == OrderState.CLOSED


def test_a_part_is_given_and_the_rest_waits_for_stock(keeper: User) -> None:
    item = make_item()
    fill(item, 3)
    order = approve(make_order({item: 5}), {item: 3}, keeps_rest=True, by=keeper)
    rest = Order.objects.get(rest_of=order)
    assert rest.state == OrderState.WAITING
    assert rest.lines.get().requested == 2
    with pytest.raises(NotEnough):
        approve(rest, by=keeper)
    fill(item, 5)
    assert approve(rest, by=keeper).state == OrderState.APPROVED
    assert reserved(stock(), item) == 5


def test_what_could_not_leave_waits_with_the_rest(keeper: User) -> None:
    item = make_item()
    fill(item, 5)
    order = approve(make_order({item: 5}), {item: 4}, keeps_rest=True, by=keeper)
    ship(order, less=1, keeps_rest=True)
    assert Order.objects.get(rest_of=order).lines.get().requested == 2


def test_what_could_not_leave_is_not_added_to_a_rest_already_promised(keeper: User) -> None:
    item = make_item()
    fill(item, 9)
    order = approve(make_order({item: 5}), {item: 4}, keeps_rest=True, by=keeper)
    rest = approve(Order.objects.get(rest_of=order), by=keeper)
    ship(order, less=1, keeps_rest=True)
    assert rest.lines.get().requested == 1
    assert Order.objects.get(rest_of=rest).lines.get().requested == 1


def test_nothing_given_and_nothing_kept_is_a_refusal_with_a_word(keeper: User) -> None:
    author, item = make_user("staff", "ud-14"), make_item()
    fill(item, 5)
    order = make_order({item: 5}, by=author)
    order = approve_order(
        order=order, decisions={}, keeps_rest=False, reply="Épuisé", by=keeper, key=uuid4()
    )
    assert order.state == OrderState.CANCELLED
    assert told("order-cancelled") == {author.email}


def test_nothing_given_but_kept_waits_whole(keeper: User) -> None:
    item = make_item()
    order = approve(make_order({item: 5}), {}, keeps_rest=True, by=keeper)
    assert order.state == OrderState.WAITING
    assert not Order.objects.filter(rest_of=order).exists()


def test_more_than_is_free_is_not_promised(keeper: User) -> None:
    item = make_item("Affiche")
    fill(item, 5)
    approve(make_order({item: 4}), by=keeper)
    second = make_order({item: 2}, organisation="ud-50")
    with pytest.raises(NotEnough, match="« Affiche » : il reste 1 paquet"):
        approve(second, by=keeper)
    second.refresh_from_db()
    assert second.state == OrderState.SUBMITTED


def test_a_cancelled_order_gives_back_what_was_promised(keeper: User) -> None:
    author, item = make_user("staff", "ud-14"), make_item()
    place = fill(item, 5)
    order = approve(make_order({item: 5}, by=author), by=keeper)
    cancel_order(order=order, by=author, reason="Déjà reçu", key=uuid4())
    assert available(place, item) == 5
    assert told("order-cancelled") == {keeper.email}


def test_what_has_left_is_not_cancelled(keeper: User) -> None:
    item = make_item()
    fill(item, 5)
    order = ship(approve(make_order({item: 5}), by=keeper))
    with pytest.raises(OrderMoved):
        cancel_order(order=order, by=keeper, reason="", key=uuid4())


def test_a_basket_sent_twice_is_one_order(keeper: User) -> None:
    author, item = make_user("staff", "ud-14"), make_item()
    basket = open_basket(organisation=get_organisation("ud-14"), by=author)
    fill_basket(basket=basket, packs={item: 2})
    delivery, key = Delivery(stock(), "Caen"), uuid4()
    sent = [submit_order(basket=basket, delivery=delivery, by=author, key=key) for _ in range(2)]
    assert sent[0] == sent[1]
    assert Order.objects.sent().count() == 1
    assert Message.objects.filter(purpose="order-submitted", recipient=keeper.email).count() == 1


def test_an_answer_sent_twice_promises_once(keeper: User) -> None:
    item, key = make_item(), uuid4()
    fill(item, 5)
    order = make_order({item: 3})
    decisions = {order.lines.get().pk: Decision(3)}
    for _ in range(2):
        approve_order(
            order=order, decisions=decisions, keeps_rest=False, reply="", by=keeper, key=key
        )
    assert reserved(stock(), item) == 3
    with pytest.raises(OrderMoved):
        approve_order(
            order=order, decisions=decisions, keeps_rest=False, reply="", by=keeper, key=uuid4()
        )


def test_quantities_of_a_basket_are_whole_not_added() -> None:
    author, item = make_user("staff", "ud-14"), make_item()
    basket = open_basket(organisation=get_organisation("ud-14"), by=author)
    assert open_basket(organisation=get_organisation("ud-14"), by=author) == basket
    for _ in range(2):
        fill_basket(basket=basket, packs={item: 2})
    assert basket.lines.get().requested == 2
    fill_basket(basket=basket, packs={item: 0})
    assert not basket.lines.exists()
    with pytest.raises(MaterialError, match="vide"):
        submit_order(basket=basket, delivery=Delivery(stock(), ""), by=author, key=uuid4())


def test_a_sent_basket_is_not_filled_any_more() -> None:
    item = make_item()
    order = make_order({item: 2})
    with pytest.raises(OrderMoved):
        fill_basket(basket=order, packs={item: 9})


def test_ordering_again_fills_the_basket_and_leaves_what_is_in_it() -> None:
    author, kept, other = make_user("staff", "ud-14"), make_item(), make_item()
    order = make_order({kept: 2, other: 3}, by=author)
    basket = open_basket(organisation=order.organisation, by=author)
    fill_basket(basket=basket, packs={kept: 7})
    order_again(order=order, by=author)
    assert dict(basket.lines.values_list("item", "requested")) == {kept.pk: 7, other.pk: 3}


def test_a_local_union_is_served_by_its_ud_if_that_keeps_a_stock(keeper: User) -> None:
    union = get_organisation("ul-caen")
    assert sources_for(union) == [stock()]
    item = make_item()
    own = fill(item, 5, "ud-14")
    assert sources_for(union) == [own, stock()]
    order = make_order({item: 2}, organisation="ul-caen")
    Order.objects.filter(pk=order.pk).update(served_from=own)
    order = forward_order(order=order, to=stock(), by=make_user("staff", "ud-14"))
    assert order.served_from == stock()
    assert keeper.email in told("order-submitted")


def test_a_mail_that_is_not_true_any_more_does_not_leave(keeper: User) -> None:
    author, item = make_user("staff", "ud-14"), make_item("Tract élections")
    fill(item, 5)
    order = approve(make_order({item: 3}, by=author), {item: 2}, by=keeper)
    batch = list(Message.objects.filter(purpose="order-approved"))
    assert [message.recipient for message in batch] == [author.email]
    assert Compositions(batch).write(batch[0])
    assert "Tract élections\u00a0: 2 sur 3" in batch[0].text
    cancel_order(order=order, by=keeper, reason="", key=uuid4())
    assert not Compositions(batch).write(batch[0])


def test_the_author_of_a_change_is_never_written_to(keeper: User) -> None:
    item = make_item()
    fill(item, 5)
    order = make_order({item: 3}, organisation="ud-14")
    ship(approve(order, by=keeper))
    for message in Message.objects.filter(purpose__startswith="order-"):
        step = OrderStep.objects.get(pk=int(message.unique_key.split(":")[3]))
        assert step.by is None or step.by.email != message.recipient


def test_a_link_to_follow_a_parcel_is_safe(keeper: User) -> None:
    item = make_item()
    order = make_order({item: 1})
    with pytest.raises(IntegrityError), transaction.atomic():
        Shipment.objects.create(order=order, parcels=1, tracking_url="http://suivi.example")


def test_movements_of_an_order_are_corrected_by_an_inventory(keeper: User) -> None:
    item = make_item()
    fill(item, 5)
    ship(approve(make_order({item: 3}), by=keeper))
    sent = StockMovement.objects.get(reason=Reason.SHIPPED)
    with pytest.raises(MaterialError, match="inventaire"):
        correct_movement(movement=sent, by=keeper)
