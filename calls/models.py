"""Who must be called, who is calling whom right now, and what each call gave."""

import uuid
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from calls.enums import Effect, MeetingState, MoveCause, Reason, Status
from calls.expressions import agrees_to_calls, place_of
from campaigns.enums import Phase
from contacts.models import Contact
from organisations.enums import Kind
from organisations.models import Organisation, User

USER = settings.AUTH_USER_MODEL
AT_LEAST_ONE = [MinValueValidator(1, "Au moins 1.")]


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)


class Outcome(models.Model):
    """How a call can end: the effect is the software's, the words and figures are the union's."""

    code = models.SlugField("code", max_length=30, unique=True)
    effect = models.CharField("effet", max_length=12, choices=Effect)
    label = models.CharField("intitulé", max_length=60)
    help_text = models.CharField("précision", max_length=150, blank=True)
    shortcut = models.CharField("raccourci", max_length=1, unique=True)
    retry_after_days = models.PositiveSmallIntegerField(
        "rappeler après (jours)", default=1, validators=AT_LEAST_ONE
    )
    max_attempts = models.PositiveSmallIntegerField(
        "essais au plus", default=4, validators=AT_LEAST_ONE
    )
    position = models.PositiveSmallIntegerField("ordre", default=100)
    is_active = models.BooleanField("proposée", default=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = "issue d’un appel"
        verbose_name_plural = "issues d’un appel"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retry_after_days__gte=1) & Q(max_attempts__gte=1),
                name="outcome_retries_make_sense",
                violation_error_message="Au moins un jour, et au moins un essai.",
            )
        ]

    def __str__(self) -> str:
        return self.label


class Escalation(models.Model):
    """Who takes over from whom, and after how many days late."""

    from_kind = models.CharField("de", max_length=13, choices=Kind, unique=True)
    to_kind = models.CharField("à", max_length=13, choices=Kind)
    days_late = models.PositiveSmallIntegerField("jours de retard", validators=AT_LEAST_ONE)

    class Meta:
        verbose_name = "reprise des retards"
        verbose_name_plural = "reprises des retards"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_kind=F("to_kind")), name="escalation_goes_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(days_late__gte=1),
                name="escalation_leaves_a_day",
                violation_error_message="Laissez au moins un jour.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_kind_display()} → {self.get_to_kind_display()}"


