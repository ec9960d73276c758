"""What somebody wrote in a cell: a number without its zero, a trade in their own words, a place.

For whole sheets and lists: each reader keeps what it looked up, and serves one sheet or list.
"""

import re
from collections.abc import Callable, Iterable

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from contacts.places import InseeCode, Place, UnknownPostcode, WrongPhone, place_among, read_phone
from core.text import fold
from territory import search_text
from territory.models import Commune, Departement, Trade

OVERSEAS_CODES = ("262", "590", "594", "596", "508", "687", "689")
SEVERAL = re.compile(r"[/;,|\n]|\bou\b|\bet\b", re.IGNORECASE)
MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}

# Beyond that many postcodes one reading of the whole table is quicker.
MANY = 40
NO_SUCH_POSTCODE = "Ce code postal n’existe pas en France : 5 chiffres, par exemple 14000."

INSEE_CODE = (
    "C’est le numéro INSEE d’une commune : écrivez son code postal. Si c’est un CEDEX, ajoutez ce "
    "mot : « 14050 CEDEX »."
)
# « 14050 CEDEX », « CAEN CEDEX 4 ».
CEDEX = re.compile(r"\s*cedex.*", re.IGNORECASE | re.DOTALL)


class UnclearPlace(ValueError):
    """Neither the postcode nor the commune tells where; the message, in French, says why."""


def read_number(text: str, region: str = "FR") -> str:
    """The E.164 number somebody wrote, a mobile first when there are several.

    Reads what spreadsheets make of numbers: a lost zero, a lost `+`. Raises `WrongPhone`.
    """
    numbers = []
    for part in SEVERAL.split(text):
        try:
            numbers.append(read_phone(_restored(part), region))
        except WrongPhone:
            continue
    if not numbers:
        raise WrongPhone(text)
    if len(numbers) > 1:
        mobiles = [number for number in numbers if phonenumbers.number_type(number) in MOBILE]
        numbers = mobiles or numbers
    return phonenumbers.format_number(numbers[0], PhoneNumberFormat.E164)


def _restored(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if "+" in text:
        return text
    if len(digits) == 9 and digits[0] != "0":
        return f"0{digits}"
    if len(digits) == 11 and digits.startswith("33"):
        return f"+{digits}"
    if len(digits) == 12 and digits.startswith(OVERSEAS_CODES):
        return f"+{digits}"
    return text


class TradeReader:
    """Trades by what people write: “coiffeuse”, “Boulanger”, “3239”."""

    def __init__(self) -> None:
        self.trades = list(Trade.objects.in_use().order_by("position", "pk"))
        self._read: dict[str, Trade | None] = {}

    def read(self, text: str) -> Trade | None:
        """The only trade these words can mean; None when none or several do."""
        key = fold(text)
        if key not in self._read:
            self._read[key] = self._find(key) if key else None
        return self._read[key]

    def _find(self, key: str) -> Trade | None:
        exact = [trade for trade in self.trades if key in (fold(trade.label), fold(trade.pk))]
        words = search_text.words(key)
        rules: tuple[Callable[[Trade], bool], ...] = (
            lambda trade: _holds(trade, words, whole=True),
            lambda trade: _holds(trade, words, whole=False),
        )
        for rule in rules if not exact else ():
            found = [trade for trade in self.trades if rule(trade)]
            if len(found) == 1:
                return found[0]
            if found:
                return None
        return exact[0] if exact else None


def _holds(trade: Trade, words: list[str], *, whole: bool) -> bool:
    """Whether the trade's search text has each word, or a word that begins like it."""
    text = re.sub(r"[|]", " ", trade.search_text) + " "
    end = " " if whole else ""
    return bool(words) and all(f" {word}{end}" in text for word in words)


class PlaceReader:
    """Places by postcode, by commune or by both, each looked up once."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str, bool], Place | str] = {}
        # By postcode, then by number: a commune may come twice.
        self._communes: dict[str, dict[str, Commune]] = {}
        self._knows_all = False
        self._departements: dict[str, Departement] = {}

    def prepare(self, postcodes: Iterable[str]) -> None:
        """Look many postcodes up at once: all of France when there are more than some."""
        wanted = {_restored_postcode(text) for text in postcodes} - self._communes.keys() - {""}
        if not wanted or self._knows_all:
            return
        if not self._departements:
            self._departements = Departement.objects.in_bulk()
        rows = Commune.objects.defer("search_text")
        self._knows_all = len(wanted) > MANY
        for commune in rows if self._knows_all else rows.filter(postcodes__overlap=list(wanted)):
            commune.departement = self._departements[commune.departement_id]
            for postcode in commune.postcodes:
                if self._knows_all or postcode in wanted:
                    self._communes.setdefault(postcode, {})[commune.pk] = commune
        for postcode in wanted:
            self._communes.setdefault(postcode, {})

    def read(self, postcode: str, commune: str = "") -> Place:
        """Raises `UnclearPlace`."""
        is_cedex = bool(CEDEX.search(postcode) or CEDEX.search(commune))
        key = (_restored_postcode(postcode), fold(CEDEX.sub("", commune)), is_cedex)
        if key not in self._places:
            try:
                self._places[key] = self._find(*key)
            except UnclearPlace as error:
                self._places[key] = str(error)
        place = self._places[key]
        if isinstance(place, str):
            raise UnclearPlace(place)
        return place

    def _find(self, postcode: str, commune: str, is_cedex: bool) -> Place:
        if not postcode:
            return _place_by_name(commune)
        self.prepare([postcode])
        communes = list(self._communes.get(postcode, {}).values())
        named = [each for each in communes if fold(each.name) == commune]
        if not (len(postcode) == 5 and postcode.isascii() and postcode.isdigit()):
            raise UnclearPlace(NO_SUCH_POSTCODE)
        try:
            shared = named if len(named) == 1 else communes
            return place_among(shared, postcode, may_be_cedex=is_cedex)
        except InseeCode as error:
            raise UnclearPlace(INSEE_CODE) from error
        except UnknownPostcode as error:
            raise UnclearPlace(NO_SUCH_POSTCODE) from error


def _restored_postcode(text: str) -> str:
    """Five digits, the zero a spreadsheet took away put back."""
    digits = re.sub(r"\s", "", CEDEX.sub("", text)).removesuffix(".0")
    return digits.zfill(5) if len(digits) == 4 and digits.isdigit() else digits


def _place_by_name(name: str) -> Place:
    if not name:
        raise UnclearPlace("Il manque le code postal du lieu de travail.")
    named = Commune.objects.filter(search_text.names(name, whole=True))
    found = list(named.select_related("departement").order_by("pk")[:2])
    if len(found) > 1:
        raise UnclearPlace("Plusieurs communes portent ce nom : écrivez le code postal.")
    if not found:
        raise UnclearPlace("Aucune commune ne porte ce nom : écrivez le code postal.")
    return place_among(found, found[0].postcodes[0])
