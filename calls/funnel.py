"""From activists to members: what each source and organisation brought, within one's scope."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from contacts.enums import Joining, WillVote
from contacts.models import Capture, Contact
from organisations.models import User

BY = {
    "organisation": ("source__organisation__name", "Organisation"),
    "source": ("source__label", "Source"),
    "activist": ("captured_by__first_name", "Militant·e"),
}
MEANINGS = {
    "organisation": "Chaque ligne est l’organisation dont le QR code ou la saisie a apporté ces "
    "personnes.",
    "source": "Chaque ligne est un QR code, un lien, une liste ou la saisie d’une personne.",
    "activist": "Chaque ligne est qui a saisi ces personnes. Celles qui se sont inscrites seules "
    "n’y sont pas.",
}
KEYS = {
    "organisation": "source__organisation",
    "source": "source",
    "activist": "captured_by",
}
# Rows of the table; the totals above count everybody.
LIMIT = 200


@dataclass(frozen=True)
class Funnel:
    activists: int
    contacts: int
    reached: int
    will_vote: int
    voted: int
    members: int
    name: str = ""

    @property
    def stages(self) -> list[tuple[str, int, str]]:
        """From the widest to the narrowest, of the contacts, each with what it means."""
        return [
            ("Contacts", self.contacts, "rencontré·es ou inscrit·es, une fois par personne"),
            ("Joint·es", self.reached, "quelqu’un leur a parlé au téléphone"),
            ("Vont voter", self.will_vote, "nous l’ont dit, ou ont déjà voté"),
            ("Ont voté", self.voted, "nous l’ont dit : personne ne note pour qui"),
            ("Adhérent·es", self.members, "ont rejoint le syndicat"),
        ]

    def share(self, number: int) -> int:
        """In hundredths of the contacts."""
        return round(100 * number / self.contacts) if self.contacts else 0


def _counts() -> dict[str, Count]:
    """Of distinct people; who has voted was going to."""

    def people(condition: Q | None = None) -> Count:
        return Count("contact", filter=condition, distinct=True)

    voted = Q(contact__voted_at__isnull=False)
    return {
        "activists": Count("captured_by", distinct=True),
        "contacts": people(),
        "reached": people(Q(contact__reached_at__isnull=False)),
        "will_vote": people(voted | Q(contact__will_vote=WillVote.YES)),
        "voted": people(voted),
        "members": people(Q(contact__joining=Joining.MEMBER)),
    }


def _captures(user: User) -> QuerySet[Capture, Capture]:
    """The captures that brought somebody new, of whoever the person sees."""
    seen = Contact.objects.visible_to(user).order_by()
    return Capture.objects.filter(created_contact=True, contact__in=seen).order_by()


def total(user: User) -> Funnel:
    return Funnel(**_captures(user).aggregate(**_counts()))


def rows_by(axis: str, user: User) -> list[Funnel]:
    """One funnel per organisation, source or activist, the most contacts first. One statement."""
    name, _ = BY[axis]
    key = KEYS[axis]
    rows = (
        _captures(user)
        .filter(**{f"{key}__isnull": False})
        .values(key)
        .annotate(name=F(name), **_counts())
        .order_by("-contacts", "name", key)[:LIMIT]
    )
    return [Funnel(**{field: row[field] for field in Funnel.__dataclass_fields__}) for row in rows]
