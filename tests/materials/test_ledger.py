"""The ledger: nothing is lost, nothing is invented, nothing is rewritten."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from materials import ledger
from materials.enums import LocationKind, Reason
from materials.errors import MaterialError, NotEnough, StockMoved
from materials.ledger import Count, correct_movement, count_stock, move, on_hand
from materials.models import Item, Location, StockMovement
from materials.places import deployment_stock, shared_location
from tests.factories import get_organisation, make_user
from tests.materials.factories import fill, make_item, stock

pytestmark = pytest.mark.django_db
PRINTER, USED, LOST, GAP, TRANSIT = (
    LocationKind.PRINTER, LocationKind.USED, LocationKind.LOST, LocationKind.GAP,
    LocationKind.TRANSIT,
)  # fmt: skip


def every_place() -> list[Location]:
    """Two of each sort: real stocks, a field action, the road, and what has no bounds."""
    shared = [shared_location(kind) for kind in (PRINTER, USED, LOST, GAP, TRANSIT)]
    market = deployment_stock(organisation=get_organisation("ud-14"), label="Marché")
    return [*shared, stock(), stock("ud-14"), stock("ul-caen"), market]


PLACE = st.integers(0, 8)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), PLACE, PLACE, st.integers(1, 40)),
        st.tuples(st.just("count"), st.integers(5, 8), st.just(0), st.integers(0, 40)),
        st.tuples(st.just("correct"), st.integers(0, 30), st.just(0), st.just(0)),
    ),
    max_size=25,
)


def play(act: tuple[str, int, int, int], item: Item, places: list[Location]) -> None:
    name, first, second, packs = act
    if name == "move" and first != second:
        move(
            item=item, from_location=places[first], to_location=places[second], packs=packs,
            reason=Reason.MOVED, by=None,
        )  # fmt: skip
    elif name == "count":
        count_stock(location=places[first], counts=[Count(item, packs)], by=None)
    elif name == "correct":
        made = list(StockMovement.objects.order_by("pk"))
        if made:
            correct_movement(movement=made[first % len(made)], by=None)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_whatever_happens_the_ledger_sums_to_zero_and_no_stock_is_below_it(
    db: None, acts: list[Any]
) -> None:
    with transaction.atomic():
        item, places = make_item(), every_place()
        fill(item, 30)
        for act in acts:
            try:
                play(act, item, places)
            except MaterialError:
                continue
            balances = {place: on_hand(place, item) for place in places}
            assert sum(balances.values()) == 0
            assert all(
                packs >= 0 for place, packs in balances.items() if not place.may_go_below_zero
            )
        transaction.set_rollback(True)


def test_more_than_there_is_does_not_leave() -> None:
    item = make_item("Affiche")
    place = fill(item, 3)
    with pytest.raises(NotEnough, match="il reste 3 paquets"):
        move(
            item=item, from_location=place, to_location=stock("ud-14"), packs=4,
            reason=Reason.MOVED, by=None,
        )  # fmt: skip
    assert on_hand(place, item) == 3


def test_a_form_sent_twice_moves_once() -> None:
    item, key = make_item(), uuid4()
    place = fill(item, 10)
    made = [
        move(
            item=item, from_location=place, to_location=stock("ud-14"), packs=4,
            reason=Reason.MOVED, by=None, key=key,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert made[0] == made[1]
    assert on_hand(place, item) == 6


@pytest.mark.parametrize("change", [{"packs": 9}, {"note": "autre"}, {"reason": Reason.LOST}])
def test_a_movement_is_never_changed(change: dict[str, Any]) -> None:
    fill(make_item(), 10)
    with pytest.raises(IntegrityError, match="written once"):
        StockMovement.objects.update(**change)


def test_a_movement_is_never_deleted() -> None:
    fill(make_item(), 10)
    with pytest.raises(IntegrityError, match="written once"):
        StockMovement.objects.all().delete()


def test_a_movement_outlives_the_account_of_its_author() -> None:
    author, item = make_user("staff", "confederation"), make_item()
    place = fill(item, 10)
    made = move(
        item=item, from_location=place, to_location=stock("ud-14"), packs=1, reason=Reason.MOVED,
        by=author,
    )  # fmt: skip
    author.delete()
    made.refresh_from_db()
    assert made.by is None


def test_an_inventory_writes_the_difference_and_its_repeat_nothing() -> None:
    item = make_item()
    place = fill(item, 10)
    for _ in range(2):
        count_stock(location=place, counts=[Count(item, 7, seen=10)], by=None)
    assert on_hand(place, item) == 7
    assert on_hand(shared_location(GAP), item) == 3


def test_what_moved_during_an_inventory_is_counted_again() -> None:
    item = make_item()
    place = fill(item, 10)
    move(
        item=item, from_location=place, to_location=shared_location(USED), packs=2,
        reason=Reason.USED, by=None,
    )  # fmt: skip
    with pytest.raises(StockMoved):
        count_stock(location=place, counts=[Count(item, 9, seen=10)], by=None)
    assert on_hand(place, item) == 8


def test_a_correction_is_the_opposite_movement_once() -> None:
    item = make_item()
    place = fill(item, 10)
    wrong = move(
        item=item, from_location=place, to_location=shared_location(LOST), packs=5,
        reason=Reason.LOST, by=None,
    )  # fmt: skip
    first = correct_movement(movement=wrong, by=None, note="Retrouvés")
    assert correct_movement(movement=wrong, by=None) == first
    assert on_hand(place, item) == 10
    with pytest.raises(MaterialError):
        correct_movement(movement=first, by=None)


def test_what_is_promised_is_not_taken_for_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    item = make_item()
    place = fill(item, 10)
    monkeypatch.setattr(ledger, "reserved", lambda location, item: 8)
    with pytest.raises(NotEnough):
        move(
            item=item, from_location=place, to_location=shared_location(USED), packs=3,
            reason=Reason.USED, by=None,
        )  # fmt: skip
