"""Actions in a calendar program: one event per shift, as it stands now."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.urls import reverse

from core.ics import make_event, start_calendar
from deployments.enums import Stage

STATUS = {Stage.IDEA: "TENTATIVE", Stage.REPORTED: "CONFIRMED", Stage.CANCELLED: "CANCELLED"}


@dataclass(frozen=True)
class CalendarEvent:
    """A shift and what is told of its action; the order of the fields is that of the query."""

    deployment: int
    title: str
    stage: str
    revision: int
    updated_at: datetime
    organisation: str
    guest: str
    objective: str
    place: str | None
    address: str | None
    commune: str | None
    latitude: float | None
    longitude: float | None
    label: str
    starts_at: datetime
    ends_at: datetime


FIELD_COUNT = len(fields(CalendarEvent))


def fingerprint(events: Iterable[CalendarEvent]) -> str:
    """Changes with anything the file would say."""
    return f'"{sha256(repr(list(events)).encode()).hexdigest()[:32]}"'


def calendar_file(events: Iterable[CalendarEvent], *, name: str, is_busy: bool = True) -> bytes:
    """The events, those of one action together; `is_busy` when the reader is expected there."""
    calendar = start_calendar("Déploiements")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval;value=duration", "PT1H")
    calendar.add("x-published-ttl", "PT1H")
    ranks: dict[int, int] = {}
    for one in events:
        ranks[one.deployment] = ranks.get(one.deployment, 0) + 1
        calendar.add_component(_event(one, ranks[one.deployment], is_busy))
    return bytes(calendar.to_ical())


def _event(one: CalendarEvent, rank: int, is_busy: bool) -> object:
    # By its rank and not its row: a shift whose hour was changed may be another row.
    event = make_event(
        uid=f"action-{one.deployment}-{rank}", sequence=one.revision, stamp=one.updated_at,
        starts_at=one.starts_at, ends_at=one.ends_at,
        summary=f"{one.title} – {one.label}" if one.label else one.title,
        location=", ".join(filter(None, [one.place, one.address, one.commune])),
        status=STATUS[Stage(one.stage)],
    )  # fmt: skip
    event.add("last-modified", one.updated_at)
    url = settings.SITE_URL + reverse("deployments:detail", args=[one.deployment])
    event.add("url", url)
    event.add("description", "\n".join([*_told(one), url]))
    event.add("transp", "OPAQUE" if is_busy and one.stage == Stage.REPORTED else "TRANSPARENT")
    if one.latitude is not None and one.longitude is not None:
        event.add("geo", (one.latitude, one.longitude))
    return event


def _told(one: CalendarEvent) -> list[str]:
    told = [one.organisation]
    if one.guest:
        told.append(f"En présence de {one.guest}")
    return [*told, *filter(None, [one.objective])]
