"""The writes about flyers: a run is opened with its source, corrected; a text is corrected."""

from decimal import Decimal

import structlog
from django.db import transaction
from django.utils import timezone

from contacts.enums import SourceKind
from contacts.sources import open_source
from materials.flyer_drawing import Layout
from materials.models import FlyerText, PrintRun
from organisations.models import Organisation, User
from territory.models import Commune, Trade

log = structlog.get_logger()


class TextMoved(Exception):
    """Somebody else corrected this text meanwhile."""


@transaction.atomic
def open_run(
    *, seed: bytes, organisation: Organisation, trade: Trade | None, commune: Commune | None,
    layout: Layout, language: str, copies: int, cost: Decimal | None, author: User,
) -> PrintRun:  # fmt: skip
    """Open a run and the source it owns; sent again with the same `seed`, the same one answers."""
    source = open_source(
        seed=seed, organisation=organisation, kind=SourceKind.FLYER, created_by=author,
        trade=trade, label=run_label(organisation, trade, commune),
    )  # fmt: skip
    run, _ = PrintRun.objects.get_or_create(
        source=source,
        defaults={
            "commune": commune, "format": layout.format, "ink": layout.ink,
            "has_crop_marks": layout.has_crop_marks, "language": language, "copies": copies,
            "cost": cost,
        },
    )  # fmt: skip
    return run


def run_label(
    organisation: Organisation, trade: Trade | None, commune: Commune | None = None
) -> str:
    """« Tract Coiffeur·se, Caen », as the list of QR codes shows it."""
    whom = trade.label.partition(" (")[0] if trade else "tous métiers"
    return f"Tract {whom}, {commune.name if commune else organisation.name}"[:150]


@transaction.atomic
def correct_run(*, run: PrintRun, copies: int, cost: Decimal | None) -> PrintRun:
    """What was printed in the end, and what it cost."""
    run.copies, run.cost = copies, cost
    run.save(update_fields=["copies", "cost"])
    return run


@transaction.atomic
def correct_text(
    *, text: FlyerText, headline: str, rights: list[str], revision: int, author: User
) -> FlyerText:
    """Change what the next flyers say. Raises `TextMoved` when `revision` is not the last one."""
    locked = FlyerText.objects.select_for_update().get(pk=text.pk)
    if locked.revision != revision:
        raise TextMoved
    locked.headline, locked.rights = headline, rights
    locked.revision += 1
    locked.updated_at = timezone.now()
    locked.save()
    log.info("flyer-text-corrected", text=locked.slug, user=author.pk)
    return locked
