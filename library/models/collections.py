"""Documents put together, in an order somebody chose: a press kit, a week of posts."""

from typing import Self

from django.db import models
from django.urls import reverse

from library.models.documents import Document, DocumentQuerySet


class CollectionQuerySet(models.QuerySet["Collection"]):
    def counting(self, documents: DocumentQuerySet) -> Self:
        """Adds `document_count`: how many of `documents` each holds."""
        held = models.Q(placements__document__in=documents.values("pk"))
        counted = self.annotate(document_count=models.Count("placements", filter=held))
        return counted.order_by("position", "title")

    def holding(self, documents: DocumentQuerySet) -> Self:
        """Those of `counting` that hold one of them at least."""
        held = Placement.objects.filter(document__in=documents.values("pk"))
        return self.counting(documents).filter(pk__in=held.values("collection"))


class Collection(models.Model):
    slug = models.SlugField("identifiant", max_length=80, unique=True)
    title = models.CharField("titre", max_length=80)
    summary = models.CharField("à quoi elle sert", max_length=300, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    # Counts the saves of its order, so that two people never overwrite each other.
    revision = models.PositiveIntegerField("enregistrement", default=1)
    documents = models.ManyToManyField(
        Document, through="Placement", related_name="collections", verbose_name="documents"
    )

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = "collection"
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("library:collection", args=[self.slug])


class Placement(models.Model):
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="placements")
    document = models.ForeignKey(Document, models.CASCADE, related_name="placements")
    position = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "place dans une collection"
        verbose_name_plural = "places dans une collection"
        ordering = ["collection", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "document"], name="placed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.collection_id} – {self.document_id}"
