from django.db.models import TextChoices


class Kind(TextChoices):
    CONFEDERATION = "confederation", "Confédération"
    REGION = "region", "Comité régional"
    UD = "ud", "Union départementale"
    UL = "ul", "Union locale"
    FD = "fd", "Fédération"
    SPECIFIC = "specific", "Organisation spécifique"


class Role(TextChoices):
    MILITANT = "militant", "Militant·e"
    STAFF = "staff", "Équipe"
    ADMIN = "admin", "Responsable"
