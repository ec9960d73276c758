"""Every word of the pages for workers goes through gettext: they are translated."""

import re
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "templates"
PUBLIC = sorted(
    str(path.relative_to(FOLDER))
    for path in FOLDER.rglob("*.html")
    if 'extends "public_base.html"' in path.read_text(encoding="utf-8")
    # Printed by staff, and error pages, which are in French for everyone.
    and not re.match(r"source_poster|[45]\d\d", path.name)
)
TAGS = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"|{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>|&[a-z]+;",
    re.DOTALL,
)
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")


@pytest.mark.parametrize("name", PUBLIC)
def test_no_word_is_left_outside_gettext(name: str) -> None:
    text = TAGS.sub(" ", (FOLDER / name).read_text(encoding="utf-8"))
    assert WORD.findall(text) == []


def test_there_are_public_pages_to_check() -> None:
    assert len(PUBLIC) > 8