class CallScript(models.Model):
    """What to say in a phase of the campaign, where the confederation rewrote our words."""

    phase = models.CharField("moment", max_length=11, choices=Phase, unique=True)
    text = models.TextField("texte", max_length=4000)
    updated_at = models.DateTimeField("modifié le", default=timezone.now)

    class Meta:
        verbose_name = "texte d’appel"
        verbose_name_plural = "textes d’appel"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_phase_display()


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User) -> Self:
        """Those of the people one sees, and those one was given to call.

        What was given belongs to the organisation it was given for: who leaves it leaves it.
        """
        if user.scope.everything:
            return self.all()
        organisations = [membership.organisation_id for membership in user.active_memberships]
        seen = Contact.objects.visible_to(user).order_by().values("pk")
        given = Q(assigned_to=user, assigned_for__in=organisations)
        return self.filter(Q(contact__in=seen) | given)

    def within_scope(self, user: User) -> Self:
        """Those of the people of one's organisations: having met somebody is not enough."""
        return self.filter(contact__in=Contact.objects.filter(user.scope.q()).order_by())

    def open(self) -> Self:
        return self.filter(status=Status.OPEN)

    def callable(self) -> Self:
        """Open, and the person has a number and agrees to calls as of this very query.

        Who has voted is left in peace, unless they wished something.
        """
        return (
            self.open()
            .exclude(contact__phone="")
            .exclude(contact__voted_at__isnull=False, reasons=[Reason.CONSENT])
            .alias(agreed=agrees_to_calls("contact"))
            .filter(agreed=True)
        )

    def in_writing(self) -> Self:
        """Open, wished for, and not by telephone: the answer is a letter."""
        return (
            self.open()
            .filter(reasons__overlap=[Reason.CALL_BACK, Reason.JOIN, Reason.LEGAL])
            .alias(agreed=Coalesce(agrees_to_calls("contact"), Value(False)))
            .filter(Q(contact__phone="") | Q(agreed=False))
        )

    def owed(self) -> Self:
        """Open, and to be called or written to: a wish is answered, one way or the other."""
        wished = ~Q(reasons=[Reason.CONSENT])
        agrees = Q(agreed=True, contact__voted_at=None) & ~Q(contact__phone="")
        return self.open().alias(agreed=agrees_to_calls("contact")).filter(wished | agrees)

    def due(self, now: datetime) -> Self:
        return self.filter(next_attempt_at__lte=now)

    def late(self, now: datetime) -> Self:
        return self.filter(due_at__lt=now)

    def free(self) -> Self:
        """Nobody is calling; the database's own clock judges every lease."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=Now()))

    def leased_to(self, user: User) -> Self:
        return self.filter(lease_holder=user, lease_until__gte=Now())

    def moved_place(self) -> Self:
        """Those whose person works elsewhere, or in another branch, than when they were routed."""
        return self.open().exclude(place=place_of("contact__"))

    def with_last_call(self) -> Self:
        """`last_said`: how the last call that stands ended, in the words of that day."""
        calls = Call.objects.standing().filter(follow_up=OuterRef("pk"))
        words = calls.order_by("-ended_at", "-pk").values("outcome_label")
        return self.annotate(last_said=Subquery(words[:1]))

    def for_queue(self, user: User) -> Self:
        """In the order of calling: mine first, then who needs help to vote, then the oldest."""
        mine = models.Case(models.When(assigned_to=user, then=0), default=1)
        return self.order_by(mine, "-needs_vote_help", "due_at", "pk")


class FollowUp(models.Model):
    """Somebody who must be called, until it is done. One open row per person."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="follow_ups")
    reasons = ArrayField(
        models.CharField(max_length=10, choices=Reason), verbose_name="raisons"
    )  # fmt: skip
    # The local union of the workplace, else the departmental one: it owes the call.
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, related_name="follow_ups",
        verbose_name="organisation",
    )  # fmt: skip
    # The federation of the branch, which may call as well.
    federation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, related_name="+", verbose_name="fédération"
    )
    organisation_since = models.DateTimeField("confié le", default=timezone.now)
    # What the routing went by; the sweeper compares it with where the person works today.
    place = models.CharField(max_length=40, editable=False)
    assigned_to = models.ForeignKey(
        USER, models.SET_NULL, null=True, blank=True, related_name="follow_ups",
        verbose_name="confié à",
    )  # fmt: skip
    assigned_for = models.ForeignKey(Organisation, models.SET_NULL, null=True, related_name="+")

    status = models.CharField("état", max_length=9, choices=Status, default=Status.OPEN)
    due_at = models.DateTimeField("à appeler avant")
    next_attempt_at = models.DateTimeField("prochain essai à partir de")
    attempts = models.PositiveSmallIntegerField("essais sans réponse", default=0)
    last_outcome = models.ForeignKey(
        Outcome, models.PROTECT, null=True, related_name="+", verbose_name="dernière issue"
    )
    needs_vote_help = models.BooleanField("besoin d’aide pour voter", default=False)
    # The number that proved wrong: another one opens a new follow-up.
    wrong_number = models.CharField("numéro erroné", max_length=20, blank=True)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    closed_at = models.DateTimeField("clos le", null=True)

    # Who is on the line, until when. One person at a time.
    lease_holder = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="+", verbose_name="en ligne"
    )
    lease_since = models.DateTimeField("pris le", null=True)
    lease_until = models.DateTimeField("réservé jusqu’à", null=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = "rappel"
        verbose_name_plural = "rappels"
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(status=Status.OPEN), name="followup_open"
            ),
            models.Index(
                fields=["organisation", "due_at"],
                condition=Q(status=Status.OPEN),
                name="followup_organisation",
            ),
            models.Index(fields=["-closed_at", "-id"], name="followup_closed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"],
                condition=Q(status=Status.OPEN),
                name="one_open_followup_per_contact",
            ),
            models.UniqueConstraint(
                fields=["lease_holder"],
                condition=Q(lease_holder__isnull=False),
                name="one_lease_per_caller",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.OPEN, closed_at__isnull=True)
                | ~Q(status=Status.OPEN) & Q(closed_at__isnull=False),
                name="followup_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(lease_holder__isnull=True) | Q(lease_until__isnull=False),
                name="lease_has_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} ({self.get_status_display()})"

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def reason_labels(self) -> list[str]:
        """What the person wishes; their mere agreement is told only when there is nothing else."""
        wishes = [reason for reason in self.reasons if reason != Reason.CONSENT]
        return [str(Reason(reason).label) for reason in wishes or self.reasons]


