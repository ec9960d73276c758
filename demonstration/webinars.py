"""The webinars of the edition, moved with it, a few others, and who would have come."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from campaigns.clock import now
from campaigns.loading import REFERENCE_EDITION
from campaigns.models import PARIS, Campaign
from demonstration.street import GUEST
from demonstration.webinar_people import Crowd
from organisations.models import Organisation, User
from webinars.actions import Step, announce_webinar, create_webinar
from webinars.meetings import Room, set_meeting
from webinars.models import Series, Webinar

WORDS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "webinars.json").read_text(encoding="utf-8")
)
HOLDER = "confederation"
# Registration opens so long before.
AHEAD = timedelta(days=35)
PART_MINUTES = 20


@dataclass
class Session:
    """A session to come into being; without a date, a draft."""

    series: str
    title: str
    organisation: str = HOLDER
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    guest: str = ""
    capacity: int | None = None
    steps: list[Step] = field(default_factory=list)


@transaction.atomic
def load_webinars(*, campaign: Campaign, people: dict[str, User]) -> list[Webinar]:
    """Load the sessions and all that surrounds them; nothing when some are there already."""
    if Webinar.objects.exists():
        return []
    dice = random.Random(1895)  # noqa: S311 – a demonstration, not a secret
    webinars = [
        _make(session, campaign, people["confederation"])
        for session in (*_real_sessions(campaign), *_other_sessions(campaign))
    ]
    crowd = Crowd(dice, WORDS, present=now(campaign))
    for webinar in webinars:
        if webinar.announced_at:
            crowd.come_to(webinar, [people[slug] for slug in ("ul", "ud", "militant")])
    return webinars


def _real_sessions(campaign: Campaign) -> Iterator[Session]:
    """Those of the edition's file, moved as far as the campaign was; the first has no date."""
    content = json.loads(REFERENCE_EDITION.read_text(encoding="utf-8"))
    opened = date.fromisoformat(content["campaign"]["vote_opens"])
    moved = campaign.vote_opens - opened
    steps = [
        Step(title, PART_MINUTES, speakers)
        for title, speakers in zip(content["webinar_parts"], WORDS["speakers"], strict=True)
    ]
    yield Session("outils", WORDS["titles"]["outils"].format(number=1), steps=steps)
    numbers: dict[str, int] = {}
    for row in content["webinars"]:
        series = row["series"]
        numbers[series] = row.get("number", numbers.get(series, 0) + 1)
        yield Session(
            series=series,
            title=WORDS["titles"][series].format(number=numbers[series]),
            starts_at=_moved(row["starts"], moved),
            ends_at=_moved(row["ends"], moved),
            guest=GUEST if row.get("with_general_secretary") else "",
            steps=steps if series == "outils" else [],
        )


def _moved(text: str, moved: timedelta) -> datetime:
    """Hours on the wall stay, whatever the clocks did in between."""
    local = datetime.fromisoformat(text)
    return datetime.combine(local.date() + moved, local.time(), tzinfo=PARIS)


def _other_sessions(campaign: Campaign) -> Iterator[Session]:
    """A few around today, so that there is something to register for and to manage."""
    today = now(campaign).astimezone(PARIS).date()
    for row in WORDS["extra"]:
        start = datetime.combine(
            today + timedelta(days=row["days"]), time.fromisoformat(row["from"]), tzinfo=PARIS
        )
        yield Session(
            series=row["series"],
            title=row["title"],
            organisation=row["organisation"],
            starts_at=start,
            ends_at=start + timedelta(minutes=row["minutes"]),
            capacity=row["capacity"],
            steps=[Step(title, minutes) for title, minutes in row["parts"]],
        )


def _make(session: Session, campaign: Campaign, author: User) -> Webinar:
    webinar = create_webinar(
        campaign=campaign,
        series=Series.objects.get(pk=session.series),
        organisation=Organisation.objects.get(slug=session.organisation),
        title=session.title,
        description=WORDS["descriptions"][session.series],
        created_by=author,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        guest=session.guest,
        capacity=session.capacity,
        steps=session.steps,
    )
    if session.starts_at is None:
        return webinar
    room = Room(f"https://visio.demo.invalid/{webinar.code}", number=webinar.code)
    set_meeting(webinar=webinar, room=room, provider="Visio de démonstration", author=author)
    webinar = announce_webinar(webinar=webinar, revision=webinar.revision)
    webinar.announced_at = min(session.starts_at - AHEAD, now(campaign))
    webinar.created_at = webinar.dates_set_at = webinar.announced_at
    webinar.save()
    return webinar
