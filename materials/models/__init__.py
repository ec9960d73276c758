"""Material: flyers printed for a place and a trade, and the posters put up."""

from materials.models.flyers import (
    FlyerBatch,
    FlyerBatchItem,
    FlyerBatchQuerySet,
    FlyerText,
    PrintRun,
    PrintRunQuerySet,
)
from materials.models.posters import PosterSpot, PosterSpotQuerySet

__all__ = [
    "FlyerBatch",
    "FlyerBatchItem",
    "FlyerBatchQuerySet",
    "FlyerText",
    "PosterSpot",
    "PosterSpotQuerySet",
    "PrintRun",
    "PrintRunQuerySet",
]
