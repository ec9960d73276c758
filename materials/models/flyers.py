"""Flyers: what they say to each trade, the print runs, and hundreds of them drawn at once."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import (
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from contacts.models import Capture, DailyScans, Source
from core.tokens import make_secret
from materials.flyer_enums import BatchState, FlyerFormat, Ink, Tone
from organisations.models import Organisation, User
from territory.models import Commune

FRENCH = "fr"


def archive_path(batch: "FlyerBatch", _filename: str) -> str:
    """A random stored name: whoever guesses one finds nothing."""
    return f"flyers/{batch.pk}-{make_secret()}.zip"


class FlyerText(models.Model):
    """What a flyer says to some trades; the one without trades speaks to everybody.

    Shipped by a migration, which runs before the trades are loaded: they are named, not linked.
    """

    slug = models.SlugField("identifiant", max_length=60)
    language = models.CharField("langue", max_length=5, default=FRENCH)
    name = models.CharField("métiers", max_length=80)
    trades = ArrayField(models.SlugField(max_length=60), default=list, blank=True)
    tone = models.CharField("couleur", max_length=5, choices=Tone, default=Tone.RUST)
    pictogram = models.SlugField("pictogramme", max_length=20, default="shop")
    headline = models.CharField("accroche", max_length=60)
    rights = ArrayField(models.CharField(max_length=110), verbose_name="droits en bref")
    # Raised by each correction, so that two people never overwrite each other.
    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField("modifié le", default=timezone.now)

    class Meta:
        verbose_name = "texte de tract"
        verbose_name_plural = "textes de tract"
        ordering = ["language", "name"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "language"], name="flyer_text_unique"),
            models.CheckConstraint(
                condition=Q(rights__len__gte=1, rights__len__lte=3), name="flyer_text_has_rights"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PrintRunQuerySet(models.QuerySet["PrintRun"]):
    def visible_to(self, user: User) -> Self:
        """Those of the organisations the person sees; what a stopped batch left is hidden."""
        seen = Organisation.objects.visible_to(user)
        return self.filter(source__organisation__in=seen.values("pk")).exclude(
            batch_item__batch__state=BatchState.CANCELLED
        )

    def with_figures(self) -> Self:
        """Adds `scans`, `contacts` and `cost_each`, all along the run's own source.

        The cost of a contact is None while nobody left their details, or it is not known.
        """
        scans = DailyScans.objects.filter(source=OuterRef("source")).values("source")
        captures = Capture.objects.filter(source=OuterRef("source")).values("source")
        nought = {"output_field": IntegerField()}
        counted = self.annotate(
            scans=Coalesce(Subquery(scans.annotate(n=Sum("count")).values("n")), 0, **nought),
            contacts=Coalesce(
                Subquery(captures.order_by().annotate(n=Count("pk")).values("n")), 0, **nought
            ),
        )
        euros = DecimalField(max_digits=9, decimal_places=2)
        return counted.annotate(
            cost_each=ExpressionWrapper(F("cost") / NullIf(F("contacts"), 0), output_field=euros)
        )


class PrintRun(models.Model):
    """Flyers printed together. Its source, its own alone, brings back scans and contacts."""

    source = models.OneToOneField(Source, models.PROTECT, related_name="print_run")
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    format = models.CharField("format", max_length=2, choices=FlyerFormat, default=FlyerFormat.A5)
    ink = models.CharField("encre", max_length=6, choices=Ink, default=Ink.COLOUR)
    has_crop_marks = models.BooleanField("traits de coupe", default=False)
    language = models.CharField("langue", max_length=5, default=FRENCH)
    copies = models.PositiveIntegerField("exemplaires", validators=[MinValueValidator(1)])
    # Of the whole run, in euros.
    cost = models.DecimalField("coût", max_digits=9, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField("créé le", default=timezone.now)

    objects = PrintRunQuerySet.as_manager()

    class Meta:
        verbose_name = "tirage"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(copies__gte=1), name="print_run_has_copies"),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0), name="print_run_cost_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.source.label


class FlyerBatchQuerySet(models.QuerySet["FlyerBatch"]):
    def visible_to(self, user: User) -> Self:
        """Those of the organisations the person works for."""
        return self.filter(organisation__in=user.led)


class FlyerBatch(models.Model):
    """One flyer per organisation and trade, drawn by a worker, handed out as one zip."""

    # Made with the form: sent twice, it opens one batch.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="flyer_batches", verbose_name="organisation"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+",
        verbose_name="demandé par",
    )  # fmt: skip
    state = models.CharField("état", max_length=9, choices=BatchState, default=BatchState.DRAWING)
    flyer_count = models.PositiveIntegerField("tracts")
    archive = models.FileField("archive", upload_to=archive_path, max_length=200, blank=True)
    created_at = models.DateTimeField("demandé le", default=timezone.now)
    finished_at = models.DateTimeField("terminé le", null=True)
    expires_at = models.DateTimeField("gardé jusqu’au", null=True)
    # When a worker last finished a flyer: a silent batch is started again.
    worked_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = FlyerBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "lot de tracts"
        verbose_name_plural = "lots de tracts"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=BatchState.DONE) | ~Q(archive=""),
                name="flyer_batch_done_has_archive",
            )
        ]

    def __str__(self) -> str:
        return f"{self.flyer_count} tracts"


class FlyerBatchItem(models.Model):
    """One flyer of a batch. Its page waits here, committed with its mark, until the zip is made."""

    batch = models.ForeignKey(FlyerBatch, models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    run = models.OneToOneField(PrintRun, models.PROTECT, related_name="batch_item")
    pdf = models.BinaryField(null=True)
    drawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "tract d’un lot"
        verbose_name_plural = "tracts d’un lot"
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="flyer_item_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} – {self.number}"
