"""The material of the demonstration: the real list, a stock that adds up, orders at every step."""

import json

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone

from accounts.demo import create_personas
from campaigns.loading import REFERENCE_EDITION
from campaigns.models import Campaign
from demonstration.edition import Moment
from demonstration.letterheads import write_letterheads
from demonstration.loading import load_edition
from demonstration.materials import load_materials
from materials.enums import OrderState
from materials.models import Item, Location, Order, OrderStep, StockMovement
from materials.stock_rules import alerts_for, balances
from organisations.models import User
from tests.materials.test_papers import A4, read

A5 = (420, 595)  # points


@pytest.fixture
def people(db: None) -> dict[str, User]:
    call_command("load_organisations", verbosity=0)
    load_edition(Moment.BEFORE, today=timezone.now())
    people = create_personas()
    write_letterheads()
    return people


@pytest.fixture
def orders(people: dict[str, User], settings: object, tmp_path: object) -> list[Order]:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return load_materials(campaign=Campaign.objects.current().get(), people=people)


def test_the_catalogue_is_that_of_the_edition(orders: list[Order]) -> None:
    expected = json.loads(REFERENCE_EDITION.read_text(encoding="utf-8"))["items"]
    assert list(Item.objects.values_list("kind", flat=True)) == [row["kind"] for row in expected]


def test_what_one_may_print_is_drawn_for_the_printer_and_in_little_ink(orders: list[Order]) -> None:
    """A5 in colour, A4 for an office printer; their fonts inside."""
    for item in Item.objects.filter(is_printable_here=True):
        assert item.current
        for name, size in (("print_ready", A5), ("low_ink", A4)):
            with getattr(item.current, name).open("rb") as file:
                (page,) = read(file.read(), size).pages
            assert item.name.split()[0] in page.extract_text()


def test_orders_stand_at_every_step(orders: list[Order]) -> None:
    found = set(Order.objects.values_list("state", flat=True))
    assert found == set(OrderState) - {OrderState.DRAFT}


def test_nothing_is_dated_after_today_and_the_clock_is_back(
    orders: list[Order], people: dict[str, User]
) -> None:
    campaign = Campaign.objects.current().get()
    now = timezone.now() + campaign.clock_offset
    assert not StockMovement.objects.filter(moment__gt=now).exists()
    assert not OrderStep.objects.filter(at__gt=now).exists()
    assert load_materials(campaign=campaign, people=people) == []


def test_the_ledger_adds_up_and_something_runs_low(
    orders: list[Order], people: dict[str, User]
) -> None:
    places = list(Location.objects.all())
    assert sum(balances(places).values()) == 0
    for place in places:
        if not place.may_go_below_zero:
            assert all(packs >= 0 for packs in balances([place]).values())
    assert StockMovement.objects.aggregate(total=Sum("packs"))["total"]
    assert alerts_for(people["confederation"])
