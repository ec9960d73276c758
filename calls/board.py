"""« Qui doit un appel ? » : the list, its filters, and the count of each organisation."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, Q

from calls.enums import Status
from calls.forms import BoardForm
from calls.hours import closed_departements, is_elsewhere, next_opening
from calls.models import FollowUp, FollowUpQuerySet
from calls.rules import RELATED, visible_follow_ups
from core.dates import day_of_week
from messaging.quiet_hours import Holidays
from organisations.models import User
from territory.models import Departement

PAGE_SIZE = 50
COUNT_LIMIT = 1000
# Further down one filters.
LAST_PAGE = 200

PHONE, WRITING, DONE = "telephone", "ecrit", "faits"
TABS = {PHONE: "À appeler", WRITING: "À joindre par écrit", DONE: "Faits"}


@dataclass(frozen=True)
class BoardPage:
    rows: list[FollowUp]
    count: int
    number: int
    has_next: bool

    @property
    def is_more_than_counted(self) -> bool:
        return self.count > COUNT_LIMIT

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


@dataclass(frozen=True)
class OrganisationCount:
    pk: int
    name: str
    total: int
    late: int


def follow_ups_in(tab: str, user: User) -> FollowUpQuerySet:
    """What a tab holds, among what the person sees."""
    rows = visible_follow_ups(user)
    match tab:
        case "ecrit":
            return rows.in_writing().order_by("due_at", "pk")
        case "faits":
            return rows.filter(status=Status.DONE).order_by("-closed_at", "-pk")
    return rows.callable().order_by("due_at", "pk")


def apply_filters(
    rows: FollowUpQuerySet, form: BoardForm, *, user: User, now: datetime
) -> FollowUpQuerySet:
    """Apply the valid filters of `form`; an unknown value filters nothing."""
    form.is_valid()
    chosen = form.cleaned_data
    if organisation := chosen.get("organisation"):
        rows = rows.filter(organisation=organisation)
    if reason := chosen.get("reason"):
        rows = rows.filter(reasons__contains=[reason])
    if trade := chosen.get("trade"):
        rows = rows.filter(contact__trade=trade)
    if chosen.get("late"):
        rows = rows.late(now)
    match chosen.get("who"):
        case "nobody":
            rows = rows.filter(assigned_to=None)
        case "me":
            rows = rows.filter(assigned_to=user)
        case "somebody":
            rows = rows.filter(assigned_to__isnull=False)
    return rows


def page_of(rows: FollowUpQuerySet, *, number: int) -> BoardPage:
    start = (number - 1) * PAGE_SIZE
    shown = rows.select_related(*RELATED).with_last_call()
    found = list(shown[start : start + PAGE_SIZE + 1])
    count = rows.order_by()[: COUNT_LIMIT + 1].count()
    return BoardPage(found[:PAGE_SIZE], count, number, len(found) > PAGE_SIZE)


def count_by_organisation(form: BoardForm, user: User, now: datetime) -> list[OrganisationCount]:
    """Who owes calls and letters, and how many are late; the most late first. One statement.

    What is open counts: nobody's agreement is looked up, the sweeper cancels what lost its own.
    """
    rows = apply_filters(visible_follow_ups(user).open(), form, user=user, now=now)
    counted = (
        rows.order_by()
        .values("organisation")
        .annotate(
            name=F("organisation__name"),
            total=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
        )
        .order_by("-late", "-total", "name", "organisation")
    )
    return [
        OrganisationCount(row["organisation"], row["name"], row["total"], row["late"])
        for row in counted
        if row["organisation"]
    ]


def queue_of(form: BoardForm, user: User, now: datetime) -> FollowUpQuerySet:
    """Whom the person would call next: due, free, where it is neither too early nor too late."""
    rows = apply_filters(visible_follow_ups(user).callable(), form, user=user, now=now)
    return rows.due(now).exclude(contact__departement__in=closed_departements(now))


@dataclass(frozen=True)
class Pause:
    """Nobody can be called right now; `opens_at` says when somebody can, as lived there."""

    # Somebody's turn has come, but it is too early or too late where they work.
    is_closed: bool = False
    opens_at: datetime | None = None
    departement: Departement | None = None

    @property
    def day(self) -> str:
        """« lundi 25 novembre »."""
        return day_of_week(self.opens_at.date()) if self.opens_at else ""

    @property
    def is_elsewhere(self) -> bool:
        return self.opens_at is not None and is_elsewhere(self.opens_at)


def pause_of(form: BoardForm, user: User, now: datetime) -> Pause | None:
    """Why the queue is empty and until when; None while somebody can be called."""
    if queue_of(form, user, now).exists():
        return None
    # Nobody's agreement is looked up again: the sweeper cancels who lost it.
    rows = visible_follow_ups(user).open().exclude(contact__phone="")
    turns = (
        apply_filters(rows, form, user=user, now=now)
        .order_by()
        .values_list("contact__departement")
        .annotate(first=Min("next_attempt_at"))
    )
    first = {pk: max(moment, now) for pk, moment in turns}
    holidays = Holidays.around(now)
    openings = [
        (next_opening(first[departement.pk], departement, holidays), departement)
        for departement in Departement.objects.filter(pk__in=first).order_by("pk")
    ]
    if not openings:
        return Pause()
    opens_at, departement = min(openings, key=lambda opening: opening[0])
    if opens_at <= now:
        return Pause()
    local = opens_at.astimezone(ZoneInfo(departement.time_zone))
    return Pause(now in first.values(), local, departement)
