"""Ordering and serving as it is done on screen; what is typed wrong is kept."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from materials.enums import OrderState
from materials.ledger import on_hand
from materials.models import Allotment, Item, Order, StockMovement
from materials.places import stock_of
from organisations.models import User
from tests.deployments.factories import make_deployment
from tests.factories import get_organisation, make_user
from tests.materials.factories import fill, make_item, stock
from tests.materials.orders import approve, make_order, ship

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
SET, BASKET = "/materiel/panier/article/", "/materiel/panier/"


@pytest.fixture
def union(client_for: LogIn) -> Client:
    return client_for(make_user("staff", "ud-14"))


@pytest.fixture
def keeper(client_for: LogIn) -> Client:
    return client_for(make_user("staff", "confederation"))


def basket_form(client: Client, **fields: Any) -> dict[str, Any]:
    """What the page of the basket would send."""
    form = client.get(BASKET).context["form"]
    sent = {name: form.get_initial_for_field(form.fields[name], name) for name in form.fields}
    return {name: "" if value is None else value for name, value in sent.items()} | fields


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_a_basket_is_filled_and_sent_once_whatever_the_clicks(union: Client) -> None:
    item = make_item("Tract du vote")
    union.post(SET, {"item": item.slug, "packs": 3, "next": "/materiel/?type=leaflet"})
    assert "Tract du vote" in union.get(BASKET).content.decode()
    data = basket_form(union, address="1 rue de la Paix, Caen")
    answers = [union.post(BASKET, data) for _ in range(2)]
    order = Order.objects.sent().get()
    assert [answer["Location"] for answer in answers] == [order.get_absolute_url()] * 2
    assert order.lines.get().requested == 3
    assert "Envoyée" in union.get(order.get_absolute_url()).content.decode()


def test_going_back_leads_to_our_own_pages_only(union: Client) -> None:
    item = make_item()
    answer = union.post(SET, {"item": item.slug, "packs": 3, "next": "https://ailleurs.example/"})
    assert answer["Location"] == "/materiel/"


def test_a_script_hears_what_is_in_the_basket(union: Client) -> None:
    item = make_item()
    data, headers = {"item": item.slug, "packs": "4"}, {"accept": "application/json"}
    for _ in range(2):
        answer = union.post(SET, data, headers=headers)
        assert answer.json() == {"packs": 4, "lines": 1}
    assert union.post(SET, data | {"packs": "-1"}, headers=headers).status_code == 422


def test_a_quantity_that_comes_late_does_not_begin_another_basket(union: Client) -> None:
    """It waited in a browser while a colleague sent the basket."""
    item = make_item()
    order = make_order({item: 1})
    data = {"item": item.slug, "packs": "4", "basket": str(order.pk)}
    answer = union.post(SET, data, headers={"accept": "application/json"})
    assert answer.status_code == 409
    assert Order.objects.get(state=OrderState.DRAFT).lines.count() == 0


def test_what_was_typed_wrong_is_kept_beside_its_error(union: Client) -> None:
    union.post(SET, {"item": make_item().slug, "packs": 3})
    answer = union.post(BASKET, basket_form(union, address="", needed_by="2020-01-01", note="Zut"))
    text = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 200
    assert "Où livrer ?" in text
    assert "Ce jour est passé." in text
    assert "Zut" in text
    assert Order.objects.get().state == OrderState.DRAFT


def test_a_basket_is_kept_without_being_sent(union: Client) -> None:
    union.post(SET, {"item": make_item().slug, "packs": 3})
    data = basket_form(union, address="Caen", save="1")
    packs = next(name for name in data if name.startswith("packs_"))
    union.post(BASKET, data | {packs: 8})
    order = Order.objects.get()
    assert (order.state, order.address) == (OrderState.DRAFT, "Caen")
    assert order.lines.get().requested == 8


def test_an_order_is_answered_prepared_sent_and_received_on_screen(
    union: Client, keeper: Client
) -> None:
    item = make_item()
    fill(item, 5)
    order = make_order({item: 4})
    own, line = order.get_absolute_url(), order.lines.get()
    packs = f"packs_{line.pk}"
    keeper.post(
        f"{own}repondre/",
        {"key": uuid4(), packs: 3, f"word_{line.pk}": "Le reste bientôt", "keeps_rest": "on"},
    )
    assert Order.objects.get(rest_of=order).state == OrderState.WAITING
    assert "Le reste bientôt" in union.get(own).content.decode()
    keeper.post(f"{own}preparer/", {"key": uuid4()})
    assert "Expédier" in keeper.get(f"{own}preparer/").content.decode()
    parcel = {"parcels": 1, "carrier": "Postes", "tracking_url": "https://suivi.example/1"}
    keeper.post(f"{own}expedier/", {"key": uuid4(), packs: 3} | parcel)
    assert "https://suivi.example/1" in union.get(own).content.decode()
    union.post(f"{own}reception/", {"key": uuid4(), packs: 2, "note": "Un de moins"})
    order.refresh_from_db()
    assert order.state == OrderState.RECEIVED
    assert "(-1)" in keeper.get(own).content.decode()
    keeper.post(f"{own}clore/", {"key": uuid4(), "word": "Perdu"})
    order.refresh_from_db()
    assert order.state == OrderState.CLOSED


def test_an_answer_beyond_the_stock_says_so_and_keeps_what_was_typed(keeper: Client) -> None:
    item = make_item("Affiche")
    fill(item, 2)
    order = make_order({item: 4})
    line = order.lines.get()
    data = {"key": uuid4(), f"packs_{line.pk}": 4, f"word_{line.pk}": "Tenez"}
    text = keeper.post(f"{order.get_absolute_url()}repondre/", data).content.decode()
    assert "il reste 2 paquets" in text
    assert "Tenez" in text


def test_a_tracking_link_that_is_not_https_is_refused(keeper: Client) -> None:
    item = make_item()
    fill(item, 5)
    order = approve(make_order({item: 1}))
    data = {"key": uuid4(), f"packs_{order.lines.get().pk}": 1, "parcels": 1}
    for link in ("http://suivi.example", "javascript:alert(1)"):
        answer = keeper.post(f"{order.get_absolute_url()}expedier/", data | {"tracking_url": link})
        assert "https://" in answer.context["form"].errors["tracking_url"][0]


def test_who_comes_second_is_led_to_where_the_order_stands(keeper: Client) -> None:
    item = make_item()
    fill(item, 5)
    order = approve(make_order({item: 1}))
    answer = keeper.get(f"{order.get_absolute_url()}repondre/", follow=True)
    assert "à l’étape « Acceptée »" in answer.content.decode().replace("\xa0", " ")


def test_an_ud_serves_its_local_union(client_for: LogIn) -> None:
    item = make_item()
    own = fill(item, 5, "ud-14")
    order = make_order({item: 2}, organisation="ul-caen")
    Order.objects.filter(pk=order.pk).update(served_from=own)
    ud, neighbour = client_for(make_user("staff", "ud-14")), client_for(make_user("staff", "ud-50"))
    assert order.number in ud.get("/materiel/a-traiter/").content.decode()
    assert neighbour.get(f"{order.get_absolute_url()}repondre/").status_code == 404
    data = {"key": uuid4(), f"packs_{order.lines.get().pk}": 2}
    assert ud.post(f"{order.get_absolute_url()}repondre/", data).status_code == 302
    order.refresh_from_db()
    assert order.state == OrderState.APPROVED


def test_ordering_again_is_for_ones_own_organisation(union: Client) -> None:
    order = make_order({make_item(): 2})
    answer = union.post(f"{order.get_absolute_url()}recommander/")
    assert answer["Location"].startswith(BASKET)
    assert Order.objects.get(state=OrderState.DRAFT).lines.get().requested == 2


def test_what_waits_shows_when_it_can_leave(keeper: Client) -> None:
    item = make_item()
    approve(make_order({item: 2}), {}, keeps_rest=True)
    address = "/materiel/a-traiter/?quoi=attente"
    assert "Peut partir" not in keeper.get(address).content.decode()
    fill(item, 1)
    assert "Peut partir" in keeper.get(address).content.decode()


@pytest.mark.parametrize(
    "address", ["/materiel/commandes/", "/materiel/a-traiter/", "/materiel/a-traiter/?quoi=attente"]
)
def test_lists_of_orders_ask_the_same_number_of_questions(keeper: Client, address: str) -> None:
    item = make_item()
    slugs = ["ud-14", "ud-50", "ud-76", "ud-27", "ud-61"]
    approve(make_order({item: 1}), {}, keeps_rest=True)
    make_order({item: 1})
    keeper.get(address)
    few = queries(keeper, address)
    for slug in slugs:
        approve(make_order({item: 1}, organisation=slug), {}, keeps_rest=True)
        make_order({item: 2, make_item(): 1}, organisation=slug)
    assert queries(keeper, address) == few


def test_stocks_ask_the_same_number_of_questions(keeper: Client) -> None:
    item = make_item()
    place = fill(item, 5)
    addresses = ["/materiel/stock/", f"/materiel/stock/{place.pk}/", "/materiel/stock/alertes/"]
    few = [queries(keeper, address) for address in addresses]
    for slug in ("ud-14", "ud-50", "ud-76"):
        for more in (item, make_item()):
            fill(more, 5, slug)
            fill(more, 5)
    assert [queries(keeper, address) for address in addresses] == few


def test_an_inventory_on_screen(union: Client) -> None:
    item, other = make_item(), make_item()
    place = fill(item, 5, "ud-14")
    address = f"/materiel/stock/{place.pk}/inventaire/"
    data = {f"packs_{item.pk}": 3, f"seen_{item.pk}": 5}
    data |= {f"packs_{other.pk}": "", f"seen_{other.pk}": 0}
    assert union.post(address, data).status_code == 302
    assert on_hand(place, item) == 3
    fill(item, 1, "ud-14")
    answer = union.post(address, data | {f"packs_{item.pk}": 2})
    assert "recomptez-le" in answer.content.decode()
    nothing = union.post(address, {f"packs_{item.pk}": ""})
    assert "Comptez au moins un article" in nothing.content.decode()


def move_data(item: Item, reason: str, packs: int = 2, **fields: Any) -> dict[str, Any]:
    return {"key": uuid4(), "reason": reason, "item": item.pk, "packs": packs} | fields


def test_movements_by_hand_and_their_correction(union: Client) -> None:
    item = make_item()
    place = fill(item, 9, "ud-14")
    address = f"/materiel/stock/{place.pk}/mouvement/"
    data = move_data(item, "used")
    for _ in range(2):
        assert union.post(address, data).status_code == 302
    assert on_hand(place, item) == 7
    union.post(address, move_data(item, "moved", organisation=get_organisation("ul-caen").pk))
    assert on_hand(stock("ul-caen"), item) == 2
    union.post(address, move_data(item, "moved", action="Marché Saint-Pierre"))
    union.post(address, move_data(item, "printed", packs=1))
    assert on_hand(place, item) == 4
    wrong = StockMovement.objects.filter(reason="used").get()
    correct = f"/materiel/stock/{place.pk}/mouvements/{wrong.pk}/corriger/"
    assert union.get(correct).status_code == 200
    union.post(correct, {"key": uuid4(), "word": "Tapé deux fois"})
    assert on_hand(place, item) == 6
    text = union.get(f"/materiel/stock/{place.pk}/").content.decode()
    assert "Tapé deux fois" in text
    too_many = union.post(address, move_data(item, "lost", packs=50))
    assert "il reste 6 paquets" in too_many.content.decode()


def test_packs_are_handed_to_ones_own_organisations_only(union: Client) -> None:
    item = make_item()
    place = fill(item, 9, "ud-14")
    foreign = get_organisation("ud-50")
    union.post(
        f"/materiel/stock/{place.pk}/mouvement/",
        move_data(item, "moved", organisation=foreign.pk),
    )
    assert on_hand(stock_of(foreign), item) == 0


def test_a_threshold_brings_an_alert(union: Client) -> None:
    item = make_item("Tract du vote")
    place = fill(item, 3, "ud-14")
    assert "Aucune alerte" in union.get("/materiel/stock/alertes/").content.decode()
    union.post(f"/materiel/stock/{place.pk}/seuils/", {f"packs_{item.pk}": 4})
    assert "Tract du vote" in union.get("/materiel/stock/alertes/").content.decode()


def test_an_allotment_is_set_from_above_and_read_below(union: Client, keeper: Client) -> None:
    item, address = make_item(), "/materiel/stock/dotations/"
    own = get_organisation("ud-14")
    keeper.post(address, {"organisation": own.pk, "item": item.pk, "packs": 5})
    assert Allotment.objects.get().packs == 5
    assert item.name in union.get(address).content.decode()
    union.post(address, {"organisation": own.pk, "item": item.pk, "packs": 500})
    assert Allotment.objects.get().packs == 5
    make_order({item: 4})
    union.post(SET, {"item": item.slug, "packs": 2})
    assert "il vous reste 1 paquet de votre dotation" in union.get(BASKET).content.decode()


def test_actions_to_come_suggest_what_to_order(union: Client) -> None:
    item = make_item("Tract du vote")
    make_deployment("ud-14", title="Grand marché", objective_count=400)
    text = union.get("/materiel/").content.decode()
    assert "~400 salarié·es visé·es" in text
    assert "Grand marché" in text
    # 400 people, five copies each, in packs of 500.
    assert union.get("/materiel/").context["cards"][0]["suggestion"].packs == 4
    fill(item, 3, "ud-14")
    assert union.get("/materiel/").context["cards"][0]["suggestion"].packs == 1


def test_what_is_on_the_road_is_not_suggested_again(union: Client) -> None:
    item = make_item()
    fill(item, 9)
    make_deployment("ud-14", objective_count=400)
    ship(approve(make_order({item: 4})))
    assert union.get("/materiel/").context["cards"][0]["suggestion"] is None


def test_the_confederation_sees_what_an_ud_serves_and_does_not_queue_it(keeper: Client) -> None:
    item = make_item()
    own = fill(item, 5, "ud-14")
    order = make_order({item: 2}, organisation="ul-caen")
    Order.objects.filter(pk=order.pk).update(served_from=own)
    assert order.number not in keeper.get("/materiel/a-traiter/").content.decode()
    assert order.number in keeper.get("/materiel/commandes/").content.decode()
    assert keeper.get(f"{order.get_absolute_url()}repondre/").status_code == 200
