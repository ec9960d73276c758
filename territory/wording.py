"""Sentences of this room."""

from django.contrib.humanize.templatetags.humanize import intcomma

from territory.importable import Importable
from territory.loading import Change


def describe_import(importable: Importable, change: Change) -> str:
    """What an import did, in a line."""
    counts = {
        "nouvelles lignes": change.new,
        "modifiées": change.changed,
        "retirées": change.removed,
        "inchangées": change.unchanged,
    }
    told = ", ".join(f"{intcomma(count)} {word}" for word, count in counts.items() if count)
    return f"{importable.title} : import terminé ({told})."
