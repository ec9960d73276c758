from django.db.models import TextChoices


class InvitationState(TextChoices):
    OPEN = "open", "En attente"
    EXPIRED = "expired", "Expirée"
    ACCEPTED = "accepted", "Acceptée"
    REVOKED = "revoked", "Annulée"
