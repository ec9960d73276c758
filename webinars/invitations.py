"""The session as a calendar understands it (RFC 5545, 5546): an invitation, and its cancellation.

The personal link is inside, never the meeting's own address: changing the room needs no new mail.
"""

from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from icalendar import Alarm, vCalAddress, vText

from core.ics import make_event, start_calendar
from messaging.models import Attachment
from webinars.enums import RegistrationState, WebinarState
from webinars.links import personal_url
from webinars.models import Registration
from webinars.wording import programme_words

# Before the session, in the calendar of who comes: time to sit down and open the link.
ALARM = -timedelta(minutes=15)


def invitation_file(registration: Registration) -> Attachment | None:
    """The calendar file of somebody who comes, or who came off the list; none without a date."""
    starts_at, ends_at = registration.webinar.starts_at, registration.webinar.ends_at
    if starts_at is None or ends_at is None:
        return None
    method = "REQUEST" if _is_on(registration) else "CANCEL"
    return Attachment(
        name="webinaire.ics",
        type=f"text/calendar; method={method}",
        content=_calendar(registration, method, starts_at, ends_at),
    )


def _is_on(registration: Registration) -> bool:
    return (
        registration.webinar.state == WebinarState.ANNOUNCED
        and registration.state == RegistrationState.REGISTERED
    )


def _calendar(
    registration: Registration, method: str, starts_at: datetime, ends_at: datetime
) -> str:
    webinar = registration.webinar
    calendar = start_calendar("Webinaires")
    calendar.add("method", method)
    link = personal_url(registration)
    event = make_event(
        uid=f"webinaire-{webinar.pk}-{registration.pk}",
        # Both only rise: no calendar ever takes an older state for a newer one.
        sequence=webinar.sequence + registration.sequence,
        stamp=timezone.now(),
        starts_at=starts_at, ends_at=ends_at,
        summary=webinar.title,
        location=link if method == "REQUEST" else "",
        status="CONFIRMED" if method == "REQUEST" else "CANCELLED",
    )  # fmt: skip
    event["organizer"] = _organiser(webinar.organisation.name)
    # Nobody reads an answer: who wants to leave does it by their link.
    attendee = vCalAddress(f"mailto:{registration.email}")
    attendee.params["cn"] = vText(registration.name)
    attendee.params["partstat"] = vText("ACCEPTED" if method == "REQUEST" else "DECLINED")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    if method == "REQUEST":
        event.add("url", link)
        told = [*programme_words(webinar), f"Votre lien personnel : {link}"]
        event.add("description", "\n".join(told))
        event.add_component(_alarm(webinar.title))
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", ALARM)
    return alarm


def _organiser(name: str) -> vCalAddress:
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["cn"] = vText(name)
    return organiser
