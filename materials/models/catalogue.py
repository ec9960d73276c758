"""What can be ordered or printed. A version that was published never changes; another follows."""

import datetime as dt
from pathlib import PurePath
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from core.text import fold
from core.tokens import make_secret
from library.uploads import FILE_TYPES
from materials.enums import ItemKind, Language
from territory.models import Trade


def version_path(_row: models.Model, filename: str) -> str:
    """A random stored name: what the sender called the file is never a path."""
    return f"materials/{make_secret()}{PurePath(filename).suffix.lower()}"


class ItemQuerySet(models.QuerySet["Item"]):
    def offered(self, *, today: dt.date, vote_closes: dt.date | None) -> Self:
        """Those in use: neither retired, replaced by another, nor out of date."""
        current = self.filter(retired_at=None, successor=None)
        current = current.filter(Q(expires_on=None) | Q(expires_on__gte=today))
        if vote_closes is not None and vote_closes < today:
            current = current.filter(expires_with_vote=False)
        return current

    def matching(self, text: str) -> Self:
        """Those that contain every word of `text`, accents and case ignored."""
        return self.filter(*[Q(search_text__contains=word) for word in fold(text).split()])

    def with_versions(self) -> Self:
        """Adds what lists show: `current`, the version in use, and the trade."""
        latest = ItemVersion.objects.order_by("item_id", "-number").distinct("item_id")
        return self.select_related("trade").prefetch_related(
            Prefetch("versions", queryset=latest, to_attr="latest_versions")
        )


class Item(models.Model):
    slug = models.SlugField("identifiant", max_length=80, unique=True)
    kind = models.CharField("type", max_length=8, choices=ItemKind)
    name = models.CharField("nom", max_length=120)
    # None: for every trade.
    trade = models.ForeignKey(
        Trade, models.PROTECT, null=True, blank=True, related_name="items", verbose_name="métier"
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=Language), default=list, verbose_name="langues"
    )
    description = models.TextField("description", max_length=1000, blank=True)
    format = models.CharField("format", max_length=40, blank=True)
    # None: it exists as a file alone, and nobody orders it.
    pack_size = models.PositiveIntegerField("exemplaires par paquet", null=True, blank=True)
    pack_weight = models.PositiveIntegerField("poids d’un paquet (g)", null=True, blank=True)
    is_printable_here = models.BooleanField("à imprimer soi-même", default=False)
    expires_with_vote = models.BooleanField("inutile après le vote", default=True)
    expires_on = models.DateField("valable jusqu’au", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors",
        verbose_name="remplacé par",
    )  # fmt: skip
    retired_at = models.DateTimeField("retiré le", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    search_text = models.TextField(editable=False, default="")

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "article"
        ordering = ["position", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pack_size=None) | Q(pack_size__gt=0),
                name="pack_is_not_empty",
                violation_error_message="Un paquet contient au moins un exemplaire.",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("pk")),
                name="item_not_its_own_successor",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("materials:item-detail", args=[self.slug])

    @property
    def is_orderable(self) -> bool:
        return self.pack_size is not None

    @property
    def current(self) -> "ItemVersion | None":
        fetched: list[ItemVersion] | None = getattr(self, "latest_versions", None)
        if fetched is not None:
            return fetched[0] if fetched else None
        return self.versions.order_by("-number").first()

    @property
    def language_labels(self) -> list[str]:
        return [Language(code).label for code in self.languages]


class ItemVersion(models.Model):
    """One edition and its files. It is published as it is made; the database refuses a change."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    label = models.CharField("nom de la version", max_length=60)
    preview = models.FileField("aperçu", upload_to=version_path, blank=True)
    preview_type = models.CharField(max_length=40, blank=True)
    print_ready = models.FileField("PDF pour l’imprimeur", upload_to=version_path, blank=True)
    low_ink = models.FileField("PDF A4 économe en encre", upload_to=version_path, blank=True)
    published_at = models.DateTimeField("publiée le", default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "version d’article"
        verbose_name_plural = "versions d’article"
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"


class SocialFile(models.Model):
    """A version's picture or film to share on the networks."""

    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="social_files")
    file = models.FileField("fichier", upload_to=version_path)
    name = models.CharField("nom du fichier", max_length=150)
    content_type = models.CharField("format", max_length=100)
    size = models.PositiveIntegerField("taille (octets)")

    class Meta:
        verbose_name = "fichier à partager"
        verbose_name_plural = "fichiers à partager"
        ordering = ["version", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The format in words."""
        file_type = FILE_TYPES.get(self.content_type)
        return file_type.label if file_type else self.content_type
