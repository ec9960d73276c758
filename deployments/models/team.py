"""Who comes: the roles an action needs, and the people who said they would be there."""

from datetime import date, timedelta
from typing import Self
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from deployments.enums import Answer
from deployments.models.deployment import Deployment, Shift
from organisations.enums import Mandate


class TeamRole(models.Model):
    slug = models.SlugField("identifiant", max_length=40, primary_key=True)
    label = models.CharField("rôle", max_length=80)
    hint = models.CharField("ce que fait cette personne", max_length=300, blank=True)
    usual_minimum = models.PositiveSmallIntegerField("nombre d’habitude", default=0)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "rôle"
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label


class RoleNeed(models.Model):
    """How many of a role an action needs."""

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="needs")
    role = models.ForeignKey(TeamRole, models.PROTECT, related_name="needs")
    minimum = models.PositiveSmallIntegerField("au moins", default=1)
    mandate = models.CharField("mandat demandé", max_length=13, choices=Mandate, blank=True)

    class Meta:
        verbose_name = "rôle à pourvoir"
        verbose_name_plural = "rôles à pourvoir"
        ordering = ["role__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "role", "mandate"], name="one_need_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role_id} × {self.minimum}"


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def coming(self) -> Self:
        return self.filter(answer=Answer.COMING)

    def in_team(self) -> Self:
        """Those who come, or may."""
        return self.exclude(answer=Answer.DECLINED)

    def waiting(self) -> Self:
        """Who waits for a place, the first to have asked first."""
        return self.filter(answer=Answer.WAITING).order_by("answered_at", "pk")

    def reachable(self) -> Self:
        """Those whose number or address is not forgotten yet."""
        return self.filter(forgotten_at=None)


class TeamLink(models.Model):
    """The secret address by which anybody signs up for an action; only its hash is kept."""

    deployment = models.OneToOneField(Deployment, models.CASCADE, related_name="team_link")
    # Another number is another secret: see `deployments.team_links`.
    version = models.PositiveIntegerField(default=1)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    opened_at = models.DateTimeField("ouvert le", default=timezone.now)
    closed_at = models.DateTimeField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "lien d’inscription à l’équipe"

    def __str__(self) -> str:
        return f"{self.deployment_id}, {self.version}"


class TeamMember(models.Model):
    """Somebody of a team, with or without an account; their link carries a hashed secret.

    `person` says who it is across actions: `u:` and the account's number, else a keyed hash of the
    number or address.
    """

    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True,
        related_name="team_memberships",
    )  # fmt: skip
    person = models.CharField(max_length=70, editable=False)
    first_name = models.CharField("prénom", max_length=80)
    phone = PhoneNumberField("téléphone", blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    role = models.ForeignKey(TeamRole, models.PROTECT, related_name="members")
    mandates = ArrayField(
        models.CharField(max_length=13, choices=Mandate), default=list, blank=True,
        verbose_name="mandats",
    )  # fmt: skip
    answer = models.CharField("réponse", max_length=8, choices=Answer, default=Answer.INVITED)
    # People of one number go together; none for who is on their own.
    pair = models.PositiveSmallIntegerField("binôme", null=True, blank=True)
    # The days somebody is there; none for every one of them.
    wanted = models.ManyToManyField(Shift, blank=True, related_name="+", verbose_name="créneaux")
    # The only shifts they had chosen were dropped: they are asked whether they come to the others.
    has_lost_shift = models.BooleanField("créneau supprimé", default=False)
    # What the secret of their link is derived from: another one closes the link.
    seed = models.UUIDField(default=uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    joined_at = models.DateTimeField("inscrit·e le", default=timezone.now)
    answered_at = models.DateTimeField("réponse le", null=True, blank=True)
    asked_to_confirm_at = models.DateTimeField("relancé·e la veille le", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    attended = models.BooleanField("présent·e", null=True, blank=True)
    # Number and address are gone, by their owner's wish or some weeks after the action.
    forgotten_at = models.DateTimeField("oublié·e le", null=True, blank=True)
    # Raised by each change of role, mandates or pair.
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        verbose_name = "membre de l’équipe"
        verbose_name_plural = "membres de l’équipe"
        ordering = ["role__position", "first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "person"],
                name="once_in_a_team",
                violation_error_message="Cette personne est déjà dans l’équipe.",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False)
                | ~Q(phone="")
                | ~Q(email="")
                | Q(forgotten_at__isnull=False),
                name="team_member_can_be_reached",
                violation_error_message="Il faut un téléphone ou un e-mail.",
            ),
        ]

    def __str__(self) -> str:
        return self.first_name

    @property
    def mandate_labels(self) -> list[str]:
        return [str(Mandate(mandate).label) for mandate in self.mandates]

    @property
    def has_confirmed(self) -> bool:
        """Whether they answered the question of the day before, the last one when several."""
        asked, confirmed = self.asked_to_confirm_at, self.confirmed_at
        return confirmed is not None and (asked is None or confirmed >= asked)

    @property
    def is_silent(self) -> bool:
        """Whether they were asked the day before and have not answered."""
        return (
            self.answer == Answer.COMING
            and self.asked_to_confirm_at is not None
            and not self.has_confirmed
        )


class Booking(models.Model):
    """Somebody is taken for the time of a shift; the database refuses two at once."""

    member = models.ForeignKey(TeamMember, models.CASCADE, related_name="bookings")
    shift = models.ForeignKey(Shift, models.CASCADE, related_name="bookings")
    person = models.CharField(max_length=70, editable=False)
    during = DateTimeRangeField("pendant")

    class Meta:
        verbose_name = "réservation"
        constraints = [
            models.UniqueConstraint(fields=["member", "shift"], name="once_in_a_shift"),
            ExclusionConstraint(
                name="nobody_is_in_two_places",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette personne est déjà prise à ce moment-là.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.during}"


class Absence(models.Model):
    """When an activist cannot come: nobody invites them then."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    during = DateTimeRangeField("pendant")

    class Meta:
        verbose_name = "absence"
        ordering = ["during", "pk"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.during}"

    @property
    def first_day(self) -> date:
        return self.during.lower.astimezone(ZoneInfo(self.user.time_zone)).date()

    @property
    def last_day(self) -> date:
        end = self.during.upper - timedelta(microseconds=1)
        return end.astimezone(ZoneInfo(self.user.time_zone)).date()
