"""Hundreds of flyers at once: one per union and trade, drawn one by one by a worker.

Each is committed with its mark, so that a killed or doubled worker loses and doubles nothing, and
stopping takes effect between two flyers. Pages wait in the database, where every worker finds
them, until the last one is drawn and the zip is written.
"""

import zipfile
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

import structlog
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from contacts.enums import SourceKind
from contacts.models import Source
from core.tokens import derive_code
from materials import flyer_rules
from materials.flyer_drawing import Flyer, Layout, campaign_to_print, flyer_pdf
from materials.flyer_enums import BatchState
from materials.models import FlyerBatch, FlyerBatchItem, FlyerText, PrintRun
from materials.printing import run_label
from organisations.models import Organisation, User
from territory.models import Trade

logger = structlog.get_logger(__name__)

MOST_FLYERS = 1000
KEPT_FOR = timedelta(days=7)
# Pages read at a time while the zip is written.
AT_A_TIME = 20


class WrongMoment(Exception):
    """The batch is not in a state that allows this; the message, in French, says so."""


@transaction.atomic
def open_batch(
    *, pk: UUID, organisation: Organisation, organisations: Iterable[Organisation],
    trades: Iterable[Trade | None], layout: Layout, language: str, copies: int, author: User,
) -> FlyerBatch:  # fmt: skip
    """Open a run, with its own source, per union and trade; sent again, the same batch answers."""
    pairs = [(union, trade) for union in organisations for trade in trades]
    batch, is_new = FlyerBatch.objects.get_or_create(
        pk=pk,
        defaults={
            "organisation": organisation, "created_by": author, "flyer_count": len(pairs),
        },
    )  # fmt: skip
    if not is_new:
        return batch
    sources = Source.objects.bulk_create(
        Source(
            code=derive_code(f"{pk}|{number}".encode()), kind=SourceKind.FLYER,
            label=run_label(union, trade), organisation=union, trade=trade, created_by=author,
        )
        for number, (union, trade) in enumerate(pairs, start=1)
    )  # fmt: skip
    runs = PrintRun.objects.bulk_create(
        PrintRun(
            source=source, format=layout.format, ink=layout.ink, language=language,
            has_crop_marks=layout.has_crop_marks, copies=copies,
        )
        for source in sources
    )  # fmt: skip
    FlyerBatchItem.objects.bulk_create(
        FlyerBatchItem(batch=batch, number=number, run=run)
        for number, run in enumerate(runs, start=1)
    )
    return batch


class BatchWorker:
    """Draws the flyers of one batch; several may work on the same one."""

    def __init__(self, batch: FlyerBatch) -> None:
        self.batch = batch
        self.campaign = campaign_to_print()
        self._texts: dict[tuple[str | None, str], FlyerText] = {}

    def advance(self) -> bool:
        """Draw one flyer, or write the zip after the last one; False when nothing is left."""
        if not self._draw_one():
            return self._finish()
        # By itself: stopping a batch locks it before its flyers, in the other order.
        FlyerBatch.objects.filter(pk=self.batch.pk).update(worked_at=timezone.now())
        return True

    @transaction.atomic
    def _draw_one(self) -> bool:
        left = FlyerBatchItem.objects.filter(
            batch=self.batch, batch__state=BatchState.DRAWING, drawn_at=None
        )
        # One that another worker draws is skipped; a killed one lets go of it.
        item = (
            left.select_for_update(of=("self",), skip_locked=True, no_key=True)
            .select_related("run__source__organisation", "run__source__trade")
            .order_by("number")
            .first()
        )
        if item is None:
            return False
        item.pdf = flyer_pdf(self._flyer(item.run))
        item.drawn_at = timezone.now()
        item.save(update_fields=["pdf", "drawn_at"])
        return True

    def _flyer(self, run: PrintRun) -> Flyer:
        source = run.source
        key = (source.trade_id, run.language)
        if key not in self._texts:
            self._texts[key] = flyer_rules.text_for(source.trade, run.language)
        layout = Layout(run.format, run.ink, run.has_crop_marks)
        return Flyer(source, self._texts[key], layout, self.campaign)

    @transaction.atomic
    def _finish(self) -> bool:
        """Write the zip once no flyer is left; always False, nothing comes after."""
        batch = _lock(self.batch)
        is_left = batch.items.filter(drawn_at=None).exists()
        if batch.state != BatchState.DRAWING or is_left:
            return False
        with TemporaryFile() as file:
            write_archive(batch, file)
            batch.archive.save("tracts.zip", File(file), save=False)
        batch.state = BatchState.DONE
        batch.finished_at = timezone.now()
        batch.expires_at = batch.finished_at + KEPT_FOR
        batch.save()
        batch.items.update(pdf=None)
        logger.info("flyers-drawn", batch=str(batch.pk), flyers=batch.flyer_count)
        return False


def write_archive(batch: FlyerBatch, file: IO[bytes]) -> None:
    """The pages of a batch as a zip, a few in memory at a time; PDFs are compressed already."""
    pages = batch.items.order_by("number").values_list(
        "number", "run__source__organisation__name", "run__source__trade", "pdf"
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number, organisation, trade, pdf in pages.iterator(chunk_size=AT_A_TIME):
            name = f"{number:04}-{slugify(organisation)[:60]}-{trade or 'tous-metiers'}.pdf"
            assert pdf is not None  # noqa: S101 – a series is archived once all of it is drawn
            archive.writestr(name, bytes(pdf))
    file.seek(0)


@transaction.atomic
def cancel_batch(*, batch: FlyerBatch) -> FlyerBatch:
    """Stop. Its QR codes are closed: nobody was handed a flyer that carries one."""
    locked = _lock(batch)
    if locked.state != BatchState.DRAWING:
        raise WrongMoment(f"Ce lot n’en est plus là : {locked.get_state_display().lower()}.")
    locked.state, locked.finished_at = BatchState.CANCELLED, timezone.now()
    locked.save(update_fields=["state", "finished_at"])
    locked.items.update(pdf=None)
    sources = PrintRun.objects.filter(batch_item__batch=locked).values("source")
    Source.objects.filter(pk__in=sources).update(is_active=False)
    return locked


@transaction.atomic
def expire_batches() -> int:
    """Remove the zips kept long enough; flyers can still be had one by one. Answers how many."""
    old = FlyerBatch.objects.filter(state=BatchState.DONE, expires_at__lte=timezone.now())
    batches = list(old.select_for_update(no_key=True).order_by("pk"))
    for batch in batches:
        name, storage = str(batch.archive.name), batch.archive.storage
        transaction.on_commit(partial(storage.delete, name))
        batch.archive, batch.state = "", BatchState.EXPIRED
        batch.save(update_fields=["archive", "state"])
    return len(batches)


def _lock(batch: FlyerBatch) -> FlyerBatch:
    return FlyerBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
