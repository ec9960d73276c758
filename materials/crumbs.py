"""Where one stands in the pages about material."""

from django.urls import reverse

from materials.order_rules import (
    basket_of,
    basket_packs,
    counts_for_keeper,
    keeps_stock_for_others,
    placing_organisations,
)
from organisations.models import User


def crumbs(here: str, **between: str) -> list[dict[str, str]]:
    """The trail to a page; `between` gives addresses and labels, `stock_list="Stock"`."""
    trail = [{"label": "Matériel", "url": reverse("materials:item-list")}]
    trail += [
        {"label": label, "url": reverse(f"materials:{name.replace('_', '-')}")}
        for name, label in between.items()
    ]
    return [*trail, {"label": here, "url": ""}]


def material_tabs(user: User, here: str) -> list[dict[str, object]]:
    """The rooms of the material, for who works in an organisation's name; nothing for others."""
    if not user.led:
        return []
    tabs: list[tuple[str, str, int | None]] = [("item-list", "Catalogue", None)]
    if own := placing_organisations(user):
        tabs.append(("order-basket", "Panier", len(basket_packs(basket_of(own[0])))))
    tabs.append(("order-list", "Commandes", None))
    if keeps_stock_for_others(user):
        counts = counts_for_keeper(user)
        tabs.append(("order-queue", "À traiter", counts["a-decider"] + counts["a-preparer"]))
    tabs.append(("stock-list", "Stock", None))
    tabs.append(("stock-alerts", "Alertes", None))
    tabs.append(("stock-allotments", "Dotations", None))
    return [
        {
            "label": label,
            "url": reverse(f"materials:{name}"),
            "current": name == here,
            "count": count,
        }
        for name, label, count in tabs
    ]
