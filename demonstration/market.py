"""A market with two tablets: what arrived, one record to correct, and some that still wait."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.demo import LOCAL_UNION
from contacts.rules import current_wordings
from field.actions import open_device, open_session, receive_records
from field.arrivals import Backlog, Envelope, Sender
from field.models import FieldDevice, FieldSession
from field.rules import current_sealing_key, find_sender
from field.sealing import seal
from organisations.models import Organisation, User

LABEL = "Marché du samedi matin"
LASTS = timedelta(days=60)
# First name, number as it was typed, trade, postcode, commune.
MET = (
    ("Aïcha", "06 39 98 00 21", "coiffeur", "14000", "Caen"),
    ("Bruno", "06 39 98 00 22", "macon", "14200", "Hérouville-Saint-Clair"),
    # A digit is missing: it waits in the correction inbox.
    ("Chantal", "06 39 98 00 2", "assistante-maternelle", "14000", "Caen"),
)


def find_market() -> FieldSession | None:
    return FieldSession.objects.filter(source__label=LABEL).first()


def play_market(staff: User) -> FieldSession:
    """Open the session, two tablets, and send what the first one holds."""
    today = timezone.localdate()
    session = open_session(
        organisation=Organisation.objects.get(slug=LOCAL_UNION),
        label=LABEL,
        starts_on=today,
        ends_on=today + LASTS,
        created_by=staff,
    )
    first, secret = open_device(session=session, first_name="Zoé", goal=10)
    receive_records(sender=_sender(secret), envelopes=_records(first), backlog=Backlog())
    _, secret = open_device(session=session, first_name="Ali", goal=5)
    oldest = timezone.now() - timedelta(hours=2)
    receive_records(sender=_sender(secret), envelopes=[], backlog=Backlog(unsent=4, oldest=oldest))
    return session


def _sender(secret: str) -> Sender:
    sender = find_sender(secret)
    assert sender is not None, "opened just now"  # noqa: S101
    return sender


def _records(device: FieldDevice) -> list[Envelope]:
    key = current_sealing_key().public_jwk
    turn = {"id": str(uuid.uuid4()), "first_name": device.first_name, "goal": device.goal}
    ticked = [wording.pk for wording in current_wordings() if wording.channel == "sms"]
    envelopes = []
    for first_name, phone, trade, postcode, commune in MET:
        capture_id = uuid.uuid4()
        content: dict[str, Any] = {
            "v": 1, "capture_id": str(capture_id), "first_name": first_name, "phone": phone,
            "email": "", "trade": trade, "postcode": postcode, "commune": commune,
            "consents": ticked, "wishes": [], "note": "", "language": "fr",
            "device_time": timezone.now().isoformat(), "turn": turn,
        }  # fmt: skip
        envelopes.append(
            Envelope(capture_id=capture_id, sealed=seal(content, key), device=device.public_id)
        )
    return envelopes
