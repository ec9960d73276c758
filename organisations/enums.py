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


class Mandate(TextChoices):
    """What somebody may be elected or appointed to."""

    EMPLOYEE_COUNSELLOR = "counsellor", "Conseiller·e du ou de la salarié·e"
    UNION_DEFENDER = "defender", "Défenseur·e syndical·e"
    LABOUR_JUDGE = "judge", "Conseiller·e prud’homal·e"
    CPRI_CANDIDATE = "cpri", "Candidat·e CPRI"
    ADMINISTRATOR = "administrator", "Administrateur·ice CPAM ou CAF"
