"""An activist's own space: how far they are, their QR code, whom they brought, what comes next."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from django.utils import timezone

from calls.rules import visible_follow_ups
from campaigns import clock
from campaigns.models import Campaign
from contacts.enums import SourceKind
from contacts.links import source_url
from contacts.models import Capture, Contact, Source
from core.dates import day_of_year
from dashboards.figures import personal_goal
from deployments.nearby import next_actions_near
from deployments.task_rules import my_tasks
from field.models import FieldSession
from field.rules import visible_sessions
from organisations.models import User
from territory.local_time import zone_or_paris
from webinars.agenda_rules import next_registrations
from webinars.models import Registration
from webinars.wording import when_words

LATEST = 5
NEXT_SESSIONS = 3
NEXT_ACTIONS = 3
NEXT_WEBINARS = 3


@dataclass(frozen=True)
class Progress:
    """People, not occasions: those entered by hand, and those who registered by one's link."""

    entered: int
    by_link: int
    goal: int

    @property
    def total(self) -> int:
        return self.entered + self.by_link

    @property
    def left(self) -> int:
        return max(self.goal - self.total, 0)


@dataclass(frozen=True)
class ShareLink:
    label: str
    icon: str
    url: str


def progress(user: User, campaign: Campaign | None) -> Progress:
    """Each person counts once, for whoever met them first."""
    brought = Capture.objects.filter(contact__isnull=False, created_contact=True)
    entered = brought.filter(captured_by=user).values("contact").distinct().count()
    by_link = brought.filter(
        source__activist=user, source__kind=SourceKind.ACTIVIST, captured_by=None
    )
    number = by_link.values("contact").distinct().count()
    goal = personal_goal(campaign, entered + number) if campaign else 0
    return Progress(entered, number, goal)


def own_sources(user: User) -> list[Source]:
    """The activist's own QR codes: one per organisation they enter contacts for."""
    own = Source.objects.active().filter(activist=user, kind=SourceKind.ACTIVIST)
    return list(own.select_related("organisation").order_by("pk"))


def latest_contacts(user: User) -> list[Contact]:
    own = Capture.objects.filter(captured_by=user, created_contact=True).values("contact")
    contacts = Contact.objects.visible_to(user).filter(pk__in=own).select_related("trade")
    return list(contacts.order_by("-created_at", "-pk")[:LATEST])


def next_sessions(user: User) -> list[FieldSession]:
    """The field sessions that are open or come next, those of one's organisations."""
    sessions = visible_sessions(user).filter(closed_at=None, ends_on__gte=timezone.localdate())
    return list(sessions.order_by("starts_on", "pk")[:NEXT_SESSIONS])


@dataclass(frozen=True)
class OwnWebinar:
    registration: Registration
    when: str


def next_webinars(user: User, *, most: int = NEXT_WEBINARS) -> list[OwnWebinar]:
    """The sessions the person comes to, waits for or asked to come to, by their own clocks."""
    zone = zone_or_paris(user.time_zone)
    found = next_registrations(user)[:most]
    return [OwnWebinar(one, when_words(one.webinar, zone)) for one in found]


def count_calls_due(user: User) -> int:
    """How many people are waiting for a call from this very person."""
    return visible_follow_ups(user).open().filter(assigned_to=user).count()


def share_links(source: Source, campaign: Campaign | None, today: date) -> list[ShareLink]:
    """Ready-made messages for friends and neighbours; the person chooses whom to write to."""
    text = share_text(source, campaign, today)
    query = {"text": text}
    return [
        ShareLink("SMS", "sms", f"sms:?&body={quote(text)}"),
        ShareLink("WhatsApp", "external", f"https://wa.me/?{urlencode(query, quote_via=quote)}"),
        ShareLink(
            "Telegram", "external",
            "https://t.me/share/url?"
            + urlencode({"url": source_url(source), "text": text}, quote_via=quote),
        ),
        ShareLink(
            "E-mail", "mail",
            "mailto:?"
            + urlencode({"subject": "Tes droits au travail", "body": text}, quote_via=quote),
        ),
    ]  # fmt: skip


def share_text(source: Source, campaign: Campaign | None, today: date) -> str:
    vote = ""
    if campaign and today <= campaign.vote_closes:
        vote = (
            f" et le rappel du vote, du {day_of_year(campaign.vote_opens)}"
            f" au {day_of_year(campaign.vote_closes)}"
        )
    return (
        "Tu travailles dans une petite entreprise ou chez un particulier ? "
        f"Reçois la fiche de tes droits{vote} : {source_url(source)}"
    )


def own_space(user: User) -> dict[str, object]:
    """Everything the page shows."""
    campaign = clock.current_campaign()
    today = clock.today(campaign)
    sources = own_sources(user)
    return {
        "progress": progress(user, campaign),
        "sources": [
            {
                "source": source,
                "address": source_url(source),
                "links": share_links(source, campaign, today),
            }
            for source in sources
        ],
        "latest": latest_contacts(user),
        "actions": next_actions_near(user, most=NEXT_ACTIONS),
        "tasks": my_tasks(user),
        "sessions": next_sessions(user),
        "webinars": next_webinars(user),
        "calls_due": count_calls_due(user),
        "without_source": without_source(user, sources),
    }


def without_source(user: User, sources: list[Source]) -> list[dict[str, object]]:
    """The organisations for which the person has no QR code yet."""
    opened = {source.organisation_id for source in sources}
    return [
        {"pk": membership.pk, "name": membership.organisation.name}
        for membership in user.active_memberships
        if membership.organisation_id not in opened
    ]
