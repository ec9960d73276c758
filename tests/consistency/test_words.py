"""How the words of the screens are written, so that all pages read alike."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.consistency.test_code import ROOMS, python_files

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "templates"
TEMPLATES = sorted(
    str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in (".html", ".txt")
)
COMMENT = re.compile(r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", re.DOTALL)
# Words that go through gettext are checked with their translations.
TRANSLATED = re.compile(r"{%\s*blocktranslate.*?endblocktranslate\s*%}", re.DOTALL)
BRACES = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
MARKUP = re.compile(r"<[^>]*>", re.DOTALL)
# Not the genitive of an English message.
STRAIGHT = re.compile(r"[A-Za-zÀ-ÿ]'(?!s\b)(?=[A-Za-zÀ-ÿ«])")
BREAKING = re.compile(r"(?<=[\w»)}]) [:;?!»]|« ")
DATE_FILTER = re.compile(r'(?<!datetime="{{ )[\w.]+\|(?:date|time)\b[^}]*')
SEEN = re.compile(r"f['\"]%[dmH][^%'\"]")
MACHINE_DATE = re.compile(r'datetime="{{[^}]*}}"')
# The one hand; the notation in which staff type a date; the value of an input of the browser.
DATES_ARE_THEIRS = ("core/dates.py", "library/notation.py", "calls/forms.py")
# Words of the law and its version stay as they were agreed to.
AS_AGREED = re.compile(r"migrations/\d+_.*wordings")


def template(name: str) -> str:
    return COMMENT.sub("", (FOLDER / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_have_typographic_apostrophes(name: str) -> None:
    assert STRAIGHT.findall(template(name)) == []


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name.endswith(".html")])
def test_signs_never_begin_a_line(name: str) -> None:
    """In the text of a page; what a component receives goes through its `unbroken` filter."""
    if "email/" in name:
        return
    text = TRANSLATED.sub("", template(name))
    text = MARKUP.sub("", BRACES.sub("}", text))
    assert BREAKING.findall(text) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_dates_are_written_by_one_hand(name: str) -> None:
    """`core.dates` writes them: the filters day, day_of_year, month, hour and instant."""
    assert DATE_FILTER.findall(MACHINE_DATE.sub("", template(name))) == []


def strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string but the docstrings."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, owners) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node  # type: ignore[misc]


def test_words_of_the_code_have_typographic_apostrophes() -> None:
    guilty = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files(*ROOMS)
        if not AS_AGREED.search(str(path))
        for node in strings(ast.parse(path.read_text(encoding="utf-8")))
        if STRAIGHT.search(str(node.value))
    ]
    assert guilty == []


def test_the_code_leaves_dates_to_core() -> None:
    """`{day:%d/%m/%Y}`, strftime and date_format elsewhere would be a second form."""
    guilty = []
    for path in python_files(*ROOMS):
        if path.relative_to(ROOT).as_posix() in DATES_ARE_THEIRS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FormattedValue) and node.format_spec:
                # "%H%M" and "%Y-%m-%d" are for machines.
                found = SEEN.search(ast.unparse(node.format_spec))
            else:
                found = isinstance(node, ast.Attribute | ast.Name) and ast.unparse(node).endswith(
                    ("strftime", "date_format")
                )
            if found:
                guilty.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert guilty == []
