"""One line of a list: who is read, and what is said of those who are not."""

import pytest

from contacts.models import ConsentWording
from contacts.rules import current_wordings
from imports.columns import guess_columns
from imports.lines import LineReader, WrongLine
from territory.models import Trade

pytestmark = pytest.mark.django_db
TITLES = ["Prénom", "Téléphone", "Portable", "E-mail", "Métier", "Code postal", "Ville"]


def wordings(*channels: str) -> dict[str, ConsentWording]:
    wanted = channels or ("email", "sms", "call")
    return {word.channel: word for word in current_wordings() if word.channel in wanted}


def reader(*channels: str, titles: list[str] = TITLES, **options: object) -> LineReader:
    return LineReader(
        columns=guess_columns(titles),
        wordings=wordings(*channels),
        **options,  # type: ignore[arg-type]
    )


def line(**cells: str) -> list[str]:
    whole = {
        "Prénom": "Zoé", "Téléphone": "", "Portable": "06 39 98 00 01", "E-mail": "",
        "Métier": "", "Code postal": "14000", "Ville": "Caen",
    }  # fmt: skip
    return list((whole | {key.replace("_", " "): value for key, value in cells.items()}).values())


def wrong(cells: list[str], **options: object) -> str:
    with pytest.raises(WrongLine) as raised:
        reader(**options).read(cells)  # type: ignore[arg-type]
    return str(raised.value)


def test_a_whole_line_is_read() -> None:
    person = reader().read(line(**{"E-mail": "Zoe@Example.org", "Métier": "coiffeuse"}))
    assert (person.first_name, person.phone, person.email) == (
        "Zoé", "+33639980001", "zoe@example.org",
    )  # fmt: skip
    assert person.trade is not None
    assert (person.trade.pk, person.place.postcode) == ("coiffeur", "14000")
    assert {word.channel for word in person.consents} == {"email", "sms", "call"}


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("612345678", "+33612345678"),
        ("0612345678", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("33612345678", "+33612345678"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("02 31 85 12 34 / 06 12 34 56 78", "+33612345678"),
        ("06 12 34 56 78 ou 07 12 34 56 78", "+33612345678"),
        ("262692123456", "+262692123456"),
        ("'+33612345678", "+33612345678"),
    ],
)
def test_numbers_are_read_as_spreadsheets_leave_them(typed: str, number: str) -> None:
    assert reader().read(line(Portable=typed)).phone == number


def test_a_number_of_la_reunion_is_read_by_its_postcode() -> None:
    cells = line(Portable="692123456", **{"Code postal": "97400", "Ville": "Saint-Denis"})
    assert reader().read(cells).phone == "+262692123456"


def test_the_mobile_comes_first_and_the_other_number_replaces_a_wrong_one() -> None:
    assert reader().read(line(Téléphone="02 31 85 12 34")).phone == "+33639980001"
    cells = line(Téléphone="02 31 85 12 34", Portable="12")
    assert reader().read(cells).phone == "+33231851234"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (line(Prénom=""), "Il manque le prénom."),
        (line(Prénom="néant"), "Il manque le prénom."),
        (line(Prénom="=HYPERLINK(1)"), "formule"),
        (line(Prénom="z@example.org"), "décalée"),
        (line(Portable=""), "Il manque un téléphone ou une adresse e-mail."),
        (line(Portable="-"), "Il manque un téléphone ou une adresse e-mail."),
        (line(Portable="2024-11-25"), "c’est une date"),
        (line(Portable="25/11/2024"), "c’est une date"),
        (line(Portable="6,12E+08"), "abrégé"),
        (line(Portable="#REF!"), "formule"),
        (line(Portable="06 12"), "ne semble pas valide"),
        (line(Portable="0801030077"), "ne semble pas valide"),
        (line(**{"E-mail": "zoe@"}), "semble incomplète"),
        (line(**{"Code postal": "99999", "Ville": ""}), "n’existe pas en France"),
        (line(**{"Code postal": "", "Ville": ""}), "Il manque le code postal"),
        (line(**{"Code postal": "", "Ville": "Saint-Denis"}), "Plusieurs communes"),
        (line(**{"Code postal": "", "Ville": "Xyzzy"}), "Aucune commune"),
    ],
)
def test_what_is_wrong_is_said(cells: list[str], words: str) -> None:
    assert words in wrong(cells)


