"""What changed between two versions of a sheet, line by line and word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from library.notation import render_blocks, render_lines, render_sources
from library.sheets import AUDIENCES, Content

CONTEXT = 1
# Under this likeness two lines are shown as one removed and one added.
ALIKE = 0.5


@dataclass(frozen=True)
class Piece:
    """A run of words: `same`, `added` or `removed`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """A line: `same`, `added`, `removed`, `changed`, or `gap` for unchanged lines left out."""

    kind: str
    pieces: tuple[Piece, ...]


def compare(old: Content, new: Content) -> list[Row]:
    """The changed lines with a little of what surrounds them; nothing when all is the same."""
    before, after = as_lines(old), as_lines(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    rows: list[Row] = []
    for number, group in enumerate(matcher.get_grouped_opcodes(CONTEXT)):
        if number:
            rows.append(Row("gap", ()))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                rows.extend(_row("same", line) for line in before[i1:i2])
            else:
                rows.extend(_changes(before[i1:i2], after[j1:j2]))
    return rows


def as_lines(content: Content) -> list[str]:
    """The whole sheet as a text, in the order in which it is read."""
    readers = ", ".join([AUDIENCES[content["audience"]], *content["trades"], *content["idcc"]])
    parts = [f"Titre : {content['title']}", f"Chapeau : {content['lead']}", f"Pour : {readers}"]
    parts += ["En bref", render_lines(content["in_brief"])]
    for section in content["sections"]:
        parts += [section["heading"], render_blocks(section["blocks"])]
    parts += ["Que faire ?", render_lines(content["what_to_do"])]
    parts += ["Sources", render_sources(content["sources"])]
    return [line for part in parts for line in part.split("\n") if line]


def _changes(before: list[str], after: list[str]) -> Iterator[Row]:
    for old, new in zip(before, after, strict=False):
        was, now = _words(old), _words(new)
        matcher = SequenceMatcher(None, was, now, autojunk=False)
        if matcher.ratio() >= ALIKE:
            yield Row("changed", tuple(_pieces(matcher, was, now)))
        else:
            yield _row("removed", old)
            yield _row("added", new)
    both = min(len(before), len(after))
    yield from (_row("removed", line) for line in before[both:])
    yield from (_row("added", line) for line in after[both:])


def _row(kind: str, line: str) -> Row:
    return Row(kind, (Piece(kind, line),))


def _words(line: str) -> list[str]:
    return re.findall(r"\S+|\s+", line)


def _pieces(matcher: SequenceMatcher[str], was: list[str], now: list[str]) -> Iterator[Piece]:
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(was[i1:i2]))
            continue
        if i2 > i1:
            yield Piece("removed", "".join(was[i1:i2]))
        if j2 > j1:
            yield Piece("added", "".join(now[j1:j2]))
