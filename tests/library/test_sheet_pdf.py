"""The printed rights sheet: short enough for one sheet of paper, with or without a link."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from core.pdf import render_pdf

SHEETS = sorted(
    (Path(__file__).resolve().parents[2] / "library" / "data" / "sheets").glob("*.json")
)
# Drawing takes a second each: when the longest fit, the others do.
LONGEST = sorted(SHEETS, key=lambda path: path.stat().st_size)[-4:]
TEMPLATE = "library/sheet_pdf.html"


def context(sheet: dict[str, Any], **extra: Any) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "version": 3,
        "verified_on": date(2026, 11, 22),
        "campaign": None,
        **extra,
    }


@pytest.fixture
def minimum_wage() -> dict[str, Any]:
    path = next(path for path in SHEETS if path.stem == "salaire-minimum")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", LONGEST, ids=lambda path: path.stem)
def test_sheet_fits_on_both_sides_of_one_page(path: Path) -> None:
    qr = mark_safe('<svg viewBox="0 0 2 2"><path d="M0 0h1v1H0z"/></svg>')
    sheet = json.loads(path.read_text(encoding="utf-8"))
    pdf = render_pdf(TEMPLATE, context(sheet, qr_svg=qr, short_url="exemple.fr/f/abcd"))
    assert len(re.findall(rb"/Type /Page\b", pdf)) <= 2


def test_imprint_tells_the_day_of_the_check_and_the_version(minimum_wage: dict[str, Any]) -> None:
    html = render_to_string(TEMPLATE, context(minimum_wage))
    assert "vérifié le 22 novembre 2026 · version 3" in html


def test_every_source_is_printed_with_its_address(minimum_wage: dict[str, Any]) -> None:
    html = render_to_string(TEMPLATE, context(minimum_wage))
    for source in minimum_wage["sources"]:
        printed = source["url"].removeprefix("https://").removeprefix("www.")
        assert f'href="{source["url"]}"' in html
        assert f">{printed}<" in html


def test_a_figure_without_a_date_prints_no_date(minimum_wage: dict[str, Any]) -> None:
    minimum_wage["sections"][0]["blocks"] = [
        {"type": "key_figure", "label": "Un", "value": "1", "since": "", "note": ""}
    ]
    assert "Depuis le //" not in render_to_string(TEMPLATE, context(minimum_wage))


def test_text_is_escaped(minimum_wage: dict[str, Any]) -> None:
    minimum_wage["lead"] = "<img src=file:///etc/passwd>"
    assert "<img src=file" not in render_to_string(TEMPLATE, context(minimum_wage))


def test_link_area_is_left_out_when_there_is_no_link(minimum_wage: dict[str, Any]) -> None:
    assert "band-link" not in render_to_string(TEMPLATE, context(minimum_wage))
