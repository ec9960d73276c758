"""The grid in which a whole paper sheet is typed, and what is said of its lines."""

import uuid
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import EmailValidator
from django.utils import timezone

from contacts.captures import CaptureRequest, Details
from contacts.enums import CaptureMethod, ConsentChannel
from contacts.models import Capture, ConsentWording, PrintedSheet, Source
from contacts.paper import (
    LINES,
    MOST_SHEETS,
    captures_of_sheet,
    find_sheet,
    note_of,
    words_of,
)
from contacts.places import Place, WrongPhone
from contacts.reading import PlaceReader, TradeReader, UnclearPlace, read_number
from contacts.rules import can_enter_sheets
from core.text import fold, without_controls
from organisations.models import User
from territory.models import Trade


class SheetsToPrintForm(forms.Form):
    sheets = forms.IntegerField(
        label="Nombre de feuilles",
        min_value=1,
        max_value=MOST_SHEETS,
        initial=5,
        error_messages={
            "required": "Dites combien de feuilles imprimer.",
            "invalid": "Dites combien de feuilles imprimer.",
            "max_value": f"{MOST_SHEETS} feuilles au plus à la fois.",
            "min_value": "Une feuille au moins.",
        },
        widget=forms.NumberInput(attrs={"data-short": ""}),
    )


@dataclass
class Readers:
    """What the lines of one sheet look up, once for all of them."""

    trades: TradeReader
    places: PlaceReader


