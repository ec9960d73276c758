"""From a sealed record to a capture, or to the reason why a human must look at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing

from contacts.captures import CaptureRequest
from contacts.consent_forms import FORM_SALT
from contacts.enums import CaptureMethod, Wish
from contacts.models import ConsentWording
from contacts.reading import PlaceReader
from contacts.rules import current_wordings
from core.text import without_controls
from field.clocks import met_at, said_by_device
from field.enums import Reason
from field.models import SealedRecord
from field.record_form import RecordForm, beside_current
from field.sealing import Opener, Unreadable

TYPED = ("first_name", "phone", "email", "trade", "commune", "postcode")
# Few enough for the reader of places not to read all of France.
PREPARED = 40
LANGUAGES = {code for code, _ in settings.LANGUAGES}


@dataclass(frozen=True)
class Content:
    """What a tablet sealed, cleaned of what no form or database takes, not yet validated."""

    capture_id: str
    typed: dict[str, str]
    wishes: list[str]
    note: str
    language: str
    consents: list[int]
    device_time: datetime | None
    # What the device's clock lagged behind the server's when they last spoke.
    clock_offset: timedelta
    turn: UUID | None
    activist_name: str


@dataclass(frozen=True)
class Reading:
    """One record opened: `request` when it can be captured, else why not."""

    record: SealedRecord
    request: CaptureRequest | None = None
    reason: Reason | None = None
    wrong_fields: tuple[str, ...] = ()
    turn: UUID | None = None


class Mismatch(Unreadable):
    """What is inside speaks of another record than the envelope."""


def read_content(opener: Opener, record: SealedRecord) -> Content:
    """Open one record. Raises `Unreadable`, `Mismatch`."""
    content = _as_content(opener.open(record.sealed))
    if content.capture_id != str(record.capture_id):
        raise Mismatch("another record's text")
    return content


def _as_content(raw: dict[str, Any]) -> Content:
    turn = raw.get("turn")
    turn = turn if isinstance(turn, dict) else {}
    language = _text(raw.get("language"))
    return Content(
        capture_id=_text(raw.get("capture_id")).lower(),
        typed={name: _text(raw.get(name)) for name in TYPED},
        wishes=[_text(wish) for wish in _list(raw.get("wishes"))],
        note=without_controls(_text(raw.get("note"))),
        language=language if language in LANGUAGES else settings.LANGUAGE_CODE,
        consents=[pk for pk in _list(raw.get("consents")) if _is_number(pk)],
        device_time=_moment(_text(raw.get("device_time"))),
        clock_offset=_seconds(raw.get("clock_offset")),
        turn=_uuid(_text(turn.get("id"))),
        activist_name=without_controls(_text(turn.get("first_name")))[:80],
    )


def _text(value: object) -> str:
    """A text that UTF-8 can write: JSON may hold half of a surrogate pair."""
    text = value if isinstance(value, str) else ""
    return text.encode("utf-8", "replace").decode()


def _list(value: object) -> list[Any]:
    return value[:20] if isinstance(value, list) else []


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _seconds(value: object) -> timedelta:
    """A clock that lags by centuries is a number that makes no sense."""
    is_sane = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**32
    return timedelta(seconds=value) if is_sane else timedelta()  # type: ignore[arg-type]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class RecordReader:
    """Reads the records of one batch; what they share is looked up once."""

    def __init__(self, records: Sequence[SealedRecord], places: PlaceReader) -> None:
        self.opener, self.form = Opener(), RecordForm(places=places)
        self._contents: dict[UUID, Content] = {}
        self._unreadable: dict[UUID, Reason] = {}
        for record in records:
            try:
                self._contents[record.capture_id] = read_content(self.opener, record)
            except Mismatch:
                self._unreadable[record.capture_id] = Reason.MISMATCH
            except Unreadable:
                self._unreadable[record.capture_id] = Reason.UNREADABLE
        self.wordings = find_wordings(self._contents.values())
        postcodes = sorted({content.typed["postcode"] for content in self._contents.values()})
        for first in range(0, len(postcodes), PREPARED):
            places.prepare(postcodes[first : first + PREPARED])

    def read(self, record: SealedRecord) -> Reading:
        reason = self._unreadable.get(record.capture_id)
        if reason is not None:
            return Reading(record, reason=reason)
        content = self._contents[record.capture_id]
        ticked = [self.wordings[pk] for pk in content.consents if pk in self.wordings]
        errors = self.form.read(form_data(content, ticked), ticked)
        wrong = [*errors, *(["consents"] if len(ticked) < len(content.consents) else [])]
        reason = refusal(record, content)
        if reason is None and wrong:
            reason = Reason.INVALID
        if reason is not None:
            return Reading(record, reason=reason, wrong_fields=tuple(wrong), turn=content.turn)
        return Reading(record, request=request_for(record, content, self.form), turn=content.turn)


def find_wordings(contents: Iterable[Content]) -> dict[int, ConsentWording]:
    """The words that were on the tablets' screens; an imported list's own words never were."""
    pks = {pk for content in contents for pk in content.consents}
    return ConsentWording.objects.filter(origin="").in_bulk(pks)


def form_data(content: Content, ticked: Sequence[ConsentWording]) -> dict[str, Any]:
    """What the record's form would have sent."""
    boxes = {f"consent_{wording.channel}": "on" for wording in ticked}
    return content.typed | boxes | {"wishes": content.wishes, "note": content.note}


def form_for(content: Content) -> RecordForm:
    """The form of the correction page, filled in, its errors beside their fields."""
    known = find_wordings([content])
    ticked = [known[pk] for pk in content.consents if pk in known]
    shown = [wording.pk for wording in beside_current(ticked, current_wordings())]
    data = form_data(content, ticked) | {"shown": signing.dumps(shown, salt=FORM_SALT)}
    return RecordForm(data)


def refusal(record: SealedRecord, content: Content) -> Reason | None:
    """Why a record, however well filled in, is not taken without a human's word."""
    device, session = record.device, record.session
    if record.approved_by_id is not None:
        return None
    if device is not None and device.revoked_at is not None:
        return Reason.REVOKED
    if session is None:
        return None if device and device.is_personal else Reason.UNKNOWN_SESSION
    moment = met_at(record, content.device_time, content.clock_offset)
    if session.closed_at is not None and moment > session.closed_at:
        return Reason.CLOSED
    return None if session.covers(moment) else Reason.OUTSIDE_DATES


def request_for(record: SealedRecord, content: Content, form: RecordForm) -> CaptureRequest:
    """The capture of a record whose form is valid."""
    device = record.device
    return CaptureRequest(
        capture_id=record.capture_id,
        source=record.source,
        details=form.details_in(content.language),
        method=CaptureMethod.TABLET,
        captured_by=device.user if device else None,
        device_time=said_by_device(record, content.device_time),
        met_at=met_at(record, content.device_time, content.clock_offset),
        activist_name="" if device and device.user_id else content.activist_name,
        wishes=tuple(Wish(wish) for wish in form.cleaned_data["wishes"]),
        note=form.cleaned_data["note"],
    )
