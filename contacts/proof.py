"""The proof of every consent of one person: the words, the times, who took it (RGPD art. 7)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from contacts.models import Consent, Contact

OWN_PAGE = "Page personnelle"
ON_REQUEST = "À sa demande"


@dataclass(frozen=True)
class Statement:
    """One statement, given or withdrawn, as it can be shown to the person or to a judge."""

    purpose: str
    channel: str
    is_given: bool
    text: str
    notice: str
    version: str
    # When it was said, when the device that took it says it was, when the server learnt it.
    given_at: datetime
    device_time: datetime | None
    server_time: datetime | None
    method: str
    source: str
    # Who recorded it: an account, or the first name of who held a shared tablet.
    author: str


def statements_of(contact: Contact) -> list[Statement]:
    """Every statement of a person, the oldest first, in one query."""
    rows = contact.consents.select_related("wording", "author", "capture__source")
    return [_statement(row) for row in rows.order_by("given_at", "pk")]


def _statement(consent: Consent) -> Statement:
    wording, capture = consent.wording, consent.capture
    tablet = capture.activist_name if capture else ""
    is_own = capture is None and consent.author is None
    return Statement(
        purpose=consent.get_purpose_display(),
        channel=consent.get_channel_display(),
        is_given=consent.is_given,
        text=wording.text if wording else "",
        notice=wording.notice if wording else "",
        version=f"v{wording.version} ({wording.language})" if wording else "",
        given_at=consent.given_at,
        device_time=capture.device_time if capture else None,
        server_time=capture.server_time if capture else None,
        method=capture.get_method_display()
        if capture
        else "Page personnelle"
        if is_own
        else "À sa demande",
        source=capture.source.label if capture else "",
        author=str(consent.author) if consent.author else tablet or "La personne elle-même",
    )


def proof_as_json(contact: Contact) -> dict[str, Any]:
    """The same as data, times in ISO 8601."""
    statements = []
    for statement in statements_of(contact):
        row = asdict(statement)
        for name in ("given_at", "device_time", "server_time"):
            row[name] = row[name].isoformat() if row[name] else None
        statements.append(row)
    return {"contact": contact.pk, "first_name": contact.first_name, "statements": statements}
