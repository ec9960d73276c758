"""Sessions of one kind, and whom they are for."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organisations.enums import Kind, Mandate


class Series(models.Model):
    """Without kinds nor mandates, and not open, everybody asks and staff answer."""

    slug = models.SlugField("identifiant", max_length=40, primary_key=True)
    title = models.CharField("série", max_length=120)
    description = models.TextField("présentation", max_length=2000, blank=True)
    is_open = models.BooleanField("ouverte à toutes et tous", default=False)
    kinds = ArrayField(
        models.CharField(max_length=13, choices=Kind), default=list, blank=True,
        verbose_name="organisations concernées",
    )  # fmt: skip
    mandates = ArrayField(
        models.CharField(max_length=13, choices=Mandate), default=list, blank=True,
        verbose_name="mandats concernés",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_active = models.BooleanField("proposée", default=True)

    class Meta:
        verbose_name = "série de webinaires"
        verbose_name_plural = "séries de webinaires"
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(kinds=[], mandates=[]),
                name="open_series_has_no_other_audience",
                violation_error_message="Une série ouverte à tout le monde ne vise personne.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class AdmissionQuerySet(models.QuerySet["Admission"]):
    def to_series(self, series: Series) -> Self:
        """What lets an address into a series: being named there, or a mandate it is for."""
        return self.filter(Q(series=series) | Q(mandate__in=series.mandates))


class Admission(models.Model):
    """What staff know of an address: that it is welcome in a series, or holds a mandate.

    Only its keyed hash is kept: one can ask about an address, not list them.
    """

    address_hash = models.CharField(max_length=64, editable=False)
    series = models.ForeignKey(
        Series, models.CASCADE, null=True, blank=True, related_name="admissions"
    )
    mandate = models.CharField("mandat", max_length=13, choices=Mandate, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField("ajoutée le", default=timezone.now)

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "adresse admise"
        verbose_name_plural = "adresses admises"
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "series", "mandate"],
                nulls_distinct=False,
                name="address_admitted_once",
            ),
            models.CheckConstraint(
                condition=Q(series=None) ^ Q(mandate=""), name="admission_has_one_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.address_hash[:8]}, {self.series_id or self.mandate}"
