"""Fetching is the permission check: what is not yours answers 404."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Q, Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone

from contacts.rules import count_captures
from core.tokens import hash_secret
from field.arrivals import WINDOW, Envelope, Sender
from field.enums import RecordState
from field.models import (
    FieldDevice,
    FieldSession,
    FieldSessionQuerySet,
    ReferenceFile,
    SealedRecord,
    SealedRecordQuerySet,
    SealingKey,
)
from organisations.models import Organisation, User

PER_PAGE = 50
# Generous: a tablet that was away for a week hands its thousand records in within seconds.
RECORDS_PER_WINDOW = 5_000
DEVICES_PER_WINDOW = 300
# In the order of the fields of `Sender`.
SENDER = """
SELECT device.id, device.public_id, device.browser, device.source_id, device.session_id,
       session.public_id, device.user_id,
       CASE WHEN device.counted_since >= %s THEN device.counted_records ELSE 0 END
FROM field_fielddevice AS device LEFT JOIN field_fieldsession AS session
    ON session.id = device.session_id
WHERE device.secret_hash = %s AND device.revoked_at IS NULL
"""


def find_device(secret: str) -> FieldDevice | None:
    """The device a cookie speaks for, unless it was revoked or its owner left."""
    if not secret:
        return None
    devices = FieldDevice.objects.active().select_related("session", "user").order_by("pk")
    device = devices.filter(secret_hash=hash_secret(secret)).first()
    if device is None or device.user is None:
        return device
    memberships = device.user.active_memberships if device.user.is_active else []
    organisations = {membership.organisation_id for membership in memberships}
    return device if device.source.organisation_id in organisations else None


def is_open(session: FieldSession) -> bool:
    """Whether tablets may be opened now, and send."""
    return session.is_open_at(timezone.now())


def session_under_way(device: FieldDevice) -> FieldSession | None:
    """The session a device was opened for, on its days and while nobody closed it."""
    session = device.session
    return session if session and is_open(session) else None


def find_sender(secret: str) -> Sender | None:
    """`find_device` for the path that records take: one query."""
    if not secret:
        return None
    since = timezone.now() - WINDOW
    with connection.cursor() as cursor:
        cursor.execute(SENDER, [since, hash_secret(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    sender = Sender(*row)
    return sender if sender.user is None or find_device(secret) else None


def find_former_device(secret: str) -> FieldDevice | None:
    """What a browser was last opened as, revoked or not: its records are still its own."""
    return FieldDevice.objects.filter(secret_hash=hash_secret(secret)).first() if secret else None


def is_capture_only(secret: str) -> bool:
    """Whether a browser was opened for a session: it can add and count, nothing else."""
    former = find_former_device(secret)
    return former is not None and not former.is_personal


def too_many_strangers(source: int) -> bool:
    """Whether a flood of records under nobody's opening comes in for a source."""
    strangers = SealedRecord.objects.to_correct().filter(source=source, device=None)
    recent = strangers.filter(received_at__gte=timezone.now() - WINDOW).order_by()
    return recent[RECORDS_PER_WINDOW - 1 : RECORDS_PER_WINDOW].exists()


def opens_too_fast(session: FieldSession) -> bool:
    recent = session.devices.filter(created_at__gte=timezone.now() - WINDOW)
    return recent.count() >= DEVICES_PER_WINDOW


def count_turns(device: FieldDevice) -> dict[str, int]:
    """By turn, how many records of this browser arrived and were opened."""
    rows = SealedRecord.objects.filter(device__browser=device.browser, turn__isnull=False)
    counted = rows.exclude(state=RecordState.DISCARDED).values("turn").annotate(count=Count("pk"))
    return {str(row["turn"]): row["count"] for row in counted.order_by("turn")}


def current_sealing_key() -> SealingKey:
    return SealingKey.objects.get(retired_at=None)


def current_reference() -> ReferenceFile:
    return ReferenceFile.objects.only("version").latest("built_at")


def get_reference_or_404(version: str) -> ReferenceFile:
    return get_object_or_404(ReferenceFile, pk=version)


def get_session_by_secret_or_404(secret: str) -> FieldSession:
    sessions = FieldSession.objects.select_related("source__organisation")
    return get_object_or_404(sessions, secret_hash=hash_secret(secret))


def get_session_or_404(user: User, pk: int) -> FieldSession:
    sessions = FieldSession.objects.visible_to(user)
    return get_object_or_404(sessions.select_related("source__organisation"), pk=pk)


