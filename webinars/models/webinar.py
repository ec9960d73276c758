"""A session: what, when, by whom, in which parts, and when people are reminded of it."""

from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from campaigns.models import Campaign
from library.models import Document
from organisations.models import Organisation, User
from webinars.enums import RegistrationState, WebinarState
from webinars.models.series import Series


class WebinarQuerySet(models.QuerySet["Webinar"]):
    def managed_by(self, user: User) -> Self:
        """Those of the organisations in whose name the person works, or those below them."""
        if user.scope.everything:
            return self.all()
        return self.filter(organisation__in=Organisation.objects.staffed_by(user).values("pk"))

    def visible_to(self, user: User) -> Self:
        """Those one manages, and all that were announced for a member of any organisation."""
        if user.scope.everything:
            return self.all()
        managed = Q(organisation__in=Organisation.objects.staffed_by(user).values("pk"))
        if user.active_memberships:
            managed |= Q(announced_at__isnull=False)
        return self.filter(managed)

    def public(self) -> Self:
        """Those anybody may know of: announced, and open to everybody."""
        return self.filter(announced_at__isnull=False, series__is_open=True)

    def announced(self) -> Self:
        return self.filter(state=WebinarState.ANNOUNCED)

    def to_come(self, now: datetime) -> Self:
        """Announced ones that are not over, those whose date is not known yet at the end."""
        coming = self.announced().filter(Q(ends_at__gt=now) | Q(ends_at=None))
        return coming.order_by(F("starts_at").asc(nulls_last=True), "pk")

    def over(self, now: datetime) -> Self:
        """Those that were held, the latest first."""
        return self.announced().filter(ends_at__lte=now).order_by("-starts_at", "-pk")

    def with_counts(self) -> Self:
        """`registered_count`, `waiting_count`, `asked_count` and `came_count` of each."""

        def number(state: RegistrationState, **more: object) -> Count:
            found = Q(
                registrations__state=state, **{f"registrations__{k}": v for k, v in more.items()}
            )
            return Count("registrations", filter=found)

        return self.annotate(
            registered_count=number(RegistrationState.REGISTERED),
            waiting_count=number(RegistrationState.WAITING),
            asked_count=number(RegistrationState.ASKED),
            came_count=number(RegistrationState.REGISTERED, attended=True),
        )


class Webinar(models.Model):
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="webinars")
    series = models.ForeignKey(
        Series, models.PROTECT, related_name="webinars", verbose_name="série"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="webinars", verbose_name="organisation"
    )
    # In the address by which anybody registers or asks to.
    code = models.CharField("code", max_length=10, unique=True, editable=False)
    title = models.CharField("intitulé", max_length=150)
    description = models.TextField("présentation", max_length=3000, blank=True)
    guest = models.CharField("en présence de", max_length=150, blank=True)
    state = models.CharField("état", max_length=9, choices=WebinarState, default=WebinarState.DRAFT)

    # None while nobody knows when.
    starts_at = models.DateTimeField("début", null=True, blank=True)
    ends_at = models.DateTimeField("fin", null=True, blank=True)
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    # A reminder whose moment was past by then is not worth sending.
    dates_set_at = models.DateTimeField("date fixée le", null=True, blank=True)
    capacity = models.PositiveIntegerField("places", null=True, blank=True)
    opens_minutes_before = models.PositiveSmallIntegerField(
        "ouverture de la salle (minutes avant)", default=15
    )
    one_device = models.BooleanField("un appareil à la fois par lien", default=False)

    documents = models.ManyToManyField(
        Document, blank=True, related_name="webinars", verbose_name="documents"
    )
    slides = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name="diaporama",
    )  # fmt: skip
    replay_url = models.URLField("adresse de l’enregistrement", max_length=500, blank=True)

    announced_at = models.DateTimeField("annoncée le", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)
    cancel_reason = models.CharField("pourquoi", max_length=300, blank=True)
    followed_up_at = models.DateTimeField("mail d’après envoyé le", null=True, blank=True)
    # Raised by each change: whoever changes an older state is told so.
    revision = models.PositiveIntegerField(default=1, editable=False)
    # Raised by what a calendar must take note of: SEQUENCE of RFC 5545.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)
    updated_at = models.DateTimeField("modifiée le", default=timezone.now)

    objects = WebinarQuerySet.as_manager()

    class Meta:
        verbose_name = "webinaire"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                # Both or neither: a comparison with nothing would pass.
                condition=Q(starts_at=None, ends_at=None)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="webinar_ends_after_start",
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                condition=~Q(state=WebinarState.ANNOUNCED) | Q(announced_at__isnull=False),
                name="announced_webinar_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state=WebinarState.CANCELLED) ^ Q(cancelled_at=None),
                name="cancelled_webinar_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gt=0),
                name="webinar_has_places",
                violation_error_message="Il faut au moins une place.",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "ends_at"], name="webinar_dates"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def is_over_at(self, moment: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= moment

    def is_open_at(self, moment: datetime) -> bool:
        """Whether one may still register."""
        return self.state == WebinarState.ANNOUNCED and not self.is_over_at(moment)


class Part(models.Model):
    """A step of the programme."""

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField("ordre", default=0)
    title = models.CharField("partie", max_length=150)
    minutes = models.PositiveSmallIntegerField("durée (minutes)", null=True, blank=True)
    speakers = models.CharField("qui parle", max_length=300, blank=True)

    class Meta:
        verbose_name = "partie"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["webinar", "position"], name="one_part_per_place")
        ]

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """A moment, in minutes before the start, when everybody who comes is reminded."""

    webinar = models.ForeignKey(Webinar, models.CASCADE, related_name="reminders")
    minutes_before = models.PositiveIntegerField("minutes avant")
    # The start it was written for: a session that moved is reminded of anew.
    written_for = models.DateTimeField("écrit pour", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "rappel"
        ordering = ["-minutes_before"]
        constraints = [
            models.UniqueConstraint(
                fields=["webinar", "minutes_before"],
                name="one_reminder_per_moment",
                violation_error_message="Ce rappel existe déjà.",
            ),
            models.CheckConstraint(condition=Q(minutes_before__gt=0), name="reminder_comes_before"),
        ]

    def __str__(self) -> str:
        return f"{self.webinar_id}, {self.minutes_before} min"
