"""Every word of the pages for workers goes through gettext, and is translated everywhere."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings

from local.catalogs import Words, catalog_path, collect

FOLDER = Path(settings.BASE_DIR) / "templates"
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
# Pages for people of the campaign, in French, inside the frame of the pages for workers.
FOR_STAFF = re.compile(r"source_poster|paper_|(403|429)\.html")
# Shown around or inside every page for workers.
PARTS = [
    "components/error_summary.html",
    "components/flash.html",
    "components/language_menu.html",
    "contacts/email/confirmation.html",
    "contacts/email/confirmation.txt",
    "contacts/email/confirmation.subject.txt",
    "contacts/email/footer.html",
    "contacts/email/link.html",
    "contacts/email/link.txt",
    "contacts/email/link.subject.txt",
    "contacts/parts/sheets.html",
    "contacts/sms/confirmation.txt",
    "contacts/sms/link.txt",
    "django/forms/field.html",
]
PUBLIC = PARTS + sorted(
    str(path.relative_to(FOLDER))
    for path in FOLDER.rglob("*.html")
    if 'extends "public_base.html"' in path.read_text(encoding="utf-8")
    and not FOR_STAFF.match(path.name)
)
TAGS = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{%\s*blocktranslate.*?endblocktranslate\s*%}"
    r"|{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>|&[a-z]+;",
    re.DOTALL,
)
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
PLACEHOLDER = re.compile(r"%\((\w+)\)s|<[^>]+>|https?://\S+|\b\d{5,}\b")
# The seven-bit alphabet of SMS: one letter outside it and the message costs twice as much.
SMS_LETTERS = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@pytest.fixture(scope="module")
def words() -> dict[Words, list[str]]:
    return collect()


def forms(text: object) -> list[str]:
    return [str(form) for form in text] if isinstance(text, (list, tuple)) else [str(text)]


def read(language: str) -> Catalog:
    with catalog_path(language).open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("name", PUBLIC)
def test_no_word_is_left_outside_gettext(name: str) -> None:
    text = TAGS.sub(" ", (FOLDER / name).read_text(encoding="utf-8"))
    assert set(WORD.findall(text)) <= {"Campagne", "TPE", "PDF"}


def test_there_are_public_pages_to_check() -> None:
    assert len(PUBLIC) > 25


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_holds_the_words_of_the_pages_and_no_other(
    language: str, words: dict[Words, list[str]]
) -> None:
    """After a change of the pages: `make messages`, then translate what is empty."""
    assert {message.id for message in read(language) if message.id} == set(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated(language: str) -> None:
    missing = [
        message.id
        for message in read(language)
        if message.id and (message.fuzzy or not all(forms(message.string)))
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_names_markup_and_numbers(language: str) -> None:
    wrong = []
    for message in read(language):
        expected = set(PLACEHOLDER.findall(forms(message.id)[-1])) if message.id else set()
        for form in forms(message.string) if message.id else []:
            found = set(PLACEHOLDER.findall(form))
            # “One thing to correct” needs no number.
            if not (found == expected or (message.pluralizable and found <= expected)):
                wrong.append((message.id, form))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_french_sentence_is_passed_off_as_a_translation(language: str) -> None:
    same = [
        message.id
        for message in read(language)
        if isinstance(message.id, str)
        and message.string == message.id
        and len(message.id.split()) > 2
    ]
    assert same == []


@pytest.mark.parametrize("language", ["fr", *(code for code in LANGUAGES if code != "ar")])
def test_the_words_of_an_sms_fit_its_alphabet(language: str, words: dict[Words, list[str]]) -> None:
    mine = [text for text, places in words.items() if any("/sms/" in place for place in places)]
    assert len(mine) == 3
    catalog = read(language) if language != "fr" else None
    shown = [str(catalog[text].string) if catalog else text for text in mine]
    assert {letter for text in shown for letter in text} - SMS_LETTERS == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalog_is_that_of_the_text(language: str) -> None:
    """`make test` and `make run` compile it; outside them, `make locale/<code>/….mo` does."""
    path = catalog_path(language).with_suffix(".mo")
    assert path.exists(), "run `make test`, which compiles the catalogs"
    with path.open("rb") as file:
        compiled = {forms(message.id)[0]: forms(message.string) for message in read_mo(file)}
    written = {forms(message.id)[0]: forms(message.string) for message in read(language)}
    assert {**compiled, "": []} == {**written, "": []}
