"""The material of the edition, where it is, and orders at every step."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction

from campaigns import clock
from campaigns.loading import REFERENCE_EDITION
from campaigns.models import Campaign
from core.pdf import render_pdf
from materials.catalogue import Files, create_item, publish_version
from materials.enums import LocationKind, OrderState, Reason
from materials.ledger import move
from materials.models import Item, Location, Order
from materials.ordering import Delivery, cancel_order, fill_basket, open_basket, submit_order
from materials.places import confederal_stock, shared_location, stock_of
from materials.serving import (
    Decision,
    Parcel,
    approve_order,
    receive_order,
    ship_order,
    start_picking,
)
from materials.shelves import set_allotment, set_thresholds
from organisations.models import Organisation, User

PLAN: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "materials.json").read_text(encoding="utf-8")
)
# When printers delivered, and when the unions helped themselves, in days before today.
PRINTED, HANDED = 45, 38
USED = (26, 19, 12, 5)
LOW, LOW_IN_UNION = 20, 5
ALLOTTED = {"tract-tpe": 40, "flyer-generique": 15}
STEPS = [
    OrderState.SUBMITTED,
    OrderState.APPROVED,
    OrderState.PICKING,
    OrderState.SHIPPED,
    OrderState.CLOSED,
]
TRACKING = "https://suivi.demo.invalid/{number}"


@contextmanager
def days_ago(campaign: Campaign, days: int) -> Iterator[None]:
    """Stand on an earlier day: movements are written once, so they must be written then."""
    offset = campaign.clock_offset
    campaign.clock_offset = offset - timedelta(days=days)
    campaign.save(update_fields=["clock_offset"])
    try:
        yield
    finally:
        campaign.clock_offset = offset
        campaign.save(update_fields=["clock_offset"])


@transaction.atomic
def load_materials(*, campaign: Campaign, people: dict[str, User]) -> list[Order]:
    """Load the catalogue, the stocks and the orders; nothing when there are items already."""
    if Item.objects.exists():
        return []
    keeper = people["confederation"]
    with days_ago(campaign, PRINTED):
        items = _catalogue(campaign, keeper)
        _print(items, keeper)
    unions = {one.slug: one for one in Organisation.objects.filter(slug__startswith="ud-")}
    _fill_unions(campaign, items, unions, keeper)
    authors = {
        membership.organisation_id: user
        for user in people.values()
        for membership in user.active_memberships
        if membership.leads
    }
    return [
        _play(row, campaign, items, unions[row["by"]], keeper, authors.get(unions[row["by"]].pk))
        for row in PLAN["orders"]
    ]


def _catalogue(campaign: Campaign, keeper: User) -> dict[str, Item]:
    """The real items of the edition's file, each with a first version."""
    rows = json.loads(REFERENCE_EDITION.read_text(encoding="utf-8"))["items"]
    items = {}
    for row in rows:
        said = PLAN["items"][row["slug"]]
        item = create_item(
            name=row["title"].replace("'", "’"),
            kind=row["kind"],
            description=said["description"],
            format=said["format"],
            languages=said.get("languages", ["fr"]),
            pack_size=said["pack_size"],
            pack_weight=said["pack_weight"],
            is_printable_here=row.get("print_yourself", False),
        )
        files = _drawn(item, campaign) if item.is_printable_here else Files()
        label = f"Édition {campaign.vote_opens.year}"
        publish_version(item=item, label=label, files=files, by=keeper)
        items[row["slug"]] = item
    return items


def _drawn(item: Item, campaign: Campaign) -> Files:
    """Both files of an item that one may print."""
    context = {"item": item, "campaign": campaign}
    coloured, low_ink = (
        ContentFile(render_pdf("materials/paper/item.html", context | {"is_low_ink": is_low_ink}))
        for is_low_ink in (False, True)
    )
    return Files(print_ready=coloured, low_ink=low_ink)


