from django.db.models import TextChoices


class Zone(TextChoices):
    METRO = "metro", "Métropole"
    DROM = "drom", "Département d’outre-mer"
    COM = "com", "Collectivité d’outre-mer"


class PairOrigin(TextChoices):
    """Where a link between an activity and a collective agreement comes from."""

    OFFICIAL = "official", "Table officielle"
    TEXTS = "texts", "Textes des conventions"
    INDICATIVE = "indicative", "Indication"


class LookupKind(TextChoices):
    COMMUNE = "commune", "Commune"
    DEPARTEMENT = "departement", "Département"
    TRADE = "trade", "Métier"
    AGREEMENT = "agreement", "Convention collective"
