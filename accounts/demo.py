"""The people of the demonstration, one per role, around Caen."""

from dataclasses import dataclass

from organisations.actions import create_local_union, join
from organisations.enums import Role
from organisations.models import Organisation, User
from territory.models import Commune

DOMAIN = "demo.invalid"
LOCAL_UNION = "ul-de-caen"
CAEN_AND_AROUND = ["14118", "14101", "14167", "14242", "14271", "14327", "14341", "14383", "14437"]


@dataclass(frozen=True)
class Persona:
    slug: str
    first_name: str
    last_name: str
    organisation: str
    role: Role
    title: str
    text: str
    icon: str

    @property
    def email(self) -> str:
        return f"{self.slug}@{DOMAIN}"


DEMO_PERSONAS = [
    Persona(
        "militant", "Samira", "Diallo", LOCAL_UNION, Role.MILITANT, "Militante",
        "Sur le marché avec sa tablette : elle saisit des contacts et ne voit que les siens.",
        "tablet",
    ),
    Persona(
        "ul", "Yann", "Lemoine", LOCAL_UNION, Role.ADMIN, "Union locale de Caen",
        "Il voit les contacts de ses communes, les rappelle et invite son équipe.", "pin",
    ),
    Persona(
        "ud", "Claire", "Martin", "ud-14", Role.ADMIN, "Union départementale du Calvados",
        "Elle voit tout le département 14 et ouvre les unions locales.", "map",
    ),
    Persona(
        "fd", "Moussa", "Traoré", "fd-commerce", Role.ADMIN, "Fédération du commerce",
        "Il voit les contacts de ses conventions collectives, partout en France.", "shop",
    ),
    Persona(
        "region", "Inès", "Garcia", "cr-28", Role.STAFF, "Comité régional Normandie",
        "Elle voit et relie les cinq départements de la région.", "people",
    ),
    Persona(
        "confederation", "Paul", "Nguyen", "confederation", Role.ADMIN, "Confédération",
        "Il voit toute la campagne et garde les comptes.", "building",
    ),
    Persona(
        "other-ud", "Léa", "Bernard", "ud-50", Role.STAFF, "Union départementale de la Manche",
        "La voisine : elle ne voit rien du Calvados.", "map",
    ),
]  # fmt: skip


def create_personas() -> dict[str, User]:
    """The demonstration's accounts by slug, created where missing. Needs `load_organisations`."""
    _open_local_union()
    return {persona.slug: _create(persona) for persona in DEMO_PERSONAS}


def get_persona(slug: str) -> User | None:
    """The account of a persona; None for an unknown slug or before `create_personas`."""
    known = {persona.slug: persona.email for persona in DEMO_PERSONAS}
    return User.objects.filter(email=known.get(slug, ""), is_active=True).first()


def _open_local_union() -> None:
    if Organisation.objects.filter(slug=LOCAL_UNION).exists():
        return
    create_local_union(
        name="UL de Caen",
        parent=Organisation.objects.get(slug="ud-14"),
        communes=Commune.objects.filter(pk__in=CAEN_AND_AROUND),
        postcodes=[],
    )


def _create(persona: Persona) -> User:
    user = User.objects.filter(email=persona.email).first() or User.objects.create_user(
        persona.email, first_name=persona.first_name, last_name=persona.last_name
    )
    organisation = Organisation.objects.get(slug=persona.organisation)
    join(user=user, organisation=organisation, role=persona.role)
    return user
