"""Versioned rights sheets and documents, the collections that order them, and who read them."""

from library.models.collections import Collection, CollectionQuerySet, Placement
from library.models.documents import (
    Document,
    DocumentQuerySet,
    DocumentVersion,
    DownloadCount,
    document_path,
)
from library.models.reading import DownloadMark, Visit
from library.models.sheets import (
    FRESH_FOR,
    RightsSheet,
    RightsSheetQuerySet,
    RightsSheetVersion,
    RightsSheetVersionQuerySet,
    sheet_path,
)

__all__ = [
    "FRESH_FOR",
    "Collection",
    "CollectionQuerySet",
    "Document",
    "DocumentQuerySet",
    "DocumentVersion",
    "DownloadCount",
    "DownloadMark",
    "Placement",
    "RightsSheet",
    "RightsSheetQuerySet",
    "RightsSheetVersion",
    "RightsSheetVersionQuerySet",
    "Visit",
    "document_path",
    "sheet_path",
]
