from django.db.models import TextChoices


class Status(TextChoices):
    DRAFT = "draft", "À préparer"
    CHECKING = "checking", "Vérification en cours"
    READY = "ready", "À confirmer"
    RUNNING = "running", "Import en cours"
    DONE = "done", "Importée"
    CANCELLED = "cancelled", "Arrêtée"
    UNDOING = "undoing", "Annulation en cours"
    UNDONE = "undone", "Annulée"


# A worker has something to do.
AT_WORK = frozenset({Status.CHECKING, Status.RUNNING, Status.UNDOING})


# What a line does, as foretold and as done.
NEW, KNOWN, DUPLICATE, REFUSED = "new", "known", "duplicates", "refused"
# Somebody of an earlier line of the same list.
TWICE = "twice"
# Who would be, or was, imported: somebody of two lines is one person.
PEOPLE = (NEW, KNOWN, DUPLICATE)


class Target(TextChoices):
    """What a column of a list can hold. Anything else is not imported."""

    FIRST_NAME = "first_name", "Prénom"
    PHONE = "phone", "Téléphone"
    MOBILE = "mobile", "Téléphone mobile"
    EMAIL = "email", "E-mail"
    TRADE = "trade", "Métier"
    POSTCODE = "postcode", "Code postal du travail"
    COMMUNE = "commune", "Commune du travail"
    CONSENT_EMAIL = "consent_email", "Accord pour les e-mails (oui/non)"
    CONSENT_SMS = "consent_sms", "Accord pour les SMS (oui/non)"
    CONSENT_CALL = "consent_call", "Accord pour être appelé·e (oui/non)"


class ConsentOrigin(TextChoices):
    PAPER = "paper", "Un formulaire papier signé ou coché"
    ONLINE = "online", "Un formulaire en ligne"
    MEETING = "meeting", "Une réunion ou une permanence"
    PHONE = "phone", "Un appel téléphonique"
    MEMBERSHIP = "membership", "Une adhésion ou une demande d’aide"
