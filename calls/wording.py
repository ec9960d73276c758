"""What to say on the telephone, as shipped; the confederation rewrites it for each phase.

Between braces stand the words the page fills in: see `WORDS`.
"""

from functools import cache
from pathlib import Path

from campaigns.enums import Phase

WORDS = {
    "prénom": "le prénom de la personne",
    "moi": "votre prénom",
    "organisation": "votre organisation",
    "ouverture": "le premier jour du vote",
    "clôture": "le dernier jour du vote",
    "numéro vert": "le numéro gratuit",
}

FOLDER = Path(__file__).parent / "data" / "scripts"


@cache
def shipped_script(phase: Phase) -> str:
    return (FOLDER / f"{phase}.txt").read_text(encoding="utf-8").strip()
