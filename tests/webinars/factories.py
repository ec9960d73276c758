"""Webinars for tests, in the words of the domain."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core import mail
from django.core.files.base import ContentFile
from django.utils import timezone

from campaigns.clock import current_campaign
from campaigns.loading import load_campaign
from campaigns.models import Campaign
from library.enums import DocumentKind
from library.models import Document, DocumentVersion
from messaging.delivery import deliver_due_messages
from messaging.models import Message
from tests.factories import get_organisation
from webinars.actions import Step, announce_webinar, create_webinar
from webinars.meetings import Room, set_meeting
from webinars.models import Registration, Series, Webinar
from webinars.registering import Applicant, register

PARIS = ZoneInfo("Europe/Paris")
# Friday 20 November 2026, 13:00 in Paris.
FRIDAY = datetime(2026, 11, 20, 13, tzinfo=PARIS)
ADDRESS = "https://reunion.example/j/8123456789?pwd=SesameOuvreToi"
ROOM = Room(ADDRESS, "812 3456 789", "SesameOuvreToi")
SECRETS = ("reunion.example", "8123456789", "812 3456 789", "SesameOuvreToi")


def the_campaign() -> Campaign:
    if current_campaign() is None:
        load_campaign()
    campaign = current_campaign()
    assert campaign is not None
    return campaign


def next_friday(hour: int = 13) -> datetime:
    """An hour of a Friday at least a week ahead, in Paris."""
    day = timezone.localtime(timezone=PARIS) + timedelta(days=7)
    day += timedelta(days=(4 - day.weekday()) % 7)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def make_webinar(
    series: str = "ouverts",
    *,
    organisation: str = "confederation",
    starts_at: datetime | None = None,
    dated: bool = True,
    announced: bool = True,
    hours: float = 1,
    with_room: bool = True,
    **fields: Any,
) -> Webinar:
    """An announced hour of a Friday to come, in three parts, with a room."""
    start = (starts_at or next_friday()) if dated else None
    defaults: dict[str, Any] = {
        "title": "Outils et supports",
        "steps": [Step("Outils", 20, "une militante"), Step("Échanges", 40)],
        "created_by": None,
    }
    webinar = create_webinar(
        campaign=the_campaign(),
        series=Series.objects.get(pk=series),
        organisation=get_organisation(organisation),
        starts_at=start,
        ends_at=start + timedelta(hours=hours) if start else None,
        **(defaults | fields),
    )
    if with_room:
        set_meeting(webinar=webinar, room=ROOM, provider="Visio", author=None)
    return announce_webinar(webinar=webinar, revision=1) if announced else webinar


def make_document(slug: str = "diaporama") -> Document:
    document = Document.objects.create(slug=slug, title="Diaporama", kind=DocumentKind.SLIDES)
    DocumentVersion.objects.create(
        document=document, number=1, file=ContentFile(b"%PDF-1.7\n", name="a.pdf"), name="a.pdf",
        content_type="application/pdf", size=9,
    )  # fmt: skip
    return document


def somebody(number: int = 1, **fields: Any) -> Applicant:
    return Applicant(**{"email": f"sacha{number}@exemple.fr", "name": f"Sacha {number}"} | fields)


def sign_up(webinar: Webinar, number: int = 1, **fields: Any) -> Registration:
    (registration,) = register(webinars=[webinar], applicant=somebody(number, **fields))
    return registration


def states(webinar: Webinar) -> dict[str, str]:
    return dict(webinar.registrations.order_by("pk").values_list("name", "state"))


def told(purpose: str) -> list[str]:
    """Who is written to for a purpose, as the outbox stands."""
    messages = Message.objects.filter(purpose=purpose).order_by("created_at", "recipient")
    return [message.recipient for message in messages]


def delivered() -> list[mail.EmailMultiAlternatives]:
    """What leaves now, in its order."""
    before = len(mail.outbox)
    deliver_due_messages()
    return mail.outbox[before:]  # type: ignore[return-value]


def subjects() -> Counter[str]:
    return Counter(str(one.subject) for one in delivered())
