"""Reading what a tablet posts, or what it exported: JSON from a device one does not trust."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from field.arrivals import Backlog, Envelope
from field.sealing import is_envelope

MAX_RECORDS = 200
MAX_BYTES = 2 * 1024 * 1024
MAX_EXPORTED = 10_000
EXPORT_FORMAT = "terrain-fiches"
MAX_UNSENT = 1_000_000
NOT_AN_EXPORT = "Ce n’est pas le fichier d’une tablette."


class BadUpload(ValueError):
    """The whole body cannot be read; the message, in French, says why."""


class TooMany(BadUpload):
    """More records than one upload may hold."""


@dataclass
class Upload:
    """A body, record by record: what can be stored, and the identifiers of what cannot."""

    envelopes: list[Envelope] = field(default_factory=list)
    malformed: list[str] = field(default_factory=list)
    backlog: Backlog = field(default_factory=Backlog)


def read_upload(body: bytes) -> Upload:
    """Read a tablet's post. Raises `BadUpload`; one malformed record does not spoil the others."""
    content = _read_object(body)
    upload = _read_records(content.get("records"), limit=MAX_RECORDS)
    upload.backlog = Backlog(_count(content.get("unsent")), _moment(content.get("oldest")))
    return upload


def read_export(body: bytes) -> Upload:
    """Read a tablet's export file. Raises `BadUpload`."""
    try:
        content = _read_object(body)
    except BadUpload as error:
        raise BadUpload(NOT_AN_EXPORT) from error
    if content.get("format") != EXPORT_FORMAT:
        raise BadUpload(NOT_AN_EXPORT)
    if content.get("v") != 1:
        raise BadUpload("Ce fichier vient d’une version plus récente : mettez le site à jour.")
    if not isinstance(content.get("records"), list):
        raise BadUpload(NOT_AN_EXPORT)
    return _read_records(content.get("records"), limit=MAX_EXPORTED)


def _read_object(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, or nested without end
        raise BadUpload("Ce contenu n’est pas du JSON.") from error
    if not isinstance(content, dict):
        raise BadUpload("Il manque la liste « records ».")
    return content


def _read_records(records: object, *, limit: int) -> Upload:
    if not isinstance(records, list):
        raise BadUpload("Il manque la liste « records ».")
    if len(records) > limit:
        raise TooMany(f"{limit} fiches au plus à la fois.")
    upload = Upload()
    for record in records:
        envelope = _read_envelope(record)
        if envelope is None:
            upload.malformed.append(_name(record))
        else:
            upload.envelopes.append(envelope)
    return upload


def _read_envelope(record: object) -> Envelope | None:
    if not isinstance(record, dict) or not is_envelope(record.get("sealed")):
        return None
    capture_id = _uuid(record.get("capture_id"))
    if capture_id is None:
        return None
    return Envelope(
        capture_id=capture_id,
        sealed=record["sealed"],
        session=_uuid(record.get("session")),
        device=_uuid(record.get("device")),
    )


def _name(record: object) -> str:
    """The identifier the tablet knows a malformed record by, as it gave it."""
    name = record.get("capture_id") if isinstance(record, dict) else None
    return name[:64] if isinstance(name, str) else ""


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return min(max(value, 0), MAX_UNSENT)


def _moment(value: object) -> datetime | None:
    """An instant that is not ahead of now: a tablet's clock may be."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or moment.year < 2000:
        return None
    return min(moment, timezone.now())
