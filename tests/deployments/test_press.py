"""Texts written from facts: plural, gender, elision, and nothing invented."""

from dataclasses import replace
from datetime import date, time

import pytest

from core.dates import NBSP
from deployments.press import Facts, announcement, at, internal_news, of, press_release, the

FACTS = Facts(
    organisation="UD 45 – Loiret", organisation_kind="ud", commune="Orléans", place="",
    first=date(2026, 10, 10), last=date(2026, 10, 10), starts=time(9), ends=time(12, 30),
)  # fmt: skip
HELD = replace(FACTS, is_over=True)


@pytest.mark.parametrize(
    ("name", "of_it", "at_it"),
    [
        ("Orléans", "d’Orléans", "à Orléans"),
        ("Caen", "de Caen", "à Caen"),
        ("Évreux", "d’Évreux", "à Évreux"),
        ("Hérouville-Saint-Clair", "d’Hérouville-Saint-Clair", "à Hérouville-Saint-Clair"),
        ("Houilles", "de Houilles", "à Houilles"),
        ("Le Havre", "du Havre", "au Havre"),
        ("Les Andelys", "des Andelys", "aux Andelys"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("Yvetot", "d’Yvetot", "à Yvetot"),
        ("L'Haÿ-les-Roses", "de L'Haÿ-les-Roses", "à L'Haÿ-les-Roses"),
        ("Lezoux", "de Lezoux", "à Lezoux"),
    ],
)
def test_names_of_communes(name: str, of_it: str, at_it: str) -> None:
    assert (of(name), at(name)) == (of_it, at_it)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("ud", "l’X"), ("ul", "l’X"), ("fd", "la X"), ("region", "le X"), ("specific", "X")],
)
def test_articles_of_organisations(kind: str, said: str) -> None:
    assert the("X", kind) == said


def test_one_is_singular_and_two_are_plural() -> None:
    one = internal_news(replace(HELD, met=1, leaflets=2, joined=1, participants=1))
    assert "1 personne rencontrée, 2 tracts distribués et 1 adhésion." in one
    assert "1 militant·e était là" in one
    two = internal_news(replace(HELD, met=2, participants=2))
    assert "2 personnes rencontrées." in two
    assert "2 militant·es étaient là" in two


def test_what_nobody_counted_is_not_said() -> None:
    text = internal_news(HELD)
    assert "résultat" not in text
    assert "0" not in text.replace("10 octobre", "").replace(f"12{NBSP}h{NBSP}30", "")


def test_the_committee_is_masculine() -> None:
    region = replace(HELD, organisation="Comité régional Normandie", organisation_kind="region")
    assert internal_news(region).startswith("Le Comité régional Normandie s’est déployé à")
    assert internal_news(HELD).startswith("L’UD 45 – Loiret s’est déployée à Orléans")


@pytest.mark.parametrize(
    ("guest", "words"),
    [
        ("la secrétaire générale", "en présence de la secrétaire générale"),
        ("le secrétaire général", "en présence du secrétaire général"),
        ("les élu·es du CSE", "en présence des élu·es du CSE"),
        ("Anne Dupont", "en présence d’Anne Dupont"),
    ],
)
def test_in_the_presence_of(guest: str, words: str) -> None:
    for write in (internal_news, press_release, announcement):
        assert words in write(replace(FACTS, guest=guest))
        assert words in write(replace(HELD, guest=guest))


def test_the_press_reads_what_will_be_or_what_was() -> None:
    assert "une équipe va à la rencontre" in press_release(FACTS)
    assert "une équipe est allée à la rencontre" in press_release(HELD)
    assert "des salarié·es d’Orléans" in press_release(FACTS)


def test_members_read_what_will_be_or_what_was() -> None:
    counted = {"met": 12, "participants": 3}
    before = internal_news(replace(FACTS, **counted))
    assert before.startswith("L’UD 45 – Loiret se déploie à Orléans")
    assert "étaient là" not in before
    assert "résultat" not in before
    assert "la prochaine fois" not in before
    after = internal_news(replace(HELD, **counted))
    assert "3 militant·es étaient là" in after
    assert "la prochaine fois" in after


def test_nobody_is_invited_to_what_is_over() -> None:
    assert "Venez nous voir" in announcement(FACTS)
    assert "Venez nous voir" not in announcement(HELD)
    assert "Nous y étions" in announcement(HELD)


def test_the_contact_of_the_press_is_left_out_rather_than_blank() -> None:
    assert "Contact presse" not in press_release(FACTS)
    assert "Contact presse" not in press_release(replace(FACTS, press_name="Sacha"))
    both = replace(FACTS, press_name="Sacha", press_phone="02 38 00 00 00")
    assert press_release(both).endswith(f"Contact presse{NBSP}: Sacha, 02 38 00 00 00")


def test_several_days_say_from_when_to_when() -> None:
    text = announcement(replace(FACTS, last=date(2026, 10, 12)))
    assert text.startswith("Du samedi 10 octobre au lundi 12 octobre")


def test_the_vote_is_told_with_its_days() -> None:
    facts = replace(FACTS, vote_opens=date(2026, 11, 23), vote_closes=date(2026, 12, 7))
    assert "votent du lundi 23 novembre au lundi 7 décembre." in announcement(facts)
    after = replace(facts, written_on=date(2026, 12, 8))
    assert "ont voté du lundi 23 novembre au lundi 7 décembre." in announcement(after)
