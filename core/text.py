"""Folding of French text for forgiving search."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'"})
# Those of French typography, which keep « ? » beside its word.
NO_BREAK_SPACES = "\u00a0\u202f"


def without_controls(text: str) -> str:
    """The text on one line, without control or direction-changing characters.

    Runs of spaces become one; the no-break spaces of French typography stay.
    """
    spaced = "".join(" " if _breaks(char) else char for char in text)
    kept = "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf"))
    return re.sub(" +", " ", kept).strip()


def counted(number: int, one: str, many: str) -> str:
    """“1 fiche”, “2 fiches”; in French nought is singular."""
    return f"{number} {many if number > 1 else one}"


def fold(text: str) -> str:
    """Lower case, without accents nor punctuation, single spaces.

    “Saint-Étienne” and “saint etienne” fold to the same text. Letters of other scripts are kept.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", letters.casefold()).strip()


def _breaks(char: str) -> bool:
    return char.isspace() and char not in NO_BREAK_SPACES
