"""`make messages`: collect the words of the workers' pages into the catalogs of `locale/`.

What goes through gettext is exactly what is translated: templates, Python, and the names of the
trades that the product ships. A word that left the pages leaves the catalogs.
"""

from __future__ import annotations

import ast
import csv
import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from local.state import ROOT

LOCALE = ROOT / "locale"
FUNCTIONS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
IGNORED_FOLDERS = {".venv", "node_modules", "var", "tests", "migrations"}
# A word, or its forms for one and for several.
Words = str | tuple[str, str]


def catalog_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read_catalog(language: str) -> Catalog:
    path = catalog_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def collect() -> dict[Words, list[str]]:
    """Every word to translate, with the files it stands in."""
    found: dict[Words, list[str]] = {}
    for place, words in [*_in_templates(), *_in_python(), *_in_trades()]:
        places = found.setdefault(words, [])
        if place not in places:
            places.append(place)
    return found


def _in_templates() -> Iterator[tuple[str, Words]]:
    from django.template.loader import get_template
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    folder = ROOT / "templates"
    for path in sorted(folder.rglob("*.*")):
        if "translate " not in path.read_text(encoding="utf-8"):
            continue
        place = str(path.relative_to(ROOT))
        template = get_template(str(path.relative_to(folder))).template  # type: ignore[attr-defined]
        nodes = template.nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode))
        for node in nodes:
            if isinstance(node, BlockTranslateNode):
                yield place, _block_words(node)
            elif literal := getattr(node.filter_expression.var, "literal", None):
                yield place, str(literal)


def _block_words(node: object) -> Words:
    singular, _ = node.render_token_list(node.singular)  # type: ignore[attr-defined]
    if not node.plural:  # type: ignore[attr-defined]
        return str(singular)
    plural, _ = node.render_token_list(node.plural)  # type: ignore[attr-defined]
    return str(singular), str(plural)


def _in_python() -> Iterator[tuple[str, Words]]:
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT)
        if IGNORED_FOLDERS & set(place.parts):
            continue
        text = path.read_text(encoding="utf-8")
        if "gettext" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FUNCTIONS:
                literals = [item.value for item in node.args if isinstance(item, ast.Constant)]
                words = [text for text in literals if isinstance(text, str)]
                if words:
                    yield str(place), (words[0], words[1]) if len(words) > 1 else words[0]


def _in_trades() -> Iterator[tuple[str, Words]]:
    place = "territory/data/trades.csv"
    with (ROOT / place).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield place, row["label"]


def update(language: str) -> int:
    """Bring one catalog up to date; return how many words it still lacks."""
    old = read_catalog(language)
    new = Catalog(
        locale=language,
        header_comment=f"# The pages for workers, from French to {old.locale.english_name}.",
        project="Campagne TPE",
        version="1",
        msgid_bugs_address="-",
        creation_date=old.creation_date,
        revision_date=old.creation_date,
        last_translator="-",
        language_team="-",
        charset="utf-8",
        fuzzy=False,
    )
    for words, places in sorted(collect().items(), key=lambda item: (item[1][0], str(item[0]))):
        known = old.get(words if isinstance(words, str) else words[0])
        string = known.string if known and not known.fuzzy else None
        new.add(words, string=string, locations=[(place, 0) for place in places])
    path = catalog_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=100, include_lineno=False)
    return sum(not all(_strings(message.string or "")) for message in new if message.id)


def _strings(string: object) -> list[str]:
    return [str(text) for text in string] if isinstance(string, (list, tuple)) else [str(string)]


def main() -> None:
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tpe_campaign.settings")
    os.environ.setdefault("ENV_FILE", "")
    django.setup()
    for language, name in settings.LANGUAGES:
        if language != settings.LANGUAGE_CODE:
            missing = update(language)
            print(f"{name}: {f'{missing} to translate' if missing else 'complete'}")


if __name__ == "__main__":
    main()
