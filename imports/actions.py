"""What staff do with a list: send it, say what it holds and how consent was given, confirm, undo.

The work itself is done by chunks, by a worker (`imports/work.py`).
"""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import IO

from django.db import transaction
from django.utils import timezone

from contacts.enums import ConsentChannel, Purpose, SourceKind
from contacts.models import ConsentWording, Source
from core.dates import day
from core.tokens import make_code
from imports.columns import guess_columns
from imports.enums import ConsentOrigin, Status
from imports.files import Line, open_list
from imports.models import ContactImport, ImportChunk
from imports.rules import BEFORE_CONFIRMATION, can_be_undone
from organisations.models import Organisation, User
from territory.models import Trade

CHUNK_SIZE = 500
KEPT_FOR = timedelta(days=7)
SOURCE_LABEL = 150


class WrongMoment(Exception):
    """The list is not in a state that allows this; the message, in French, says so."""


@transaction.atomic
def open_import(
    *, organisation: Organisation, user: User, label: str, file: IO[bytes], file_name: str,
    size: int, largest: int,
) -> ContactImport:  # fmt: skip
    """Keep the lines of a file aside. Raises `RefusedList`; nobody is imported yet."""
    read = open_list(file, size=size, largest=largest)
    contact_import = ContactImport.objects.create(
        organisation=organisation,
        created_by=user,
        label=label,
        file_name=file_name[:200],
        digest=_digest(file),
        headers=read.headers,
        columns=guess_columns(read.headers),
    )
    for number, lines in enumerate(_by_chunk(read.lines)):
        contact_import.line_count += len(lines)
        ImportChunk.objects.create(
            contact_import=contact_import, number=number, size=len(lines), lines=lines,
            first_line=lines[0][0], last_line=lines[-1][0],
        )  # fmt: skip
    contact_import.save(update_fields=["line_count"])
    return contact_import


def _by_chunk(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while chunk := list(islice(lines, CHUNK_SIZE)):
        yield chunk


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


@transaction.atomic
def choose_columns(
    *, contact_import: ContactImport, columns: dict[str, int], default_trade: Trade | None,
    default_postcode: str,
) -> ContactImport:  # fmt: skip
    """Say what each column holds; whatever was checked under another choice is forgotten."""
    locked = _locked(contact_import, *BEFORE_CONFIRMATION)
    locked.columns = columns
    locked.default_trade = default_trade
    locked.default_postcode = default_postcode
    _forget_check(locked)
    locked.save()
    return locked


@transaction.atomic
def declare_consent(
    *, contact_import: ContactImport, origin: ConsentOrigin, consented_on: date, words: str,
    circumstances: str, channels: list[str], asked_to_be_called: bool, sends_welcome: bool,
) -> ContactImport:  # fmt: skip
    """Record how, when and with which words people agreed, and start the check."""
    locked = _locked(contact_import, *BEFORE_CONFIRMATION)
    locked.origin, locked.consented_on = origin, consented_on
    locked.words, locked.circumstances = words, circumstances
    locked.channels, locked.sends_welcome = channels, sends_welcome
    locked.asked_to_be_called = asked_to_be_called
    _forget_check(locked)
    locked.status = Status.CHECKING
    locked.worked_at = timezone.now()
    locked.save()
    return locked


def _forget_check(contact_import: ContactImport) -> None:
    contact_import.status = Status.DRAFT
    contact_import.chunks.update(is_checked=False, foretold={}, errors=[])


@transaction.atomic
def confirm_import(*, contact_import: ContactImport) -> ContactImport:
    """Open the list's own source, keep its words as the proof, and let a worker import it.

    Confirming twice changes nothing. Raises `WrongMoment` before the check is over.
    """
    if _lock(contact_import).status in (Status.RUNNING, Status.DONE):
        return contact_import
    locked = _locked(contact_import, Status.READY)
    locked.source = Source.objects.create(
        code=make_code(), kind=SourceKind.LIST, label=locked.label[:SOURCE_LABEL],
        organisation=locked.organisation, created_by=locked.created_by, is_active=False,
    )  # fmt: skip
    ConsentWording.objects.bulk_create(wordings_of(locked).values())
    locked.status = Status.RUNNING
    locked.confirmed_at = locked.worked_at = timezone.now()
    locked.save()
    return locked


def wordings_of(contact_import: ContactImport) -> dict[str, ConsentWording]:
    """By accepted channel, the words of the list: those kept, or those that would be."""
    kept = ConsentWording.objects.filter(origin=_wording_origin(contact_import)).order_by("pk")
    if found := {wording.channel: wording for wording in kept}:
        return found
    return {channel: _wording(contact_import, channel) for channel in contact_import.channels}


def _wording_origin(contact_import: ContactImport) -> str:
    return f"list:{contact_import.pk}"


def _wording(contact_import: ContactImport, channel: str) -> ConsentWording:
    is_call = channel == ConsentChannel.CALL
    given = contact_import.get_origin_display()
    if contact_import.consented_on:
        given += f", le {day(contact_import.consented_on)}."
    return ConsentWording(
        origin=_wording_origin(contact_import),
        version=1,
        purpose=Purpose.CALL_BACK if is_call else Purpose.VOTE_REMINDERS,
        channel=channel,
        text=contact_import.words,
        notice=f"{given} {contact_import.circumstances}".strip(),
    )


@transaction.atomic
def cancel_import(*, contact_import: ContactImport) -> ContactImport:
    """Stop. Before the confirmation nothing is left; after, who is imported already stays."""
    locked = _locked(contact_import, *BEFORE_CONFIRMATION, Status.RUNNING)
    if locked.status in BEFORE_CONFIRMATION:
        locked.chunks.all().delete()
        locked.emptied_at = timezone.now()
    locked.status = Status.CANCELLED
    locked.finished_at = timezone.now()
    locked.save()
    return locked


@transaction.atomic
def undo_import(*, contact_import: ContactImport) -> ContactImport:
    """Let a worker take back what the import brought. Raises `WrongMoment` after a day."""
    locked = _lock(contact_import)
    if locked.status == Status.UNDOING:
        return locked
    if not can_be_undone(locked):
        raise WrongMoment("Cet import ne peut plus être annulé.")
    locked.status = Status.UNDOING
    locked.worked_at = timezone.now()
    locked.save(update_fields=["status", "worked_at"])
    return locked


@transaction.atomic
def empty_old_imports() -> int:
    """Remove the lines of lists sent a week ago or more; return how many lists were emptied."""
    old = ContactImport.objects.filter(
        created_at__lt=timezone.now() - KEPT_FOR, emptied_at=None
    ).exclude(status__in=(Status.RUNNING, Status.UNDOING))
    emptied = [each.pk for each in old.select_for_update().order_by("pk")]
    ImportChunk.objects.filter(contact_import__in=emptied).update(lines=[], errors=[])
    rows = ContactImport.objects.filter(pk__in=emptied)
    rows.filter(status__in=BEFORE_CONFIRMATION).update(status=Status.CANCELLED)
    return rows.update(emptied_at=timezone.now())


def _lock(contact_import: ContactImport) -> ContactImport:
    return ContactImport.objects.select_for_update(no_key=True).get(pk=contact_import.pk)


def _locked(contact_import: ContactImport, *allowed: str) -> ContactImport:
    locked = _lock(contact_import)
    if locked.status not in allowed:
        raise WrongMoment(f"Cette liste n’en est plus là : {locked.get_status_display().lower()}.")
    return locked
