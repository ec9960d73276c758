import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from library.loading import SHEETS
from library.notation import (
    NotationError,
    parse_blocks,
    parse_lines,
    parse_sources,
    render_blocks,
    render_lines,
    render_sources,
)
from library.sheets import SOURCE_KINDS, TEXT_BLOCKS, clean_text

SIGNS = st.sampled_from(["- ", "1. ", "12) ", "! ", "> ", "= ", "\\", "• ", "-", "2026. ", "", ""])
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20)
TEXTS = st.tuples(SIGNS, WORDS).map("".join).map(clean_text).filter(lambda text: bool(text.strip()))
PARTS = TEXTS.filter(lambda text: "|" not in text)
DATES = st.one_of(st.just(""), st.dates(min_value=dt.date(1900, 1, 1)).map(dt.date.isoformat))
BLOCKS = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(TEXT_BLOCKS), "text": TEXTS}),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(["list", "steps"]),
            "items": st.lists(TEXTS, min_size=1, max_size=4),
        }
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("key_figure"),
            "label": PARTS,
            "value": PARTS,
            "since": DATES,
            "note": st.one_of(st.just(""), PARTS),
        }
    ),
)

# A busy machine is not an error of the text.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@patient
@given(st.lists(BLOCKS, max_size=6))
def test_blocks_survive_being_written_and_read(blocks: list[dict[str, Any]]) -> None:
    assert parse_blocks(render_blocks(blocks)) == blocks


@patient
@given(st.text(max_size=200))
def test_whatever_is_typed_is_refused_or_kept(text: str) -> None:
    try:
        blocks = parse_blocks(text)
    except NotationError:
        reject()
    assert parse_blocks(render_blocks(blocks)) == blocks


@patient
@given(
    st.lists(
        st.fixed_dictionaries(
            {"label": PARTS, "url": PARTS, "kind": st.sampled_from(list(SOURCE_KINDS))}
        ),
        max_size=4,
    )
)
def test_sources_survive_being_written_and_read(sources: list[dict[str, str]]) -> None:
    assert parse_sources(render_sources(sources)) == sources


def test_every_sign_gives_its_block() -> None:
    text = (
        "Un début\nsur deux lignes\n\nUn autre\n- a\n• b\n\n1. un\n2) deux\n"
        "! gare\n> ainsi\n= Smic | 12,31 € | 01/06/2026 | Brut\n\\- tiret"
    )
    assert parse_blocks(text) == [
        {"type": "paragraph", "text": "Un début sur deux lignes"},
        {"type": "paragraph", "text": "Un autre"},
        {"type": "list", "items": ["a", "b"]},
        {"type": "steps", "items": ["un", "deux"]},
        {"type": "warning", "text": "gare"},
        {"type": "example", "text": "ainsi"},
        {
            "type": "key_figure",
            "label": "Smic",
            "value": "12,31 €",
            "since": "2026-06-01",
            "note": "Brut",
        },
        {"type": "paragraph", "text": "- tiret"},
    ]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("Bien\n\n-", ["ligne 3 : il manque un texte après « - »"]),
        (
            "= Smic",
            ["ligne 1 : un chiffre clé s’écrit « = intitulé | valeur | depuis le | remarque »"],
        ),
        (
            "= Smic | 12 € | 31/02/2026\r\n!",
            [
                "ligne 1 : date incorrecte « 31/02/2026 », écrivez par exemple 01/06/2026",
                "ligne 2 : il manque un texte après « ! »",
            ],
        ),
    ],
)
def test_errors_tell_their_line(text: str, messages: list[str]) -> None:
    with pytest.raises(NotationError) as caught:
        parse_blocks(text)
    assert caught.value.messages == messages


def test_the_kind_of_a_source_is_guessed_from_its_address() -> None:
    sources = parse_sources(
        "Code | https://www.legifrance.gouv.fr/x\nFiche | https://www.service-public.gouv.fr/y"
    )
    assert [source["kind"] for source in sources] == ["law", "official_page"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Code du travail", "ligne 1 : une source s’écrit"),
        ("\nCode | https://x.fr | livre", "ligne 2 : « livre » : écrivez « loi »"),
        ("Code | https://[x", "ligne 1 : cette adresse est incorrecte"),
    ],
)
def test_a_wrong_source_tells_its_line(text: str, message: str) -> None:
    with pytest.raises(NotationError, match=message):
        parse_sources(text)


def test_lines_lose_their_bullets_and_blanks() -> None:
    assert parse_lines("- Un\n\n  Deux  \n• Trois") == ["Un", "Deux", "Trois"]
    assert render_lines(["Un", "Deux"]) == "Un\nDeux"


@pytest.mark.parametrize("path", sorted(SHEETS.glob("*.json")), ids=lambda path: path.stem)
def test_the_shipped_sheets_can_be_edited_without_loss(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    for section in content["sections"]:
        assert parse_blocks(render_blocks(section["blocks"])) == section["blocks"]
    assert parse_sources(render_sources(content["sources"])) == content["sources"]
