from django.db.models import TextChoices


class Channel(TextChoices):
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"


class SuppressedChannel(TextChoices):
    """What somebody can refuse: messages on a channel, or being called on a number."""

    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"
    CALL = "call", "Téléphone"


class Status(TextChoices):
    QUEUED = "queued", "En attente"
    # Claimed by a worker until `lease_until`; a worker that dies lets the lease run out.
    CLAIMED = "claimed", "En cours d’envoi"
    SENT = "sent", "Envoyé"
    SKIPPED = "skipped", "Non envoyé (règle)"
    FAILED = "failed", "Échec définitif"
    # The worker died between hand-over and commit and the provider cannot tell: a human decides.
    UNCERTAIN = "uncertain", "À vérifier"


class SkipReason(TextChoices):
    EXPIRED = "expired", "Date limite dépassée"
    SUPPRESSED = "suppressed", "Ne veut plus être contacté·e"
    NO_CONSENT = "no-consent", "Pas de consentement"
    NO_CHANNEL = "no-channel", "Canal non configuré"
    CANCELLED = "cancelled", "Annulé"


class SuppressionReason(TextChoices):
    STOP = "stop", "A répondu STOP"
    UNSUBSCRIBED = "unsubscribed", "Désinscription"
    DO_NOT_CALL = "do-not-call", "Ne veut plus d’appel"
    ERASED = "erased", "Effacement demandé"
    BOUNCED = "bounced", "Adresse en erreur"
