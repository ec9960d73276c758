"""Every write of the field: sessions, devices, what they send, what staff make of it."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

import structlog
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.utils import timezone

from contacts.actions import capture_batch, create_source, open_activist_source, rename_source
from contacts.captures import CaptureRequest
from contacts.enums import SourceKind
from contacts.locks import lock_names
from contacts.models import Capture, Source
from core.ciphers import Resealed
from core.tokens import hash_secret, make_secret
from field.arrivals import Arrival, Backlog, Envelope, Sender, keep, keep_own
from field.bells import ring_for_records
from field.enums import RecordState
from field.links import secret_hash_of
from field.models import FieldDevice, FieldSession, SealedRecord, SealedRecordQuerySet, SealingKey
from field.reference import ensure_reference_file
from field.rules import RECORDS_PER_WINDOW, Openings, too_many_strangers
from field.sealing import encrypted_anew, make_key
from messaging.doorbell import ring_after_commit
from organisations.models import Organisation, User

log = structlog.get_logger()

KEY_LOCK = "field:sealing-key"


class TooFast(Exception):
    """More records than a device can have typed."""


class RecordSettled(Exception):
    """Somebody else corrected or discarded this record meanwhile."""


@transaction.atomic
def open_session(
    *,
    organisation: Organisation,
    label: str,
    starts_on: date,
    ends_on: date,
    created_by: User,
    source: Source | None = None,
    time_zone: str = "",
) -> FieldSession:
    """Open a session whose contacts are counted by `source`, else by one of its own.

    Its days are those of `time_zone`, else of the organisation.
    """
    session = FieldSession(
        source=source
        or create_source(
            organisation=organisation,
            kind=SourceKind.DEPLOYMENT,
            label=label,
            created_by=created_by,
        ),
        starts_on=starts_on,
        ends_on=ends_on,
        time_zone=time_zone or organisation.time_zone,
        created_by=created_by,
    )
    session.secret_hash = secret_hash_of(session)
    session.save()
    return session


@transaction.atomic
def edit_session(
    *, session: FieldSession, label: str, starts_on: date, ends_on: date
) -> FieldSession:
    rename_source(source=session.source, label=label, trade=session.source.trade)
    session.starts_on, session.ends_on = starts_on, ends_on
    session.save(update_fields=["starts_on", "ends_on"])
    return session


@transaction.atomic
def close_session(*, session: FieldSession) -> FieldSession:
    """End a session: no new device, no new record; what was typed before still arrives."""
    FieldSession.objects.filter(pk=session.pk, closed_at=None).update(closed_at=timezone.now())
    session.refresh_from_db(fields=["closed_at"])
    return session


@transaction.atomic
def reopen_session(*, session: FieldSession) -> FieldSession:
    session.closed_at = None
    session.save(update_fields=["closed_at"])
    return session


@transaction.atomic
def renew_session_secret(*, session: FieldSession, author: User) -> FieldSession:
    """Make every field QR code printed so far useless; devices already opened go on."""
    session = FieldSession.objects.select_for_update().get(pk=session.pk)
    session.secret_version += 1
    session.secret_hash = secret_hash_of(session)
    session.save(update_fields=["secret_version", "secret_hash"])
    log.info("field-secret-renewed", session=session.pk, user=author.pk)
    return session


@transaction.atomic
def open_device(
    *, session: FieldSession, first_name: str, goal: int, former: FieldDevice | None = None
) -> tuple[FieldDevice, str]:
    """Open a browser for a session; returns the device and the secret for its cookie.

    `former` is what this browser was opened as before: the records it still holds stay its own.
    """
    return _open_browser(
        FieldDevice(session=session, source=session.source, first_name=first_name, goal=goal),
        former,
    )


@transaction.atomic
def open_personal_device(
    *, user: User, former: FieldDevice | None = None
) -> tuple[FieldDevice, str]:
    """Open an activist's own phone: what it sends is theirs."""
    source = open_activist_source(user=user, organisation=user.active_memberships[0].organisation)
    device = FieldDevice(user=user, source=source, first_name=user.get_short_name())
    return _open_browser(device, former)


