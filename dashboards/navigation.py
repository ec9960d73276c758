"""The doors each person sees; what is not theirs is not shown."""

from dataclasses import dataclass

from django.urls import reverse

from organisations.models import User


@dataclass(frozen=True)
class Door:
    label: str
    icon: str
    url_name: str
    # On the bar under the thumb, when the label does not fit in a fourth of a narrow phone.
    short_label: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name)


HOME = Door("Accueil", "home", "dashboards:home")
OWN_SPACE = Door("Mon espace", "star", "dashboards:own-space", short_label="Moi")
CAPTURE = Door("Saisir", "person-add", "contacts:capture")
DEPLOYMENTS = Door("Déploiements", "megaphone", "deployments:list", short_label="Actions")
FIELD = Door("Terrain", "tablet", "field:session-list")
CONTACTS = Door("Contacts", "people", "contacts:contact-list")
CALLS = Door("Appels", "phone", "calls:follow-up-list")
SOURCES = Door("QR codes", "qr", "contacts:source-list")
IMPORTS = Door("Listes importées", "upload", "imports:import-list")
WEBINARS = Door("Webinaires", "video", "webinars:agenda")
MATERIALS = Door("Matériel", "truck", "materials:item-list")
LIBRARY = Door("Ressources", "book", "library:home")
CAMPAIGN = Door("Campagne", "calendar", "campaigns:campaign")
ORGANISATIONS = Door("Organisations", "building", "organisations:organisation-list")
MESSAGES = Door("Messages", "mail", "messaging:message-list")
REFERENCE = Door("Listes de référence", "map", "territory:reference")


def doors_for(user: User) -> list[Door]:
    """From the most used to the least, in the order of the menu."""
    if not (user.active_memberships or user.is_superuser):
        return [HOME]
    leads = bool(user.led)
    doors = [HOME, CAPTURE, OWN_SPACE, DEPLOYMENTS, FIELD, CONTACTS, CALLS, SOURCES]
    shared = [MATERIALS, WEBINARS, LIBRARY, CAMPAIGN]
    doors += [IMPORTS, *shared] if leads else shared
    if leads or user.is_superuser:
        doors.append(ORGANISATIONS)
    if user.scope.everything or user.is_superuser:
        doors += [MESSAGES, REFERENCE]
    return doors


def navigation(user: User, path: str) -> list[dict[str, object]]:
    """The menu, with the door one stands behind marked as current."""
    doors = doors_for(user)
    behind = [door for door in doors if path.startswith(door.url) and door is not HOME]
    here = max(behind, key=lambda door: len(door.url), default=HOME if path == HOME.url else None)
    return [
        {
            "label": door.label,
            "short_label": door.short_label or door.label,
            "icon": door.icon,
            "url": door.url,
            "current": door is here,
        }
        for door in doors
    ]
