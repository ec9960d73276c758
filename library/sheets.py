"""What a rights sheet says, as structured content, and its errors in French.

The same check serves the shipped files, the editor and the loader, so that whatever is stored
can be drawn by the page and the PDF without a surprise.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

Block = dict[str, Any]
Content = dict[str, Any]

AUDIENCES = {"general": "Tous les métiers", "targeted": "Certains métiers"}
SOURCE_KINDS = {"law": "loi", "official_page": "page officielle"}
TEXT_BLOCKS = ("paragraph", "example", "warning")
LIST_BLOCKS = ("list", "steps")
FIGURE_PARTS = ("label", "value", "since", "note")

LONG, SHORT = 2000, 150
_SPACES = re.compile(r"[ \t\r\n]+")
_https_url = URLValidator(schemes=["https"], message="l’adresse doit commencer par https://")


class InvalidContent(ValueError):
    """Errors by place in the content: `title`, `sources`, `sections.2.heading`…"""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{place} : {text}" for place, text in self.messages))

    @property
    def messages(self) -> Iterable[tuple[str, str]]:
        return ((place, text) for place, texts in self.errors.items() for text in texts)


def clean_content(raw: Any) -> Content:
    """The content ready to be stored; raises `InvalidContent` with every error found."""
    checker = _Checker()
    content = checker.content(raw if isinstance(raw, dict) else {})
    if checker.errors:
        raise InvalidContent(checker.errors)
    return content


def clean_text(text: str) -> str:
    """One line; the no-break spaces of French typography are kept."""
    return _SPACES.sub(" ", text).strip(" ")


def plain_text(content: Content) -> str:
    """All the words of a sheet, for the search."""
    words = [content["title"], content["lead"], *content["in_brief"], *content["what_to_do"]]
    for section in content["sections"]:
        words.append(section["heading"])
        for block in section["blocks"]:
            values = block.get("items") or [block.get(key, "") for key in ("text", "label", "note")]
            words.extend(values)
    return " ".join(words)


class _Checker:
    """Collects errors instead of stopping at the first."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def content(self, raw: dict[str, Any]) -> Content:
        audience = self.choice("audience", raw.get("audience"), AUDIENCES)
        content = {
            "title": self.text("title", raw.get("title"), SHORT),
            "lead": self.text("lead", raw.get("lead"), 500),
            "audience": audience,
            "trades": self.codes("trades", raw.get("trades"), r"[a-z0-9-]{1,60}"),
            "idcc": self.codes("idcc", raw.get("idcc"), r"\d{4}"),
            "in_brief": self.texts("in_brief", raw.get("in_brief"), 300, most=6),
            "sections": self.each("sections", raw.get("sections"), self.section, most=12),
            "what_to_do": self.texts("what_to_do", raw.get("what_to_do"), 500, most=12),
            "sources": self.each("sources", raw.get("sources"), self.source, most=30),
        }
        if audience == "targeted" and not (content["trades"] or content["idcc"]):
            self.fail("audience", "choisissez au moins un métier ou une convention collective")
        return content

    def fail(self, place: str, message: str) -> None:
        self.errors.setdefault(place, []).append(message)

    def text(self, place: str, raw: Any, longest: int, prefix: str = "") -> str:
        text = clean_text(raw) if isinstance(raw, str) else ""
        if not text.strip():
            self.fail(place, f"{prefix}ce texte manque")
            return ""
        if len(text) > longest:
            self.fail(place, f"{prefix}{len(text)} caractères, {longest} au plus")
        if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
            self.fail(place, f"{prefix}ce texte contient un caractère invisible interdit")
        return text

    def texts(self, place: str, raw: Any, longest: int, most: int, prefix: str = "") -> list[str]:
        if not isinstance(raw, list) or not raw:
            self.fail(place, f"{prefix}il faut au moins une ligne")
            return []
        if len(raw) > most:
            self.fail(place, f"{prefix}{len(raw)} lignes, {most} au plus")
        lines = enumerate(raw, start=1)
        return [self.text(place, line, longest, f"{prefix}ligne {n} : ") for n, line in lines]

    def each(
        self, place: str, raw: Any, check: Callable[[str, int, dict[str, Any]], Any], most: int
    ) -> list[Any]:
        if not isinstance(raw, list) or not raw:
            self.fail(place, "il en faut au moins une")
            return []
        if len(raw) > most:
            self.fail(place, f"il y en a {len(raw)}, {most} au plus")
        items = [item if isinstance(item, dict) else {} for item in raw]
        return [check(place, index, item) for index, item in enumerate(items)]

    def choice(self, place: str, raw: Any, known: Iterable[str], prefix: str = "") -> str:
        if raw not in known:
            self.fail(place, f"{prefix}choix inconnu, à prendre parmi : {', '.join(known)}")
            return ""
        return cast(str, raw)

    def codes(self, place: str, raw: Any, pattern: str) -> list[str]:
        codes = raw if isinstance(raw, list) else []
        for code in codes:
            if not isinstance(code, str) or not re.fullmatch(pattern, code):
                self.fail(place, f"code incorrect : {code}")
        return sorted({str(code) for code in codes})

    def section(self, place: str, index: int, raw: dict[str, Any]) -> dict[str, Any]:
        here = f"{place}.{index}"
        blocks = raw.get("blocks")
        if not isinstance(blocks, list) or not blocks:
            self.fail(f"{here}.blocks", "ce texte manque")
            blocks = []
        return {
            "heading": self.text(f"{here}.heading", raw.get("heading"), SHORT),
            "blocks": [
                self.block(f"{here}.blocks", block if isinstance(block, dict) else {}, number)
                for number, block in enumerate(blocks, start=1)
            ],
        }

    def block(self, place: str, raw: Block, number: int) -> Block:
        prefix = f"bloc {number} : "
        kinds = (*TEXT_BLOCKS, *LIST_BLOCKS, "key_figure")
        kind = self.choice(place, raw.get("type"), kinds, prefix)
        if kind in TEXT_BLOCKS:
            return {"type": kind, "text": self.text(place, raw.get("text"), LONG, prefix)}
        if kind in LIST_BLOCKS:
            return {
                "type": kind,
                "items": self.texts(place, raw.get("items"), LONG, 30, prefix),
            }
        if kind == "key_figure":
            return self.key_figure(place, raw, prefix)
        return {"type": kind}

    def key_figure(self, place: str, raw: Block, prefix: str) -> Block:
        figure = {
            "type": "key_figure",
            "label": self.text(place, raw.get("label"), SHORT, prefix),
            "value": self.text(place, raw.get("value"), 80, prefix),
            "since": self.date(place, raw.get("since") or "", prefix),
            "note": self.text(place, raw["note"], 400, prefix) if raw.get("note") else "",
        }
        if any("|" in figure[part] for part in FIGURE_PARTS):
            self.fail(place, f"{prefix}le signe | sépare les parties, il ne peut pas en faire une")
        return figure

    def date(self, place: str, raw: Any, prefix: str) -> str:
        """An ISO date, or nothing."""
        try:
            return raw and dt.date.fromisoformat(str(raw)).isoformat()
        except ValueError:
            self.fail(place, f"{prefix}date incorrecte : {raw}")
            return ""

    def source(self, place: str, index: int, raw: dict[str, Any]) -> dict[str, str]:
        prefix = f"ligne {index + 1} : "
        source = {
            "label": self.text(place, raw.get("label"), 250, prefix),
            "url": self.text(place, raw.get("url"), 500, prefix),
            "kind": self.choice(place, raw.get("kind"), SOURCE_KINDS, prefix),
        }
        if "|" in source["label"]:
            self.fail(place, f"{prefix}le signe | sépare les parties, il ne peut pas en faire une")
        if source["url"]:
            try:
                _https_url(source["url"])
            except ValidationError as error:
                self.fail(place, f"{prefix}{error.messages[0]}")
        return source
