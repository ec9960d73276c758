"""What is printed of an order: the right page, its fonts inside, the right words."""

from io import BytesIO
from typing import Any, cast
from uuid import uuid4

import pytest
from pypdf import PdfReader

from materials.models import Order
from materials.papers import LABELS_PER_SHEET, address_labels, delivery_note, picking_list
from materials.serving import Parcel, add_shipment
from tests.factories import make_user
from tests.materials.factories import fill, make_item
from tests.materials.orders import approve, make_order, ship

pytestmark = pytest.mark.django_db
A4 = (595, 842)  # points


def read(pdf: bytes, size: tuple[int, int] = A4) -> PdfReader:
    """The document, once every page is known to be of `size` and every font to be inside."""
    reader = PdfReader(BytesIO(pdf))
    assert reader.pages
    for page in reader.pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size
        fonts = cast(Any, page["/Resources"])["/Font"]
        assert fonts
        for font in fonts.values():
            for descendant in font.get_object()["/DescendantFonts"]:
                descriptor = descendant.get_object()["/FontDescriptor"]
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
    return reader


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture
def promised() -> Order:
    item = make_item("Tract du vote", pack_size=500, pack_weight=1800)
    fill(item, 9)
    return approve(make_order({item: 4}))


def test_the_list_to_gather_tells_packs_copies_and_weight(promised: Order) -> None:
    text = words(read(picking_list(promised)))
    for expected in (promised.number, "Tract du vote", "2000", "7,2 kg", "UD 14"):
        assert expected in text


def test_the_note_tells_what_left_not_what_was_asked(promised: Order) -> None:
    text = words(read(delivery_note(ship(promised, less=1))))
    assert "En tout, 5,4 kg 3" in text
    assert "1 rue de la Paix" in text


@pytest.mark.parametrize(("parcels", "sheets"), [(1, 1), (LABELS_PER_SHEET, 1), (9, 2)])
def test_each_parcel_has_its_label(promised: Order, parcels: int, sheets: int) -> None:
    order = ship(promised)
    order.shipments.all().delete()
    keeper = make_user("staff", "confederation")
    add_shipment(order=order, parcel=Parcel(parcels), key=uuid4(), by=keeper)
    reader = read(address_labels(order))
    assert len(reader.pages) == sheets
    text = words(reader)
    for number in range(1, parcels + 1):
        assert f"colis {number} sur {parcels}" in text


def test_labels_stand_where_the_sheet_is_cut(promised: Order) -> None:
    """Eight of 99.1 × 67.7 mm: two columns, four rows."""
    order = ship(promised)
    order.shipments.update(parcels=LABELS_PER_SHEET)
    found: list[tuple[float, float]] = []

    def note(text: str, _matrix: Any, place: Any, *_: Any) -> None:
        if "colis" in text:
            found.append((place[4], place[5]))

    (page,) = read(address_labels(order)).pages
    page.extract_text(visitor_text=note)
    columns = {round(x / 10) for x, _ in found}
    rows = {round(y / 10) for _, y in found}
    assert (len(columns), len(rows)) == (2, 4)
