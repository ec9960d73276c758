"""Who sees which list, and how far it is. Fetching is the permission check."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from imports.enums import AT_WORK, PEOPLE, Status
from imports.models import ContactImport, ContactImportQuerySet
from organisations.models import Organisation, User
from organisations.rules import led_organisations

# An import is taken back at once or not at all: later, people have answered.
UNDO_WITHIN = timedelta(hours=24)
BEFORE_CONFIRMATION = (Status.DRAFT, Status.CHECKING, Status.READY)


def importing_organisations_or_404(user: User) -> list[Organisation]:
    """The organisations in whose name the person may import a list."""
    organisations = led_organisations(user)
    if not organisations:
        raise Http404
    return organisations


def list_imports_or_404(user: User, number: str | None) -> Page[Any]:
    importing_organisations_or_404(user)
    imports = ContactImport.objects.visible_to(user).select_related("organisation", "created_by")
    return Paginator(imports, 30).get_page(number)


def get_import_or_404(user: User, pk: UUID) -> ContactImport:
    imports = ContactImport.objects.visible_to(user).select_related(
        "organisation", "created_by", "default_trade", "source"
    )
    return get_object_or_404(imports, pk=pk)


def get_import_in_preparation_or_404(user: User, pk: UUID) -> ContactImport:
    """A list whose columns and consent may still be changed."""
    contact_import = get_import_or_404(user, pk)
    if contact_import.status not in BEFORE_CONFIRMATION:
        raise Http404
    return contact_import


def can_be_undone(contact_import: ContactImport) -> bool:
    """Within a day, whether it went to its end or was stopped in the middle."""
    return (
        contact_import.status in (Status.DONE, Status.CANCELLED)
        and contact_import.confirmed_at is not None
        and contact_import.finished_at is not None
        and contact_import.finished_at > timezone.now() - UNDO_WITHIN
    )


def other_imports_of_file(contact_import: ContactImport) -> ContactImportQuerySet:
    """Imports of the very same file by the same organisation."""
    return (
        ContactImport.objects.filter(
            organisation=contact_import.organisation_id,
            digest=contact_import.digest,
            confirmed_at__isnull=False,
        )
        .exclude(pk=contact_import.pk)
        .exclude(status=Status.UNDONE)
    )


@dataclass
class Progress:
    """How many lines are done, and what came of them: `new`, `known`, `wrong`…"""

    done: int = 0
    total: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    trades: Counter[str] = field(default_factory=Counter)

    @property
    def people(self) -> int:
        return sum(self.counts[said] for said in PEOPLE)

    @property
    def most_unknown_trades(self) -> list[tuple[str, int]]:
        return self.trades.most_common(20)


DONE_FIELD = {Status.CHECKING: "is_checked", Status.UNDOING: "is_undone"}


def progress_of(contact_import: ContactImport) -> Progress:
    """What the check foretells until the confirmation, what was done after it. One query."""
    is_foretold = contact_import.status in BEFORE_CONFIRMATION
    mark = DONE_FIELD.get(
        Status(contact_import.status), "is_checked" if is_foretold else "is_imported"
    )
    said = "foretold" if is_foretold else "outcome"
    progress = Progress(total=contact_import.line_count)
    for size, is_done, counts in contact_import.chunks.values_list("size", mark, said):
        progress.done += size if is_done else 0
        counts = dict(counts)
        progress.trades.update(counts.pop("trades", {}))
        counts.pop("lines", None)
        progress.counts.update(counts)
    return progress


def errors_of(contact_import: ContactImport) -> Iterable[tuple[int, str, list[str]]]:
    """Every line to correct: its number, what is wrong, its cells. Chunk by chunk."""
    chunks = contact_import.chunks.exclude(errors=[]).order_by("number")
    for chunk in chunks.iterator(chunk_size=10):
        cells = dict(chunk.lines)
        for number, message in sorted(chunk.errors):
            yield number, message, cells.get(number, [])


def first_errors_of(contact_import: ContactImport, most: int = 10) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for errors in (
        contact_import.chunks.exclude(errors=[])
        .order_by("number")[:most]
        .values_list("errors", flat=True)
    ):
        found += [(number, message) for number, message in sorted(errors)]
    return found[:most]


def first_lines_of(contact_import: ContactImport, most: int) -> list[tuple[int, list[str]]]:
    chunk = contact_import.chunks.order_by("number").first()
    return [(number, cells) for number, cells in chunk.lines[:most]] if chunk else []


def imports_to_resume(silent_for: timedelta) -> list[UUID]:
    """Lists whose worker has given no sign for a while: killed, or never called."""
    quiet = ContactImport.objects.filter(
        status__in=AT_WORK, worked_at__lt=timezone.now() - silent_for
    )
    return list(quiet.order_by("created_at").values_list("pk", flat=True))
