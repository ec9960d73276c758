"""Paper when there is no tablet: numbered sheets to print, and what is known of those entered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.safestring import mark_safe

from contacts.enums import CaptureMethod, ConsentChannel
from contacts.links import source_url
from contacts.models import Capture, ConsentWording, Source
from contacts.qr import qr_svg
from core.dates import day
from core.pdf import render_pdf
from core.tokens import make_code

LINES = 10
MOST_SHEETS = 50
NUMBER_LENGTH = 4
TOGETHER = timedelta(minutes=1)


@dataclass(frozen=True)
class WordingSet:
    """The words printed together on a sheet, by channel. A sheet is often typed in days later."""

    by_channel: dict[str, ConsentWording]
    since: datetime

    @property
    def wordings(self) -> list[ConsentWording]:
        return [self.by_channel[channel] for channel in ConsentChannel]

    @property
    def reference(self) -> str:
        """What the sheet prints, to find its words again: « 1-2-3 »."""
        return "-".join(str(wording.pk) for wording in self.wordings)

    @property
    def label(self) -> str:
        return f"{self.reference} (depuis le {day(self.since)})"

    @property
    def notice(self) -> str:
        return self.wordings[0].notice


def wording_sets() -> list[WordingSet]:
    """Every set of French words that was ever in force, the present one first."""
    published = ConsentWording.objects.filter(language="fr", origin="").order_by(
        "published_at", "version", "pk"
    )
    sets: list[WordingSet] = []
    current: dict[str, ConsentWording] = {}
    for wording in published:
        current = current | {wording.channel: wording}
        # The three channels of a version are published one after the other.
        if sets and wording.published_at - sets[-1].since < TOGETHER:
            sets.pop()
        if len(current) == len(ConsentChannel):
            sets.append(WordingSet(current, wording.published_at))
    return sets[::-1]


def sheets_pdf(source: Source, sheets: int) -> bytes:
    """Blank sheets, each with its own number, the words of consent in force and the source's QR."""
    address = source_url(source)
    context = {
        "source": source,
        "numbers": [make_code(NUMBER_LENGTH) for _ in range(sheets)],
        "wordings": wording_sets()[0],
        "lines": range(1, LINES + 1),
        "short_url": address.split("://", 1)[1],
        "controller": settings.DATA_CONTROLLER,
        "qr": mark_safe(qr_svg(address).decode()),  # noqa: S308 drawn by us
    }
    return render_pdf("contacts/paper_sheet.html", context)


def note_of(number: str) -> str:
    """What the note of each line of a sheet begins with."""
    return f"Feuille {number}, ligne "


def captures_of_sheet(source: Source, number: str) -> QuerySet[Capture]:
    """What was entered from a sheet, the first line first."""
    return source.captures.filter(
        method=CaptureMethod.PAPER, note__startswith=note_of(number)
    ).order_by("server_time", "pk")
