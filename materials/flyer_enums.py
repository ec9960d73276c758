from django.db.models import TextChoices


class FlyerFormat(TextChoices):
    A5 = "a5", "A5 – tract de poche"
    A4 = "a4", "A4 – affichette"


class Ink(TextChoices):
    COLOUR = "colour", "Quadrichromie – chez un imprimeur"
    LOW = "low", "Peu d’encre – au local"


class Tone(TextChoices):
    RUST = "rust", "Brique"
    PLUM = "plum", "Prune"
    TEAL = "teal", "Canard"
    BLUE = "blue", "Bleu"
    GREEN = "green", "Vert"


class BatchState(TextChoices):
    DRAWING = "drawing", "En cours"
    DONE = "done", "Prêt"
    CANCELLED = "cancelled", "Arrêté"
    EXPIRED = "expired", "Fichier effacé"


class PosterState(TextChoices):
    UP = "up", "Posée"
    TO_RENEW = "to-renew", "À renouveler"
    DAMAGED = "damaged", "Abîmée"
    REMOVED = "removed", "Retirée"
