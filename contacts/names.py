"""Names that strangers type and that messages carry: a name, and nothing that acts there."""

import unicodedata

from django.utils.translation import gettext_lazy as _

# A first name; « Prénom et nom » has more room.
LONGEST = 40
JOINTS = "'’ʼ-‐‑·"
NOT_A_FIRST_NAME = _("Un prénom seulement : des lettres, 40 au plus, sans chiffre ni adresse.")


def is_name(text: str, *, longest: int = LONGEST) -> bool:
    """Whether a text reads as a name, in any script, and can be neither an address nor a number.

    A telephone makes a link of « gain.example » or of digits: a full stop ends a word (« M. »,
    « J. B. »), nothing else has a place but letters, their marks, spaces, apostrophes and hyphens.
    """
    if len(text) > longest or not any(char.isalpha() for char in text):
        return False
    followers = [*text[1:], " "]
    return all(
        char in JOINTS
        or unicodedata.category(char)[0] in "LM"
        or unicodedata.category(char) == "Zs"
        or (char == "." and follower.isspace())
        for char, follower in zip(text, followers, strict=True)
    )
