"""What changes the catalogue. A version is published as it is made, and stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from campaigns import clock
from core.text import fold
from library.uploads import FILE_TYPES, safe_name
from materials.models import Item, ItemVersion, SocialFile
from organisations.models import User


@dataclass(frozen=True)
class Files:
    """The files of a version, each already looked at."""

    preview: File | None = None
    preview_type: str = ""
    print_ready: File | None = None
    low_ink: File | None = None
    social: Sequence[UploadedFile] = field(default_factory=tuple)


@transaction.atomic
def create_item(*, name: str, **fields: Any) -> Item:
    """A new item; its address comes from the name and stays for ever."""
    last = Item.objects.aggregate(last=Max("position"))["last"] or 0
    item = Item(name=name, slug=_free_slug(name), position=last + 1, **fields)
    item.search_text = search_text(item)
    item.save()
    return item


@transaction.atomic
def edit_item(*, item: Item, **fields: Any) -> Item:
    for name, value in fields.items():
        setattr(item, name, value)
    item.search_text = search_text(item)
    item.save()
    return item


@transaction.atomic
def publish_version(*, item: Item, label: str, files: Files, by: User | None) -> ItemVersion:
    """Put a new version in place of the one in use, which stays in the history."""
    Item.objects.select_for_update(no_key=True).get(pk=item.pk)
    last = item.versions.aggregate(last=Max("number"))["last"] or 0
    version = ItemVersion(
        item=item, number=last + 1, label=label, published_at=clock.now(), published_by=by,
        preview_type=files.preview_type,
    )  # fmt: skip
    for name, ending in (("preview", ""), ("print_ready", ".pdf"), ("low_ink", ".pdf")):
        file = getattr(files, name)
        if file is not None:
            extension = ending or f".{FILE_TYPES[files.preview_type].extension}"
            getattr(version, name).save(f"{name}{extension}", file, save=False)
    version.save()
    for file in files.social:
        file_type = FILE_TYPES[file.content_type or ""]
        SocialFile.objects.create(
            version=version, file=file, name=safe_name(file.name or "", file_type),
            content_type=file_type.content_type, size=file.size or 0,
        )  # fmt: skip
    return version


@transaction.atomic
def retire_item(*, item: Item) -> None:
    """Take an item out of the catalogue; orders under way go on."""
    Item.objects.filter(pk=item.pk, retired_at=None).update(retired_at=clock.now())


@transaction.atomic
def restore_item(*, item: Item) -> None:
    Item.objects.filter(pk=item.pk).update(retired_at=None, successor=None)


def search_text(item: Item) -> str:
    words = (
        item.name, item.description, item.get_kind_display(), item.format,
        item.trade.label if item.trade else "", *item.language_labels,
    )  # fmt: skip
    return fold(" ".join(words))


def _free_slug(name: str) -> str:
    base = slugify(name)[:70] or "article"
    taken = set(Item.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)
