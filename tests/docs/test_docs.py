"""What the pages for people promise: links that lead somewhere, commands and words that exist."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "guide" / "images"
GUIDE = sorted((ROOT / "docs" / "guide").glob("*.md"))
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), *GUIDE]
LARGEST_PICTURE = 120_000  # bytes

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
HTML_PICTURE = re.compile(r"<img [^>]*>")
ATTRIBUTE = re.compile(r'(src|alt)="([^"]*)"')
MAKE_TARGET = re.compile(r"(?:^|`)(?:[A-Z]+=\S+ )?make ([a-z]+)(?=[ `\n]|$)", re.MULTILINE)
MANAGE_COMMAND = re.compile(r'(?:manage\.py |make manage ARGS=")([a-z_]+)')
MACHINE_PATH = re.compile(r"(?<![\w.}>])/(?:work|root|home|Users|tmp)(?:/|\b)")
SCREEN_WORDS = re.compile(r"\*\*([^*]+)\*\*")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def pictures_of(page: Path) -> list[tuple[str, str]]:
    """(address, alternative text) of each picture of a page."""
    text = page.read_text()
    found = [(address, alternative) for alternative, address in PICTURE.findall(text)]
    for tag in HTML_PICTURE.findall(text):
        attributes = dict(ATTRIBUTE.findall(tag))
        found.append((attributes["src"], attributes.get("alt", "")))
    return found


def plain(text: str) -> str:
    """Text without the differences a reader does not see."""
    for fancy, simple in (("’", "'"), ("\u00a0", " "), ("\u202f", " "), ("&nbsp;", " ")):
        text = text.replace(fancy, simple)
    return " ".join(text.split()).casefold()


@cache
def words_on_screen() -> str:
    """Every template and every string of the code, where the words of the screens stand."""
    sources = [path.read_text() for path in (ROOT / "templates").rglob("*.html")]
    for path in ROOT.glob("*/**/*.py"):
        if path.relative_to(ROOT).parts[0] not in ("tests", "docs", "node_modules", ".venv", "var"):
            sources.append(path.read_text())
    return plain("\n".join(sources))


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_link_leads_to_a_file(document: Path) -> None:
    links = [link for link in LINK.findall(document.read_text()) if not link.startswith("http")]
    missing = [link for link in links if not (document.parent / link.split("#")[0]).exists()]
    assert not missing


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_picture_exists_and_is_described(document: Path) -> None:
    for address, alternative in pictures_of(document):
        assert (document.parent / address).is_file(), address
        assert alternative, address


def test_every_picture_is_shown_and_is_one_that_the_script_takes() -> None:
    kept = {path.name for path in IMAGES.iterdir()}
    shown = {Path(address).name for page in PAGES for address, _ in pictures_of(page)}
    assert kept == shown == {f"{name}.png" for name in names_taken()}


def names_taken() -> set[str]:
    """The pictures that the stories ask for: the last name given to `take` or `show_mail`."""
    stories = ast.parse((ROOT / "docs" / "pictures" / "stories.py").read_text())
    return {
        argument.value
        for call in ast.walk(stories)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("take", "show_mail")
        and isinstance(argument := call.args[-1], ast.Constant)
    }


def test_no_picture_is_heavy() -> None:
    heavy = [path.name for path in IMAGES.iterdir() if path.stat().st_size > LARGEST_PICTURE]
    assert not heavy


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_make_target_exists(document: Path) -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(MAKE_TARGET.findall(document.read_text())) <= targets


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_management_command_exists(document: Path) -> None:
    assert set(MANAGE_COMMAND.findall(document.read_text())) <= set(get_commands())


def test_the_readme_names_every_make_target() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    targets = {line.split()[1] for line in listed.stdout.splitlines()}
    assert targets == set(MAKE_TARGET.findall((ROOT / "README.md").read_text()))


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_no_page_speaks_of_somebody_s_machine(document: Path) -> None:
    assert not MACHINE_PATH.findall(document.read_text())


@pytest.mark.parametrize("document", GUIDE, ids=name_of)
def test_words_in_bold_are_those_of_the_screen(document: Path) -> None:
    bold = SCREEN_WORDS.findall(document.read_text())
    absent = [words for words in bold if plain(words).rstrip("…") not in words_on_screen()]
    assert not absent


def test_every_page_of_the_guide_is_reached_from_its_index() -> None:
    index = (ROOT / "docs" / "guide" / "README.md").read_text()
    assert {page.name for page in GUIDE} - {"README.md"} <= set(LINK.findall(index))
