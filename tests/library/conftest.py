"""A sheet small enough to read, and a way to skip the drawing of PDFs where it is not the point."""

import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from library import actions
from library.models import RightsSheet, RightsSheetVersion
from organisations.models import User
from tests.factories import make_user

SHEET: dict[str, Any] = {
    "slug": "essai",
    "title": "Une fiche d’essai",
    "lead": "Ce que dit la loi, en deux mots.",
    "audience": "general",
    "trades": [],
    "idcc": [],
    "in_brief": ["Première chose.", "Seconde chose."],
    "sections": [
        {
            "heading": "Le montant",
            "blocks": [
                {
                    "type": "key_figure",
                    "label": "Par heure",
                    "value": "12,31 €",
                    "since": "2026-06-01",
                    "note": "Brut.",
                },
                {"type": "paragraph", "text": "Un paragraphe."},
                {"type": "steps", "items": ["D’abord.", "Ensuite."]},
                {"type": "list", "items": ["Un élément."]},
                {"type": "warning", "text": "Attention au délai."},
                {"type": "example", "text": "Par exemple Lina."},
            ],
        }
    ],
    "what_to_do": ["Écrire une lettre."],
    "sources": [
        {
            "label": "Code du travail, article L. 3231-2",
            "url": "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000033020895",
            "kind": "law",
        }
    ],
    "verified_on": "2026-11-22",
}
VERIFIED_ON = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def sheet_json() -> dict[str, Any]:
    return copy.deepcopy(SHEET)


@pytest.fixture
def content(sheet_json: dict[str, Any]) -> dict[str, Any]:
    del sheet_json["slug"], sheet_json["verified_on"]
    return sheet_json


@pytest.fixture
def fast_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "render_version", lambda version: b"%PDF-1.7 " + bytes(9))


@pytest.fixture
def editor(db: None) -> User:
    return make_user("staff", "confederation")


@pytest.fixture
def draft(editor: User, content: dict[str, Any]) -> RightsSheetVersion:
    return actions.create_sheet(content=content, verified_on=VERIFIED_ON, author=editor)


@pytest.fixture
def published(draft: RightsSheetVersion, editor: User, fast_pdf: None) -> RightsSheet:
    return actions.publish_sheet(version=draft, publisher=editor).sheet
