"""The plain writing convention of the sheet editor, read and written without loss.

    A blank line starts a new paragraph.
    - an item of a list
    1. a step
    ! something to beware of
    > an example
    = label | value | since | note      a key figure; the last two may be left out

A line that must start with one of these signs without its meaning is preceded by a backslash.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from library.sheets import SOURCE_KINDS, Block, clean_text

_MARKED = re.compile(r"(?P<sign>[-–•!>=]|\d{1,3}[.)])(?: (?P<rest>.*)|$)")
_TEXT_SIGNS = {"!": "warning", ">": "example"}
_WRITTEN_SIGNS = {"paragraph": "", "warning": "! ", "example": "> "}
_LAW_HOSTS = ("legifrance.gouv.fr",)
_KIND_WORDS = {"loi": "law", "page officielle": "official_page", "page": "official_page"} | {
    kind: kind for kind in SOURCE_KINDS
}


class NotationError(ValueError):
    """Errors with their line number, from 1."""

    def __init__(self, errors: list[tuple[int, str]]) -> None:
        self.errors = errors
        super().__init__("; ".join(self.messages))

    @property
    def messages(self) -> list[str]:
        return [f"ligne {number} : {text}" for number, text in self.errors]


class _LineError(ValueError):
    pass


def parse_blocks(text: str) -> list[Block]:
    """The blocks of a section; raises `NotationError`."""
    blocks: list[Block] = []
    errors: list[tuple[int, str]] = []
    current: Block | None = None  # the paragraph or list that the next line may continue
    for number, line in _lines(text):
        if not line:
            current = None
            continue
        try:
            current = _read_line(line, current, blocks)
        except _LineError as error:
            errors.append((number, str(error)))
            current = None
    if errors:
        raise NotationError(errors)
    return blocks


def render_blocks(blocks: Iterable[Block]) -> str:
    """The text that `parse_blocks` reads back into the same blocks."""
    return "\n\n".join(_render_block(block) for block in blocks)


def parse_lines(text: str) -> list[str]:
    """One sentence per line; blank lines and leading list signs do not count."""
    return [re.sub(r"^[-–•] ", "", line) for _, line in _lines(text) if line]


def render_lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def parse_sources(text: str) -> list[dict[str, str]]:
    """`label | address | kind` lines; the kind is guessed from the address when left out."""
    return _each_line(text, _source)


def render_sources(sources: Iterable[dict[str, str]]) -> str:
    return "\n".join(
        f"{source['label']} | {source['url']} | {SOURCE_KINDS.get(source['kind'], source['kind'])}"
        for source in sources
    )


def french_date(iso: str) -> str:
    """`2026-11-22` as `22/11/2026`; nothing stays nothing."""
    return f"{dt.date.fromisoformat(iso):%d/%m/%Y}" if iso else ""


def _lines(text: str) -> Iterator[tuple[int, str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cleaned = ((number, clean_text(line)) for number, line in enumerate(lines, start=1))
    return ((number, line if line.strip() else "") for number, line in cleaned)


def _each_line(text: str, read: Callable[[str], dict[str, str]]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    errors: list[tuple[int, str]] = []
    for number, line in _lines(text):
        try:
            if line:
                found.append(read(line))
        except _LineError as error:
            errors.append((number, str(error)))
    if errors:
        raise NotationError(errors)
    return found


def _read_line(line: str, current: Block | None, blocks: list[Block]) -> Block | None:
    """Add the line to `blocks`; return the block that the next line may continue."""
    marked = _MARKED.fullmatch(line)
    if marked is None:
        return _read_paragraph(line.removeprefix("\\"), current, blocks)
    sign, rest = marked["sign"], clean_text(marked["rest"] or "")
    if not rest.strip():
        raise _LineError(f"il manque un texte après « {sign} »")
    if sign == "=":
        blocks.append(_key_figure(rest))
        return None
    if sign in _TEXT_SIGNS:
        blocks.append({"type": _TEXT_SIGNS[sign], "text": rest})
        return None
    kind = "steps" if sign[0].isdigit() else "list"
    if current is None or current["type"] != kind:
        current = {"type": kind, "items": []}
        blocks.append(current)
    current["items"].append(rest)
    return current


def _read_paragraph(text: str, current: Block | None, blocks: list[Block]) -> Block:
    if current is not None and current["type"] == "paragraph":
        current["text"] = clean_text(f"{current['text']} {text}")
        return current
    paragraph = {"type": "paragraph", "text": text}
    blocks.append(paragraph)
    return paragraph


def _key_figure(text: str) -> Block:
    parts = [clean_text(part) for part in text.split("|")]
    if not 2 <= len(parts) <= 4 or not all(parts[:2]):
        raise _LineError("un chiffre clé s’écrit « = intitulé | valeur | depuis le | remarque »")
    label, value, since, note = (*parts, "", "")[:4]
    return {
        "type": "key_figure",
        "label": label,
        "value": value,
        "since": _date(since) if since else "",
        "note": note,
    }


def _date(text: str) -> str:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return dt.datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    raise _LineError(f"date incorrecte « {text} », écrivez par exemple 01/06/2026")


def _source(line: str) -> dict[str, str]:
    parts = [clean_text(part) for part in line.split("|")]
    if not 2 <= len(parts) <= 3 or not all(parts[:2]):
        raise _LineError(
            "une source s’écrit « intitulé | https://adresse | loi ou page officielle »"
        )
    label, url, word = (*parts, "")[:3]
    if word and word.lower() not in _KIND_WORDS:
        raise _LineError(f"« {word} » : écrivez « loi » ou « page officielle »")
    return {"label": label, "url": url, "kind": _KIND_WORDS[word.lower()] if word else _guess(url)}


def _guess(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        raise _LineError("cette adresse est incorrecte") from error
    return "law" if host.endswith(_LAW_HOSTS) else "official_page"


def _render_block(block: Block) -> str:
    kind = block["type"]
    if kind == "list":
        return "\n".join(f"- {item}" for item in block["items"])
    if kind == "steps":
        return "\n".join(f"{n}. {item}" for n, item in enumerate(block["items"], start=1))
    if kind == "key_figure":
        parts = [block["label"], block["value"], french_date(block["since"]), block["note"]]
        while not parts[-1]:
            parts.pop()
        return "= " + " | ".join(parts)
    text = block["text"]
    if kind == "paragraph" and (_MARKED.fullmatch(text) or text.startswith("\\")):
        return f"\\{text}"
    return f"{_WRITTEN_SIGNS[kind]}{text}"
