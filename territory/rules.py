"""Who may import reference data. Reading them is open to all."""

from dataclasses import dataclass
from typing import Any, Protocol

from django.http import Http404

from territory.importable import IMPORTABLE, Importable
from territory.models import ActivityAgreement, Commune, ReferenceImport, Trade


class Importer(Protocol):
    """What this room needs to know of a person: accounts live in a room above."""

    pk: Any
    is_superuser: bool

    @property
    def scope(self) -> Any: ...


@dataclass(frozen=True)
class Holding:
    """An importable file beside what the database holds of it."""

    importable: Importable
    count: int
    last_import: ReferenceImport | None


def can_import(user: Importer) -> bool:
    """Staff of the confederation, whose scope is everything."""
    return user.is_superuser or bool(user.scope.everything)


def list_holdings_or_404(user: Importer) -> list[Holding]:
    if not can_import(user):
        raise Http404
    imports = {row.table: row for row in ReferenceImport.objects.all()}
    counts = {
        "communes": Commune.objects.count(),
        "activites": ActivityAgreement.objects.official().count(),
        "metiers": Trade.objects.count(),
    }
    return [
        Holding(importable, counts[slug], imports.get(importable.table.name))
        for slug, importable in IMPORTABLE.items()
    ]


def get_importable_or_404(user: Importer, slug: str) -> Importable:
    if not can_import(user) or slug not in IMPORTABLE:
        raise Http404
    return IMPORTABLE[slug]
