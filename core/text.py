"""Folding of French text for forgiving search."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'"})


def without_controls(text: str) -> str:
    """The text on one line, without control or direction-changing characters."""
    kept = "".join(" " if char.isspace() else char for char in text)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf")).split())


def fold(text: str) -> str:
    """Lower case, without accents nor punctuation, single spaces.

    “Saint-Étienne” and “saint etienne” fold to the same text. Letters of other scripts are kept.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", letters.casefold()).strip()
