"""The rights sheets that come with the software."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from library.actions import publish_sheet
from library.models import RightsSheet, RightsSheetVersion
from library.sheets import Content, InvalidContent, clean_content
from territory.models import CollectiveAgreement, Trade

SHEETS = Path(__file__).parent / "data" / "sheets"
# The order in which workers read them; others follow.
ORDER = (
    "salaire-minimum",
    "bulletin-de-paie",
    "duree-du-travail",
    "heures-supplementaires",
    "conges-payes",
    "arret-maladie",
    "licenciement",
    "apprentissage",
    "particulier-employeur",
    "droits-syndicaux-tpe",
)
Progress = Callable[[int, int, str], None]


class SheetFileError(ValueError):
    """A file of the library that cannot be loaded: nothing was loaded."""


@dataclass(frozen=True)
class SheetFile:
    slug: str
    content: Content
    verified_on: dt.date


@dataclass
class LoadReport:
    """The sheets' slugs by what was done with them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"{len(slugs)} {word}{'s' if len(slugs) > 1 else ''}"
            for slugs, word in (
                (self.created, "créée"),
                (self.updated, "mise à jour"),
                (self.unchanged, "inchangée"),
                (self.kept, "laissée telle que modifiée ici"),
            )
            if slugs
        ]
        return f"Fiches de droits : {', '.join(parts) or 'aucune'}."


def load_sheets(progress: Progress | None = None, *, folder: Path = SHEETS) -> LoadReport:
    """Publish the shipped sheets; `progress(done, total, title)` is called before each.

    Safe to repeat: a sheet already loaded is not rendered again, one that somebody here edited or
    withdrew is left alone. Every file is checked before the first is loaded (`SheetFileError`).
    The trades and agreements must be loaded first.
    """
    files = read_sheets(folder)
    report = LoadReport()
    for done, file in enumerate(files):
        if progress:
            progress(done, len(files), file.content["title"])
        getattr(report, _load(file, position=done + 1)).append(file.slug)
    if progress:
        progress(len(files), len(files), "")
    return report


def read_sheets(folder: Path) -> list[SheetFile]:
    """The files in reading order, all checked."""
    files = [_read(path) for path in sorted(folder.glob("*.json"))]
    _check_codes(files)
    rank = {slug: number for number, slug in enumerate(ORDER)}
    return sorted(files, key=lambda file: (rank.get(file.slug, len(ORDER)), file.slug))


def _read(path: Path) -> SheetFile:
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        verified_on = dt.date.fromisoformat(raw["verified_on"])
        content = clean_content(raw)
    except InvalidContent as error:
        raise SheetFileError(f"{path.name} : {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SheetFileError(f"{path.name} : fichier illisible ({error})") from error
    if raw.get("slug") != path.stem:
        raise SheetFileError(f"{path.name} : « slug » doit être « {path.stem} »")
    return SheetFile(path.stem, content, verified_on)


def _check_codes(files: list[SheetFile]) -> None:
    trades = {code for file in files for code in file.content["trades"]}
    agreements = {code for file in files for code in file.content["idcc"]}
    trades -= set(Trade.objects.filter(pk__in=trades).values_list("pk", flat=True))
    agreements -= set(
        CollectiveAgreement.objects.filter(pk__in=agreements).values_list("pk", flat=True)
    )
    if missing := sorted(trades | agreements):
        raise SheetFileError(
            f"Métiers ou conventions inconnus : {', '.join(missing)}."
            " Chargez d’abord les listes de référence."
        )


def _load(file: SheetFile, *, position: int) -> str:
    """What was done: the name of a list of `LoadReport`."""
    with transaction.atomic():
        sheet, created = RightsSheet.objects.get_or_create(
            slug=file.slug, defaults={"title": file.content["title"], "position": position}
        )
        if not created:
            sheet = RightsSheet.objects.select_for_update(no_key=True).get(pk=sheet.pk)
            latest = sheet.versions.order_by("-number").first()
            if latest and (latest.content, latest.verified_on) == (file.content, file.verified_on):
                return "unchanged"
            if not _untouched(sheet):
                return "kept"
        version = RightsSheetVersion.objects.create(
            sheet=sheet,
            number=sheet.versions.count() + 1,
            content=file.content,
            verified_on=file.verified_on,
            is_shipped=True,
        )
        publish_sheet(version=version, publisher=None)
    return "created" if created else "updated"


def _untouched(sheet: RightsSheet) -> bool:
    """Still as shipped: published, and no version made here."""
    return (
        sheet.versions.published().exists() and not sheet.versions.filter(is_shipped=False).exists()
    )
