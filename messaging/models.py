"""The outbox: one row per message. PostgreSQL is the truth, Redis only a doorbell."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.tokens import keyed_hash
from messaging.enums import Channel, SkipReason, Status, SuppressionReason


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        """Waiting messages whose time has come, and claimed ones whose worker died."""
        return self.filter(
            Q(status=Status.QUEUED, due_at__lte=now) | Q(status=Status.CLAIMED, lease_until__lt=now)
        )

    def unsent(self) -> Self:
        return self.filter(status__in=[Status.QUEUED, Status.CLAIMED])


class Message(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Recipient × purpose: writing the same message twice is impossible, not merely avoided.
    unique_key = models.CharField("clé unique", max_length=200, unique=True)
    channel = models.CharField("canal", max_length=5, choices=Channel)
    purpose = models.CharField("objet", max_length=40)
    recipient = models.CharField("destinataire", max_length=254)
    language = models.CharField("langue", max_length=5, default="fr")
    subject = models.CharField("sujet", max_length=200, blank=True)
    text = models.TextField("texte")
    html = models.TextField("HTML", blank=True)
    # [{"path": …, "name": …, "type": …}] in the default storage.
    attachments = models.JSONField("pièces jointes", default=list)
    # RFC 8058 one-click address, sent as List-Unsubscribe.
    unsubscribe_url = models.URLField("désinscription", max_length=500, blank=True)
    # A log-in code must not stay readable: the body is blanked once sent.
    is_secret = models.BooleanField("corps effacé après envoi", default=False)
    # A reply to what the person just did (code, confirmation): no quiet hours, not consent-bound.
    is_transactional = models.BooleanField("réponse immédiate", default=False)

    due_at = models.DateTimeField("à envoyer à partir de", default=timezone.now)
    not_after = models.DateTimeField("à ne pas envoyer après", null=True)
    # Of the recipient: quiet hours and holidays are theirs.
    departement = models.ForeignKey("territory.Departement", models.SET_NULL, null=True)

    status = models.CharField("état", max_length=9, choices=Status, default=Status.QUEUED)
    lease_until = models.DateTimeField("réservé jusqu'à", null=True)
    claimed_by = models.CharField("réservé par", max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    handed_over_at = models.DateTimeField("remise commencée le", null=True)
    sent_at = models.DateTimeField("envoyé le", null=True)
    provider_reference = models.CharField("référence", max_length=200, blank=True)
    skip_reason = models.CharField("raison", max_length=12, choices=SkipReason, blank=True)
    last_error = models.CharField("dernière erreur", max_length=500, blank=True)
    created_at = models.DateTimeField("créé le", default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(status=Status.QUEUED), name="message_queued"
            ),
            models.Index(
                fields=["lease_until"], condition=Q(status=Status.CLAIMED), name="message_claimed"
            ),
            models.Index(fields=["-created_at"], name="message_recent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=Status.SENT) | Q(sent_at__isnull=False),
                name="sent_message_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.SKIPPED) ^ Q(skip_reason=""),
                name="skipped_message_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} ({self.get_status_display()})"

    @property
    def client_reference(self) -> str:
        """The same on every attempt: Message-ID of a mail, client reference of an SMS."""
        return str(self.pk)


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def for_address(self, channel: str, address: str) -> Self:
        return self.filter(channel=channel, address_hash=keyed_hash(address))


class Suppression(models.Model):
    """An address or number never to be written to again; only its keyed hash is kept."""

    channel = models.CharField("canal", max_length=5, choices=Channel)
    address_hash = models.CharField("empreinte", max_length=64)
    reason = models.CharField("raison", max_length=12, choices=SuppressionReason)
    created_at = models.DateTimeField("depuis", default=timezone.now)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = "opposition"
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "address_hash"], name="suppression_unique")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address_hash[:8]}"
