"""Print runs, batches and posters, in the words of the domain."""

import uuid
from datetime import timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from core.tokens import make_secret
from materials.flyer_batches import open_batch
from materials.flyer_drawing import Layout
from materials.flyer_enums import BatchState
from materials.models import FlyerBatch, PosterSpot, PrintRun
from materials.postering import put_up
from materials.printing import open_run
from organisations.models import User
from territory.models import Commune, Trade
from tests.factories import CAEN, get_organisation, make_user


def make_run(
    organisation: str = "ud-14", trade: str | None = "coiffeur", **fields: object
) -> PrintRun:
    defaults: dict[str, object] = {
        "seed": make_secret().encode(),
        "organisation": get_organisation(organisation),
        "trade": Trade.objects.get(pk=trade) if trade else None,
        "commune": None,
        "layout": Layout(),
        "language": "fr",
        "copies": 1000,
        "cost": Decimal("40"),
        "author": None,
    }
    return open_run(**(defaults | fields))  # type: ignore[arg-type]


def make_batch(
    organisation: str = "ud-14",
    unions: tuple[str, ...] = ("ud-14",),
    trades: tuple[str | None, ...] = ("coiffeur", None),
    **fields: object,
) -> FlyerBatch:
    defaults: dict[str, object] = {
        "pk": uuid.uuid4(),
        "organisation": get_organisation(organisation),
        "organisations": [get_organisation(slug) for slug in unions],
        "trades": [Trade.objects.get(pk=slug) if slug else None for slug in trades],
        "layout": Layout(),
        "language": "fr",
        "copies": 500,
        "author": None,
    }
    return open_batch(**(defaults | fields))  # type: ignore[arg-type]


def make_drawn_batch(organisation: str) -> FlyerBatch:
    """A finished one, without the time it takes."""
    batch = make_batch(organisation, (organisation,), (None,))
    batch.archive.save("tracts.zip", ContentFile(b"PK"), save=False)
    batch.state = BatchState.DONE
    batch.expires_at = timezone.now() + timedelta(days=7)
    batch.save()
    return batch


def make_poster(
    organisation: str = "ud-14", author: User | None = None, **fields: object
) -> PosterSpot:
    defaults: dict[str, object] = {
        "public_id": uuid.uuid4(),
        "organisation": get_organisation(organisation),
        "commune": Commune.objects.get(pk=CAEN),
        "words": "Panneau libre, place du marché",
        "position": None,
        "renew_on": None,
        "picture": None,
        "author": author or make_user("militant", organisation),
    }
    return put_up(**(defaults | fields))  # type: ignore[arg-type]