def _open_browser(device: FieldDevice, former: FieldDevice | None) -> tuple[FieldDevice, str]:
    secret = make_secret()
    if former is not None:
        device.browser = former.browser
        again = FieldDevice.objects.active().filter(
            browser=former.browser, session=device.session, user=device.user, source=device.source
        )
        device.pk = again.order_by("-pk").values_list("pk", flat=True).first()
        # What it holds it now announces under its new name.
        FieldDevice.objects.filter(browser=former.browser).update(
            unsent_count=0, oldest_unsent_at=None
        )
    device.secret_hash = hash_secret(secret)
    # A tablet asks for both at once; reading them must not have to make them.
    ensure_sealing_key()
    ensure_reference_file()
    if device.pk is None:
        device.save()
        return device, secret
    FieldDevice.objects.filter(pk=device.pk).update(
        secret_hash=device.secret_hash, first_name=device.first_name, goal=device.goal,
        last_seen_at=timezone.now(),
    )  # fmt: skip
    return FieldDevice.objects.get(pk=device.pk), secret


@transaction.atomic
def revoke_device(*, device: FieldDevice, author: User) -> FieldDevice:
    """Shut a lost tablet out at once; what it holds is sealed."""
    FieldDevice.objects.active().filter(pk=device.pk).update(
        revoked_at=timezone.now(), revoked_by=author
    )
    device.refresh_from_db(fields=["revoked_at", "revoked_by"])
    log.info("field-device-revoked", device=device.pk, user=author.pk)
    return device


def receive_records(*, sender: Sender, envelopes: Sequence[Envelope], backlog: Backlog) -> None:
    """Store what a tablet sends, each record exactly once; opening it comes after the commit.

    One statement, committed when it returns. Raises `TooFast` for more than can have been typed.
    """
    if envelopes and sender.lately >= RECORDS_PER_WINDOW:
        raise TooFast
    arrivals = _arrivals(sender, envelopes)
    strangers = [arrival for arrival in arrivals if arrival.device is None]
    if strangers and too_many_strangers(sender.source):
        raise TooFast
    if keep(arrivals, heard=sender.pk, backlog=backlog):
        ring_after_commit(ring_for_records)


def receive_own_records(*, secret: str, envelopes: Sequence[Envelope], backlog: Backlog) -> bool:
    """`receive_records` for what a shared tablet sealed as what it is opened as now.

    One statement in all. False, with nothing stored, when it is not that simple.
    """
    new = keep_own(
        envelopes, secret_hash=hash_secret(secret), limit=RECORDS_PER_WINDOW, backlog=backlog
    )
    if new:
        ring_after_commit(ring_for_records)
    return new is not None


def _arrivals(sender: Sender, envelopes: Sequence[Envelope]) -> list[Arrival]:
    asked = {(envelope.device, envelope.session) for envelope in envelopes}
    openings = {
        (device, session): _opening_of(sender, device, session) for device, session in asked
    }
    return [
        Arrival(envelope.capture_id, envelope.sealed, *openings[envelope.device, envelope.session])
        for envelope in envelopes
    ]


def _opening_of(
    sender: Sender, device: uuid.UUID | None, session: uuid.UUID | None
) -> tuple[int | None, int | None, int]:
    """What the browser was when it sealed: now, or before it was opened again.

    Numbers of the device, its session and its source. Under an opening that never was this
    browser's there is no device: a human decides.
    """
    if device == sender.public_id or (device, session) == (None, sender.session_public_id):
        return sender.pk, sender.session, sender.source
    openings = FieldDevice.objects.filter(browser=sender.browser).order_by("-pk")
    known = openings.filter(public_id=device).first() if device else None
    if known is None:
        of_session = {"session__public_id": session} if session else {"session": None}
        known = openings.filter(**of_session).first()
    if known is None:
        return None, None, sender.source
    return known.pk, known.session_id, known.source_id


