"""Loading of reference files by COPY into a temporary table, then set-based statements."""

# Every name in the SQL below is written in `tables.py`.
# ruff: noqa: S608

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection, transaction

from territory import search_text
from territory.models import CollectiveAgreement, ReferenceImport, Trade, TradeAgreement
from territory.reference_files import LineError, ReferenceFileError, watched
from territory.tables import SHIPPED, TRADES, Known, Record, Table

DATA = Path(__file__).parent / "data"
# Two loads at once wait for each other instead of meeting in a deadlock.
LOCK = 0x7E221701
ANALYSE_FROM = 1000
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Change:
    """What a file brings to its table. `absent` rows are in the table and not in the file."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    absent: int = 0
    removed: int = 0
    new_agreements: int = 0

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.removed)

    def __str__(self) -> str:
        words = {"ajout": self.new, "modification": self.changed, "retrait": self.removed}
        parts = [
            f"{intcomma(count)} {word}{'s' if count > 1 else ''}"
            for word, count in words.items()
            if count
        ]
        return ", ".join(parts) or "rien à changer"


@dataclass
class LoadReport:
    """What a load did: per table (singular and plural label), and how long it took."""

    changes: dict[tuple[str, str], Change] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_empty(self) -> bool:
        return all(change.is_empty for change in self.changes.values())

    def __str__(self) -> str:
        took = f"{self.seconds:.1f}".replace(".", ",") + " s"
        if self.is_empty:
            return f"rien à changer ({took})"
        return ", ".join(self._sentences()) + f" en {took}"

    def _sentences(self) -> Iterator[str]:
        for (singular, plural), change in self.changes.items():
            if change.new == change.total and not change.removed:
                label = plural if change.total > 1 else singular
                yield f"{intcomma(change.total)} {label}"
            elif not change.is_empty:
                yield f"{plural} : {change}"


def load_territory(directory: Path | None = None, progress: Progress | None = None) -> LoadReport:
    """Load the reference files of `directory` (those the product ships by default).

    Repeating it changes nothing. Rows absent from a file are kept. Trades, and any table staff
    have imported themselves, only receive what they lack. One transaction: `ReferenceFileError`
    leaves everything as it was.
    """
    directory = directory or DATA
    started = perf_counter()
    report = LoadReport()
    paths = {table: _existing(directory / table.file_name) for table in SHIPPED}
    total = sum(path.stat().st_size for path in paths.values())
    with transaction.atomic():
        wait_for_other_loads()
        kept = {TRADES.name, *ReferenceImport.objects.values_list("table", flat=True)}
        done = 0
        for table, path in paths.items():
            # The names are bound now: `advance` is called by a generator later in this turn.
            def advance(size: int, label: str = table.labels[1]) -> None:
                nonlocal done
                done += size
                if progress:
                    progress(label, done, total)

            with path.open("rb") as lines:
                report.changes[table.labels] = load_file(
                    table, watched(lines, advance), overwrite=table.name not in kept
                )
    report.seconds = perf_counter() - started
    return report


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise ReferenceFileError(path.name, [LineError(None, "Ce fichier manque.")], 1)
    return path


def wait_for_other_loads() -> None:
    """Hold the loads' lock until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@transaction.atomic
def load_file(
    table: Table, lines: Iterable[bytes], *, file_name: str = "", overwrite: bool = True
) -> Change:
    """Load one file; raise `ReferenceFileError`, having changed nothing, if any row is wrong."""
    known = Known.read()
    records = table.records(lines, known, file_name)
    if table is TRADES:
        return _load_trades(list(records), overwrite=overwrite)
    with _staged(table, records) as incoming:
        change = incoming.compare(overwrite=overwrite)
        _add_agreements(known.new_agreements)
        incoming.write(overwrite=overwrite)
    return replace(change, new_agreements=len(known.new_agreements))


@transaction.atomic
def compare_file(table: Table, lines: Iterable[bytes], *, file_name: str = "") -> Change:
    """What `load_file` would do, without doing it."""
    known = Known.read()
    records = table.records(lines, known, file_name)
    with _staged(table, (record[: len(table.columns)] for record in records)) as incoming:
        change = incoming.compare(overwrite=True)
    return replace(change, new_agreements=len(known.new_agreements))


def _add_agreements(titles: dict[str, str]) -> None:
    CollectiveAgreement.objects.bulk_create(
        CollectiveAgreement(
            idcc=idcc,
            short_title=title,
            title=title,
            search_text=search_text.agreement(title, idcc),
        )
        for idcc, title in titles.items()
    )


