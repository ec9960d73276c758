"""Versioned rights sheets and documents. A published version never changes; a new one follows."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from library.enums import DocumentKind, State
from territory.models import CollectiveAgreement, Trade


class RightsSheetQuerySet(models.QuerySet["RightsSheet"]):
    def published(self) -> Self:
        return self.filter(versions__state=State.PUBLISHED).distinct()

    def for_worker(self, *, trade: str | None, agreement: str | None) -> Self:
        """Published sheets of the trade or agreement first, then those for everyone."""
        targeted = Q()
        if trade:
            targeted |= Q(trades=trade)
        if agreement:
            targeted |= Q(agreements=agreement)
        wanted = Q(is_general=True) | targeted if targeted else Q(is_general=True)
        return self.published().filter(wanted).distinct().order_by("is_general", "position", "pk")


class RightsSheet(models.Model):
    slug = models.SlugField("identifiant", max_length=80, unique=True)
    title = models.CharField("titre", max_length=150)
    is_general = models.BooleanField("utile à tous les métiers", default=True)
    trades = models.ManyToManyField(Trade, blank=True, verbose_name="métiers")
    agreements = models.ManyToManyField(
        CollectiveAgreement, blank=True, verbose_name="conventions collectives"
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)

    objects = RightsSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche de droits"
        verbose_name_plural = "fiches de droits"
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title


class RightsSheetVersionQuerySet(models.QuerySet["RightsSheetVersion"]):
    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)


class RightsSheetVersion(models.Model):
    sheet = models.ForeignKey(RightsSheet, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    state = models.CharField("état", max_length=9, choices=State, default=State.DRAFT)
    # Structured content: lead, sections of blocks, in_brief, what_to_do, sources (see sheets.py).
    content = models.JSONField("contenu")
    verified_on = models.DateField("vérifiée le")
    pdf = models.FileField("PDF", upload_to="library/sheets/", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("publiée le", null=True, blank=True)

    objects = RightsSheetVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version de fiche"
        verbose_name_plural = "versions de fiche"
        ordering = ["sheet", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_version_unique"),
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(state=State.PUBLISHED), name="one_published_version"
            ),
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(state=State.DRAFT), name="one_draft_version"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | (Q(published_at__isnull=False) & ~Q(pdf="")),
                name="published_version_has_pdf",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} v{self.number}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def available(self) -> Self:
        return self.filter(retired_at__isnull=True, versions__isnull=False).distinct()


class Document(models.Model):
    """A file for activists: slides, talking points, visuals. Replacing it adds a version."""

    slug = models.SlugField("identifiant", max_length=80, unique=True)
    title = models.CharField("titre", max_length=150)
    summary = models.CharField("résumé", max_length=300, blank=True)
    kind = models.CharField("type", max_length=14, choices=DocumentKind)
    trades = models.ManyToManyField(Trade, blank=True, verbose_name="métiers")
    agreements = models.ManyToManyField(
        CollectiveAgreement, blank=True, verbose_name="conventions collectives"
    )
    retired_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        ordering = ["kind", "title"]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(models.Model):
    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    file = models.FileField("fichier", upload_to="library/documents/")
    name = models.CharField("nom du fichier", max_length=150)
    content_type = models.CharField("format", max_length=100)
    size = models.PositiveIntegerField("taille (octets)")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField("ajouté le", default=timezone.now)

    class Meta:
        verbose_name = "version de document"
        verbose_name_plural = "versions de document"
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_unique"),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_file_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.number}"
