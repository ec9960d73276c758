"""The action itself: what, where, when, for whom, by whom."""

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, Exists, F, Func, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from campaigns import clock
from campaigns.models import Campaign
from contacts.models import Source
from deployments.enums import DeclarationAlert, DeclarationState, Public, Stage, Weekday
from library.models import Document
from organisations.models import Organisation, User
from organisations.scope import Scope
from territory.models import Commune, Departement, Trade


class DeploymentType(models.Model):
    """A way of going to people; the usual answers of the preparation come from it."""

    slug = models.SlugField("identifiant", max_length=40, primary_key=True)
    label = models.CharField("type", max_length=80)
    hint = models.CharField("en une phrase", max_length=200, blank=True)
    has_fixed_point = models.BooleanField("point fixe d’habitude", default=False)
    is_mobile = models.BooleanField("en mouvement", default=False)
    team_size = models.PositiveSmallIntegerField("équipe d’habitude", default=2)
    position = models.PositiveSmallIntegerField("ordre", default=0)
    is_active = models.BooleanField("proposé", default=True)

    class Meta:
        verbose_name = "type de déploiement"
        verbose_name_plural = "types de déploiement"
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class Place(models.Model):
    """A spot where teams stand, known for the next time: it belongs to everybody who plans."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="places")
    name = models.CharField("lieu", max_length=120)
    folded_name = models.CharField(max_length=120, editable=False)
    address = models.CharField("adresse", max_length=200, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    # Checks on the spot: null for what nobody has looked at.
    height_limit_m = models.DecimalField(
        "hauteur maximale (m)", max_digits=3, decimal_places=1, null=True, blank=True
    )
    has_bollards = models.BooleanField("bornes ou plots", null=True, blank=True)
    has_power = models.BooleanField("électricité", null=True, blank=True)
    access = models.CharField("accès et stationnement", max_length=300, blank=True)
    market_days = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday), default=list, blank=True,
        verbose_name="jours de marché",
    )  # fmt: skip
    # Raised by each change: it belongs to everybody, and nobody overwrites what they did not see.
    revision = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("créé le", default=timezone.now)

    class Meta:
        verbose_name = "lieu"
        verbose_name_plural = "lieux"
        ordering = ["commune", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "folded_name"],
                name="one_place_per_name",
                violation_error_message="Ce lieu existe déjà dans cette commune.",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_has_a_whole_point",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.commune.name}"


class _Nth(Func):
    """What stands in an array at a place, counted from one; null beyond its ends."""

    template = "(%(expressions)s]"
    arg_joiner = ")["
    output_field = models.CharField()


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def kept(self) -> Self:
        """Those not archived."""
        return self.filter(archived_at=None)

    def on_calendar(self) -> Self:
        return self.kept().filter(starts_at__isnull=False)

    def between(self, start: datetime, end: datetime) -> Self:
        """Those that take place, even in part, from `start` up to `end`."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def managed_by(self, user: User) -> Self:
        """Those of the organisations in whose name the person works, or those below them."""
        return self.filter(self.is_managed_by(user))

    @classmethod
    def is_managed_by(cls, user: User) -> Q:
        led = Organisation.objects.staffed_by(user).values("pk")
        return Q(organisation__in=led) | Q(cls._joined("co_organisers", led))

    def visible_to(self, user: User) -> Self:
        """Those of one's organisations, and those reported where one's organisations act.

        An announced action is no secret to a member, activists included; an idea is shown to the
        team of its organisation alone. Nobody is listed here: the names and numbers of a team have
        their own door.
        """
        led = Organisation.objects.staffed_by(user).values("pk")
        if user.scope.everything:
            return self.all()
        own = Organisation.objects.visible_to(user).values("pk")
        concerned = (
            Q(organisation__in=own)
            | Q(self._joined("co_organisers", own))
            | Q(self._joined("informed", own))
            | self._around(user.territory)
        )
        return self.filter(Q(organisation__in=led) | ~Q(stage=Stage.IDEA) & concerned)

    def _around(self, scope: Scope) -> Q:
        """Those that take place in a scope, or are for its trades."""
        if scope.everything:
            return ~Q(pk__in=[])
        condition = Q(pk__in=[])
        if scope.departements:
            condition |= Q(departement__in=scope.departements)
        if scope.communes:
            condition |= Q(commune__in=scope.communes)
        if scope.agreements:
            trades = Trade.objects.filter(agreements__in=scope.agreements).values("pk")
            condition |= Q(self._joined("trades", trades))
        return condition

    def with_declaration_state(self, now: datetime | None = None) -> Self:
        """`declaration`: the most pressing `DeclarationAlert` of each action, or nothing.

        Nothing is pressing for an action that is over, archived or cancelled.
        """
        now = now or clock.now()
        here = Func(OuterRef("time_zone"), Value(now), function="timezone")
        today = Cast(here, models.DateField())
        to_send = Q(state=DeclarationState.TO_SEND)
        pressing = {
            DeclarationAlert.LATE: Q(to_send, last_day__lt=today),
            DeclarationAlert.DUE: Q(to_send, advised_on__lte=today),
        }
        alerts = list(DeclarationAlert)
        ranks = [
            When(pressing.get(one, Q(state=one)), then=Value(rank))
            for rank, one in enumerate(alerts, start=1)
        ]
        declarations = self.model._meta.get_field("declarations").related_model.objects  # type: ignore[union-attr]
        worst = (
            declarations.needed()
            .filter(deployment=OuterRef("pk"))
            .order_by()
            .values("deployment")
            .annotate(worst=Min(Case(*ranks)))
            .values("worst")
        )
        to_come = When(ends_at__gt=now, archived_at=None, cancelled_at=None, then=Subquery(worst))
        alert = _Nth(
            Value(alerts, output_field=ArrayField(models.TextField())),
            Case(to_come, output_field=models.IntegerField()),
        )
        return self.annotate(declaration=Coalesce(alert, Value("")))

    def with_declaration_in_danger(self) -> Self:
        """Those whose declaration is late, refused, or must leave now."""
        danger = (DeclarationAlert.LATE, DeclarationAlert.REFUSED, DeclarationAlert.DUE)
        return self.with_declaration_state().filter(declaration__in=danger)

    @staticmethod
    def _joined(name: str, wanted: models.QuerySet) -> Exists:
        """Whether one of `wanted` stands on the other side of a many-to-many field."""
        field = Deployment._meta.get_field(name)
        through, other = field.remote_field.through, field.m2m_reverse_field_name()  # type: ignore[union-attr]
        return Exists(through.objects.filter(deployment=OuterRef("pk"), **{f"{other}__in": wanted}))


