"""From an uploaded file to titles and numbered lines of text, whatever program wrote it.

Files are judged by their content. Every message says, in French, what to do and on which line.
"""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Any

from django.template.defaultfilters import filesizeformat
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from core.text import without_controls

MAX_LINES = 100_000
MAX_COLUMNS = 60
MAX_CELL = 500
# What a compressed workbook may unfold to: a few kilobytes can hold gigabytes.
MAX_UNPACKED = 300 * 1024 * 1024
DELIMITERS = ";,\t|"
LOOKED_AT = 50
LIMITS = f"{MAX_LINES:,} lignes au plus".replace(",", " ")
ASK_TABLE = "Envoyez un tableau : un fichier CSV, Excel (.xlsx) ou LibreOffice (.ods)."
CONTROLS = {code: " " for code in range(32) if code not in (9, 10, 13)}

Line = tuple[int, list[str]]


class RefusedList(ValueError):
    """The file cannot be read as a list; the message, in French, says why and what to do."""


@dataclass(frozen=True)
class ListFile:
    """The titles of the columns, and the lines below them with their number in the file."""

    headers: list[str]
    lines: Iterator[Line]


def open_list(file: IO[bytes], *, size: int, largest: int) -> ListFile:
    """Read a file's titles; its lines come as they are asked for. Raises `RefusedList`.

    The lines raise it too, when a later one cannot be read or there are too many.
    """
    if size == 0:
        raise RefusedList("Ce fichier est vide.")
    if size > largest:
        raise RefusedList(
            f"Ce fichier pèse {filesizeformat(size)} : {filesizeformat(largest)} au plus. "
            "Coupez la liste en plusieurs fichiers."
        )
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        return _with_titles(_workbook_lines(file))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise RefusedList(
            "Ce fichier Excel est protégé par un mot de passe ou d’un ancien format (.xls). "
            "Enregistrez-le sans mot de passe au format .xlsx ou CSV, puis recommencez."
        )
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"{\\rtf")):
        raise RefusedList(f"Ce fichier n’est pas un tableau. {ASK_TABLE}")
    return _with_titles(_text_lines(file.read()))


def _with_titles(lines: Iterator[Line]) -> ListFile:
    """Take the first line that has several cells as titles; a title of the sheet may precede it."""
    first = list(islice(lines, 10))
    if not first:
        raise RefusedList("Ce fichier est vide.")
    rank = next((at for at, (_, cells) in enumerate(first) if _filled(cells) > 1), None)
    if rank is None:
        raise RefusedList(
            "Ce fichier n’a qu’une colonne. Il faut au moins un prénom et un moyen de joindre la "
            f"personne. {ASK_TABLE}"
        )
    number, titles = first[rank]
    if any(_is_a_person(cell) for cell in titles):
        raise RefusedList(
            f"Ligne {number} : on y lit déjà une personne. Ajoutez au-dessus une ligne de titres "
            "(Prénom, Téléphone, E-mail…), puis recommencez."
        )
    width = max(at for at, cell in enumerate(titles) if cell) + 1
    if width > MAX_COLUMNS:
        raise RefusedList(f"Ce fichier a {width} colonnes : {MAX_COLUMNS} au plus.")
    rest = chain(first[rank + 1 :], lines)
    following = next(rest, None)
    if following is None:
        raise RefusedList("Ce fichier n’a que des titres : aucune personne en dessous.")
    return ListFile(_distinct(titles[:width]), _counted(chain([following], rest)))


def _filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell)


def _is_a_person(cell: str) -> bool:
    return "@" in cell or sum(char.isdigit() for char in cell) >= 8


def _distinct(titles: list[str]) -> list[str]:
    """Every column has a name, and its own."""
    named: list[str] = []
    for at, title in enumerate(titles, start=1):
        name = title[:60] or f"Colonne {at}"
        named.append(f"{name} ({at})" if name in named else name)
    return named


def _counted(lines: Iterable[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines, start=1):
        if count > MAX_LINES:
            raise RefusedList(
                f"Cette liste est trop longue : {LIMITS}. Coupez-la en plusieurs fichiers."
            )
        yield line


def _clean(text: str) -> str:
    # Nearly every cell of a hundred thousand lines is plain.
    plain = text if text.isprintable() else without_controls(text.translate(CONTROLS))
    return plain.strip()[:MAX_CELL]


def _text_lines(data: bytes) -> Iterator[Line]:
    text = _decoded(data)
    if "\x00" in text:
        raise RefusedList(
            f"Ce fichier contient des caractères qui ne sont pas du texte. {ASK_TABLE}"
        )
    return _csv_lines(text, _delimiter(text))


def _decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else what Excel writes in France."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedList(
        "Les accents de ce fichier ne se lisent pas. Enregistrez-le en « CSV UTF-8 », puis "
        "recommencez."
    )


def _delimiter(text: str) -> str:
    """The sign that cuts the first lines into the most regular columns."""
    sample = text[:20_000].splitlines()[:LOOKED_AT]

    def score(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
        several = [width for width in widths if width > 1]
        usual = max(set(several), key=several.count, default=0)
        return (several.count(usual), usual)

    try:
        return max(DELIMITERS, key=score)
    except csv.Error as error:
        raise RefusedList(f"Ce fichier n’est pas un tableau. {ASK_TABLE}") from error


def _csv_lines(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise RefusedList(
                f"Ligne {number} : elle ne se lit pas. Un guillemet y est peut-être ouvert et "
                "jamais refermé."
            ) from error
        cells = [_clean(cell) for cell in row]
        if any(cells):
            yield number, cells


def _workbook_lines(file: IO[bytes]) -> Iterator[Line]:
    _check_unpacked_size(file)
    try:
        workbook = CalamineWorkbook.from_filelike(file)
        for sheet in workbook.sheets_metadata:
            if sheet.visible != SheetVisibleEnum.Visible:
                continue
            rows = workbook.get_sheet_by_name(sheet.name)
            if rows.total_height:
                return _sheet_lines(rows.iter_rows())
    except CalamineError as error:
        raise RefusedList(
            f"Ce fichier ne s’ouvre pas : il est abîmé ou protégé. {ASK_TABLE}"
        ) from error
    raise RefusedList("Ce classeur est vide.")


def _check_unpacked_size(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            names = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise RefusedList(f"Ce fichier est abîmé : il ne s’ouvre pas. {ASK_TABLE}") from error
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise RefusedList(f"Ce fichier n’est pas un tableau. {ASK_TABLE}")
    if unpacked > MAX_UNPACKED:
        raise RefusedList("Ce classeur est trop lourd une fois ouvert. Gardez la feuille utile.")
    file.seek(0)


def _sheet_lines(rows: Iterator[Any]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        cells = [_clean(_written(cell)) for cell in row]
        if any(cells):
            yield number, cells


def _written(cell: object) -> str:
    """What the cell shows. A whole number comes as 612345678.0."""
    match cell:
        case bool():
            return "oui" if cell else "non"
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell)
        case dt.datetime():
            return cell.date().isoformat()
        case dt.date() | dt.time() | dt.timedelta():
            return str(cell)
    return str(cell)
