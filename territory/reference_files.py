"""Reading of reference files: every row is checked as it passes, a wrong file is refused whole."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

MAX_ERRORS_KEPT = 20
SEPARATORS = ",;\t"
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# First bytes of files people send by mistake: zip (xlsx, ods), old Excel, PDF.
NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,12})?")


@dataclass(frozen=True)
class LineError:
    """What is wrong, in French, and where; without a line it concerns the whole file."""

    line: int | None
    message: str

    def __str__(self) -> str:
        return f"ligne {self.line} : {self.message}" if self.line else self.message


class ReferenceFileError(Exception):
    """A reference file is refused: the first errors, and how many there are in all."""

    def __init__(self, file_name: str, errors: Sequence[LineError], count: int) -> None:
        self.file_name = file_name
        self.errors = list(errors)
        self.count = count
        super().__init__(str(self))

    @property
    def others(self) -> int:
        """How many errors are not listed."""
        return self.count - len(self.errors)

    def __str__(self) -> str:
        lines = [f"{self.file_name} : fichier refusé.", *(f"  {error}" for error in self.errors)]
        if self.others:
            lines.append(f"  … et {self.others} autre{'s' if self.others > 1 else ''}.")
        return "\n".join(lines)


@dataclass
class Problems:
    """Collects the errors of one file; only the first ones are kept, all are counted."""

    file_name: str
    errors: list[LineError] = field(default_factory=list)
    count: int = 0

    def add(self, line: int | None, message: str) -> None:
        self.count += 1
        if len(self.errors) < MAX_ERRORS_KEPT:
            self.errors.append(LineError(line, message))

    def stopped(self, line: int | None, message: str) -> ReferenceFileError:
        """The error to raise when nothing after this point can be read."""
        self.add(line, message)
        return self.error()

    def error(self) -> ReferenceFileError:
        return ReferenceFileError(self.file_name, self.errors, self.count)


@dataclass(frozen=True)
class Row:
    """One line of a file; each reader returns a value or notes what is wrong with it."""

    line: int
    values: dict[str, str]
    problems: Problems

    def wrong(self, message: str) -> None:
        self.problems.add(self.line, message)

    def text(self, column: str, max_length: int) -> str:
        value = self.values[column]
        if not value:
            self.wrong(f"{column} est vide")
        if len(value) > max_length:
            self.wrong(f"{column} : {max_length} caractères au plus")
        return value

    def code(self, column: str, pattern: str, expected: str, label: str) -> str:
        value = self.values[column]
        if not re.fullmatch(pattern, value, re.ASCII):
            self.wrong(f"{label} « {value[:30]} » : {expected}")
        return value

    def known(self, column: str, codes: Iterable[str], label: str) -> str:
        value = self.values[column]
        if value not in codes:
            self.wrong(f"{label} « {value[:30]} » inconnu·e")
        return value

    def integer(self, column: str) -> int | None:
        """A whole number of at most nine digits, `None` when the cell is empty."""
        value = self.values[column]
        if value and not re.fullmatch(r"[0-9]{1,9}", value):
            self.wrong(f"{column} « {value[:30]} » : nombre entier attendu")
            return None
        return int(value) if value else None

    def coordinate(self, column: str, limit: int) -> float | None:
        value = self.values[column]
        if not value:
            return None
        if not NUMBER.fullmatch(value) or abs(float(value)) > limit:
            self.wrong(f"{column} « {value[:30]} » : degrés attendus, entre -{limit} et {limit}")
            return None
        return float(value)

    def day(self, column: str) -> date | None:
        try:
            return date.fromisoformat(self.values[column])
        except ValueError:
            self.wrong(f"{column} « {self.values[column][:30]} » : date attendue (2026-12-25)")
            return None


@dataclass(frozen=True)
class Layout:
    """What a file must look like."""

    columns: tuple[str, ...]
    latin1: bool = False
    # How many lines of title may stand above the header.
    titles: int = 0


def read_rows(lines: Iterable[bytes], layout: Layout, problems: Problems) -> Iterator[Row]:
    """Yield the rows of a CSV file (`,`, `;` or tab) whose header holds the layout's columns.

    Raises `ReferenceFileError` at once when the rest cannot be read; other errors are left in
    `problems` for the caller to raise when the whole file has passed.
    """
    text = _decoded(lines, layout, problems)
    header, separator, above = _find_header(text, layout, problems)
    reader = csv.reader(text, delimiter=separator, strict=True)
    any_row = False
    while True:
        line = above + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise problems.stopped(line, f"ce n’est pas un CSV correct ({error})") from error
        if cells is None:
            break
        if not any(cells):
            continue
        any_row = True
        if len(cells) != len(header):
            problems.add(line, f"{len(header)} colonnes attendues, {len(cells)} trouvées")
            continue
        values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        yield Row(line, values, problems)
    if not any_row:
        raise problems.stopped(None, "Ce fichier ne contient aucune ligne sous son en-tête.")


def _decoded(lines: Iterable[bytes], layout: Layout, problems: Problems) -> Iterator[str]:
    for number, raw in enumerate(lines, start=1):
        if number == 1 and raw.startswith(NOT_TEXT):
            raise problems.stopped(
                None, "Ce fichier n’est pas un CSV. Depuis un tableur : « Enregistrer en CSV »."
            )
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            if not layout.latin1:
                message = "texte illisible : enregistrez le fichier en UTF-8"
                raise problems.stopped(number, message) from error
            text = raw.decode("latin-1")
        if CONTROL_CHARACTERS.search(text):
            raise problems.stopped(number, "caractère interdit : ce fichier n’est pas un CSV")
        yield text


def _find_header(
    text: Iterator[str], layout: Layout, problems: Problems
) -> tuple[list[str], str, int]:
    """The column names, the separator and the number of lines read so far."""
    best: tuple[int, list[str], str] = (0, [], "")
    number = 0
    for number, line in enumerate(text, start=1):
        for separator in SEPARATORS:
            names = [name.strip(' "\r\n\ufeff').lower() for name in line.split(separator)]
            found = sum(column in names for column in layout.columns)
            best = max(best, (found, names, separator))
        if best[0] == len(layout.columns):
            return best[1], best[2], number
        if number > layout.titles:
            break
    if number == 0:
        raise problems.stopped(None, "Ce fichier est vide.")
    missing = [column for column in layout.columns if column not in best[1]]
    raise problems.stopped(number, f"colonnes absentes de l’en-tête : {', '.join(missing)}")


def watched(
    lines: Iterable[bytes], advance: Callable[[int], None], every: int = 2000
) -> Iterator[bytes]:
    """Pass the lines through, telling `advance` now and then how many bytes went by."""
    size = 0
    for number, line in enumerate(lines, start=1):
        size += len(line)
        if number % every == 0:
            advance(size)
            size = 0
        yield line
    advance(size)