class SheetNumberForm(forms.Form):
    """Which sheet of one's own sources is to be typed in."""

    number = forms.CharField(
        label="Numéro de la feuille",
        max_length=12,
        help_text="En haut à droite, par exemple 7K3M.",
        error_messages={"required": "Écrivez le numéro de la feuille."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-short": ""}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_number(self) -> PrintedSheet:
        printed = find_sheet(str(self.cleaned_data["number"]))
        # Nobody learns from a number what others print.
        if printed is None or not can_enter_sheets(self.user, printed.source):
            raise forms.ValidationError(
                "Aucune de vos feuilles ne porte ce numéro. Relisez-le, en haut à droite de la "
                "feuille."
            )
        return printed


class SheetForm(forms.Form):
    """What the whole sheet says of itself."""

    number = SheetNumberForm.base_fields["number"]
    filled_on = forms.DateField(
        label="Remplie le",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Dites quand elle a été remplie."},
    )
    # Asked only when the sheet was entered already.
    again = forms.BooleanField(label="Oui, j’ajoute des lignes à cette feuille", required=False)

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        self.printed: PrintedSheet | None = None
        self.fields["filled_on"].initial = timezone.localdate()

    def clean_number(self) -> str:
        printed = find_sheet(str(self.cleaned_data["number"]))
        if printed is None:
            raise forms.ValidationError(
                "Aucune feuille imprimée ne porte ce numéro. Relisez-le, en haut à droite de la "
                "feuille."
            )
        if printed.source_id != self.source.pk:
            raise forms.ValidationError(
                f"Cette feuille n’est pas de « {self.source.label} » : elle a été imprimée pour un "
                "autre QR code."
            )
        self.printed = printed
        return printed.number

    def clean_filled_on(self) -> Any:
        day = self.cleaned_data["filled_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Cette date est dans le futur.")
        return day

    def met_at(self, zone: str) -> datetime:
        """The beginning of that day there: whoever said stop since is not brought back by paper."""
        return datetime.combine(self.cleaned_data["filled_on"], time.min, tzinfo=ZoneInfo(zone))


class LineForm(forms.Form):
    """One line. An empty postcode is that of the line above."""

    first_name = forms.CharField(label="Prénom", max_length=80, required=False)
    phone = forms.CharField(
        label="Téléphone", max_length=40, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    email = forms.CharField(
        label="E-mail", max_length=254, required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none"}),
    )  # fmt: skip
    trade = forms.CharField(
        label="Métier", max_length=120, required=False,
        widget=forms.TextInput(attrs={"list": "metiers"}),
    )  # fmt: skip
    postcode = forms.CharField(
        label="Code postal", max_length=80, required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    consent_email = forms.BooleanField(label="E-mails", required=False)
    consent_sms = forms.BooleanField(label="SMS", required=False)
    consent_call = forms.BooleanField(label="Appels", required=False)

    place: Place | None = None
    chosen_trade: Trade | None = None

    def __init__(self, data: Any, *, number: int) -> None:
        super().__init__(data, prefix=f"ligne-{number}")
        self.number = number
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}, ligne {number}"
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs["autocomplete"] = "off"

    @property
    def consent_fields(self) -> list[forms.BoundField]:
        return [self[f"consent_{channel.value}"] for channel in ConsentChannel]

    @property
    def is_blank(self) -> bool:
        """A line where nobody wrote: a postcode or a tick alone is not somebody."""
        typed = ("first_name", "phone", "email", "trade")
        return not any((self.data.get(self.add_prefix(name)) or "").strip() for name in typed)

    def read(self, readers: Readers, above: Place | None) -> None:
        """Check the line against the one above; errors stand beside their fields."""
        data = self.cleaned_data
        if not fold(without_controls(data.get("first_name", ""))):
            self.add_error("first_name", "Écrivez le prénom.")
        self._read_place(readers, above)
        self._read_phone()
        self._read_email()
        self._read_trade(readers)
        if not (data.get("phone") or data.get("email") or self.errors):
            self.add_error("phone", "Écrivez un téléphone ou un e-mail.")
        self._check_consents()

    def _read_place(self, readers: Readers, above: Place | None) -> None:
        text = self.cleaned_data.get("postcode", "")
        if not text and above is not None:
            self.place = above
            return
        is_name = not any(char.isdigit() for char in text)
        try:
            self.place = readers.places.read("" if is_name else text, text if is_name else "")
        except UnclearPlace as error:
            self.add_error("postcode", str(error))

    def _read_phone(self) -> None:
        text = self.cleaned_data.get("phone", "")
        region = self.place.departement.phone_region if self.place else "FR"
        try:
            self.cleaned_data["phone"] = read_number(text, region) if text else ""
        except WrongPhone:
            self.add_error("phone", "Ce numéro ne semble pas valide.")

    def _read_email(self) -> None:
        email = self.cleaned_data.get("email", "").lower()
        self.cleaned_data["email"] = email
        try:
            if email:
                EmailValidator()(email)
        except forms.ValidationError:
            self.add_error("email", "Cette adresse semble incomplète.")

    def _read_trade(self, readers: Readers) -> None:
        text = self.cleaned_data.get("trade", "")
        self.chosen_trade = readers.trades.read(text) if text else None
        if text and self.chosen_trade is None:
            self.add_error("trade", "Choisissez un métier de la liste, ou « Autre métier ».")

    def _check_consents(self) -> None:
        given = self.given()
        if not given and not self.errors:
            self.add_error(
                "consent_email", "Sans case cochée, la personne n’est pas gardée : videz la ligne."
            )
        for channel in given:
            field = channel.goes_by
            if not self.cleaned_data.get(field) and field not in self.errors:
                self.add_error(field, "Il faut ce moyen pour la case cochée.")

    def given(self) -> list[ConsentChannel]:
        return [each for each in ConsentChannel if self.cleaned_data.get(f"consent_{each.value}")]

    def details(self, wordings: dict[str, ConsentWording]) -> Details:
        """Only the addresses that a ticked box covers."""
        if self.place is None:
            raise ValueError("a line is read before its person is made")
        return Details(
            first_name=without_controls(self.cleaned_data["first_name"]),
            phone=self.cleaned_data["phone"],
            email=self.cleaned_data["email"],
            trade=self.chosen_trade,
            place=self.place,
            consents=tuple(wordings[channel] for channel in self.given() if channel in wordings),
        ).as_agreed()


class PaperSheet:
    """A sheet as it is typed: what it says of itself, and its lines."""

    def __init__(self, source: Source, data: Any = None, initial: Any = None) -> None:
        self.source = source
        self.form = SheetForm(data, initial=initial, source=source)
        self.lines = [LineForm(data, number=number) for number in range(1, LINES + 1)]
        self.readers = Readers(TradeReader(), PlaceReader())
        # Captures of the same sheet, entered before.
        self.entered: list[Capture] = []

    @property
    def printed(self) -> PrintedSheet:
        """Which sheet it is, once its number is known to be right."""
        if self.form.printed is None:
            raise ValueError("the number of a sheet is checked first")
        return self.form.printed

    @property
    def filled(self) -> list[LineForm]:
        return [line for line in self.lines if line.is_bound and not line.is_blank]

    @property
    def error_count(self) -> int:
        return sum(len(line.errors) for line in self.filled)

    def is_valid(self) -> bool:
        above: Place | None = None
        for line in self.filled:
            line.full_clean()
            line.read(self.readers, above)
            above = line.place or above
        is_valid = self.form.is_valid()
        if is_valid and not self.filled:
            self.form.add_error(None, "Écrivez au moins une ligne.")
        return self.form.is_valid() and not self.error_count and self._is_new()

    def _is_new(self) -> bool:
        """A sheet is entered once, unless somebody says that lines are added to it.

        The very same lines sent twice, by a double press or a cut network, are no second entry.
        """
        self.entered = list(captures_of_sheet(self.source, self.printed.number))
        known = {capture.capture_id for capture in self.entered}
        ids = {self._capture_id(line) for line in self.filled}
        if not self.printed.entered_at or ids <= known or self.form.cleaned_data["again"]:
            return True
        self.form.add_error("again", "Cette feuille a déjà été saisie. S’agit-il d’un ajout ?")
        return False

    def _capture_id(self, line: LineForm) -> uuid.UUID:
        data = line.cleaned_data
        who = f"{fold(data['first_name'])}|{data['phone']}|{data['email']}"
        sheet = uuid.uuid5(uuid.NAMESPACE_OID, f"paper:{self.source.code}")
        return uuid.uuid5(sheet, f"{self.printed.number}|{line.number}|{who}")

    def requests(self, user: User) -> list[CaptureRequest]:
        """What `enter_sheet` stores, once `is_valid`."""
        wordings: dict[str, ConsentWording] = words_of(self.printed).by_channel
        met_at = self.form.met_at(self.source.organisation.time_zone)
        return [
            CaptureRequest(
                capture_id=self._capture_id(line),
                source=self.source,
                details=line.details(wordings),
                method=CaptureMethod.PAPER,
                captured_by=user,
                device_time=met_at,
                note=f"{note_of(self.printed.number)}{line.number}",
            )
            for line in self.filled
        ]
