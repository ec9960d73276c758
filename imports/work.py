"""What a worker does with a list, one chunk per transaction: check it, import it, take it back.

Each chunk is marked in the transaction that does its work, under a lock on its list: killed,
doubled or restarted workers change nothing, and stopping a list takes effect between two chunks.
"""

from collections import Counter
from collections.abc import Callable

import structlog
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from contacts.actions import capture_batch
from contacts.captures import CaptureRequest, Details
from contacts.enums import CaptureMethod, ConsentChannel, Wish
from contacts.models import Capture, Contact
from imports.enums import AT_WORK, NEW, PEOPLE, TWICE, Status
from imports.foretelling import Foreteller, outcome_of, seen_among
from imports.lines import LineReader, WrongLine
from imports.models import ContactImport, ImportChunk
from imports.preview import reader_of
from imports.undo import capture_id_of, take_back
from organisations.scope import Scope
from territory.models import TradeAgreement

logger = structlog.get_logger(__name__)

MOST_UNKNOWN_TRADES = 30
NOT_STORED = "Cette ligne n’a pas pu être enregistrée. Signalez-la si cela recommence."
# By status: the chunks left to do, and the status once there are none.
LEFT = {
    Status.CHECKING: (Q(is_checked=False), Status.READY),
    Status.RUNNING: (Q(is_imported=False), Status.DONE),
    Status.UNDOING: (Q(is_imported=True, is_undone=False), Status.UNDONE),
}
Read = tuple[int, Details]


