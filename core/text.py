"""Folding of French text for forgiving search."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "’": "'"})


def fold(text: str) -> str:
    """Lower case, without accents nor punctuation, single spaces.

    “Saint-Étienne” and “saint etienne” fold to the same text. Letters of other scripts are kept.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", letters.casefold()).strip()