def get_managed_session_or_404(user: User, pk: int) -> FieldSession:
    sessions = FieldSession.objects.managed_by(user)
    return get_object_or_404(sessions.select_related("source__organisation"), pk=pk)


def can_manage_session(user: User, session: FieldSession) -> bool:
    return FieldSession.objects.managed_by(user).filter(pk=session.pk).exists()


def visible_sessions(user: User) -> FieldSessionQuerySet:
    """Sessions with the devices opened and what they still hold."""
    active = Q(devices__revoked_at=None)
    return (
        FieldSession.objects.visible_to(user)
        .select_related("source__organisation")
        .annotate(
            device_count=Count("devices", filter=active),
            unsent_count=Sum("devices__unsent_count", filter=active, default=0),
        )
        .order_by("-starts_on", "-pk")
    )


def paginate_sessions(user: User, number: str | None) -> Page[FieldSession]:
    return Paginator(visible_sessions(user), PER_PAGE).get_page(number)


@dataclass(frozen=True)
class Openings:
    """What the records of a file were sealed under, as far as the reader manages it."""

    sessions: dict[UUID, FieldSession]
    phones: dict[UUID, FieldDevice]
    # Phones of people whom others manage.
    foreign_phones: frozenset[UUID]

    def hold(self, envelope: Envelope) -> bool:
        """Whether the reader may take the record in: one of nobody's waits for a human."""
        if envelope.session is not None:
            return envelope.session in self.sessions
        return envelope.device not in self.foreign_phones


def openings_of(user: User, envelopes: Iterable[Envelope]) -> Openings:
    """The sessions the person manages, and the phones of those they lead: their own included."""
    asked = list(envelopes)
    sessions = FieldSession.objects.managed_by(user).select_related("source")
    sessions = sessions.filter(public_id__in={each.session for each in asked if each.session})
    named = {each.device for each in asked if each.device and not each.session}
    phones = FieldDevice.objects.personal().filter(public_id__in=named)
    managed = {phone.public_id: phone for phone in phones.managed_by(user)}
    known = set(phones.order_by().values_list("public_id", flat=True))
    return Openings(
        sessions={session.public_id: session for session in sessions},
        phones=managed,
        foreign_phones=frozenset(known - managed.keys()),
    )


def list_devices(session: FieldSession) -> list[FieldDevice]:
    """Active devices first, those that hold most before the others."""
    devices = session.devices.order_by("-revoked_at", "-unsent_count", "first_name", "pk")
    return sorted(devices, key=lambda device: device.revoked_at is not None)


def get_device_or_404(user: User, session_pk: int, pk: int) -> FieldDevice:
    session = get_managed_session_or_404(user, session_pk)
    return get_object_or_404(session.devices, pk=pk)


@dataclass(frozen=True)
class SessionFigures:
    captures: int
    contacts: int
    to_correct: int
    waiting: int
    as_of: datetime


def session_figures(session: FieldSession) -> SessionFigures:
    counts = count_captures(session.source)
    records = session.records.aggregate(
        to_correct=Count("pk", filter=Q(state=RecordState.TO_CORRECT)),
        waiting=Count("pk", filter=Q(state=RecordState.WAITING)),
    )
    return SessionFigures(**counts, **records, as_of=timezone.now())


def staffed_organisations(user: User) -> list[Organisation]:
    """The organisations in whose name the person opens sessions."""
    return list(Organisation.objects.staffed_by(user).active().order_by("kind", "name", "pk"))


def records_to_correct(user: User) -> SealedRecordQuerySet:
    return SealedRecord.objects.managed_by(user).to_correct()


def count_to_correct(user: User) -> int:
    return records_to_correct(user).count()


def paginate_records(user: User, number: str | None) -> Page[SealedRecord]:
    records = records_to_correct(user).select_related(
        "session__source", "device__user", "source__organisation"
    )
    return Paginator(records.order_by("-received_at", "-pk"), PER_PAGE).get_page(number)


def get_record_or_404(user: User, pk: int) -> SealedRecord:
    records = records_to_correct(user).select_related(
        "session", "device__user", "source__organisation"
    )
    return get_object_or_404(records, pk=pk)


def picked_records(user: User, numbers: Iterable[str]) -> SealedRecordQuerySet:
    """Among the records to correct, those ticked in the list; what is no number is passed over."""
    plain = (each for each in numbers if each.isascii() and each.isdigit() and len(each) < 19)
    return records_to_correct(user).filter(pk__in={int(each) for each in plain})
