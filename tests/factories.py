"""Objects for tests, in the words of the domain."""

from dataclasses import replace
from itertools import count
from uuid import uuid4

from contacts.actions import capture_contact
from contacts.captures import Details
from contacts.enums import CaptureMethod, SourceKind
from contacts.models import Contact, Source
from contacts.places import find_place
from contacts.rules import current_wordings
from core.tokens import make_code
from organisations.enums import Kind, Role
from organisations.models import Membership, Organisation, User
from territory.models import Commune, Trade

_numbers = count(1)
CAEN = "14118"


def get_organisation(slug: str) -> Organisation:
    """A loaded organisation by its slug; `ul-caen` is made on first use."""
    if slug == "ul-caen":
        return make_local_union("ul-caen", "UL de Caen", "ud-14", [CAEN])
    return Organisation.objects.get(slug=slug)


def make_local_union(slug: str, name: str, parent: str, communes: list[str]) -> Organisation:
    union, created = Organisation.objects.get_or_create(
        slug=slug,
        defaults={
            "kind": Kind.UL,
            "name": name,
            "parent": Organisation.objects.get(slug=parent),
        },
    )
    if created:
        union.communes.set(Commune.objects.filter(pk__in=communes))
    return union


def make_user(role: str | None = None, organisation: str | None = None, **fields: object) -> User:
    """An account, member of `organisation` with `role` (`militant`, `staff`, `admin`)."""
    number = next(_numbers)
    defaults: dict[str, object] = {"first_name": f"Camille {number}"}
    user = User.objects.create_user(f"personne{number}@example.org", **(defaults | fields))  # type: ignore[arg-type]
    if role and organisation:
        Membership.objects.create(
            user=user, organisation=get_organisation(organisation), role=Role(role)
        )
    return user


def make_source(organisation: str = "ud-14", **fields: object) -> Source:
    defaults: dict[str, object] = {
        "code": make_code(),
        "kind": SourceKind.POSTER,
        "label": "Affiche du marché",
        "organisation": get_organisation(organisation),
    }
    return Source.objects.create(**(defaults | fields))


def make_details(**fields: object) -> Details:
    """Sylviane, assistante maternelle in Caen, who agreed to everything her details allow."""
    postcode = str(fields.pop("postcode", "14000"))
    channels = fields.pop("channels", None)
    defaults: dict[str, object] = {
        "first_name": "Sylviane",
        "phone": "+33639980001",
        "email": "sylviane@example.org",
        "trade": Trade.objects.get(pk="assistante-maternelle"),
        "place": find_place(postcode),
    }
    details = Details(**(defaults | fields))  # type: ignore[arg-type]
    possible = (["email"] if details.email else []) + (["sms", "call"] if details.phone else [])
    wanted = possible if channels is None else channels
    wordings = tuple(word for word in current_wordings() if word.channel in wanted)  # type: ignore[operator]
    return replace(details, consents=wordings)


def make_contact(**fields: object) -> Contact:
    """A contact made by the real action, from a poster of UD 14 unless `source` is given."""
    source = fields.pop("source", None) or make_source()
    captured_by = fields.pop("captured_by", None)
    capture = capture_contact(
        capture_id=uuid4(),
        source=source,  # type: ignore[arg-type]
        details=make_details(**fields),
        method=CaptureMethod.TABLET if captured_by else CaptureMethod.SELF,
        captured_by=captured_by,  # type: ignore[arg-type]
    )
    assert capture.contact is not None
    return capture.contact
