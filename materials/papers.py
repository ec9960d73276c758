"""What is printed of an order: the list to gather, the note in the parcel, its labels."""

from typing import Any

from core.pdf import render_pdf
from materials.models import Order, OrderLine
from materials.order_rules import lines_of

LABELS_PER_SHEET = 8


def picking_list(order: Order) -> bytes:
    """A4: what to gather, with a box to tick and the weight."""
    lines = [line for line in lines_of(order) if line.approved]
    return render_pdf("materials/paper/picking.html", _context(order, lines, "approved"))


def delivery_note(order: Order) -> bytes:
    """A4: what the parcel holds, to be checked as it is opened."""
    lines = [line for line in lines_of(order) if line.shipped]
    return render_pdf("materials/paper/note.html", _context(order, lines, "shipped"))


def address_labels(order: Order) -> bytes:
    """A sheet of eight labels of 99.1 × 67.7 mm: one a parcel, by sheets as needed."""
    parcels = max(sum(shipment.parcels for shipment in order.shipments.all()), 1)
    sender = order.served_from.organisation
    numbers = [{"number": number, "of": parcels} for number in range(1, parcels + 1)]
    sheets = [
        numbers[start : start + LABELS_PER_SHEET]
        for start in range(0, len(numbers), LABELS_PER_SHEET)
    ]
    context = {"order": order, "sheets": sheets, "sender": sender}
    return render_pdf("materials/paper/labels.html", context)


def _context(order: Order, lines: list[OrderLine], quantity: str) -> dict[str, Any]:
    rows = [{"line": line, "packs": getattr(line, quantity)} for line in lines]
    grams = sum((row["line"].item.pack_weight or 0) * row["packs"] for row in rows)
    return {
        "order": order,
        "rows": rows,
        "packs": sum(row["packs"] for row in rows),
        "weight": f"{grams / 1000:.1f}".replace(".", ","),
        "sender": order.served_from.organisation,
        "shipments": list(order.shipments.order_by("pk")),
    }
