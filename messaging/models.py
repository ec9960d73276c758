"""The outbox: one row per message. PostgreSQL is the truth, Redis only a doorbell."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import NotRequired, Self, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from core.tokens import keyed_hash
from messaging.addresses import masked, normalised
from messaging.enums import Channel, SkipReason, Status, SuppressedChannel, SuppressionReason
from messaging.purposes import COMPOSED, purpose_label

STATUS_TONES = {
    Status.QUEUED: "info",
    Status.CLAIMED: "info",
    Status.SENT: "ok",
    Status.SKIPPED: "outline",
    Status.FAILED: "bad",
    Status.UNCERTAIN: "warning",
}


class Attachment(TypedDict):
    """A file under the name the recipient sees: of the default storage, or a short text as it is.

    A text goes when the message is forgotten; a file of the storage would stay.
    """

    path: NotRequired[str]
    content: NotRequired[str]
    name: str
    type: str


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> Self:
        """Waiting messages whose time has come; answers to a person's own act go first."""
        return self.filter(status=Status.QUEUED, due_at__lte=now).order_by(
            "-is_transactional", "due_at", "pk"
        )

    def abandoned(self) -> Self:
        """Claimed by a worker that died: one clock, the database's, judges every lease."""
        return self.filter(status=Status.CLAIMED, lease_until__lt=Now())

    def unsent(self) -> Self:
        return self.filter(status__in=[Status.QUEUED, Status.CLAIMED])

    def not_begun(self) -> Self:
        """Unsent, and not being handed over at this instant: still stoppable for certain."""
        return self.unsent().filter(handed_over_at=None)

    def to_address(self, channel: str, address: str) -> Self:
        return self.filter(channel=channel, recipient_hash=address_hash(channel, address))

    def stoppable_by_suppression(self) -> Self:
        """All but the e-mails that answer an act: a log-in code must pass. An SMS never does."""
        return self.exclude(channel=Channel.EMAIL, is_transactional=True)

    def suppressed(self) -> Self:
        refused = Suppression.objects.filter(
            channel=OuterRef("channel"), address_hash=OuterRef("recipient_hash")
        )
        return self.stoppable_by_suppression().filter(Exists(refused))

    def in_states(self, states: Collection[str]) -> Self:
        return self.filter(status__in=states)

    def counts_by_status(self) -> dict[str, int]:
        """How many messages stand in each state, empty states included."""
        rows = self.order_by().values_list("status").annotate(number=Count("pk"))
        return dict.fromkeys(Status.values, 0) | dict(rows)


class Message(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Recipient × purpose: writing the same message twice is impossible, not merely avoided.
    unique_key = models.CharField("clé unique", max_length=200, unique=True)
    channel = models.CharField("canal", max_length=5, choices=Channel)
    purpose = models.CharField("objet", max_length=40)
    recipient = models.CharField("destinataire", max_length=254)
    # Keyed: suppression is a join, and survives the erasure of the address.
    recipient_hash = models.CharField("empreinte", max_length=64, editable=False)
    language = models.CharField("langue", max_length=5, default="fr")
    subject = models.CharField("sujet", max_length=200, blank=True)
    text = models.TextField("texte")
    html = models.TextField("HTML", blank=True)
    # A list of `Attachment`.
    attachments = models.JSONField("pièces jointes", default=list)
    # RFC 8058 one-click address, sent as List-Unsubscribe.
    unsubscribe_url = models.URLField("désinscription", max_length=500, blank=True)
    # A log-in code must not stay readable: the body is blanked once sent.
    is_secret = models.BooleanField("corps effacé après envoi", default=False)
    # Answers what the person just did (code, confirmation): goes before mailings. A mail then
    # leaves even to who unsubscribed; an SMS keeps its hours and its refusals all the same.
    is_transactional = models.BooleanField("réponse immédiate", default=False)

    due_at = models.DateTimeField("à envoyer à partir de", default=timezone.now)
    not_after = models.DateTimeField("à ne pas envoyer après", null=True)
    # Of the recipient: quiet hours and holidays are theirs.
    departement = models.ForeignKey("territory.Departement", models.SET_NULL, null=True)

    status = models.CharField("état", max_length=9, choices=Status, default=Status.QUEUED)
    lease_until = models.DateTimeField("réservé jusqu’à", null=True)
    claimed_by = models.CharField("réservé par", max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    handed_over_at = models.DateTimeField("remise commencée le", null=True)
    # The provider's rate is counted by this instant: unlike the one above, no retry blanks it.
    last_attempt_at = models.DateTimeField("dernier essai le", null=True)
    sent_at = models.DateTimeField("envoyé le", null=True)
    provider_reference = models.CharField("référence", max_length=200, blank=True)
    skip_reason = models.CharField("raison", max_length=12, choices=SkipReason, blank=True)
    last_error = models.CharField("dernière erreur", max_length=500, blank=True)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    # Who settled an uncertain message or sent a failed one again.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField("tranché le", null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(
                fields=["-is_transactional", "due_at"],
                condition=Q(status=Status.QUEUED),
                name="message_queued",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(status=Status.CLAIMED), name="message_claimed"
            ),
            models.Index(fields=["status", "-created_at"], name="message_by_status"),
            models.Index(fields=["-created_at"], name="message_recent"),
            models.Index(fields=["recipient_hash"], name="message_recipient"),
            models.Index(
                fields=["channel", "last_attempt_at"],
                condition=Q(last_attempt_at__isnull=False),
                name="message_pace",
            ),
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

    @property
    def masked_recipient(self) -> str:
        """Enough to recognise an address one knows, not enough to learn it."""
        return masked(self.channel, self.recipient)

    @property
    def purpose_label(self) -> str:
        return purpose_label(self.purpose)

    @property
    def can_be_retried(self) -> bool:
        """A secret body is gone once the message has failed: there is nothing left to send."""
        has_words = bool(self.text) or (self.purpose in COMPOSED and bool(self.recipient))
        return self.status == Status.FAILED and has_words

    @property
    def tone(self) -> str:
        """The tone of its state, among those of the badge component."""
        return STATUS_TONES[Status(self.status)]


def address_hash(channel: str, address: str) -> str:
    """The keyed hash under which an address or number is known once normalised."""
    return keyed_hash(normalised(channel, address))


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def for_address(self, channel: str, address: str) -> Self:
        return self.filter(channel=channel, address_hash=address_hash(channel, address))


class Suppression(models.Model):
    """An address or number never to be written to again; only its keyed hash is kept."""

    channel = models.CharField("canal", max_length=5, choices=SuppressedChannel)
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