class FollowUpMove(models.Model):
    """A follow-up passed from one organisation to another, and why."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="moves")
    from_organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, related_name="+", verbose_name="de"
    )
    to_organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, related_name="+", verbose_name="à"
    )
    cause = models.CharField("raison", max_length=5, choices=MoveCause)
    moved_at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "transmission d’un rappel"
        verbose_name_plural = "transmissions de rappels"
        ordering = ["-moved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.follow_up_id} : {self.get_cause_display()}"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(follow_up__in=FollowUp.objects.visible_to(user).order_by().values("pk"))

    def planned(self) -> Self:
        return self.filter(state=MeetingState.PLANNED)

    def from_instant(self, now: datetime) -> Self:
        return self.filter(starts_at__gte=now)


class Meeting(models.Model):
    """An appointment agreed on the telephone; calendars follow it by `uid` and `sequence`."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)
    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="meetings")
    organiser = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="+", verbose_name="organisé par"
    )
    starts_at = models.DateTimeField("début")
    minutes = models.PositiveSmallIntegerField("durée (minutes)", default=30)
    place = models.CharField("lieu", max_length=200)
    state = models.CharField(
        "état", max_length=9, choices=MeetingState, default=MeetingState.PLANNED
    )
    updated_at = models.DateTimeField("modifié le", default=timezone.now)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "rendez-vous"
        verbose_name_plural = "rendez-vous"
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"], name="meeting_starts")]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=5), name="meeting_has_length")
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} – {self.place}"

    @property
    def local_start(self) -> datetime:
        """In the hours of where the person works."""
        return self.starts_at.astimezone(ZoneInfo(self.follow_up.contact.departement.time_zone))


class CallQuerySet(models.QuerySet["Call"]):
    def standing(self) -> Self:
        """Those nobody took back."""
        return self.filter(~Exists(CallUndo.objects.filter(call=OuterRef("pk"))))


class Call(models.Model):
    """One call, as it ended. Rows are only ever added (a trigger refuses updates)."""

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="calls")
    caller = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="calls", verbose_name="appelé par"
    )
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="calls", verbose_name="issue")
    # As it was worded that day: the confederation may word it otherwise since.
    outcome_label = models.CharField("issue, telle qu’elle se disait", max_length=60)
    started_at = models.DateTimeField("début")
    ended_at = models.DateTimeField("fin", default=timezone.now)
    note = models.CharField("note", max_length=1000, blank=True)
    next_attempt_at = models.DateTimeField("prochain essai", null=True)
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, related_name="calls")
    # What stood before and what the call did elsewhere: all that taking it back needs.
    before = models.JSONField(default=dict, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = "appel"
        ordering = ["-ended_at", "-pk"]
        indexes = [models.Index(fields=["caller", "-ended_at"], name="call_by_caller")]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at__lte=F("ended_at")), name="call_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.follow_up_id} – {self.ended_at:%Y-%m-%d %H:%M}"


class CallUndo(models.Model):
    """A call taken back by who recorded it."""

    call = models.OneToOneField(Call, models.CASCADE, related_name="undo")
    undone_at = models.DateTimeField("le", default=timezone.now)

    class Meta:
        verbose_name = "appel repris"
        verbose_name_plural = "appels repris"
        ordering = ["-undone_at", "-pk"]

    def __str__(self) -> str:
        return str(self.call_id)