def test_everything_wrong_is_said_at_once() -> None:
    told = wrong(line(Prénom="", Portable="12", **{"E-mail": "zoe@", "Code postal": "1"}))
    assert all(words in told for words in ("prénom", "Téléphone « 12 »", "E-mail", "Lieu"))


@pytest.mark.parametrize(
    ("postcode", "city", "commune"),
    [
        ("14000", "", "14118"),
        ("14000.0", "Caen", "14118"),
        ("1000", "Bourg-en-Bresse", "01053"),
        ("", "caen", "14118"),
        ("14400", "Bayeux", "14047"),
        ("14400", "", None),
    ],
)
def test_places_are_read(postcode: str, city: str, commune: str | None) -> None:
    place = reader().read(line(**{"Code postal": postcode, "Ville": city})).place
    assert (place.commune.pk if place.commune else None) == commune


def test_the_postcode_of_the_list_stands_for_an_empty_one() -> None:
    cells = line(**{"Code postal": "", "Ville": ""})
    assert reader(default_postcode="50100").read(cells).place.departement.pk == "50"


@pytest.mark.parametrize(
    ("written", "trade"),
    [
        ("Coiffeuse", "coiffeur"),
        ("coiffeur", "coiffeur"),
        ("ASSISTANTE MATERNELLE", "assistante-maternelle"),
        ("astronaute", None),
    ],
)
def test_trades_are_read_in_the_words_of_people(written: str, trade: str | None) -> None:
    person = reader().read(line(Métier=written))
    assert (person.trade.pk if person.trade else None) == trade


def test_an_unknown_trade_is_counted_and_replaced_by_the_one_of_the_list() -> None:
    mason = Trade.objects.get(pk="macon")
    lines = reader(default_trade=mason)
    assert lines.read(line(Métier="astronaute")).trade == mason
    assert lines.unknown_trades == {"astronaute": 1}


def test_only_what_consent_covers_is_kept() -> None:
    person = reader("email").read(line(**{"E-mail": "zoe@example.org"}))
    assert (person.phone, person.email) == ("", "zoe@example.org")


def test_nobody_is_kept_without_a_consent_that_covers_them() -> None:
    with pytest.raises(WrongLine, match="Aucun accord"):
        reader("email").read(line())


@pytest.mark.parametrize(
    ("said", "agreed"), [("oui", True), ("X", True), ("", False), ("non", False)]
)
def test_a_column_of_consent_decides_person_by_person(said: str, agreed: bool) -> None:
    titles = [*TITLES, "Accord SMS"]
    person = reader("sms", "call", titles=titles).read([*line(), said])
    assert ("sms" in {word.channel for word in person.consents}) is agreed


def test_a_short_line_lacks_its_last_cells() -> None:
    assert reader(default_postcode="14000").read(["Zoé", "0639980001"]).phone == "+33639980001"


def test_columns_are_guessed_once_each() -> None:
    titles = ["NOM", "PRENOM", "Tél.", "Mobile", "Courriel", "CP", "Ville", "Profession", "Tel"]
    assert guess_columns(titles) == {
        "first_name": 1, "mobile": 3, "phone": 2, "email": 4, "trade": 7, "postcode": 5,
        "commune": 6,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["-2+3", "12", "<b>Zoé</b>", "Zoé >"])
def test_a_first_name_has_letters_and_no_tag(name: str) -> None:
    assert "n’est pas un prénom" in wrong(line(Prénom=name))


def test_nothing_invisible_stays_in_a_first_name() -> None:
    assert reader().read(line(Prénom="Zo\u202eé\u200b")).first_name == "Zoé"
