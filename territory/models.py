"""Places, collective agreements and trades: reference data, loaded in bulk and never personal."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F

from core.dates import day
from territory import search_text
from territory.enums import PairOrigin, Zone

# Inhabitants from which a commune is likely to be meant by a misspelled name.
WELL_KNOWN = 2000


class Region(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)
    zone = models.CharField("zone", max_length=5, choices=Zone)

    class Meta:
        verbose_name = "région"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Academie(models.Model):
    """Whose schools close together; of its zone, unless it sets its own calendar (D. 521-6)."""

    name = models.CharField("nom", max_length=40, primary_key=True)
    # A, B or C; empty where the académie sets its own calendar.
    zone = models.CharField("zone", max_length=1, blank=True)

    class Meta:
        verbose_name = "académie"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Departement(models.Model):
    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departements")
    prefecture = models.CharField("préfecture", max_length=80)
    population = models.PositiveIntegerField("population", default=0)
    latitude = models.FloatField("latitude", null=True)
    longitude = models.FloatField("longitude", null=True)
    zone = models.CharField("zone", max_length=5, choices=Zone)
    time_zone = models.CharField("fuseau horaire", max_length=40)
    # `phonenumbers` needs the overseas region to read a number typed without its prefix.
    phone_region = models.CharField("région téléphonique", max_length=2)
    # Whose school calendar holds; none in the collectivities that set their own.
    academie = models.ForeignKey(
        Academie, models.PROTECT, null=True, related_name="departements", verbose_name="académie"
    )
    search_text = models.TextField(editable=False)

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def school_zone(self) -> str:
        """A, B or C; empty where schools have a calendar of their own."""
        return self.academie.zone if self.academie else ""


class CommuneQuerySet(models.QuerySet["Commune"]):
    def with_postcode(self, postcode: str) -> Self:
        return self.filter(postcodes__contains=[postcode])

    def matching(self, text: str) -> Self:
        """Names with a word that begins like each word of `text`, accents ignored."""
        return self.filter(search_text.matches(text))


class Commune(models.Model):
    insee = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=80)
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="communes")
    postcodes = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux")
    population = models.PositiveIntegerField("population", default=0)
    latitude = models.FloatField("latitude", null=True)
    longitude = models.FloatField("longitude", null=True)
    search_text = models.TextField(editable=False)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ["name", "insee"]
        indexes = [
            GinIndex(fields=["postcodes"], name="commune_postcodes"),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="commune_search"),
            GinIndex(
                OpClass(F("search_text"), "gin_trgm_ops"),
                name="commune_search_well_known",
                condition=models.Q(population__gte=WELL_KNOWN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.departement_id})"


class CollectiveAgreement(models.Model):
    idcc = models.CharField("IDCC", max_length=4, primary_key=True)
    short_title = models.CharField("titre court", max_length=300)
    title = models.TextField("titre")
    headcount = models.PositiveIntegerField("effectif", null=True)
    search_text = models.TextField(editable=False)

    class Meta:
        verbose_name = "convention collective"
        verbose_name_plural = "conventions collectives"
        ordering = ["idcc"]

    def __str__(self) -> str:
        return f"{self.short_title} (IDCC {self.idcc})"


class Activity(models.Model):
    """An activity code of the NAF; the nomenclature is stored because NAF 2025 replaces it."""

    nomenclature = models.CharField("nomenclature", max_length=10, default="rev2")
    code = models.CharField("code", max_length=6)
    label = models.CharField("libellé", max_length=300)

    class Meta:
        verbose_name = "activité (NAF)"
        verbose_name_plural = "activités (NAF)"
        ordering = ["nomenclature", "code"]
        constraints = [
            models.UniqueConstraint(fields=["nomenclature", "code"], name="activity_code_unique")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class ActivityAgreementQuerySet(models.QuerySet["ActivityAgreement"]):
    def official(self) -> Self:
        return self.filter(origin=PairOrigin.OFFICIAL)


class ActivityAgreement(models.Model):
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="agreement_pairs")
    agreement = models.ForeignKey(
        CollectiveAgreement, models.CASCADE, related_name="activity_pairs"
    )
    origin = models.CharField("origine", max_length=10, choices=PairOrigin)
    # Share of the activity's employees under the agreement, where the official table gives it.
    share_percent = models.DecimalField("part (%)", max_digits=5, decimal_places=2, null=True)

    objects = ActivityAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "lien activité – convention"
        verbose_name_plural = "liens activité – convention"
        ordering = ["activity", "agreement"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "agreement", "origin"], name="activity_agreement_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} – {self.agreement_id}"


class TradeQuerySet(models.QuerySet["Trade"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)


class Trade(models.Model):
    """What a person says they do. The first of its agreements is the likeliest."""

    slug = models.SlugField("identifiant", max_length=60, primary_key=True)
    label = models.CharField("métier", max_length=120)
    agreements = models.ManyToManyField(
        CollectiveAgreement, through="TradeAgreement", related_name="trades"
    )
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_active = models.BooleanField("proposé", default=True)
    search_text = models.TextField(editable=False)

    objects = TradeQuerySet.as_manager()

    class Meta:
        verbose_name = "métier"
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class TradeAgreement(models.Model):
    trade = models.ForeignKey(Trade, models.CASCADE, related_name="agreement_ranks")
    agreement = models.ForeignKey(CollectiveAgreement, models.CASCADE, related_name="trade_ranks")
    rank = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "convention d’un métier"
        verbose_name_plural = "conventions d’un métier"
        ordering = ["trade", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["trade", "agreement"], name="trade_agreement_unique"),
            models.UniqueConstraint(fields=["trade", "rank"], name="trade_rank_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.trade_id} – {self.agreement_id}"


class PublicHoliday(models.Model):
    """A legal holiday. `area` is empty for the whole country, else a département code."""

    date = models.DateField("date")
    name = models.CharField("nom", max_length=80)
    area = models.CharField("zone", max_length=3, blank=True)

    class Meta:
        verbose_name = "jour férié"
        verbose_name_plural = "jours fériés"
        ordering = ["date", "area"]
        constraints = [
            models.UniqueConstraint(fields=["date", "area", "name"], name="public_holiday_unique")
        ]

    def __str__(self) -> str:
        return f"{self.name} {day(self.date)}"


class SchoolHoliday(models.Model):
    """When the schools of a zone are closed, first and last day included."""

    zone = models.CharField("zone", max_length=1)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    name = models.CharField("nom", max_length=80)

    class Meta:
        verbose_name = "vacances scolaires"
        verbose_name_plural = "vacances scolaires"
        ordering = ["starts_on", "zone"]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "starts_on", "name"], name="school_holiday_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=F("starts_on")),
                name="school_holiday_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.zone}) {day(self.starts_on)}"


class ReferenceImport(models.Model):
    """A table whose rows staff imported: what the product ships no longer overwrites it."""

    table = models.CharField("table", max_length=40, primary_key=True)
    file_name = models.CharField("fichier", max_length=200)
    rows = models.PositiveIntegerField("lignes")
    imported_at = models.DateTimeField("importé le")

    class Meta:
        verbose_name = "import de liste de référence"
        verbose_name_plural = "imports de listes de référence"
        ordering = ["table"]

    def __str__(self) -> str:
        return f"{self.table} ({self.file_name})"
