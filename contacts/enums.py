from django.db.models import TextChoices


class SourceKind(TextChoices):
    POSTER = "poster", "Affiche"
    FLYER = "flyer", "Flyer"
    ACTIVIST = "activist", "Militant·e"
    DEPLOYMENT = "deployment", "Déploiement"
    WEBSITE = "website", "Site internet"
    PAPER = "paper", "Feuille papier"


class CaptureMethod(TextChoices):
    SELF = "self", "Inscription par la personne"
    TABLET = "tablet", "Saisie par un·e militant·e"


class Purpose(TextChoices):
    """What a person agrees to; each is asked for by itself, per channel."""

    VOTE_REMINDERS = "vote-reminders", "Rappels de vote"
    CALL_BACK = "call-back", "Être rappelé·e"


class ConsentChannel(TextChoices):
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"
    CALL = "call", "Téléphone"
