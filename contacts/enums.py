from django.db.models import TextChoices


class SourceKind(TextChoices):
    POSTER = "poster", "Affiche"
    FLYER = "flyer", "Flyer"
    ACTIVIST = "activist", "Militant·e"
    DEPLOYMENT = "deployment", "Déploiement"
    WEBSITE = "website", "Site internet"
    PAPER = "paper", "Feuille papier"
    LIST = "list", "Liste importée"


class CaptureMethod(TextChoices):
    SELF = "self", "Inscription par la personne"
    TABLET = "tablet", "Saisie par un·e militant·e"
    PAPER = "paper", "Feuille papier"
    IMPORT = "import", "Liste importée"


# Somebody of the union stood in front of the person, who could say yes or no.
IN_PERSON = frozenset({CaptureMethod.TABLET, CaptureMethod.PAPER})


class Purpose(TextChoices):
    """What a person agrees to; each is asked for by itself, per channel."""

    VOTE_REMINDERS = "vote-reminders", "Rappels de vote"
    CALL_BACK = "call-back", "Être rappelé·e"


class ConsentChannel(TextChoices):
    EMAIL = "email", "E-mail"
    SMS = "sms", "SMS"
    CALL = "call", "Téléphone"

    @property
    def goes_by(self) -> str:
        """What it takes to reach somebody so: their “email” or their “phone”."""
        return "email" if self == ConsentChannel.EMAIL else "phone"


class Wish(TextChoices):
    """What a person asks for, beyond being reminded to vote."""

    CALL_BACK = "call-back", "Veut être rappelé·e"
    JOIN = "join", "Veut adhérer"
    LEGAL = "legal", "Conseil juridique"


class Support(TextChoices):
    CONVINCED = "convinced", "Convaincu·e"
    FAVOURABLE = "favourable", "Favorable"
    HESITANT = "hesitant", "Hésitant·e"
    OPPOSED = "opposed", "Opposé·e"


class WillVote(TextChoices):
    YES = "yes", "Va voter"
    MAYBE = "maybe", "Peut-être"
    NO = "no", "Ne votera pas"


class Joining(TextChoices):
    INTERESTED = "interested", "Intéressé·e"
    ASKED = "asked", "Demande à adhérer"
    MEMBER = "member", "Adhérent·e"
