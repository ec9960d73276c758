"""Paper when there is no tablet: numbered sheets to print, and what is known of those entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.safestring import mark_safe

from contacts.actions import capture_batch
from contacts.captures import CaptureRequest
from contacts.enums import CaptureMethod, ConsentChannel
from contacts.links import source_url
from contacts.locks import lock_names
from contacts.models import Capture, ConsentWording, PrintedSheet, Source
from contacts.qr import qr_svg
from core.pdf import render_pdf
from core.tokens import clean_code, make_code
from organisations.models import User

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


@transaction.atomic
def print_sheets(*, source: Source, sheets: int, author: User) -> list[PrintedSheet]:
    """Draw the numbers of blank sheets, with the words of consent in force."""
    lock_names(["printed-sheets"])
    numbers: set[str] = set()
    while len(numbers) < sheets:
        drawn = {make_code(NUMBER_LENGTH) for _ in range(sheets - len(numbers))}
        taken = PrintedSheet.objects.filter(number__in=drawn).values_list("number", flat=True)
        numbers |= drawn - set(taken)
    wordings = wording_sets()[0].reference
    return PrintedSheet.objects.bulk_create(
        PrintedSheet(number=number, source=source, wordings=wordings, printed_by=author)
        for number in sorted(numbers)
    )


@transaction.atomic
def enter_sheet(*, printed: PrintedSheet, requests: Sequence[CaptureRequest]) -> list[Capture]:
    """Store the lines of a sheet, and that it was entered."""
    PrintedSheet.objects.filter(pk=printed.pk, entered_at=None).update(entered_at=timezone.now())
    return capture_batch(requests=requests)


def find_sheet(typed: str) -> PrintedSheet | None:
    """The printed sheet whose number this is, however it was written."""
    sheets = PrintedSheet.objects.select_related("source__organisation")
    return sheets.filter(number=clean_code(typed)).first()


def entered_sheet(source: Source, typed: str) -> PrintedSheet | None:
    """The sheet of this source and number, when it was entered already."""
    printed = find_sheet(typed)
    is_entered = printed and printed.source_id == source.pk and printed.entered_at
    return printed if is_entered else None


def sheets_pdf(source: Source, printed: Sequence[PrintedSheet]) -> bytes:
    """Blank sheets, each with its own number, its words of consent and the source's QR."""
    address = source_url(source)
    context = {
        "source": source,
        "numbers": [sheet.number for sheet in printed],
        "wordings": words_of(printed[0]),
        "lines": range(1, LINES + 1),
        "short_url": address.split("://", 1)[1],
        "controller": settings.DATA_CONTROLLER,
        "qr": mark_safe(qr_svg(address).decode()),  # noqa: S308 drawn by us
    }
    return render_pdf("contacts/paper_sheet.html", context)


def words_of(printed: PrintedSheet) -> WordingSet:
    """What a sheet says; `KeyError` if it never was published."""
    return {each.reference: each for each in wording_sets()}[printed.wordings]


def note_of(number: str) -> str:
    """What the note of each line of a sheet begins with."""
    return f"Feuille {number}, ligne "


def captures_of_sheet(source: Source, number: str) -> QuerySet[Capture]:
    """What was entered from a sheet, the first line first."""
    return source.captures.filter(
        method=CaptureMethod.PAPER, note__startswith=note_of(number)
    ).order_by("server_time", "pk")
