"""The lines to correct, as a file that a spreadsheet opens in French and can send back."""

from collections.abc import Iterator

from core.spreadsheets import csv_lines
from imports.models import ContactImport
from imports.rules import errors_of


def errors_csv(contact_import: ContactImport) -> Iterator[str]:
    """Line by line: its number, what to correct, then its cells under their titles."""
    return csv_lines(_rows(contact_import))


def _rows(contact_import: ContactImport) -> Iterator[list[str]]:
    headers = contact_import.headers
    yield ["Ligne", "À corriger", *headers]
    for number, message, cells in errors_of(contact_import):
        yield [str(number), message, *cells, *[""] * (len(headers) - len(cells))]


def template_csv() -> str:
    """An empty list with every title that is recognised, and one person who does not exist."""
    rows = [
        ["Prénom", "Téléphone", "E-mail", "Métier", "Code postal du travail", "Commune du travail"],
        ["Sylviane", "06 39 98 00 01", "sylviane@example.org", "Assistante maternelle", "14000",
         "Caen"],
    ]  # fmt: skip
    return "".join(csv_lines(rows))
