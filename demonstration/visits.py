"""A few registrations played through the real action, so that the catcher holds real mails."""

import uuid

from accounts.demo import LOCAL_UNION
from contacts.actions import capture_contact, open_activist_source
from contacts.captures import Details
from contacts.enums import CaptureMethod, SourceKind
from contacts.models import Source
from contacts.places import find_place
from contacts.rules import current_wordings
from organisations.models import User
from territory.models import Trade

# First name, number, address, trade, postcode, and whether they wrote it themselves.
VISITORS = (
    ("Maëlle", "", "maelle@demo.invalid", "boulanger", "14000", True),
    ("Sylviane", "+33639980001", "sylviane@demo.invalid", "assistante-maternelle", "14200", True),
    ("Karim", "+33639980002", "", "garagiste", "14000", False),
    # The same number in another first name: a family, flagged and never fused.
    ("Leïla", "+33639980002", "", "coiffeur", "14000", False),
    ("Özgür", "+33639980003", "ozgur@demo.invalid", "cuisinier", "50100", True),
)


def play_registrations(activist: User) -> None:
    """Register the visitors: those who wrote it themselves by the poster's QR code."""
    poster = Source.objects.filter(kind=SourceKind.POSTER, organisation__slug=LOCAL_UNION).get()
    own = open_activist_source(
        user=activist, organisation=activist.active_memberships[0].organisation
    )
    wordings = {wording.channel: wording for wording in current_wordings()}
    for first_name, phone, email, trade, postcode, by_themselves in VISITORS:
        channels = (["sms", "call"] if phone else []) + (["email"] if email else [])
        capture_contact(
            capture_id=uuid.uuid4(),
            source=poster if by_themselves else own,
            details=Details(
                first_name=first_name,
                phone=phone,
                email=email,
                trade=Trade.objects.get(pk=trade),
                place=find_place(postcode),
                consents=tuple(wordings[channel] for channel in channels),
            ),
            method=CaptureMethod.SELF if by_themselves else CaptureMethod.TABLET,
            captured_by=None if by_themselves else activist,
        )
