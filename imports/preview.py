"""The first lines of a list, as they will be read."""

from dataclasses import dataclass, field

import phonenumbers
from phonenumbers import PhoneNumberFormat

from contacts.captures import Details
from imports.actions import wordings_of
from imports.lines import LineReader, WrongLine
from imports.models import ContactImport
from imports.rules import first_lines_of

SHOWN = 20


@dataclass
class PreviewLine:
    number: int
    person: Details | None = None
    messages: list[str] = field(default_factory=list)

    @property
    def phone(self) -> str:
        """As it is read aloud in France, with its prefix elsewhere."""
        if self.person is None or not self.person.phone:
            return ""
        number = phonenumbers.parse(self.person.phone)
        is_french = number.country_code == phonenumbers.country_code_for_region("FR")
        form = PhoneNumberFormat.NATIONAL if is_french else PhoneNumberFormat.INTERNATIONAL
        return phonenumbers.format_number(number, form)

    @property
    def channels(self) -> str:
        consents = self.person.consents if self.person else ()
        return ", ".join(wording.get_channel_display() for wording in consents)


def reader_of(contact_import: ContactImport) -> LineReader:
    return LineReader(
        columns=contact_import.columns,
        wordings=wordings_of(contact_import),
        default_trade=contact_import.default_trade,
        default_postcode=contact_import.default_postcode,
    )


def preview_of(contact_import: ContactImport) -> list[PreviewLine]:
    reader = reader_of(contact_import)
    lines = first_lines_of(contact_import, SHOWN)
    reader.prepare([cells for _, cells in lines])
    shown = []
    for number, cells in lines:
        try:
            shown.append(PreviewLine(number, reader.read(cells)))
        except WrongLine as error:
            shown.append(PreviewLine(number, messages=error.messages))
    return shown


def samples_of(contact_import: ContactImport) -> list[str]:
    """For each column some of what it holds, to tell what it is."""
    lines = first_lines_of(contact_import, SHOWN)
    samples = []
    for at in range(len(contact_import.headers)):
        values = [cells[at] for _, cells in lines if at < len(cells) and cells[at]]
        samples.append(" · ".join(value[:40] for value in list(dict.fromkeys(values))[:3]))
    return samples
