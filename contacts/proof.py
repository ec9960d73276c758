"""The proof of every consent of one person: the words, the times, who took it (RGPD art. 7)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from contacts.addresses import addresses_of, e164, suppressions_of
from contacts.models import Consent, Contact
from messaging.enums import SuppressionReason
from messaging.models import Suppression

OWN_PAGE = "Page personnelle"
ON_REQUEST = "À sa demande"
THEMSELVES = "La personne elle-même"
REFUSAL = "Refus"
# By what the person did themselves; any other refusal was written down for them.
OWN_REFUSALS = frozenset({SuppressionReason.STOP, SuppressionReason.UNSUBSCRIBED})


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

    @property
    def is_refusal(self) -> bool:
        return self.purpose == REFUSAL

    @property
    def title(self) -> str:
        about = f"{self.purpose}, {self.channel}"
        if self.is_refusal:
            return about
        return f"{about}\xa0: {'oui' if self.is_given else 'retiré'}"


def statements_of(contact: Contact) -> list[Statement]:
    """Every statement of a person, the oldest first, then the refusals that stand; two queries."""
    rows = contact.consents.select_related("wording", "author", "capture__source")
    consents = [_statement(row) for row in rows.order_by("given_at", "pk")]
    # An address in error closes it as well, but nobody said so.
    said = [row for row in refusals_of(contact) if row.reason != SuppressionReason.BOUNCED]
    return consents + [_refusal(row) for row in said]


def refusals_of(contact: Contact) -> list[Suppression]:
    """What closes the person's addresses whatever they agreed to, the oldest first."""
    found = suppressions_of(addresses_of(phone=e164(contact), email=contact.email))
    return sorted(found.values(), key=lambda row: (row.created_at, row.pk))


def _refusal(row: Suppression) -> Statement:
    return Statement(
        purpose=REFUSAL,
        channel=row.get_channel_display(),
        is_given=False,
        text="",
        notice="",
        version="",
        given_at=row.created_at,
        device_time=None,
        server_time=None,
        method=row.get_reason_display(),
        source="",
        author=THEMSELVES if row.reason in OWN_REFUSALS else ON_REQUEST,
    )


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
        method=capture.get_method_display() if capture else OWN_PAGE if is_own else ON_REQUEST,
        source=capture.source.label if capture else "",
        author=str(consent.author) if consent.author else tablet or THEMSELVES,
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
