"""Material: what is ordered and where it lies, flyers of one's own, posters put up."""

from materials.models.catalogue import Item, ItemQuerySet, ItemVersion, SocialFile
from materials.models.flyers import (
    FlyerBatch,
    FlyerBatchItem,
    FlyerBatchQuerySet,
    FlyerText,
    PrintRun,
    PrintRunQuerySet,
)
from materials.models.orders import Order, OrderLine, OrderQuerySet, OrderStep, Shipment
from materials.models.posters import PosterSpot, PosterSpotQuerySet
from materials.models.stock import (
    Allotment,
    Location,
    LocationQuerySet,
    Shelf,
    StockMovement,
    StockMovementQuerySet,
)

__all__ = [
    "Allotment",
    "FlyerBatch",
    "FlyerBatchItem",
    "FlyerBatchQuerySet",
    "FlyerText",
    "Item",
    "ItemQuerySet",
    "ItemVersion",
    "Location",
    "LocationQuerySet",
    "Order",
    "OrderLine",
    "OrderQuerySet",
    "OrderStep",
    "PosterSpot",
    "PosterSpotQuerySet",
    "PrintRun",
    "PrintRunQuerySet",
    "Shelf",
    "Shipment",
    "SocialFile",
    "StockMovement",
    "StockMovementQuerySet",
]
