"""A batch of 500 flyers, beside bare WeasyPrint on the same pages in turn, and its memory.

Goal: 0.8 × the pages per second of bare WeasyPrint, which opens no run, waits for no commit and
writes no zip; and a memory that does not grow with the batch. `FLYERS` of them, 500 unless the
environment says otherwise.
"""

import django

django.setup()

import os  # noqa: E402
import resource  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
import uuid  # noqa: E402
from collections.abc import Iterator  # noqa: E402

from django.conf import settings  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from weasyprint import CSS, HTML  # noqa: E402

from core import pdf  # noqa: E402
from materials import flyer_rules  # noqa: E402
from materials.flyer_batches import BatchWorker, open_batch  # noqa: E402
from materials.flyer_drawing import SIZES, TEMPLATE, Layout  # noqa: E402
from materials.models import FlyerBatch  # noqa: E402
from organisations.enums import Kind  # noqa: E402
from organisations.models import Organisation, User  # noqa: E402
from territory.models import Trade  # noqa: E402

FLYERS = int(os.environ.get("FLYERS", "500"))
AT_A_TIME = 10
MILESTONES = (50, FLYERS)
GOAL = 0.8


def make_batch() -> FlyerBatch:
    trades = list(Trade.objects.in_use().exclude(pk="autre").order_by("position", "pk"))[:25]
    unions = Organisation.objects.filter(kind=Kind.UD).order_by("slug")[: -(-FLYERS // 25)]
    return open_batch(
        pk=uuid.uuid4(), organisation=unions[0], organisations=unions,
        trades=trades[: FLYERS // len(unions)], layout=Layout(), language="fr", copies=1000,
        author=User.objects.create_user("bench@example.org", first_name="Camille"),
    )  # fmt: skip


def bare_pages(batch: FlyerBatch) -> Iterator[str]:
    """The same pages as texts: reading the rows and filling the template is not timed."""
    for item in batch.items.select_related("run__source").order_by("number"):
        flyer = flyer_rules.flyer_of(item.run.source, Layout())
        yield render_to_string(TEMPLATE, {"flyer": flyer})


def draw_bare(page: str) -> None:
    html = HTML(string=page, base_url="static:/", url_fetcher=pdf._fetcher({}))
    html.write_pdf(stylesheets=[CSS(string=f"html {{ font-size: {SIZES['a5'][0]}pt }}")])


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    opened = time.perf_counter()
    batch = make_batch()
    opened = time.perf_counter() - opened
    worker, pages = BatchWorker(batch), list(bare_pages(batch))
    draw_bare(pages[0])  # fonts are looked for once
    ours, bare = opened, 0.0
    for start in range(0, batch.flyer_count, AT_A_TIME):
        some = pages[start : start + AT_A_TIME]
        began = time.perf_counter()
        for _ in some:
            worker.advance()
        turned = time.perf_counter()
        for page in some:
            draw_bare(page)
        ours += turned - began
        bare += time.perf_counter() - turned
        if start + AT_A_TIME in MILESTONES:
            print(f"peak after {start + AT_A_TIME:4} flyers: {peak()} MB", flush=True)
    began = time.perf_counter()
    worker.advance()
    zipped = time.perf_counter() - began
    batch.refresh_from_db()
    print(f"zip of {batch.archive.size // 1024} kB in {zipped:.2f} s, peak {peak()} MB")
    ratio = bare / (ours + zipped)
    print(
        f"batch {batch.flyer_count / (ours + zipped):.1f} pages/s, bare WeasyPrint "
        f"{batch.flyer_count / bare:.1f} pages/s: {ratio:.2f} × (goal {GOAL})"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        main()
