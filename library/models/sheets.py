"""Versioned rights sheets. A published version never changes; a new one follows."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from core.tokens import make_secret
from library.enums import State
from library.models.searching import FOLDED, SearchedQuerySet, weighted
from territory.models import CollectiveAgreement, Trade

# A sheet verified longer ago than this goes back on the list of those to check.
FRESH_FOR = dt.timedelta(days=183)


def sheet_path(version: "RightsSheetVersion", _filename: str) -> str:
    return f"library/sheets/{version.sheet.slug}-v{version.number}-{make_secret()}.pdf"


class RightsSheetQuerySet(SearchedQuerySet["RightsSheet"]):
    def published(self) -> Self:
        versions = RightsSheetVersion.objects.published().filter(sheet=OuterRef("pk"))
        return self.filter(Exists(versions))

    def retired(self) -> Self:
        """Sheets that were published once and are not any more."""
        versions = RightsSheetVersion.objects.filter(sheet=OuterRef("pk"))
        return self.filter(
            Exists(versions.filter(state=State.RETIRED)),
            ~Exists(versions.filter(state=State.PUBLISHED)),
        )

    def to_verify(self, *, today: dt.date) -> Self:
        """Published sheets not verified for six months, the oldest first."""
        return self.filter(
            versions__state=State.PUBLISHED, versions__verified_on__lt=today - FRESH_FOR
        ).order_by("versions__verified_on", "pk")

    def for_trade(self, trade: str) -> Self:
        """Sheets of the trade, of one of its agreements, or for everyone."""
        wanted = Q(trades=trade) | Q(agreements__trades=trade) | Q(is_general=True)
        return self.filter(pk__in=self.model._default_manager.filter(wanted).values("pk"))

    def for_worker(self, *, trade: str | None, agreement: str | None) -> Self:
        """Published sheets of the trade or agreement first, then those for everyone."""
        wanted = Q(is_general=True)
        if trade:
            wanted |= Q(trades=trade)
        if agreement:
            wanted |= Q(agreements=agreement)
        matching = self.model._default_manager.filter(wanted).values("pk")
        return self.published().filter(pk__in=matching).order_by("is_general", "position", "pk")

    def with_versions(self) -> Self:
        """Adds what lists show: `current` (the published version or None), `draft`, trades."""
        live = RightsSheetVersion.objects.exclude(state=State.RETIRED).order_by("number")
        return self.prefetch_related(
            "trades", Prefetch("versions", queryset=live, to_attr="live_versions")
        )


class RightsSheet(models.Model):
    slug = models.SlugField("identifiant", max_length=80, unique=True)
    title = models.CharField("titre", max_length=150)
    is_general = models.BooleanField("utile à tous les métiers", default=True)
    trades = models.ManyToManyField(Trade, blank=True, verbose_name="métiers")
    agreements = models.ManyToManyField(
        CollectiveAgreement, blank=True, verbose_name="conventions collectives"
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)
    search_text = models.TextField(editable=False, default="")
    search = weighted(A=("title",), B=("search_text",), configs=FOLDED)

    objects = RightsSheetQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche de droits"
        verbose_name_plural = "fiches de droits"
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public page, which stays the same from one version to the next."""
        return reverse("library:sheet", args=[self.slug])

    @property
    def pdf_url(self) -> str:
        return reverse("library:sheet-pdf", args=[self.slug])

    @property
    def current(self) -> "RightsSheetVersion | None":
        return self._live(State.PUBLISHED)

    @property
    def draft(self) -> "RightsSheetVersion | None":
        return self._live(State.DRAFT)

    def _live(self, state: State) -> "RightsSheetVersion | None":
        fetched = getattr(self, "live_versions", None)
        if fetched is None:
            return self.versions.filter(state=state).order_by("number").last()
        return next((version for version in fetched if version.state == state), None)


class RightsSheetVersionQuerySet(models.QuerySet["RightsSheetVersion"]):
    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)


class RightsSheetVersion(models.Model):
    """A text of a sheet. Once published the database refuses any change of it."""

    sheet = models.ForeignKey(RightsSheet, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    state = models.CharField("état", max_length=9, choices=State, default=State.DRAFT)
    # Title, lead, sections of blocks, in_brief, what_to_do, sources, readers (see sheets.py).
    content = models.JSONField("contenu")
    verified_on = models.DateField("vérifiée le")
    pdf = models.FileField("PDF", upload_to=sheet_path, max_length=250, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)
    # Counts the saves of a draft, so that two people never overwrite each other.
    revision = models.PositiveIntegerField("enregistrement", default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    saved_at = models.DateTimeField("enregistrée le", default=timezone.now)
    # Came with the software and was never edited: a later release may replace it.
    is_shipped = models.BooleanField("livrée avec le logiciel", default=False)
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

    @property
    def must_be_verified(self) -> bool:
        return self.verified_on < timezone.localdate() - FRESH_FOR
