"""From a postcode to a place, and from a typed telephone number to an international one."""

from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from territory.models import Commune, Departement

OVERSEAS_PREFIXES = ("97", "98")
# Numbers nobody can send an SMS to or call back, and that a joker likes to type.
REFUSED_TYPES = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.UAN,
    PhoneNumberType.UNKNOWN,
}


# 06 39 98 xx xx, which the regulator keeps for fiction: trainings and the demonstration use it.
FICTION = (33, 639_980_000, 639_989_999)


class UnknownPostcode(ValueError):
    """No département has this postcode."""


class InseeCode(UnknownPostcode):
    """The INSEE number of a commune, not its postcode."""


class WrongPhone(ValueError):
    """Not a number that can be called from France."""


@dataclass(frozen=True)
class Place:
    postcode: str
    departement: Departement
    # None when several communes share the postcode and none was named.
    commune: Commune | None


def find_place(postcode: str, commune: Commune | None = None) -> Place:
    """The place of a workplace's postcode; raises `UnknownPostcode`.

    A postcode of a single organisation (CEDEX) is in no table: its first digits give the
    département. It may be the INSEE number of a commune too: nobody gives that one in person.
    """
    if not (len(postcode) == 5 and postcode.isascii() and postcode.isdigit()):
        raise UnknownPostcode(postcode)
    if commune is not None and postcode in commune.postcodes:
        return Place(postcode, commune.departement, commune)
    communes = list(Commune.objects.with_postcode(postcode).select_related("departement"))
    return place_among(communes, postcode, may_be_cedex=True)


def place_among(communes: Sequence[Commune], postcode: str, *, may_be_cedex: bool = False) -> Place:
    """The place of a postcode, given the communes that share it; raises `UnknownPostcode`.

    In a list the INSEE number of a commune is somebody's mistake, unless it `may_be_cedex`.
    """
    if len(communes) == 1:
        return Place(postcode, communes[0].departement, communes[0])
    if communes:
        largest = max(communes, key=lambda candidate: (candidate.population, candidate.pk))
        return Place(postcode, largest.departement, None)
    if not may_be_cedex and Commune.objects.filter(pk=postcode).exists():
        raise InseeCode(postcode)
    departement = _departement_of(postcode)
    if departement is None:
        raise UnknownPostcode(postcode)
    return Place(postcode, departement, None)


def _departement_of(postcode: str) -> Departement | None:
    code = postcode[:3] if postcode.startswith(OVERSEAS_PREFIXES) else postcode[:2]
    if code == "20":  # Corsica: 200 and 201 in the south, 202 and 206 in the north
        code = "2A" if postcode[:3] in ("200", "201") else "2B"
    return Departement.objects.filter(pk=code).first()


def read_phone(text: str, region: str = "FR") -> PhoneNumber:
    """The number somebody typed, `region` being that of the département; raises `WrongPhone`.

    A mainland number typed in La Réunion, or the reverse, is read too.
    """
    for candidate in dict.fromkeys([region, "FR", "RE", "GP", "MQ", "GF", "YT"]):
        try:
            number = phonenumbers.parse(text, candidate)
        except NumberParseException:
            continue
        if _can_be_called(number):
            return number
    raise WrongPhone(text)


def _can_be_called(number: PhoneNumber) -> bool:
    country, first, last = FICTION
    if number.country_code == country and first <= (number.national_number or 0) <= last:
        return True
    # Of an unknown type is what no plan of numbers holds.
    return phonenumbers.number_type(number) not in REFUSED_TYPES
