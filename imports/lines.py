"""From one line of a list to a person, or to what must be corrected in it."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from contacts.captures import Details
from contacts.enums import ConsentChannel
from contacts.models import ConsentWording
from contacts.places import Place, WrongPhone
from contacts.reading import PlaceReader, TradeReader, UnclearPlace, read_number
from core.text import fold, without_controls
from imports.enums import Target
from territory.models import Trade

MAX_NAME = 80
MAX_EMAIL = 254
YES = frozenset({"oui", "o", "x", "1", "vrai", "true", "yes", "y", "ok", "accepte", "d accord"})
# What people write in a cell that has nothing to hold.
NOTHING = frozenset({"", "neant", "nc", "na", "n a", "aucun", "aucune", "inconnu", "null", "none"})
IS_DATE = re.compile(r"^\d{4}-\d\d-\d\d|^\d{1,2}/\d{1,2}/\d{2,4}$")
IS_SCIENTIFIC = re.compile(r"^\d[.,]\d+E\+?\d+$", re.IGNORECASE)
IS_FORMULA = re.compile(r"^[=@]|^#(REF|N/A|VALEUR|VALUE|NOM|NAME)", re.IGNORECASE)
ASKED_IN = {
    ConsentChannel.EMAIL: Target.CONSENT_EMAIL,
    ConsentChannel.SMS: Target.CONSENT_SMS,
    ConsentChannel.CALL: Target.CONSENT_CALL,
}


class WrongLine(ValueError):
    """A line nobody can be made of; each message, in French, is one thing to correct."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


@dataclass
class LineReader:
    """Reads the lines of one list. `wordings`: by accepted channel, the words agreed to."""

    columns: dict[str, int]
    wordings: dict[str, ConsentWording]
    default_trade: Trade | None = None
    default_postcode: str = ""
    trades: TradeReader = field(default_factory=TradeReader)
    places: PlaceReader = field(default_factory=PlaceReader)
    # What was written as a trade and is not one, with the number of lines.
    unknown_trades: dict[str, int] = field(default_factory=dict)
    _is_email: EmailValidator = field(default_factory=EmailValidator)

    def prepare(self, lines: list[list[str]]) -> None:
        """Look up at once what these lines will ask for."""
        self.places.prepare(self._cell(cells, Target.POSTCODE) for cells in lines)

    def read(self, cells: list[str]) -> Details:
        """The person of a line; raises `WrongLine` with everything that is wrong in it."""
        wrong: list[str] = []
        name = self._name(cells, wrong)
        place = self._place(cells, wrong)
        phone = self._phone(cells, place, wrong)
        email = self._email(cells, wrong)
        if not (phone or email or wrong):
            wrong.append("Il manque un téléphone ou une adresse e-mail.")
        agreed = self._agreed(cells, phone=phone, email=email)
        if not (agreed or wrong):
            wrong.append(
                "Aucun accord ne couvre les coordonnées de cette personne : sans accord, elle "
                "n’est pas gardée."
            )
        if wrong or place is None:
            raise WrongLine(wrong)
        return Details(
            first_name=name,
            phone=phone,
            email=email,
            trade=self._trade(cells),
            place=place,
            consents=agreed,
        ).as_agreed()

    def _cell(self, cells: list[str], target: Target) -> str:
        at = self.columns.get(target)
        text = cells[at].strip() if at is not None and at < len(cells) else ""
        if text[:1] == "'":  # how a spreadsheet marks what is not a formula
            text = text[1:]
        return "" if fold(text) in NOTHING and not IS_FORMULA.match(text) else text

    def _name(self, cells: list[str], wrong: list[str]) -> str:
        name = without_controls(self._cell(cells, Target.FIRST_NAME))
        if not fold(name):
            wrong.append("Il manque le prénom.")
        elif IS_FORMULA.match(name):
            wrong.append(f"Prénom : « {name[:40]} » est une formule, pas un prénom.")
        elif "@" in name or sum(char.isdigit() for char in name) > 3:
            wrong.append(f"Prénom : « {name[:40]} » n’est pas un prénom. Une colonne est décalée ?")
        elif set("<>") & set(name) or not any(char.isalpha() for char in name):
            wrong.append(f"Prénom : « {name[:40]} » n’est pas un prénom.")
        elif len(name) > MAX_NAME:
            wrong.append(f"Prénom : {MAX_NAME} caractères au plus.")
        return name

    def _place(self, cells: list[str], wrong: list[str]) -> Place | None:
        postcode = self._cell(cells, Target.POSTCODE)
        commune = self._cell(cells, Target.COMMUNE)
        if not (postcode or commune):
            postcode = self.default_postcode
        try:
            return self.places.read(postcode, commune)
        except UnclearPlace as error:
            shown = f" « {(postcode or commune)[:40]} »" if postcode or commune else ""
            wrong.append(f"Lieu de travail{shown} : {error}")
            return None

    def _phone(self, cells: list[str], place: Place | None, wrong: list[str]) -> str:
        """The mobile when there is one that can be called, else the other number."""
        typed = [self._cell(cells, target) for target in (Target.MOBILE, Target.PHONE)]
        region = place.departement.phone_region if place else "FR"
        refused = ""
        for text in filter(None, typed):
            try:
                return read_number(text, region)
            except WrongPhone:
                refused = refused or text
        if refused:
            wrong.append(f"Téléphone « {refused[:40]} » : {_phone_advice(refused)}")
        return ""

    def _email(self, cells: list[str], wrong: list[str]) -> str:
        email = self._cell(cells, Target.EMAIL).removeprefix("mailto:").lower()
        if not email:
            return ""
        try:
            self._is_email(email)
        except ValidationError:
            wrong.append(f"E-mail « {email[:60]} » : cette adresse semble incomplète.")
            return ""
        if len(email) > MAX_EMAIL:
            wrong.append(f"E-mail : {MAX_EMAIL} caractères au plus.")
            return ""
        return email

    def _agreed(self, cells: list[str], *, phone: str, email: str) -> tuple[ConsentWording, ...]:
        """The channels the list has the consent for, this person too, and can be reached on."""
        known = {"phone": phone, "email": email}
        return tuple(
            wording
            for channel, wording in self.wordings.items()
            if known[ConsentChannel(channel).goes_by]
            and self._said_yes(cells, ASKED_IN[ConsentChannel(channel)])
        )

    def _said_yes(self, cells: list[str], asked: Target) -> bool:
        return asked not in self.columns or fold(self._cell(cells, asked)) in YES

    def _trade(self, cells: list[str]) -> Trade | None:
        text = self._cell(cells, Target.TRADE)
        if not text:
            return self.default_trade
        trade = self.trades.read(text)
        if trade is None:
            self.unknown_trades[text[:60]] = self.unknown_trades.get(text[:60], 0) + 1
        return trade or self.default_trade


def _phone_advice(text: str) -> str:
    if IS_DATE.match(text):
        return "c’est une date. Mettez la colonne au format Texte dans votre tableur."
    if IS_SCIENTIFIC.match(text):
        return "le tableur l’a abrégé. Mettez la colonne au format Texte, puis ressaisissez-le."
    if IS_FORMULA.match(text):
        return "c’est une formule, pas un numéro."
    return "ce numéro ne semble pas valide, par exemple 06 12 34 56 78."
