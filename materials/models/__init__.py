from materials.models.catalogue import Item, ItemQuerySet, ItemVersion, SocialFile
from materials.models.orders import Order, OrderLine, OrderQuerySet, OrderStep, Shipment
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
    "Item",
    "ItemQuerySet",
    "ItemVersion",
    "Location",
    "LocationQuerySet",
    "Order",
    "OrderLine",
    "OrderQuerySet",
    "OrderStep",
    "Shelf",
    "Shipment",
    "SocialFile",
    "StockMovement",
    "StockMovementQuerySet",
]
