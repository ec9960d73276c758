"""What forgiving search looks into: folded words, each after a space, the name closed by `|`.

`" l hay les roses| lhay 94240 94038"` finds “l'haÿ”, “lhay”, “94240” and “roses hay”; the bar
tells a whole name from the beginning of a longer one.
"""

import re
from collections.abc import Iterable

from core.text import fold

ELISION = re.compile(r"\b([ldLD])['’](\w+)")
INCLUSIVE = re.compile(r"(\w+)·(\w+)")


def build(name: str, *others: str) -> str:
    """The search text of a name and of other words that find it."""
    return f" {fold(name)}|" + "".join(f" {fold(other)}" for other in others if fold(other))


def commune(name: str, postcodes: Iterable[str], insee: str) -> str:
    joined = ["".join(pair) for pair in ELISION.findall(name)]
    return build(name, *joined, *postcodes, insee)


def trade(label: str, agreements: Iterable[str]) -> str:
    """Both forms of an inclusive label, its words and the agreements of the trade."""
    feminine = INCLUSIVE.sub(lambda match: _feminine(match[1], match[2]), label)
    masculine = INCLUSIVE.sub(r"\1", label)
    return build(masculine, feminine, *agreements, *(code.lstrip("0") for code in agreements))


def _feminine(word: str, ending: str) -> str:
    """“coiffeur·se” → “coiffeuse”, “moniteur·rice” → “monitrice”, “boulanger·e” → “boulangere”."""
    if ending == "se" and word.endswith("eur"):
        return word[:-1] + ending
    if ending == "rice" and word.endswith("teur"):
        return word[:-3] + ending
    return word + ending
