"""Appointments as calendars understand them (RFC 5545, 5546), and letters instead of a call.

Everything goes through the outbox, on a channel the person agreed to.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils import timezone, translation
from icalendar import vCalAddress, vText

from calls.enums import MeetingState
from calls.models import Call, FollowUp, Meeting
from campaigns import clock
from contacts.addresses import e164, open_channels
from contacts.links import personal_url
from contacts.models import Contact
from core.ics import make_event, start_calendar
from messaging.actions import cancel_messages, enqueue_email, enqueue_sms, forget_messages
from messaging.enums import Channel
from messaging.links import unsubscribe_url_for
from messaging.models import Attachment, Message
from organisations.wording import named

MEETING = "meeting"
INSTEAD = "call-instead"
# Nothing leaves before the caller can no longer take the call back.
UNDO_WINDOW = timedelta(minutes=10)
# Sooner than that, an appointment is written at once.
SHORT_NOTICE = timedelta(hours=1)
LIFETIME = timedelta(days=3)


# Keys name the appointment or the follow-up, never the person: those may be merged meanwhile.
def meeting_key(meeting: Meeting) -> str:
    """What the unique keys of the messages about an appointment begin with."""
    return f"{MEETING}:{meeting.uid}:"


def letter_key(follow_up: FollowUp) -> str:
    """What the unique keys of the letters instead of a call begin with."""
    return f"{INSTEAD}:{follow_up.pk}:"


def calendar_file(meeting: Meeting, *, attendee: str = "") -> str:
    """The appointment as an iCalendar object: a request, or its cancellation."""
    is_cancelled = meeting.state == MeetingState.CANCELLED
    calendar = start_calendar("Rendez-vous")
    calendar.add("method", "CANCEL" if is_cancelled else "REQUEST")
    event = make_event(
        uid=str(meeting.uid), sequence=meeting.sequence, stamp=timezone.now(),
        starts_at=meeting.starts_at, ends_at=ends_at(meeting),
        summary=f"Rendez-vous avec {_named_host(meeting.follow_up)}", location=meeting.place,
        status="CANCELLED" if is_cancelled else "CONFIRMED",
    )  # fmt: skip
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["cn"] = vText(name or settings.SITE_NAME)
    event["organizer"] = organiser
    if attendee:
        guest = vCalAddress(f"mailto:{attendee}")
        guest.params["rsvp"] = vText("FALSE")
        event.add("attendee", guest, encode=False)
    calendar.add_component(event)
    return calendar.to_ical().decode()


def ends_at(meeting: Meeting) -> datetime:
    return meeting.starts_at + timedelta(minutes=meeting.minutes)


def _host(follow_up: FollowUp) -> str:
    return follow_up.organisation.name if follow_up.organisation else settings.SITE_NAME


def _named_host(follow_up: FollowUp) -> str:
    return named(follow_up.organisation) if follow_up.organisation else settings.SITE_NAME


def invite(meeting: Meeting, contact: Contact) -> str:
    """Write the appointment as it stands now: by e-mail with its calendar file, else by SMS.

    Answers the channel, or nothing when the person agreed to neither.
    """
    key = f"{meeting_key(meeting)}{meeting.sequence}"
    channels = open_channels(contact)
    context = {
        "contact": contact,
        "meeting": meeting,
        "local": meeting.starts_at.astimezone(ZoneInfo(contact.departement.time_zone)),
        "host": _host(meeting.follow_up),
        "is_cancelled": meeting.state == MeetingState.CANCELLED,
    }
    if contact.email and Channel.EMAIL in channels:
        _mail_invitation(key, meeting, contact, context)
        return Channel.EMAIL
    if contact.phone and Channel.SMS in channels:
        enqueue_sms(
            unique_key=key, purpose=MEETING, recipient=e164(contact),
            text=_sms("calls/sms/meeting.txt", context), due_at=_leaves_at(meeting),
            not_after=meeting.starts_at, departement=contact.departement,
        )  # fmt: skip
        return Channel.SMS
    return ""


def _mail_invitation(
    key: str, meeting: Meeting, contact: Contact, context: dict[str, object]
) -> None:
    method = "CANCEL" if meeting.state == MeetingState.CANCELLED else "REQUEST"
    file = Attachment(
        name="rendez-vous.ics",
        type=f"text/calendar; method={method}",
        content=calendar_file(meeting, attendee=contact.email),
    )
    enqueue_email(
        unique_key=key, purpose=MEETING, recipient=contact.email,
        template="calls/email/meeting", context=context, attachments=[file],
        unsubscribe_url=unsubscribe_url_for(Channel.EMAIL, contact.email),
        due_at=_leaves_at(meeting), not_after=meeting.starts_at,
        departement=contact.departement,
    )  # fmt: skip


def _leaves_at(meeting: Meeting) -> datetime:
    now = clock.now()
    is_soon = meeting.starts_at - now < SHORT_NOTICE
    return now if is_soon or meeting.sequence else now + UNDO_WINDOW


def _sms(template: str, context: dict[str, object]) -> str:
    with translation.override("fr"):
        text = " ".join(render_to_string(template, context).split())
    # The curly one is outside the alphabet of SMS: it would halve what fits in one.
    return text.replace("’", "'")


def withdraw_invitation(meeting: Meeting, contact: Contact) -> None:
    """Say that a cancelled appointment is off, to those who were told of it."""
    stop_waiting(meeting)
    written = Message.objects.filter(unique_key__startswith=meeting_key(meeting))
    if written.filter(handed_over_at__isnull=False).exists():
        invite(meeting, contact)


def stop_waiting(meeting: Meeting) -> None:
    """Hold back what was not handed over yet: newer words replace it."""
    waiting = Message.objects.filter(unique_key__startswith=meeting_key(meeting)).not_begun()
    if keys := list(waiting.values_list("unique_key", flat=True)):
        cancel_messages(unique_keys=keys)


def stop_letter(key: str) -> None:
    """Hold back a letter, if it has not left."""
    if key:
        cancel_messages(unique_keys=[key])


def write_instead(follow_up: FollowUp, contact: Contact, occasion: str) -> str:
    """Write to somebody who could not be called: by e-mail, else (`missed`) by SMS.

    Answers the message's key, or nothing when no channel is open.
    """
    # A letter held back when its call was undone does not stand for the next one.
    key = f"{letter_key(follow_up)}{follow_up.calls.count()}"
    channels = open_channels(contact)
    now = clock.now()
    context = {
        "contact": contact, "host": _host(follow_up), "named_host": _named_host(follow_up),
        "occasion": occasion,
        "personal_url": personal_url(contact),
    }  # fmt: skip
    if contact.email and Channel.EMAIL in channels:
        enqueue_email(
            unique_key=key, purpose=INSTEAD, recipient=contact.email,
            template="calls/email/instead", context=context,
            unsubscribe_url=unsubscribe_url_for(Channel.EMAIL, contact.email),
            due_at=now + UNDO_WINDOW, not_after=now + LIFETIME,
            departement=contact.departement, is_secret=True,
        )  # fmt: skip
        return key
    if occasion == "missed" and Channel.SMS in channels:
        enqueue_sms(
            unique_key=key, purpose=INSTEAD, recipient=e164(contact),
            text=_sms("calls/sms/missed.txt", context), due_at=now + UNDO_WINDOW,
            not_after=now + LIFETIME, departement=contact.departement, is_secret=True,
        )  # fmt: skip
        return key
    return ""


def forget_letters(contacts: Sequence[Contact]) -> None:
    """Erase the words of every appointment and letter of people, a family's number or not."""
    # Without a call there was neither.
    called = FollowUp.objects.filter(Exists(Call.objects.filter(follow_up=OuterRef("pk"))))
    for row in called.filter(contact__in=contacts).prefetch_related("meetings"):
        for prefix in [letter_key(row), *map(meeting_key, row.meetings.all())]:
            forget_messages(unique_key_prefix=prefix)
