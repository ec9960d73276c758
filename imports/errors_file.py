"""The lines to correct, as a file that a spreadsheet opens in French and can send back.

No cell can run as a formula; an international number keeps its `+`.
"""

import csv
import re
from collections.abc import Iterator

from imports.models import ContactImport
from imports.rules import errors_of

MARK = "\ufeff"  # without it Excel reads UTF-8 as something else
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
E164 = re.compile(r"\+\d{6,15}")


def safe_cell(text: str) -> str:
    """The text, behind an apostrophe when a spreadsheet would run it."""
    is_number = E164.fullmatch(text.replace(" ", ""))
    return f"'{text}" if text.startswith(BEGINS_FORMULA) and not is_number else text


class _Echo:
    def write(self, text: str) -> str:
        return text


def errors_csv(contact_import: ContactImport) -> Iterator[str]:
    """Line by line: its number, what to correct, then its cells under their titles."""
    writer = csv.writer(_Echo(), delimiter=";")
    headers = contact_import.headers
    titles = ["Ligne", "À corriger", *headers]
    yield MARK + str(writer.writerow([safe_cell(title) for title in titles]))
    for number, message, cells in errors_of(contact_import):
        row = [*cells, *[""] * (len(headers) - len(cells))]
        yield str(writer.writerow([number, message, *[safe_cell(cell) for cell in row]]))


def template_csv() -> str:
    """An empty list with every title that is recognised, and one person who does not exist."""
    rows = [
        ["Prénom", "Téléphone", "E-mail", "Métier", "Code postal du travail", "Commune du travail"],
        ["Sylviane", "06 39 98 00 01", "sylviane@example.org", "Assistante maternelle", "14000",
         "Caen"],
    ]  # fmt: skip
    return MARK + "".join(";".join(row) + "\r\n" for row in rows)