class Deployment(models.Model):
    """A field action. It *has* a source: what it brings is counted there, never typed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="deployments")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="deployments",
        verbose_name="organisation pilote",
    )  # fmt: skip
    co_organisers = models.ManyToManyField(
        Organisation, blank=True, related_name="joint_deployments", verbose_name="avec"
    )
    # Told of the action when it was reported: neighbours, comité régional, federations.
    informed = models.ManyToManyField(
        Organisation, blank=True, related_name="known_deployments", verbose_name="informées"
    )
    source = models.OneToOneField(
        Source, models.PROTECT, related_name="deployment", verbose_name="source"
    )
    title = models.CharField("intitulé", max_length=150)
    stage = models.CharField("étape", max_length=9, choices=Stage, default=Stage.IDEA)
    types = models.ManyToManyField(
        DeploymentType, blank=True, related_name="deployments", verbose_name="types"
    )

    objective = models.CharField("objectif", max_length=200, blank=True)
    objective_count = models.PositiveIntegerField("contacts visés", null=True, blank=True)
    public = models.CharField("public", max_length=12, choices=Public, default=Public.WORKERS)
    trades = models.ManyToManyField(
        Trade, blank=True, related_name="deployments", verbose_name="métiers visés"
    )
    theme = models.CharField("thème", max_length=150, blank=True)
    partners = models.CharField("partenaires", max_length=300, blank=True)
    guest = models.CharField("en présence de", max_length=150, blank=True)

    # First and last instant of its shifts, kept by the actions; none while nobody knows when.
    starts_at = models.DateTimeField("début", null=True, blank=True)
    ends_at = models.DateTimeField("fin", null=True, blank=True)
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    # Shared by the actions that were made by repeating one.
    series = models.UUIDField("série", null=True, blank=True, editable=False, db_index=True)

    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="deployments"
    )
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, related_name="deployments"
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="deployments"
    )
    has_fixed_point = models.BooleanField("point fixe", default=False)
    route = models.TextField("parcours", max_length=2000, blank=True)

    capacity = models.PositiveSmallIntegerField("équipe au plus", null=True, blank=True)
    documents = models.ManyToManyField(
        Document, blank=True, related_name="deployments", verbose_name="documents"
    )
    speech = models.TextField("prise de parole", max_length=5000, blank=True)
    talking_points = models.TextField("éléments de langage", max_length=3000, blank=True)
    # When the team is asked the day before whether they still come, in `time_zone`.
    confirm_from = models.TimeField("confirmation la veille à partir de", default="17:00")

    reported_at = models.DateTimeField("annoncé le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulé le", null=True, blank=True)
    cancel_reason = models.CharField("pourquoi", max_length=300, blank=True)
    archived_at = models.DateTimeField("archivé le", null=True, blank=True)
    # Raised by each change: whoever changes an older state is told so.
    revision = models.PositiveIntegerField(default=1, editable=False)
    # Title, place, organisation, guest, theme: see `deployments.wording.search_text`.
    search_text = models.TextField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créé le", default=timezone.now)
    updated_at = models.DateTimeField("modifié le", default=timezone.now)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        verbose_name = "déploiement"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                # Said in full: a comparison with nothing is neither true nor false, and passes.
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="deployment_ends_after_start",
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.REPORTED)
                | Q(starts_at__isnull=False, commune__isnull=False, reported_at__isnull=False),
                name="reported_deployment_has_place_and_date",
                violation_error_message="Pour annoncer une action, il faut un lieu et une date.",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.CANCELLED) ^ Q(cancelled_at=None),
                name="cancelled_deployment_has_a_date",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "ends_at"], name="deployment_dates"),
            models.Index(fields=["departement", "starts_at"], name="deployment_places"),
            models.Index(fields=["organisation", "starts_at"], name="deployment_organisations"),
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="deployment_search"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def is_of_one_day(self) -> bool:
        """Whether it ends on the day it begins, where it takes place."""
        if self.starts_at is None or self.ends_at is None:
            return False
        return (
            self.starts_at.astimezone(self.zone).date() == self.ends_at.astimezone(self.zone).date()
        )

    @property
    def is_off(self) -> bool:
        """Called off, or taken off every calendar: nobody is expected."""
        return self.stage == Stage.CANCELLED or self.archived_at is not None

    def is_over_at(self, moment: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= moment

    def was_held_at(self, moment: datetime) -> bool:
        """Whether the action took place, as far as one knows at `moment`."""
        return self.stage == Stage.REPORTED and self.is_over_at(moment)


class Shift(models.Model):
    """From when to when a team is there; an action of several days has one a day at least."""

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="shifts")
    starts_at = models.DateTimeField("de")
    ends_at = models.DateTimeField("à")
    label = models.CharField("nom", max_length=60, blank=True)

    class Meta:
        verbose_name = "créneau"
        verbose_name_plural = "créneaux"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="shift_ends_after_start",
                violation_error_message="La fin vient après le début.",
            ),
            models.UniqueConstraint(
                fields=["deployment", "starts_at", "label"], name="one_shift_per_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} – {self.ends_at}"
