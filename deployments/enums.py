from django.db.models import IntegerChoices, TextChoices

# Roles of a team that the code knows by name; the confederation adds others.
PILOT_ROLE, FIELD_ROLE, PRESS_ROLE = "pilote", "equipe", "presse"


class Stage(TextChoices):
    """How far a deployment has got. “Held” and “to come” are read from its dates."""

    IDEA = "idea", "Idée"
    REPORTED = "reported", "Annoncé"
    CANCELLED = "cancelled", "Annulé"


class Public(TextChoices):
    """Whom an action is for: what is said, and when people can be met, depends on it."""

    WORKERS = "workers", "Salarié·es des très petites entreprises"
    HOME_EMPLOYEES = "home", "Salarié·es du particulier employeur"
    APPRENTICES = "apprentices", "Apprenti·es et jeunes"
    SEASONAL = "seasonal", "Saisonnier·es"
    MEMBERS = "members", "Adhérent·es et militant·es"
    RETIRED = "retired", "Retraité·es"
    EVERYBODY = "everybody", "Grand public"
    MEDIA = "media", "Presse et médias"


class Answer(TextChoices):
    """What somebody said to being in a team."""

    INVITED = "invited", "Pas encore répondu"
    COMING = "coming", "Vient"
    WAITING = "waiting", "Liste d’attente"
    DECLINED = "declined", "Ne vient pas"


class Authority(TextChoices):
    TOWN_HALL = "town-hall", "Mairie"
    PREFECTURE = "prefecture", "Préfecture"


class DeclarationState(TextChoices):
    TO_SEND = "to-send", "À envoyer"
    SENT = "sent", "Envoyée"
    GRANTED = "granted", "Acceptée"
    REFUSED = "refused", "Refusée"
    NOT_NEEDED = "not-needed", "Sans objet"


class DeclarationAlert(TextChoices):
    """What the declarations of an action call for, the most pressing first."""

    LATE = "late", "Trop tard pour déclarer"
    REFUSED = "refused", "Déclaration refusée"
    DUE = "due", "Déclaration à envoyer maintenant"
    TO_SEND = "to-send", "Déclaration à envoyer"
    SENT = "sent", "Déclaration envoyée"
    GRANTED = "granted", "Déclaration acceptée"


class TaskKind(TextChoices):
    DECLARATION = "declaration", "Déclaration"
    LOGISTICS = "logistics", "Matériel"
    TEAM = "team", "Équipe"
    COMMUNICATION = "communication", "Communication"
    LESSON = "lesson", "Leçon d’une action passée"
    OTHER = "other", "Autre"


class TallyKind(TextChoices):
    MET = "met", "Personnes rencontrées"
    LEAFLETS = "leaflets", "Tracts distribués"


class RemarkKind(TextChoices):
    TOP = "top", "Top"
    FLOP = "flop", "Flop"


class FeedKind(TextChoices):
    MINE = "mine", "Mes actions"
    ORGANISATION = "organisation", "Une organisation"
    EVERYTHING = "everything", "Tout ce que je vois"


class Weekday(IntegerChoices):
    """As ISO numbers them."""

    MONDAY = 1, "lundi"
    TUESDAY = 2, "mardi"
    WEDNESDAY = 3, "mercredi"
    THURSDAY = 4, "jeudi"
    FRIDAY = 5, "vendredi"
    SATURDAY = 6, "samedi"
    SUNDAY = 7, "dimanche"
