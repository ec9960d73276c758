"""Sessions as the agenda tells them: when, for whom, whether there is room, whether one comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaigns import clock
from organisations.models import User
from territory.local_time import differs_from_paris
from webinars import agenda_rules, rules
from webinars.audience import audience_words
from webinars.enums import RegistrationState
from webinars.models import Registration, Series, Webinar
from webinars.wording import when_words


@dataclass(frozen=True)
class Line:
    webinar: Webinar
    when: str
    # Told on its own, where clocks are those of Paris too: who is overseas cannot guess.
    is_paris_time: bool
    audience: str
    is_open: bool
    is_full: bool
    # Whether staff answer first; unknown, so false, of who is not logged in.
    must_ask: bool
    # That of who is logged in.
    registration: Registration | None

    @property
    def can_register(self) -> bool:
        """Whether it is open and who looks has nothing under way there; a no is not asked again."""
        own = self.registration
        has_left = (
            own is not None and own.state == RegistrationState.CANCELLED and not own.barred_at
        )
        return self.is_open and (own is None or has_left)

    @property
    def act(self) -> str:
        """What the button does, in the words of who presses it."""
        if self.must_ask:
            return "Demander à venir"
        if self.is_full:
            return "Rejoindre la liste d’attente"
        return "M’inscrire" if self.webinar.starts_at else "Me prévenir de la date"


def lines_of(webinars: Iterable[Webinar], *, zone: ZoneInfo, user: User | None) -> list[Line]:
    """In a constant number of queries."""
    shown, now = list(webinars), clock.now()
    full = agenda_rules.full_among(shown)
    own = rules.own_registrations(user) if user else {}
    series = {webinar.series for webinar in shown}
    asking = agenda_rules.asking_among(user, series) if user else set()
    return [
        Line(
            webinar=webinar,
            when=when_words(webinar, zone),
            is_paris_time=webinar.starts_at is not None
            and not differs_from_paris(webinar.starts_at, zone),
            audience=audience_words(webinar.series),
            is_open=webinar.is_open_at(now),
            is_full=webinar.pk in full,
            must_ask=webinar.series_id in asking,
            registration=own.get(webinar.pk),
        )
        for webinar in shown
    ]


def by_series(lines: Iterable[Line]) -> list[tuple[Series, list[Line]]]:
    """Under the words of each series, in the order staff chose."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.webinar.series_id, []).append(line)
    found = [(group[0].webinar.series, group) for group in groups.values()]
    return sorted(found, key=lambda pair: (pair[0].position, pair[0].title))
