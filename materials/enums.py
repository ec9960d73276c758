from django.db.models import TextChoices


class ItemKind(TextChoices):
    LEAFLET = "leaflet", "Tract"
    FLYER = "flyer", "Flyer"
    POSTER = "poster", "Affiche"
    STICKER = "sticker", "Autocollant"
    GUIDE = "guide", "Guide"
    FORM = "form", "Bulletin"
    SLIDES = "slides", "Diaporama"
    OTHER = "other", "Autre"


class Language(TextChoices):
    """In which material is printed: those of the public pages."""

    FRENCH = "fr", "Français"
    ENGLISH = "en", "Anglais"
    PORTUGUESE = "pt", "Portugais"
    SPANISH = "es", "Espagnol"
    ARABIC = "ar", "Arabe"
    ROMANIAN = "ro", "Roumain"
    POLISH = "pl", "Polonais"
    TURKISH = "tr", "Turc"


class LocationKind(TextChoices):
    PRINTER = "printer", "Imprimeur"
    CONFEDERATION = "confederation", "Confédération"
    REGION = "region", "Comité régional"
    UD = "ud", "Union départementale"
    UL = "ul", "Union locale"
    FD = "fd", "Fédération"
    SPECIFIC = "specific", "Organisation spécifique"
    DEPLOYMENT = "deployment", "Déploiement"
    TRANSIT = "transit", "En route"
    USED = "used", "Utilisé"
    LOST = "lost", "Perdu"
    GAP = "gap", "Écarts"


# Where material comes from or goes to for good: what stands there may be below zero.
BOUNDLESS = (LocationKind.PRINTER, LocationKind.USED, LocationKind.LOST, LocationKind.GAP)
# One of each, for everybody.
SHARED = (*BOUNDLESS, LocationKind.TRANSIT)


class Reason(TextChoices):
    PRINTED = "printed", "Livraison de l’imprimeur"
    SHIPPED = "shipped", "Expédition"
    RECEIVED = "received", "Réception"
    MISSING = "missing", "Manquant à la réception"
    EXTRA = "extra", "En plus à la réception"
    MOVED = "moved", "Déplacement"
    USED = "used", "Distribution"
    LOST = "lost", "Perte ou casse"
    COUNTED = "counted", "Inventaire"
    CORRECTED = "corrected", "Correction"


class OrderState(TextChoices):
    DRAFT = "draft", "Panier"
    SUBMITTED = "submitted", "Envoyée"
    # The rest of another order: it is served when stock comes.
    WAITING = "waiting", "En attente de stock"
    APPROVED = "approved", "Acceptée"
    PICKING = "picking", "En préparation"
    SHIPPED = "shipped", "Expédiée"
    RECEIVED = "received", "Reçue avec un écart"
    CLOSED = "closed", "Terminée"
    CANCELLED = "cancelled", "Annulée"


# What was promised and has not left yet.
RESERVING = (OrderState.APPROVED, OrderState.PICKING)
TO_DECIDE = (OrderState.SUBMITTED, OrderState.WAITING)
IN_PROGRESS = (*TO_DECIDE, *RESERVING, OrderState.SHIPPED, OrderState.RECEIVED)