def _load_trades(records: list[Record], *, overwrite: bool) -> Change:
    """Trades bring their agreements along; their search text holds the codes, in order."""
    known = set() if overwrite else set(Trade.objects.values_list("pk", flat=True))
    width = len(TRADES.columns)
    fresh = [record for record in records if record[0] not in known]
    with _staged(TRADES, [record[:width] for record in fresh]) as incoming:
        change = incoming.compare(overwrite=overwrite)
        incoming.write(overwrite=overwrite)
    _set_trade_agreements({record[0]: record[width] for record in fresh})
    return replace(change, unchanged=change.unchanged + len(records) - len(fresh))


def _set_trade_agreements(agreements: dict[str, list[str]]) -> None:
    wanted = {
        (slug, idcc, rank) for slug in agreements for rank, idcc in enumerate(agreements[slug])
    }
    links = TradeAgreement.objects.filter(trade__in=agreements)
    present = {(link.trade_id, link.agreement_id, link.rank): link.pk for link in links}
    stale = [present[link] for link in present.keys() - wanted]
    TradeAgreement.objects.filter(pk__in=stale).delete()
    TradeAgreement.objects.bulk_create(
        TradeAgreement(trade_id=slug, agreement_id=idcc, rank=rank)
        for slug, idcc, rank in sorted(wanted - present.keys())
    )


@contextmanager
def _staged(table: Table, records: Iterable[Record]) -> Iterator["_Incoming"]:
    """A temporary table holding the records, gone at the end."""
    columns = ", ".join(table.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE incoming ON COMMIT DROP AS"
            f" SELECT {columns} FROM {table.database_table} WITH NO DATA"
        )
        with cursor.copy(f"COPY incoming ({columns}) FROM STDIN") as copy:
            for record in records:
                copy.write_row(record)
        cursor.execute("ANALYZE incoming")
        yield _Incoming(table, cursor)
        cursor.execute("DROP TABLE incoming")


@dataclass
class _Incoming:
    """The staged rows beside the table they go to."""

    table: Table
    cursor: Any

    def compare(self, *, overwrite: bool) -> Change:
        table, key = self.table.database_table, self.table.key
        self.cursor.execute(
            f"SELECT count(*), count(*) FILTER (WHERE t.{key[0]} IS NULL),"
            f" count(*) FILTER (WHERE t.{key[0]} IS NOT NULL AND {self._distinct('i')})"
            f" FROM incoming i LEFT JOIN {table} t ON {self._same_key()}"
        )
        total, new, changed = self.cursor.fetchone()
        changed = changed if overwrite else 0
        self.cursor.execute(f"SELECT count(*) {self._absent()}")
        (absent,) = self.cursor.fetchone()
        removed = absent if self.table.replaces else 0
        return Change(new, changed, total - new - changed, absent - removed, removed)

    def write(self, *, overwrite: bool) -> None:
        table, columns = self.table.database_table, ", ".join(self.table.columns)
        if self.table.replaces:
            self.cursor.execute(f"DELETE {self._absent()}")
        update = "NOTHING"
        if overwrite and self._updated:
            values = ", ".join(f"{column} = excluded.{column}" for column in self._updated)
            update = f"UPDATE SET {values} WHERE {self._distinct('excluded')}"
        self.cursor.execute(
            f"INSERT INTO {table} AS t ({columns}) SELECT {columns} FROM incoming"
            f" ON CONFLICT ({', '.join(self.table.key)}) DO {update}"
        )
        if self.cursor.rowcount >= ANALYSE_FROM:
            self._tidy()

    def _tidy(self) -> None:
        """Give the planner its figures, and GIN indexes their rows: else nobody uses them yet."""
        self.cursor.execute(f"ANALYZE {self.table.database_table}")
        self.cursor.execute(
            "SELECT gin_clean_pending_list(pg_index.indexrelid)"
            " FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid"
            " JOIN pg_am ON pg_am.oid = pg_class.relam"
            " WHERE pg_am.amname = 'gin' AND pg_index.indrelid = %s::regclass",
            [self.table.database_table],
        )

    @property
    def _updated(self) -> list[str]:
        fixed = {*self.table.key, *self.table.set_once}
        return [column for column in self.table.columns if column not in fixed]

    def _distinct(self, source: str) -> str:
        if not self._updated:
            return "false"
        stored = ", ".join(f"t.{column}" for column in self._updated)
        brought = ", ".join(f"{source}.{column}" for column in self._updated)
        return f"ROW({stored}) IS DISTINCT FROM ROW({brought})"

    def _same_key(self) -> str:
        return " AND ".join(f"t.{column} = i.{column}" for column in self.table.key)

    def _absent(self) -> str:
        """FROM clause of the stored rows that the file does not give."""
        origin = f"t.origin = '{self.table.replaces}' AND " if self.table.replaces else ""
        return (
            f"FROM {self.table.database_table} t WHERE {origin}"
            f"NOT EXISTS (SELECT 1 FROM incoming i WHERE {self._same_key()})"
        )
