from django.db.models import TextChoices


class Phase(TextChoices):
    """Where a campaign stands on a given day; computed from its dates, never stored."""

    PREPARATION = "preparation", "Préparation"
    COLLECTION = "collection", "Collecte des contacts"
    VOTE = "vote", "Vote"
    AFTER = "after", "Après le vote"
