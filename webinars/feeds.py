"""Open sessions in a calendar program: as they stand, with the page to register on."""

from collections.abc import Iterable
from hashlib import sha256

from icalendar import Event

from core.ics import make_event, start_calendar
from organisations.wording import named
from webinars.audience import audience_words
from webinars.enums import WebinarState
from webinars.links import session_url
from webinars.models import Webinar


def fingerprint(webinars: Iterable[Webinar]) -> str:
    """Changes with anything the file would say."""
    said = [
        (one.pk, one.revision, audience_words(one.series), one.organisation.name)
        for one in webinars
    ]
    return f'"{sha256(repr(said).encode()).hexdigest()[:32]}"'


def calendar_file(webinars: Iterable[Webinar], *, name: str) -> bytes:
    """Sessions with a date."""
    calendar = start_calendar("Webinaires")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval;value=duration", "PT1H")
    calendar.add("x-published-ttl", "PT1H")
    for webinar in webinars:
        calendar.add_component(_event(webinar))
    return bytes(calendar.to_ical())


def _event(webinar: Webinar) -> Event:
    assert webinar.starts_at is not None  # noqa: S101 – the caller leaves out the others
    assert webinar.ends_at is not None  # noqa: S101
    url = session_url(webinar)
    event = make_event(
        uid=f"webinaire-{webinar.pk}", sequence=webinar.sequence, stamp=webinar.updated_at,
        starts_at=webinar.starts_at, ends_at=webinar.ends_at, summary=webinar.title,
        location="En ligne, par un lien personnel reçu par mail",
        status="CANCELLED" if webinar.state == WebinarState.CANCELLED else "CONFIRMED",
    )  # fmt: skip
    event.add("url", url)
    told = [
        f"Organisé par {named(webinar.organisation)}",
        f"Pour qui : {audience_words(webinar.series)}",
        f"S’inscrire : {url}",
    ]
    event.add("description", "\n".join(told))
    event.add("transp", "TRANSPARENT")
    return event
