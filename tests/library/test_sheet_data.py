"""Every shipped rights sheet is complete, dated, sourced and plain text."""

import csv
import json
import re
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "library" / "data" / "sheets").glob("*.json"))
TERRITORY_DATA = ROOT / "territory" / "data"

EXPECTED_SLUGS = {
    "apprentissage",
    "arret-maladie",
    "bulletin-de-paie",
    "conges-payes",
    "droits-syndicaux-tpe",
    "duree-du-travail",
    "heures-supplementaires",
    "licenciement",
    "particulier-employeur",
    "salaire-minimum",
}
SHEET_KEYS = [
    "slug",
    "title",
    "lead",
    "audience",
    "trades",
    "idcc",
    "sections",
    "in_brief",
    "what_to_do",
    "sources",
    "verified_on",
]
BLOCK_KEYS = {
    "paragraph": ["type", "text"],
    "example": ["type", "text"],
    "warning": ["type", "text"],
    "list": ["type", "items"],
    "steps": ["type", "items"],
    "key_figure": ["type", "label", "value", "since", "note"],
}
OFFICIAL_DOMAINS = (
    "legifrance.gouv.fr",
    "service-public.gouv.fr",
    "travail-emploi.gouv.fr",
    "courdecassation.fr",
    "ameli.fr",
    "urssaf.fr",
)
MARKUP = re.compile(r"<[a-z/!]|&[a-z]+;|&#|\*\*|__|\]\(|^#", re.IGNORECASE | re.MULTILINE)
# « tu » forms: the sheets say « vous ».
FAMILIAR = re.compile(r"\b(tu|ton|tes|toi|t’as|t’es)\b", re.IGNORECASE)
# A plain space there would let the line break before the sign.
BREAKABLE = re.compile(r" [;:?!»€%]|« ")
NOT_PROSE = {"slug", "url", "type", "kind", "since", "audience", "verified_on"}


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def column(filename: str, name: str) -> set[str]:
    with (TERRITORY_DATA / filename).open(encoding="utf-8", newline="") as rows:
        return {row[name] for row in csv.DictReader(rows)}


def prose(value: Any, key: str = "") -> list[str]:
    """Every string a reader sees."""
    if isinstance(value, dict):
        return [text for name, item in value.items() for text in prose(item, name)]
    if isinstance(value, list):
        return [text for item in value for text in prose(item, key)]
    return [] if key in NOT_PROSE else [value]


def blocks(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for section in sheet["sections"] for block in section["blocks"]]


@pytest.fixture(params=SHEETS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def sheet(path: Path) -> dict[str, Any]:
    return load(path)


def test_the_ten_sheets_are_shipped() -> None:
    assert {path.stem for path in SHEETS} == EXPECTED_SLUGS


def test_file_is_named_and_laid_out_like_the_others(path: Path, sheet: dict[str, Any]) -> None:
    assert sheet["slug"] == path.stem
    assert list(sheet) == SHEET_KEYS
    canonical = json.dumps(sheet, ensure_ascii=False, indent=2) + "\n"
    assert path.read_text(encoding="utf-8") == canonical


def test_sections_hold_only_known_blocks(sheet: dict[str, Any]) -> None:
    assert sheet["sections"]
    for section in sheet["sections"]:
        assert list(section) == ["heading", "blocks"]
        assert section["blocks"]
    for block in blocks(sheet):
        assert list(block) == BLOCK_KEYS[block["type"]]
        assert all(block.get("items", ["."]))


def test_no_text_is_empty_but_a_figure_note(sheet: dict[str, Any]) -> None:
    for block in blocks(sheet):
        block.pop("note", None)
    assert all(text.strip() == text != "" for text in prose(sheet))


def test_dates_are_real_and_not_after_the_check(sheet: dict[str, Any]) -> None:
    verified_on = date.fromisoformat(sheet["verified_on"])
    figures = [block for block in blocks(sheet) if block["type"] == "key_figure"]
    assert figures, "a sheet shows at least one dated figure"
    assert all(date.fromisoformat(figure["since"]) <= verified_on for figure in figures)


def test_audience_names_known_trades_and_agreements(sheet: dict[str, Any]) -> None:
    assert sheet["audience"] in {"general", "targeted"}
    assert bool(sheet["trades"] or sheet["idcc"]) == (sheet["audience"] == "targeted")
    assert sheet["trades"] == sorted(sheet["trades"])
    assert set(sheet["trades"]) <= column("trades.csv", "slug")
    assert all(re.fullmatch(r"\d{4}", code) for code in sheet["idcc"])
    assert set(sheet["idcc"]) <= {code.zfill(4) for code in column("idcc.csv", "idcc")}


def test_sources_are_official_and_include_the_law(sheet: dict[str, Any]) -> None:
    sources = sheet["sources"]
    assert len(sources) >= 2
    assert {source["kind"] for source in sources} == {"law", "official_page"}
    for source in sources:
        assert list(source) == ["label", "url", "kind"]
        address = urlsplit(source["url"])
        host = address.hostname or ""
        assert address.scheme == "https"
        assert any(host == domain or host.endswith(f".{domain}") for domain in OFFICIAL_DOMAINS)
    assert any(
        source["kind"] == "law" and "legifrance.gouv.fr" in source["url"] for source in sources
    )


def test_no_source_is_listed_twice(sheet: dict[str, Any]) -> None:
    addresses = [source["url"] for source in sheet["sources"]]
    assert len(addresses) == len(set(addresses))


def test_text_is_plain_and_says_vous(sheet: dict[str, Any]) -> None:
    for text in prose(sheet):
        assert not MARKUP.search(text), text
        assert not FAMILIAR.search(text), text


def test_signs_stay_on_the_line_of_their_word(sheet: dict[str, Any]) -> None:
    assert [text for text in prose(sheet) if BREAKABLE.search(text)] == []


def test_summary_is_short_and_steps_say_where_to_get_help(sheet: dict[str, Any]) -> None:
    assert 3 <= len(sheet["in_brief"]) <= 5
    assert all(len(sentence) <= 90 for sentence in sheet["in_brief"])
    steps = " ".join(sheet["what_to_do"])
    assert len(sheet["what_to_do"]) >= 3
    assert "prud’hommes" in steps
    assert "0\u00a0806\u00a0000\u00a0126" in steps
