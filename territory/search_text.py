"""What forgiving search looks into: folded words, each after a space, the name closed by `|`.

`" l hay les roses| lhay 94240 94038"` finds “l'haÿ”, “lhay”, “94240” and “roses hay”; the bar
tells a whole name from the beginning of a longer one.
"""

import re
from collections.abc import Iterable

from django.db.models import Q

from core.text import fold

# What people write for it; “st” may also be the beginning of “Strasbourg”.
ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
MAX_WORDS = 8
ELISION = re.compile(r"\b([ldLD])['’](\w+)")
INCLUSIVE = re.compile(r"(\w+)·(\w+)")


def build(name: str, *others: str) -> str:
    """The search text of a name and of other words that find it."""
    folded = (_fold_code(other) for other in others)
    return f" {fold(name)}|" + "".join(f" {other}" for other in folded if other)


def _fold_code(text: str) -> str:
    """Most of what is added to names are codes, which need not be taken apart."""
    return text.lower() if text.isascii() and text.isalnum() else fold(text)


def commune(name: str, postcodes: Iterable[str], insee: str) -> str:
    joined = ["".join(pair) for pair in ELISION.findall(name)]
    return build(name, *joined, *postcodes, insee)


def agreement(short_title: str, idcc: str) -> str:
    """Not the legal title: its words (“nationale”, “convention”) would match everything."""
    return build(short_title, idcc, idcc.lstrip("0"))


def trade(label: str, agreements: Iterable[str]) -> str:
    """Both forms of an inclusive label, its words and the agreements of the trade."""
    feminine = INCLUSIVE.sub(lambda match: _feminine(match[1], match[2]), label)
    masculine = INCLUSIVE.sub(r"\1", label)
    return build(masculine, feminine, *agreements, *(code.lstrip("0") for code in agreements))


def words(text: str) -> list[str]:
    """The different words to look for; further ones would cost time and find nothing."""
    return list(dict.fromkeys(_folded(text).split()))[:MAX_WORDS]


def phrases(text: str) -> list[str]:
    """The folded text, and the same with its abbreviations written out if it has any."""
    folded = _folded(text)
    whole = " ".join(ABBREVIATIONS.get(word, word) for word in folded.split())
    return list(dict.fromkeys([whole, folded]))


def matches(text: str) -> Q:
    """Rows with a word that begins like each word of the text."""
    condition = Q()
    for word in words(text):
        one = Q(search_text__contains=f" {word}")
        if word in ABBREVIATIONS:
            one |= Q(search_text__contains=f" {ABBREVIATIONS[word]}")
        condition &= one
    return condition


def names(text: str, *, whole: bool) -> Q:
    """Rows whose name is the text (`whole`) or begins with it."""
    end = "|" if whole else ""
    condition = Q()
    for phrase in phrases(text):
        condition |= Q(search_text__startswith=f" {phrase}{end}")
    return condition


def _folded(text: str) -> str:
    """A number typed in groups (“75 011”) is one word."""
    folded = fold(text)
    joined = folded.replace(" ", "")
    return joined if joined.isdigit() else folded


def _feminine(word: str, ending: str) -> str:
    """“coiffeur·se” → “coiffeuse”, “moniteur·rice” → “monitrice”, “boulanger·e” → “boulangere”."""
    if ending == "se" and word.endswith("eur"):
        return word[:-1] + ending
    if ending == "rice" and word.endswith("teur"):
        return word[:-3] + ending
    return word + ending
