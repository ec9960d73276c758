from django.db.models import TextChoices


class RecordState(TextChoices):
    """Where a sealed record stands, from the tablet to the contacts."""

    WAITING = "waiting", "À ouvrir"
    CAPTURED = "captured", "Enregistrée"
    TO_CORRECT = "to-correct", "À corriger"
    DISCARDED = "discarded", "Écartée"


class Reason(TextChoices):
    """Why a record waits for a human."""

    INVALID = "invalid", "Une information est à corriger"
    UNREADABLE = "unreadable", "Fiche illisible"
    CLOSED = "closed", "Saisie après la fermeture de la session"
    OUTSIDE_DATES = "outside-dates", "Saisie hors des dates de la session"
    REVOKED = "revoked", "Appareil retiré"
    UNKNOWN_SESSION = "unknown-session", "Session inconnue de cet appareil"
    MISMATCH = "mismatch", "Fiche abîmée : son contenu et son numéro ne vont pas ensemble"
    FAILED = "failed", "Enregistrement impossible"
