"""Documents of the library: written and drawn by us, downloaded by nobody in particular."""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from campaigns.models import Campaign
from core.dates import day
from core.pdf import render_pdf
from library.models import (
    Collection,
    Document,
    DocumentVersion,
    DownloadCount,
    Placement,
    Visit,
)
from library.publishing import (
    Description,
    add_document,
    publish_document,
    replace_document,
    retire_document,
)
from organisations.models import Organisation, User
from territory.models import Trade

ROWS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "library.json").read_text(encoding="utf-8")
)["documents"]
SQUARE = 1080
# In pixels per point: WeasyPrint lays 96 of the former on 72 of the latter.
PIXELS = 96 / 72
# Everybody came last so many days ago: what is younger is new to them.
LAST_VISIT = timedelta(days=6)
COUNTED_DAYS = 14


@transaction.atomic
def load_library(*, campaign: Campaign, people: dict[str, User]) -> list[Document]:
    """Load the documents and who read them; nothing when some are there already."""
    if Document.objects.exists():
        return []
    now = timezone.now()
    dice = random.Random(1884)  # noqa: S311 – a demonstration, not a secret
    made: dict[str, Document] = {}
    for row in ROWS:
        document = _make(row, campaign, people, now)
        made[document.title] = document
        _collect(document, row)
        DownloadCount.objects.bulk_create(_counts(document, row, dice, now))
    for row in ROWS:
        if successor := row.get("successor"):
            retire_document(
                document=made[row["title"]], author=people["confederation"],
                successor=made[successor],
            )  # fmt: skip
    visits = [Visit(user=user, began_at=now - LAST_VISIT) for user in people.values()]
    Visit.objects.bulk_create(visits)
    return list(made.values())


def _make(
    row: dict[str, Any], campaign: Campaign, people: dict[str, User], now: datetime
) -> Document:
    words = {"opens": day(campaign.vote_opens), "closes": day(campaign.vote_closes)}
    author = people[row.get("author", "confederation")]
    description = Description(
        title=row["title"], kind=row["kind"], summary=row["summary"],
        message=row.get("message", "").format(**words), audience=row["audience"],
        organisation=Organisation.objects.get(slug=row.get("organisation", "confederation")),
        expires_on=campaign.vote_closes if row.get("expires") else None,
        trades=list(Trade.objects.filter(pk__in=row.get("trades", ()))),
    )  # fmt: skip
    file = _file(row, words, description.organisation)
    document = add_document(
        description=description, file=file, author=author, is_draft=row.get("draft", False)
    )
    if row.get("draft"):
        return document
    publish_document(document=document, author=author)
    added = now - timedelta(days=row["days"])
    DocumentVersion.objects.filter(document=document).update(added_at=added)
    if "replaced" in row:
        file.seek(0)
        version = replace_document(document=document, file=file, author=author, seen=1)
        version.added_at = renewed = now - timedelta(days=row["replaced"])
        version.save(update_fields=["added_at"])
    else:
        renewed = added
    Document.objects.filter(pk=document.pk).update(
        published_at=added, renewed_at=renewed, checked_at=renewed
    )
    return document


def _file(
    row: dict[str, Any], words: dict[str, str], organisation: Organisation | None
) -> SimpleUploadedFile:
    pages = [
        page
        | {"lines": [line.format(**words) for line in page["lines"]], "figure": page.get("figure")}
        for page in row["pages"]
    ]
    context = {
        "shape": row["shape"], "tone": row.get("tone", ""), "title": row["title"],
        "brand": str(organisation), "pages": pages,
    }  # fmt: skip
    pdf = render_pdf("demonstration/library_paper.html", context)
    if row["shape"] == "square":
        return SimpleUploadedFile(f"{row['title']}.png", _picture_of(pdf))
    return SimpleUploadedFile(f"{row['title']}.pdf", pdf)


def _picture_of(pdf: bytes) -> bytes:
    """The first page as a PNG of 1080 points: the fonts of a page have every accent."""
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=PIXELS).to_pil().convert("RGB")
    out = BytesIO()
    image.resize((SQUARE, SQUARE)).save(out, "PNG", optimize=True)
    return out.getvalue()


def _collect(document: Document, row: dict[str, Any]) -> None:
    if slug := row.get("collection"):
        collection = Collection.objects.get(slug=slug)
        rank = collection.placements.count() + 1
        Placement.objects.create(collection=collection, document=document, position=rank)


def _counts(
    document: Document, row: dict[str, Any], dice: random.Random, now: datetime
) -> Iterator[DownloadCount]:
    """The downloads of a document, over its last days."""
    left = row.get("downloads", 0)
    for back in range(min(row.get("days", 0), COUNTED_DAYS)):
        count = min(left, dice.randint(0, 2 * row["downloads"] // COUNTED_DAYS + 1))
        if count:
            yield DownloadCount(
                document=document, day=(now - timedelta(days=back)).date(), count=count
            )
        left -= count
