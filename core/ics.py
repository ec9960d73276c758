"""Calendars as programs read them (RFC 5545): hours in UTC, so that no change of clocks matters."""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event


def start_calendar(label: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Campagne TPE//{label}//FR")
    calendar.add("version", "2.0")
    return calendar


def make_event(
    *,
    uid: str,
    sequence: int,
    stamp: dt.datetime,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    summary: str,
    location: str,
    status: str,
) -> Event:
    """`uid` names the event within this site; `sequence` rises with each change."""
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", sequence)
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    event.add("dtstart", starts_at.astimezone(dt.UTC))
    event.add("dtend", ends_at.astimezone(dt.UTC))
    event.add("summary", summary)
    event.add("location", location)
    event.add("status", status)
    return event
