import phonenumbers
import pytest

from contacts.places import UnknownPostcode, WrongPhone, find_place, read_phone
from contacts.reading import PlaceReader, UnclearPlace

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("postcode", "departement", "commune"),
    [
        ("14000", "14", "14118"),
        ("75011", "75", "75056"),
        ("97400", "974", "97411"),
        ("20000", "2A", "2A004"),
        ("14013", "14", None),  # a CEDEX: in no table
        ("20293", "2B", None),
        ("14050", "14", None),  # a CEDEX of Caen, and the INSEE number of a village
    ],
)
def test_a_postcode_leads_to_its_departement(
    postcode: str, departement: str, commune: str | None
) -> None:
    place = find_place(postcode)
    assert place.departement.pk == departement
    assert (place.commune.pk if place.commune else None) == commune


def test_a_postcode_of_several_communes_names_none_of_them() -> None:
    place = find_place("14400")
    assert place.departement.pk == "14"
    assert place.commune is None


@pytest.mark.parametrize("postcode", ["00000", "9999", "140000", "abcde", "14OOO", "", "٠٠٠٠٠"])
def test_an_unknown_postcode_is_refused(postcode: str) -> None:
    with pytest.raises(UnknownPostcode):
        find_place(postcode)


@pytest.mark.parametrize(
    ("postcode", "commune"),
    [("14050 CEDEX", ""), ("14050 Cedex 4", ""), ("14050", "CAEN CEDEX 4"), ("14050cedex", "")],
)
def test_a_list_may_hold_a_cedex_that_is_an_insee_number_too(postcode: str, commune: str) -> None:
    place = PlaceReader().read(postcode, commune)
    assert (place.postcode, place.departement.pk, place.commune) == ("14050", "14", None)


def test_the_insee_number_of_a_list_is_a_mistake() -> None:
    with pytest.raises(UnclearPlace, match="INSEE"):
        PlaceReader().read("14050")


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("06 39 98 00 01", "FR", "+33639980001"),
        ("0033639980001", "FR", "+33639980001"),
        ("+33 (0)6.39.98.00.01", "FR", "+33639980001"),
        ("0692 12 34 56", "RE", "+262692123456"),
        ("0692 12 34 56", "FR", "+262692123456"),
        ("0639 98 00 01", "RE", "+33639980001"),
        ("0690 12 34 56", "GP", "+590690123456"),
        ("+40 712 034 567", "FR", "+40712034567"),
        ("+39 02 1234 5678", "FR", "+390212345678"),
    ],
)
def test_a_number_is_read_as_typed_here_or_overseas(typed: str, region: str, number: str) -> None:
    read = read_phone(typed, region)
    assert phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164) == number


@pytest.mark.parametrize("typed", ["12", "06 39 98", "0899 70 00 00", "abc", "3949"])
def test_a_number_nobody_can_be_reached_at_is_refused(typed: str) -> None:
    with pytest.raises(WrongPhone):
        read_phone(typed)
