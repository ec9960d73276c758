from django.db.models import TextChoices


class WebinarState(TextChoices):
    """How far a session has got. « À venir » and « passée » are read from its dates."""

    DRAFT = "draft", "Brouillon"
    ANNOUNCED = "announced", "Annoncée"
    CANCELLED = "cancelled", "Annulée"


class RegistrationState(TextChoices):
    REGISTERED = "registered", "Inscrit·e"
    WAITING = "waiting", "Liste d’attente"
    # Outside the audience of the series: staff answer.
    ASKED = "asked", "Demande à valider"
    REFUSED = "refused", "Demande refusée"
    CANCELLED = "cancelled", "Désinscrit·e"


class QuestionState(TextChoices):
    NEW = "new", "À relire"
    ACCEPTED = "accepted", "Publiée"
    MERGED = "merged", "Fusionnée"
    ANSWERED_LIVE = "live", "Répondue en séance"
    ANSWERED_IN_WRITING = "writing", "Répondue par écrit"
    DECLINED = "declined", "Écartée"


class AskedWhen(TextChoices):
    BEFORE = "before", "Avant la séance"
    DURING = "during", "Pendant la séance"


class Door(TextChoices):
    """What a personal link opens at a given moment."""

    # No date yet, or too early: a countdown.
    EARLY = "early", "Pas encore ouverte"
    OPEN = "open", "Ouverte"
    OVER = "over", "Terminée"
    # Used on another device, where the session allows one at a time.
    ELSEWHERE = "elsewhere", "Ouverte sur un autre appareil"
    # No place, or not any more; the session is off.
    SHUT = "shut", "Fermée"
    # The link was withdrawn.
    GONE = "gone", "Lien retiré"
