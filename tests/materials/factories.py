"""Material for tests, in the words of the domain."""

from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from materials.catalogue import Files, publish_version
from materials.enums import ItemKind, LocationKind, Reason
from materials.ledger import move
from materials.models import Item, ItemVersion, Location
from materials.places import confederal_stock, shared_location, stock_of
from tests.factories import get_organisation

_numbers = count(1)


def make_item(name: str = "", **fields: Any) -> Item:
    """A leaflet in packs of 500."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "slug": f"article-{number}",
        "name": name or f"Tract {number}",
        "kind": ItemKind.LEAFLET,
        "languages": ["fr"],
        "format": "A5",
        "pack_size": 500,
        "pack_weight": 1800,
        # The edition of reference is long over.
        "expires_with_vote": False,
    }
    made = Item(**(defaults | fields))
    made.search_text = made.name.lower()
    made.save()
    return made


PDF = b"%PDF-1.7\n"


def make_version(item: Item, label: str = "Septembre") -> ItemVersion:
    """A version with every file it can have."""
    white = BytesIO()
    Image.new("RGB", (40, 30), "white").save(white, "PNG")
    picture = SimpleUploadedFile("visuel.png", white.getvalue(), "image/png")
    files = Files(
        preview=ContentFile(white.getvalue()), preview_type="image/png",
        print_ready=ContentFile(PDF), low_ink=ContentFile(PDF), social=[picture],
    )  # fmt: skip
    return publish_version(item=item, label=label, files=files, by=None)


def stock(organisation: str = "confederation") -> Location:
    if organisation == "confederation":
        return confederal_stock()
    return stock_of(get_organisation(organisation))


def fill(item: Item, packs: int, organisation: str = "confederation") -> Location:
    """Packs of the printer, there."""
    place = stock(organisation)
    move(
        item=item, from_location=shared_location(LocationKind.PRINTER), to_location=place,
        packs=packs, reason=Reason.PRINTED, by=None,
    )  # fmt: skip
    return place