def _print(items: dict[str, Item], keeper: User) -> None:
    """What printers delivered to the confederation, and from when on it is told."""
    stock, printer = confederal_stock(), shared_location(LocationKind.PRINTER)
    for slug, item in items.items():
        if packs := PLAN["items"][slug]["packs"]:
            move(
                item=item, from_location=printer, to_location=stock, packs=packs,
                reason=Reason.PRINTED, by=keeper,
            )  # fmt: skip
    kept = [item for item in items.values() if item.is_orderable]
    set_thresholds(location=stock, thresholds=dict.fromkeys(kept, LOW))


def _fill_unions(
    campaign: Campaign, items: dict[str, Item], unions: dict[str, Organisation], keeper: User
) -> None:
    """What some unions took with them at the start, and have given out since."""
    confederal, used = confederal_stock(), shared_location(LocationKind.USED)
    for slug, held in PLAN["unions"].items():
        stock = stock_of(unions[slug])
        with days_ago(campaign, HANDED):
            for name, packs in held.items():
                _carry(items[name], confederal, stock, packs, Reason.MOVED, keeper)
        for name, packs in held.items():
            for day in USED[: packs // 3]:
                with days_ago(campaign, day):
                    _carry(items[name], stock, used, 1, Reason.USED, None)
        set_thresholds(location=stock, thresholds={items["tract-tpe"]: LOW_IN_UNION})
        for name, packs in ALLOTTED.items():
            set_allotment(organisation=unions[slug], item=items[name], packs=packs)


def _carry(
    item: Item, there: Location, to: Location, packs: int, reason: Reason, by: User | None
) -> None:
    move(item=item, from_location=there, to_location=to, packs=packs, reason=reason, by=by)


def _play(
    row: dict[str, Any], campaign: Campaign, items: dict[str, Item], union: Organisation,
    keeper: User, author: User | None,
) -> Order:  # fmt: skip
    """An order brought to its step, half a day between two."""
    with days_ago(campaign, row["days_ago"]):
        today = clock.today()
        basket = open_basket(organisation=union, by=author)
        fill_basket(basket=basket, packs={items[slug]: n for slug, n in row["packs"].items()})
        needed = (
            today + timedelta(days=row["days_ago"] + row["needed"]) if "needed" in row else None
        )
        delivery = Delivery(confederal_stock(), union.postal_address, needed, row.get("note", ""))
        order = submit_order(basket=basket, delivery=delivery, by=author, key=uuid4())
    wanted = row["to"]
    if wanted == OrderState.CANCELLED:
        return cancel_order(order=order, by=author, reason="Commandé en double", key=uuid4())
    last = STEPS.index(OrderState.CLOSED if wanted == OrderState.RECEIVED else OrderState(wanted))
    for number, step in enumerate(STEPS[1 : last + 1], start=1):
        # The parcel travels for two days.
        later = number + 2 * (step == OrderState.CLOSED)
        with days_ago(campaign, max(row["days_ago"] - later, 0)):
            order = _advance(order, step, row, keeper, author)
    return order


def _advance(
    order: Order, step: OrderState, row: dict[str, Any], keeper: User, author: User | None
) -> Order:
    lines = list(order.lines.order_by("pk"))
    match step:
        case OrderState.APPROVED:
            most = row.get("part")
            decisions = {line.pk: Decision(min(line.requested, most or 999)) for line in lines}
            reply = "Le reste suit au prochain tirage." if most else ""
            return approve_order(
                order=order, decisions=decisions, keeps_rest=True, reply=reply, by=keeper,
                key=uuid4(),
            )  # fmt: skip
        case OrderState.PICKING:
            return start_picking(order=order, by=keeper, key=uuid4())
        case OrderState.SHIPPED:
            parcel = Parcel(2, "Messagerie", TRACKING.format(number=order.number))
            packs = {line.pk: line.approved or 0 for line in lines}
            return ship_order(
                order=order, packs=packs, parcel=parcel, keeps_rest=True, by=keeper, key=uuid4()
            )
    missing = row.get("missing", 0)
    packs = {line.pk: (line.shipped or 0) - missing * (line == lines[0]) for line in lines}
    note = "Un paquet manquait dans le carton." if missing else ""
    return receive_order(order=order, packs=packs, note=note, by=author, key=uuid4())