class Worker:
    """Works on one list; what it looks up (trades, places) serves every chunk."""

    def __init__(self, contact_import: ContactImport) -> None:
        self.pk = contact_import.pk
        self._reader: LineReader | None = None
        self._scope: Scope | None = None
        self._foreteller: Foreteller | None = None
        self._agreements: dict[str, str] = {}

    @transaction.atomic
    def advance(self) -> bool:
        """Do one chunk; False when there is nothing left to do."""
        rows = ContactImport.objects.select_related("organisation", "source", "created_by")
        contact_import = rows.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)
        if contact_import.status not in AT_WORK:
            return False
        left, after = LEFT[Status(contact_import.status)]
        chunk = contact_import.chunks.filter(left).order_by("number").first()
        if chunk is None:
            self._finish(contact_import, after)
            return False
        works: dict[str, Callable[[ContactImport, ImportChunk], None]] = {
            Status.CHECKING: self._check,
            Status.RUNNING: self._import,
            Status.UNDOING: self._undo,
        }
        works[contact_import.status](contact_import, chunk)
        chunk.save()
        ContactImport.objects.filter(pk=self.pk).update(worked_at=timezone.now())
        return True

    def _finish(self, contact_import: ContactImport, status: Status) -> None:
        contact_import.status = status
        if status in (Status.DONE, Status.UNDONE):
            contact_import.finished_at = timezone.now()
        contact_import.save(update_fields=["status", "finished_at"])

    def _read(self, contact_import: ContactImport, chunk: ImportChunk) -> list[Read]:
        """The people of a chunk; what is wrong in its other lines is noted on it."""
        reader = self._reader_for(contact_import)
        reader.prepare([cells for _, cells in chunk.lines])
        read, chunk.errors = [], []
        for number, cells in chunk.lines:
            try:
                read.append((number, reader.read(cells)))
            except WrongLine as error:
                chunk.errors.append([number, " ".join(error.messages)])
        return read

    def _reader_for(self, contact_import: ContactImport) -> LineReader:
        if self._reader is None:
            self._reader = reader_of(contact_import)
        self._reader.unknown_trades = {}
        return self._reader

    def _check(self, contact_import: ContactImport, chunk: ImportChunk) -> None:
        foreteller = self._foreteller_for(contact_import)
        read = self._read(contact_import, chunk)
        lines = foreteller.foretell([details for _, details in read])
        counts = Counter(lines)
        counts["wrong"] = len(chunk.errors)
        people = [each for (_, each), said in zip(read, lines, strict=True) if said != TWICE]
        counts["away"] = sum(not self._is_seen(contact_import, each) for each in people)
        counts["calls"] = sum(bool(_wishes(contact_import, each)) for each in people)
        counts["mails"] = sum(_greeted_by(each) == ConsentChannel.EMAIL for each in people)
        counts["texts"] = sum(_greeted_by(each) == ConsentChannel.SMS for each in people)
        trades = Counter(self._reader_for_trades()).most_common(MOST_UNKNOWN_TRADES)
        said_of = {
            number: said for (number, _), said in zip(read, lines, strict=True) if said != NEW
        }
        chunk.foretold = dict(counts) | {"trades": dict(trades), "lines": said_of}
        chunk.is_checked = True

    def _foreteller_for(self, contact_import: ContactImport) -> Foreteller:
        """One that knows the lines before: another worker may have checked them."""
        if self._foreteller is None:
            self._foreteller = Foreteller(self._scope_of(contact_import))
            for chunk in contact_import.chunks.filter(is_checked=True).order_by("number"):
                read = self._read(contact_import, chunk)
                self._foreteller.foretell([details for _, details in read])
        return self._foreteller

    def _scope_of(self, contact_import: ContactImport) -> Scope:
        if self._scope is None:
            self._scope = contact_import.organisation.scope
            ranks = TradeAgreement.objects.order_by("-rank", "-pk")
            self._agreements = dict(ranks.values_list("trade", "agreement"))
        return self._scope

    def _reader_for_trades(self) -> dict[str, int]:
        return self._reader.unknown_trades if self._reader else {}

    def _is_seen(self, contact_import: ContactImport, details: Details) -> bool:
        """Whether the person would be in the scope of the organisation that imports them."""
        scope = self._scope_of(contact_import)
        trade = details.trade.pk if details.trade else ""
        return scope.holds(
            departement=details.place.departement.pk,
            commune=details.place.commune.pk if details.place.commune else "",
            postcode=details.place.postcode,
            agreement=self._agreements.get(trade, ""),
        )

    def _import(self, contact_import: ContactImport, chunk: ImportChunk) -> None:
        read = self._read(contact_import, chunk)
        captures = self._store(contact_import, chunk, read)
        seen = seen_among(captures.values(), contact_import, self._scope_of(contact_import))
        foretold: dict[str, str] = chunk.foretold.get("lines", {})
        counts = Counter(
            outcome_of(capture, foretold.get(str(number), NEW), seen)
            for number, capture in captures.items()
        )
        chunk.outcome = dict(counts) | {"wrong": len(chunk.errors)}
        # Only the lines to correct are kept, for the file of errors.
        wrong = {number for number, _ in chunk.errors}
        chunk.lines = [line for line in chunk.lines if line[0] in wrong]
        chunk.is_imported = True

    def _store(
        self, contact_import: ContactImport, chunk: ImportChunk, read: list[Read]
    ) -> dict[int, Capture]:
        requests = {number: _request(contact_import, number, each) for number, each in read}
        try:
            with transaction.atomic():
                stored = capture_batch(requests=list(requests.values()))
                return dict(zip(requests, stored, strict=True))
        except OperationalError:
            raise  # the database is away or busy: the whole chunk is tried again later
        except (DatabaseError, ValueError, TypeError):
            logger.exception("import-chunk-one-by-one", contact_import=str(self.pk), chunk=chunk.pk)
        captures: dict[int, Capture] = {}
        for number, request in requests.items():
            try:
                with transaction.atomic():
                    (captures[number],) = capture_batch(requests=[request])
            except OperationalError:
                raise
            except (DatabaseError, ValueError, TypeError):
                logger.exception("import-line", contact_import=str(self.pk), line=number)
                chunk.errors.append([number, NOT_STORED])
        return captures

    def _undo(self, contact_import: ContactImport, chunk: ImportChunk) -> None:
        """Take a chunk back; as before, only who is seen is told apart."""
        stay = take_back(contact_import, chunk)
        scope = self._scope_of(contact_import)
        kept = Contact.objects.filter(scope.q(), pk__in=stay).count()
        people = sum(chunk.outcome.get(said, 0) for said in PEOPLE)
        chunk.outcome = chunk.outcome | {"removed": people - kept, "kept": kept}
        chunk.is_undone = True


def _request(contact_import: ContactImport, number: int, details: Details) -> CaptureRequest:
    if contact_import.source is None:
        raise ValueError("an import that is not confirmed has no source")
    # No author: whoever imports a list sees of it what their scope shows, no more.
    return CaptureRequest(
        capture_id=capture_id_of(contact_import, number),
        source=contact_import.source,
        details=details,
        method=CaptureMethod.IMPORT,
        wishes=_wishes(contact_import, details),
        is_greeted=contact_import.sends_welcome,
    )


def _wishes(contact_import: ContactImport, details: Details) -> tuple[Wish, ...]:
    """To be called back, when the list says that they asked for it and they agree to calls."""
    agrees = any(wording.channel == ConsentChannel.CALL for wording in details.consents)
    return (Wish.CALL_BACK,) if contact_import.asked_to_be_called and agrees else ()


def _greeted_by(details: Details) -> str:
    channels = {wording.channel for wording in details.consents}
    if details.email and ConsentChannel.EMAIL in channels:
        return ConsentChannel.EMAIL
    return ConsentChannel.SMS if details.phone and ConsentChannel.SMS in channels else ""
