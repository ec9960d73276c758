from typing import Any

import pytest

from library.sheets import InvalidContent, clean_content, plain_text


def errors_of(content: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidContent) as caught:
        clean_content(content)
    return caught.value.errors


def test_a_good_sheet_is_kept_as_it_is(content: dict[str, Any]) -> None:
    assert clean_content(content) == content


def test_spaces_are_tidied_but_no_break_spaces_stay(content: dict[str, Any]) -> None:
    content["title"] = "  Le   Smic\n: combien\u202f? "
    assert clean_content(content)["title"] == "Le Smic : combien\u202f?"


def test_cleaning_twice_changes_nothing(content: dict[str, Any]) -> None:
    content["idcc"], content["audience"] = ["3239", "0843", "3239"], "targeted"
    once = clean_content(content)
    assert clean_content(once) == once
    assert once["idcc"] == ["0843", "3239"]


@pytest.mark.parametrize("nothing", [None, [], "texte", 3, {}])
def test_every_missing_field_is_named(nothing: Any) -> None:
    places = {"title", "lead", "audience", "in_brief", "sections", "what_to_do", "sources"}
    assert set(errors_of(nothing)) == places


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("title", "x" * 151, "151 caractères, 150 au plus"),
        ("title", "\u202f", "ce texte manque"),
        ("lead", "a\u2028b", "ce texte contient un caractère invisible interdit"),
        ("lead", "a\x00b", "ce texte contient un caractère invisible interdit"),
        ("audience", "tous", "choix inconnu, à prendre parmi : general, targeted"),
        ("audience", "targeted", "choisissez au moins un métier ou une convention collective"),
        ("idcc", ["84"], "code incorrect : 84"),
        ("in_brief", ["Bien", ""], "ligne 2 : ce texte manque"),
        ("in_brief", ["Bien"] * 7, "7 lignes, 6 au plus"),
        ("sources", [{"label": "a", "url": "http://x.fr", "kind": "law"}],
         "ligne 1 : l’adresse doit commencer par https://"),
        ("sources", [{"label": "a", "url": "javascript:alert(1)", "kind": "law"}],
         "ligne 1 : l’adresse doit commencer par https://"),
        ("sources", [{"label": "a|b", "url": "https://x.fr", "kind": "law"}],
         "ligne 1 : le signe | sépare les parties, il ne peut pas en faire une"),
    ],
)  # fmt: skip
def test_errors_are_in_french_at_their_place(
    content: dict[str, Any], place: str, value: Any, message: str
) -> None:
    assert errors_of(content | {place: value}) == {place: [message]}


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"type": "video"}, "bloc 1 : choix inconnu"),
        ({"type": "list", "items": []}, "bloc 1 : il faut au moins une ligne"),
        ({"type": "steps", "items": ["a", 3]}, "bloc 1 : ligne 2 : ce texte manque"),
        ({"type": "paragraph"}, "bloc 1 : ce texte manque"),
        ({"type": "key_figure", "label": "a", "value": "b", "since": "juin"},
         "bloc 1 : date incorrecte : juin"),
        ({"type": "key_figure", "label": "a|", "value": "b"}, "bloc 1 : le signe | sépare"),
        ("pas un bloc", "bloc 1 : choix inconnu"),
    ],
)  # fmt: skip
def test_a_wrong_block_is_found_in_its_section(
    content: dict[str, Any], block: Any, message: str
) -> None:
    content["sections"][0]["blocks"] = [block]
    errors = errors_of(content)
    assert list(errors) == ["sections.0.blocks"]
    assert errors["sections.0.blocks"][0].startswith(message)


def test_the_search_reads_every_word(content: dict[str, Any]) -> None:
    text = plain_text(content)
    for words in ("fiche d’essai", "Seconde chose", "Par heure", "Ensuite", "Lina", "lettre"):
        assert words in text
