"""Collections: what they hold, in which order."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from library.errors import DocumentChanged
from library.models import Collection, Document, Placement
from library.slugs import free_slug


def create_collection(*, title: str, summary: str) -> Collection:
    with transaction.atomic():
        last = Collection.objects.aggregate(last=Max("position"))["last"] or 0
        return Collection.objects.create(
            slug=free_slug(Collection, title, "collection"), title=title, summary=summary,
            position=last + 1,
        )  # fmt: skip


def arrange_collection(
    *,
    collection: Collection,
    title: str,
    summary: str,
    documents: Sequence[Document],
    revision: int,
) -> Collection:
    """Name a collection and give it these documents in this order; its address stays.

    Raises `DocumentChanged` when somebody else arranged it in the meantime.
    """
    with transaction.atomic():
        collection = Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
        if collection.revision != revision:
            raise DocumentChanged(
                "Cette collection a été modifiée entre-temps. Rechargez la page pour la voir, puis"
                " reprenez vos changements."
            )
        collection.title, collection.summary = title, summary
        collection.revision += 1
        collection.save()
        collection.placements.all().delete()
        Placement.objects.bulk_create(
            Placement(collection=collection, document=document, position=rank)
            for rank, document in enumerate(dict.fromkeys(documents), start=1)
        )
    return collection


def delete_collection(*, collection: Collection) -> None:
    """The documents stay where they are."""
    with transaction.atomic():
        collection.delete()