@transaction.atomic
def import_records(
    *, envelopes: Sequence[Envelope], openings: Openings, author: User, own_source: Source
) -> int:
    """Store the records of a file handed in by staff; returns how many are new.

    Those of a phone are its owner's, those of a session the session's. A record of neither goes to
    the author's own source, for a human to look at.
    """
    arrivals = []
    for envelope in envelopes:
        session = openings.sessions.get(envelope.session) if envelope.session else None
        phone = openings.phones.get(envelope.device) if envelope.device and not session else None
        opening = session or phone
        arrivals.append(
            Arrival(
                envelope.capture_id, envelope.sealed,
                device=phone.pk if phone else None,
                session=session.pk if session else None,
                source=opening.source_id if opening else own_source.pk,
            )
        )  # fmt: skip
    new = keep(arrivals)
    if new:
        ring_after_commit(ring_for_records)
    log.info("field-file-imported", records=len(arrivals), new=new, user=author.pk)
    return new


@transaction.atomic
def correct_record(*, record: SealedRecord, request: CaptureRequest, author: User) -> Capture:
    """Capture a record once a human has corrected it. Raises `RecordSettled`."""
    record = _locked(record)
    (capture,) = capture_batch(requests=[request])
    _close(record, RecordState.CAPTURED, author)
    return capture


@transaction.atomic
def discard_record(*, record: SealedRecord, author: User) -> None:
    """Throw a record away for good; the fact stays. Raises `RecordSettled`."""
    record = _locked(record)
    _close(record, RecordState.DISCARDED, author)
    log.info("field-record-discarded", record=record.pk, reason=record.reason, user=author.pk)


@transaction.atomic
def discard_records(*, records: Sequence[SealedRecord], author: User) -> int:
    """Throw several records away for good; returns how many nobody had settled meanwhile."""
    pks = [record.pk for record in records]
    waiting = SealedRecord.objects.to_correct().filter(pk__in=pks).order_by("pk")
    locked = list(waiting.select_for_update())
    for record in locked:
        discard_record(record=record, author=author)
    return len(locked)


def _locked(record: SealedRecord) -> SealedRecord:
    row = SealedRecord.objects.to_correct().select_for_update().filter(pk=record.pk).first()
    if row is None:
        raise RecordSettled
    return row


def _close(record: SealedRecord, state: RecordState, author: User) -> None:
    record.state, record.sealed, record.wrong_fields = state, "", []
    record.settled_by, record.settled_at = author, timezone.now()
    record.save(update_fields=["state", "sealed", "wrong_fields", "settled_by", "settled_at"])


@transaction.atomic
def approve_records(*, records: SealedRecordQuerySet, author: User) -> int:
    """Send records back to be opened, whatever the session's dates; returns how many."""
    count = records.to_correct().update(
        state=RecordState.WAITING, reason="", wrong_fields=[], approved_by=author
    )
    if count:
        ring_after_commit(ring_for_records)
        log.info("field-records-approved", records=count, user=author.pk)
    return count


@transaction.atomic
def rotate_sealing_key(*, unless_younger_than: timedelta = timedelta()) -> SealingKey:
    """Make a new key the current one; the former ones go on opening what was sealed to them.

    Every private half is encrypted anew under today's `SECRET_KEY`. A current key younger than
    that stays: a schedule heard twice turns the key once.
    """
    lock_names([KEY_LOCK])
    reseal_sealing_keys()
    since = timezone.now() - unless_younger_than
    young = SealingKey.objects.filter(retired_at=None, created_at__gt=since).first()
    if young is not None:
        return young
    SealingKey.objects.filter(retired_at=None).update(retired_at=timezone.now())
    made = make_key(uuid.uuid4().hex)
    made.save()
    log.info("sealing-key-rotated", kid=made.kid)
    return made


@transaction.atomic
def reseal_sealing_keys() -> Resealed:
    """Encrypt the private halves under today's `SECRET_KEY`; those no key opens are named.

    Without it, what tablets still hold would open for nobody once a former key is gone.
    """
    keys, unreadable = [], []
    for key in SealingKey.objects.select_for_update().order_by("pk"):
        try:
            key.private_jwk = encrypted_anew(key)
        except InvalidToken:
            unreadable.append(key.kid)
        else:
            keys.append(key)
    SealingKey.objects.bulk_update(keys, ["private_jwk"])
    return Resealed(len(keys), tuple(unreadable))


@transaction.atomic
def ensure_sealing_key() -> None:
    """Make the first key; later ones come by rotation."""
    lock_names([KEY_LOCK])
    if not SealingKey.objects.filter(retired_at=None).exists():
        rotate_sealing_key()
