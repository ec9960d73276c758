"""Tables as files that a spreadsheet opens in French. No cell can run as a formula."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO

from xlsxwriter import Workbook

MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
E164 = re.compile(r"\+\d{6,15}")


def safe_cell(text: str) -> str:
    """The text, behind an apostrophe when a spreadsheet would run it; numbers keep their `+`."""
    is_number = E164.fullmatch(text.replace(" ", ""))
    return f"'{text}" if text.startswith(BEGINS_FORMULA) and not is_number else text


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The rows line by line, titles first."""
    writer = csv.writer(_Echo(), delimiter=";")
    for rank, row in enumerate(rows):
        line = str(writer.writerow([safe_cell(cell) for cell in row]))
        yield line if rank else MARK + line


def workbook(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as an Excel file, titles first; every cell is text."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.autofit()
    return file.getvalue()


class _Echo:
    def write(self, text: str) -> str:
        return text
