"""What the street sends: sessions, the devices opened for them, and records nobody can read.

A record stays sealed to a `SealingKey` until it has become a capture; then its text is gone.
"""

from datetime import date, datetime
from typing import Self
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from contacts.models import Source
from field.enums import Reason, RecordState
from organisations.models import Organisation, User

GOALS = [(5, "5 contacts"), (10, "10 contacts"), (15, "15 contacts")]


class FieldSessionQuerySet(models.QuerySet["FieldSession"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(source__organisation__in=Organisation.objects.visible_to(user))

    def managed_by(self, user: User) -> Self:
        """The sessions of the organisations in whose name the person works."""
        return self.filter(source__organisation__in=Organisation.objects.staffed_by(user))


class FieldSession(models.Model):
    """An action in the street for which tablets are opened by scanning its field QR code.

    The secret behind that code is derived from `public_id` and `secret_version` under a key of the
    server: it can be printed again, and a copy of the table opens nothing.
    """

    public_id = models.UUIDField("identifiant", unique=True, default=uuid4, editable=False)
    source = models.OneToOneField(
        Source, models.PROTECT, related_name="field_session", verbose_name="source"
    )
    # Both included, in `time_zone`.
    starts_on = models.DateField("premier jour")
    ends_on = models.DateField("dernier jour")
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    secret_version = models.PositiveSmallIntegerField(default=1, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    closed_at = models.DateTimeField("fermée le", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("créée le", default=timezone.now)

    objects = FieldSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "session de terrain"
        verbose_name_plural = "sessions de terrain"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="field_session_ends_after_start",
                violation_error_message="Le dernier jour vient après le premier.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.source.label

    @property
    def organisation(self) -> Organisation:
        return self.source.organisation

    def day_of(self, moment: datetime) -> date:
        """The day it is, at `moment`, where the session takes place."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def covers(self, moment: datetime) -> bool:
        return self.starts_on <= self.day_of(moment) <= self.ends_on

    def is_open_at(self, moment: datetime) -> bool:
        """Whether tablets may be opened for it."""
        return self.closed_at is None and self.covers(moment)


class FieldDeviceQuerySet(models.QuerySet["FieldDevice"]):
    def active(self) -> Self:
        return self.filter(revoked_at=None)

    def personal(self) -> Self:
        return self.filter(user__isnull=False)

    def managed_by(self, user: User) -> Self:
        """Those opened for the organisations in whose name the person works, and their own."""
        led = Organisation.objects.staffed_by(user)
        return self.filter(Q(source__organisation__in=led) | Q(user=user))


class FieldDevice(models.Model):
    """A browser opened for a session, or by an activist on their own phone (no session).

    It can add and count, never list. Its cookie is random; only a hash of it is kept.
    """

    public_id = models.UUIDField("identifiant", unique=True, default=uuid4, editable=False)
    # The same for every opening of one browser: its unsent records outlive a new scan.
    browser = models.UUIDField("navigateur", default=uuid4, editable=False, db_index=True)
    session = models.ForeignKey(
        FieldSession, models.PROTECT, null=True, blank=True, related_name="devices",
        verbose_name="session",
    )  # fmt: skip
    # The account of a personal phone: what it sends is theirs.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True,
        related_name="field_devices", verbose_name="militant·e",
    )  # fmt: skip
    source = models.ForeignKey(Source, models.PROTECT, related_name="field_devices")
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    first_name = models.CharField("prénom", max_length=80)
    goal = models.PositiveSmallIntegerField("objectif", choices=GOALS, default=5)
    created_at = models.DateTimeField("ouvert le", default=timezone.now)
    last_seen_at = models.DateTimeField("dernier contact", default=timezone.now)
    unsent_count = models.PositiveIntegerField("fiches en attente", default=0)
    oldest_unsent_at = models.DateTimeField("plus ancienne", null=True, blank=True)
    # How many records it brought since that moment: a flood is asked to wait.
    counted_since = models.DateTimeField(default=timezone.now, editable=False)
    counted_records = models.PositiveIntegerField(default=0, editable=False)
    revoked_at = models.DateTimeField("retiré le", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = FieldDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "appareil"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=False, user=None) | Q(session=None, user__isnull=False),
                name="field_device_of_a_session_or_a_person",
            )
        ]

    def __str__(self) -> str:
        return self.first_name

    @property
    def is_personal(self) -> bool:
        return self.session_id is None


class SealingKey(models.Model):
    """A key pair: tablets seal to the public half; the private half is encrypted at rest.

    Retired keys stay, as long as a tablet may hold records sealed to them.
    """

    kid = models.CharField("identifiant", max_length=32, unique=True)
    public_jwk = models.JSONField("clé publique")
    private_jwk = models.TextField("clé privée chiffrée", editable=False)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    retired_at = models.DateTimeField("remplacée le", null=True, blank=True)

    class Meta:
        verbose_name = "clé de scellement"
        verbose_name_plural = "clés de scellement"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["retired_at"], nulls_distinct=False, name="one_current_sealing_key"
            )
        ]

    def __str__(self) -> str:
        return self.kid


class SealedRecordQuerySet(models.QuerySet["SealedRecord"]):
    def waiting(self) -> Self:
        return self.filter(state=RecordState.WAITING)

    def to_correct(self) -> Self:
        return self.filter(state=RecordState.TO_CORRECT)

    def managed_by(self, user: User) -> Self:
        return self.filter(source__organisation__in=Organisation.objects.staffed_by(user))


class SealedRecord(models.Model):
    """One record of a tablet, stored exactly once under the identifier made there.

    Few indexes: this is where a whole market arrives at once.
    """

    capture_id = models.UUIDField("identifiant", unique=True)
    # The browser that sealed it; None for the file of a shared tablet, handed in by staff.
    device = models.ForeignKey(
        FieldDevice, models.SET_NULL, null=True, blank=True, related_name="records",
        db_index=False,
    )  # fmt: skip
    session = models.ForeignKey(
        FieldSession, models.PROTECT, null=True, blank=True, related_name="records"
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="sealed_records")
    # Emptied once the record is a capture, or was discarded.
    sealed = models.TextField("contenu scellé", blank=True)
    state = models.CharField(
        "état", max_length=10, choices=RecordState, default=RecordState.WAITING
    )
    reason = models.CharField("raison", max_length=15, choices=Reason, blank=True)
    # Names of the fields to correct, never what they hold.
    wrong_fields = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    # Known once opened: whose turn it was on a shared tablet.
    turn = models.UUIDField("tour", null=True, blank=True)
    received_at = models.DateTimeField("reçue le", default=timezone.now)
    # Who said that a record of a closed session or revoked device is good all the same.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    settled_at = models.DateTimeField("réglée le", null=True, blank=True)

    objects = SealedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche de terrain"
        verbose_name_plural = "fiches de terrain"
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state=RecordState.WAITING), name="record_waiting"
            ),
            models.Index(
                fields=["source", "-received_at"],
                condition=Q(state=RecordState.TO_CORRECT),
                name="record_to_correct",
            ),
            models.Index(fields=["device", "-received_at"], name="record_device"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sealed="") | Q(state__in=[RecordState.WAITING, RecordState.TO_CORRECT]),
                name="settled_record_keeps_no_text",
            )
        ]

    def __str__(self) -> str:
        return str(self.capture_id)

    @property
    def time_zone(self) -> str:
        return self.session.time_zone if self.session else self.source.organisation.time_zone


class ReferenceFile(models.Model):
    """Trades, places and agreements for searching without network, under the hash of its content.

    In the database, so that every replica serves every version a tablet may still ask for.
    """

    version = models.CharField("version", max_length=16, primary_key=True)
    brotli = models.BinaryField()
    gzip = models.BinaryField()
    built_at = models.DateTimeField("construit le", default=timezone.now)

    class Meta:
        verbose_name = "fichier de référence"
        verbose_name_plural = "fichiers de référence"
        ordering = ["-built_at"]

    def __str__(self) -> str:
        return self.version
