"""The files that an action alone holds: they go with it."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models.fields.files import FieldFile

from deployments.models import Deployment


def files_of(deployment: Deployment) -> list[FieldFile]:
    """Receipts of its declarations and photos of its day."""
    receipts = deployment.declarations.exclude(receipt="").order_by("pk")
    photos = deployment.photos.order_by("pk")
    return [*(one.receipt for one in receipts), *(one.image for one in photos)]


def delete_after_commit(files: Iterable[FieldFile]) -> None:
    for file in files:
        transaction.on_commit(partial(file.storage.delete, str(file.name)))
