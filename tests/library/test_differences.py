import copy
from typing import Any

from library.differences import compare


def shown(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    rows = compare(old, new)
    return [
        (row.kind, [(piece.kind, piece.text) for piece in row.pieces])
        for row in rows
        if row.kind not in ("same", "gap")
    ]


def test_nothing_to_show_between_two_equal_texts(content: dict[str, Any]) -> None:
    assert compare(content, copy.deepcopy(content)) == []


def test_a_changed_figure_is_marked_word_by_word(content: dict[str, Any]) -> None:
    new = copy.deepcopy(content)
    new["sections"][0]["blocks"][0]["value"] = "12,50 €"
    ((kind, pieces),) = shown(content, new)
    assert kind == "changed"
    assert ("removed", "12,31") in pieces
    assert ("added", "12,50") in pieces


def test_an_added_line_is_whole(content: dict[str, Any]) -> None:
    new = copy.deepcopy(content)
    new["what_to_do"].append("Appeler le syndicat.")
    assert shown(content, new) == [("added", [("added", "Appeler le syndicat.")])]


def test_a_removed_line_is_whole(content: dict[str, Any]) -> None:
    new = copy.deepcopy(content)
    new["in_brief"].pop()
    assert shown(content, new) == [("removed", [("removed", "Seconde chose.")])]


def test_lines_that_have_nothing_in_common_are_not_mixed(content: dict[str, Any]) -> None:
    new = copy.deepcopy(content)
    new["in_brief"][1] = "Rien à voir avec cela."
    assert [kind for kind, _ in shown(content, new)] == ["removed", "added"]


def test_a_change_of_readers_is_shown(content: dict[str, Any]) -> None:
    new = copy.deepcopy(content) | {"audience": "targeted", "trades": ["apprenti"]}
    assert any("apprenti" in str(pieces) for _, pieces in shown(content, new))
