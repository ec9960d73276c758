"""A sheet small enough to read, and a way to skip the drawing of PDFs where it is not the point."""

import copy
import datetime as dt
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from library import actions
from library.models import Document, RightsSheet, RightsSheetVersion
from library.publishing import Description, add_document
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
# Kept byte for byte, and nothing has to be drawn of it.
VIDEO = b"\x00\x00\x00\x18ftypmp42 "
# A browser in which somebody reads.
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ClientFor = Callable[[User], Client]


def upload(name: str = "a.mp4", data: bytes = VIDEO + b"x") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def make_document(author: User, title: str = "Affiche d’été", **changes: Any) -> Document:
    """Published with one file, unless `changes` say otherwise."""
    given = {name: changes.pop(name) for name in ("file", "is_draft", "batch") if name in changes}
    description = Description(title=title, **({"kind": "visual"} | changes))
    return add_document(description=description, author=author, **({"file": upload()} | given))


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
