"""An election edition is a row: every date, goal, telephone number and eligibility rule."""

from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from phonenumber_field.modelfields import PhoneNumberField

from campaigns.enums import Phase

PARIS = ZoneInfo("Europe/Paris")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def current(self) -> Self:
        return self.filter(is_current=True)


class Campaign(models.Model):
    slug = models.SlugField("identifiant", max_length=40, unique=True)
    name = models.CharField("nom", max_length=120)
    is_current = models.BooleanField("édition en cours", default=False)
    collection_opens = models.DateField("début de la collecte des contacts")
    vote_opens = models.DateField("ouverture du vote")
    vote_closes = models.DateField("clôture du vote")
    # No source gives the hour: the default is cautious, staff set the official one.
    vote_closes_at = models.TimeField("heure de clôture (Paris)", default=time(17, 0))
    results_on = models.DateField("résultats")
    # A rehearsal stands on another day: added to the real time by the campaign clock.
    clock_offset = models.DurationField("décalage de répétition", default=timedelta)

    employed_in_month = models.DateField("mois de présence dans l’entreprise (1er jour)")
    max_headcount_exclusive = models.PositiveSmallIntegerField("effectif de moins de", default=11)
    min_age_on_first_day = models.PositiveSmallIntegerField("âge minimal", default=16)

    goal_contacts = models.PositiveIntegerField("objectif de contacts")
    goal_deployments = models.PositiveIntegerField("objectif de déploiements")
    goal_helpline_volunteers = models.PositiveIntegerField("objectif de volontaires", default=0)
    goals_per_militant = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="objectifs par militant·e"
    )

    baseline_year = models.PositiveSmallIntegerField("année de référence", null=True)
    baseline_votes = models.PositiveIntegerField("voix de référence", null=True)
    baseline_share_percent = models.DecimalField(
        "part des voix (%)", max_digits=5, decimal_places=2, null=True
    )
    baseline_turnout_percent = models.DecimalField(
        "participation (%)", max_digits=5, decimal_places=2, null=True
    )
    electorate = models.PositiveIntegerField("électorat", null=True)

    helpline_phone = PhoneNumberField("numéro vert", blank=True)
    helpline_display = models.CharField("numéro vert (affiché)", max_length=20, blank=True)
    helpline_opens = models.DateField("ouverture du numéro vert", null=True, blank=True)
    helpline_closes = models.DateField("fermeture du numéro vert", null=True, blank=True)
    # ISO weekdays: 1 is Monday.
    helpline_weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=list, verbose_name="jours (1 = lundi)"
    )
    helpline_from = models.TimeField("de", null=True, blank=True)
    helpline_to = models.TimeField("à", null=True, blank=True)
    ministry_site = models.URLField("site du ministère", blank=True)
    ministry_phone = PhoneNumberField("téléphone du ministère", blank=True)
    ministry_hours = models.CharField("horaires du ministère", max_length=120, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "campagne"
        ordering = ["-vote_opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"], condition=Q(is_current=True), name="one_current_campaign"
            ),
            models.CheckConstraint(
                condition=Q(collection_opens__lte=F("vote_opens"))
                & Q(vote_opens__lte=F("vote_closes"))
                & Q(vote_closes__lte=F("results_on")),
                name="campaign_dates_in_order",
                violation_error_message="Les dates de la campagne ne se suivent pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def phase_on(self, day: date) -> Phase:
        if day < self.collection_opens:
            return Phase.PREPARATION
        if day < self.vote_opens:
            return Phase.COLLECTION
        return Phase.VOTE if day <= self.vote_closes else Phase.AFTER

    @property
    def closes_at(self) -> datetime:
        """The last instant at which a vote can be cast; no reminder may arrive after it."""
        return datetime.combine(self.vote_closes, self.vote_closes_at, tzinfo=PARIS)

    def helpline_is_open(self, now: datetime) -> bool:
        """Whether somebody answers the free number at `now` (hours are those of Paris)."""
        local = now.astimezone(PARIS)
        if not (self.helpline_opens and self.helpline_closes):
            return False
        return (
            self.helpline_opens <= local.date() <= self.helpline_closes
            and local.isoweekday() in self.helpline_weekdays
            and (self.helpline_from or time.min) <= local.time() < (self.helpline_to or time.max)
        )


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def from_day(self, day: date) -> Self:
        """Those under way or to come on `day`, soonest first."""
        return self.filter(ends_on__gte=day).order_by("starts_on", "ends_on", "pk")


class Milestone(models.Model):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestones")
    slug = models.SlugField("identifiant", max_length=60)
    label = models.CharField("intitulé", max_length=200)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    is_approximate = models.BooleanField("dates approximatives", default=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = "date clé"
        verbose_name_plural = "dates clés"
        ordering = ["starts_on", "ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "slug"], name="milestone_slug_unique"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="milestone_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.label
