from django.db.models import TextChoices


class Reason(TextChoices):
    """Why somebody must be called: what they wish (`contacts.enums.Wish`), or their agreement."""

    CALL_BACK = "call-back", "Veut être rappelé·e"
    JOIN = "join", "Veut adhérer"
    LEGAL = "legal", "Conseil juridique"
    CONSENT = "consent", "A accepté d’être appelé·e"


class Status(TextChoices):
    OPEN = "open", "À appeler"
    DONE = "done", "Fait"
    CANCELLED = "cancelled", "Annulé"


class Effect(TextChoices):
    """What an outcome does to the follow-up and to the person; its figures are data."""

    RETRY = "retry", "Rappeler un autre jour, à une autre heure"
    LATER = "later", "Rappeler à l’heure convenue"
    TALKED = "talked", "Clore le rappel"
    VOTE_HELP = "vote-help", "Garder ouvert : besoin d’aide pour voter"
    MEETING = "meeting", "Fixer un rendez-vous"
    VOTED = "voted", "Noter que la personne a voté"
    JOINED = "joined", "Noter l’adhésion"
    WRONG_NUMBER = "wrong-number", "Signaler le numéro, écrire un e-mail"
    REFUSED = "refused", "Ne plus jamais appeler"


# The person was on the line.
REACHED = frozenset(
    {
        Effect.LATER, Effect.TALKED, Effect.VOTE_HELP, Effect.MEETING, Effect.VOTED,
        Effect.JOINED, Effect.REFUSED,
    }
)  # fmt: skip


class MoveCause(TextChoices):
    LATE = "late", "En retard"
    PLACE = "place", "Lieu de travail corrigé"


class MeetingState(TextChoices):
    PLANNED = "planned", "Prévu"
    CANCELLED = "cancelled", "Annulé"
