"""What the pages of the calendar read: as many queries for ten actions as for a thousand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import (
    BooleanField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Cast, Coalesce, RowNumber
from django.db.models.lookups import Exact

from deployments.agenda import NIGHT, Entry
from deployments.enums import Answer, Stage
from deployments.models import (
    Absence,
    Deployment,
    DeploymentQuerySet,
    DeploymentType,
    RoleNeed,
    TeamMember,
    TeamRole,
)
from deployments.team_messages import address_of
from messaging.addresses import masked
from organisations.enums import Kind
from organisations.models import Organisation, User
from organisations.rules import read_memberships
from territory.models import Departement, PublicHoliday, Region

PER_PAGE = 40
# No zone is further than this from UTC.
ANY_ZONE = timedelta(hours=14)
# What one roster shows; a narrower filter shows the rest.
ROSTER_ENTRIES = 400

Found = DeploymentQuerySet


def _on_the_wall(name: str) -> Func:
    """The hour of an instant where the action takes place, without zone."""
    return Func(F("time_zone"), F(name), function="timezone", output_field=DateTimeField())


def _day(name: str) -> Cast:
    return Cast(_on_the_wall(name), DateField())


class _IsAmong(Func):
    """Whether a value stands in an array."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def unfilled_needs(role: str = "") -> QuerySet[RoleNeed]:
    """The roles of an action that too few people said they would take."""
    takers = TeamMember.objects.filter(
        Q(Exact(OuterRef("mandate"), Value(""))) | Q(_IsAmong(OuterRef("mandate"), F("mandates"))),
        deployment=OuterRef("deployment"),
        role=OuterRef("role"),
        answer=Answer.COMING,
    )
    count = takers.order_by().values("deployment").annotate(count=Count("pk")).values("count")
    needs = RoleNeed.objects.filter(deployment=OuterRef("pk"))
    if role:
        needs = needs.filter(role=role)
    taken = Coalesce(Subquery(count, output_field=IntegerField()), Value(0))
    return needs.annotate(taken=taken).filter(taken__lt=F("minimum"))


@dataclass(frozen=True)
class Choice:
    """What the reader asked to see; empty for all of it."""

    region: str = ""
    departement: str = ""
    organisation: int | None = None
    federation: int | None = None
    type: str = ""
    public: str = ""
    guest: str = ""
    role: str = ""
    lacks_somebody: bool = False
    is_in_danger: bool = False
    with_cancelled: bool = False

    def narrow(self, found: Found) -> Found:
        if self.region:
            found = found.filter(departement__region=self.region)
        if self.departement:
            found = found.filter(departement=self.departement)
        if self.organisation:
            found = found.filter(_of_local_union(self.organisation))
        if self.federation:
            found = found.filter(_of_federation(self.federation))
        if self.type:
            found = found.filter(Exists(_through("types", deploymenttype=self.type)))
        if self.public:
            found = found.filter(public=self.public)
        if self.guest:
            found = found.filter(guest__unaccent__icontains=self.guest)
        if self.lacks_somebody or self.role:
            found = found.filter(Exists(unfilled_needs(self.role)))
        if self.is_in_danger:
            found = found.with_declaration_in_danger()
        return found if self.with_cancelled else found.exclude(stage=Stage.CANCELLED)


def _through(name: str, **wanted: object) -> QuerySet:
    through = getattr(Deployment, name).through
    return through.objects.filter(deployment=OuterRef("pk"), **wanted)


def _of_local_union(pk: int) -> Q:
    communes = Organisation.communes.through.objects.filter(organisation=pk)
    return (
        Q(organisation=pk)
        | Q(Exists(_through("co_organisers", organisation=pk)))
        | Q(commune__in=communes.values("commune"))
    )


def _of_federation(pk: int) -> Q:
    """Those it leads, joins or was told of, and those for trades of its agreements."""
    trades = _through("trades", trade__agreements__organisation=pk)
    return (
        Q(organisation=pk)
        | Q(Exists(_through("co_organisers", organisation=pk)))
        | Q(Exists(_through("informed", organisation=pk)))
        | Q(Exists(trades))
    )


def calendar_deployments(user: User, choice: Choice) -> Found:
    """The dated actions the person sees, among those they chose."""
    return choice.narrow(Deployment.objects.visible_to(user).on_calendar())


def entries_between(
    found: Found, user: User, first: date, last: date, *, now: datetime, room: int
) -> tuple[list[Entry], dict[date, int]]:
    """What falls between two days: the long actions, the `room` first ones of each day, and how
    many of one day begin on each."""
    start = datetime.combine(first, time.min, UTC) - ANY_ZONE
    end = datetime.combine(last, time.max, UTC) + ANY_ZONE
    first_day, last_day = _day("starts_at"), _day("ends_at")
    is_long = Q(last_day__gt=F("first_day"), span__gt=NIGHT)
    same_day = [F("first_day"), F("is_long")]
    in_order = [F("starts_at").asc(), F("pk").asc()]
    placed = (
        found.between(start, end)
        .annotate(first_day=first_day, last_day=last_day, span=F("ends_at") - F("starts_at"))
        .annotate(is_long=ExpressionWrapper(is_long, output_field=BooleanField()))
        .annotate(
            rank=Window(RowNumber(), partition_by=same_day, order_by=in_order),
            of_day=Window(Count("pk"), partition_by=same_day),
        )
        .filter(Q(is_long=True) | Q(rank__lte=room))
        .order_by("starts_at", "pk")
        .values_list("pk", "first_day", "is_long", "of_day")
    )
    rows = list(placed)
    totals = {day: count for _, day, is_long, count in rows if not is_long}
    return read_entries([pk for pk, *_ in rows], user, now=now), totals


def read_entries(pks: Sequence[int], user: User, *, now: datetime) -> list[Entry]:
    """The actions of these numbers as a calendar shows them, in order of time.

    Whoever fetched the numbers checked that the person sees them.
    """
    rows = (
        Deployment.objects.filter(pk__in=pks)
        .annotate(
            starts=_on_the_wall("starts_at"),
            ends=_on_the_wall("ends_at"),
            is_over=ExpressionWrapper(Q(ends_at__lte=now), output_field=BooleanField()),
            lacks_somebody=Exists(unfilled_needs()),
            is_managed=_is_managed(user),
        )
        .with_declaration_state(now)
        .order_by("starts_at", "pk")
        .values_list(
            "pk", "title", "stage", "starts", "ends", "place__name", "commune__name",
            "organisation__name", "organisation_id", "guest", "revision", "is_over", "declaration",
            "lacks_somebody", "is_managed",
        )
    )  # fmt: skip
    return [
        Entry(
            pk=pk, title=title, stage=stage, starts=starts, ends=ends,
            where=", ".join(filter(None, [place, commune])), organisation=organisation,
            organisation_id=organisation_id, guest=guest, revision=revision,
            is_over=is_over, declaration=declaration,
            lacks_somebody=lacks and not is_over,
            is_movable=is_managed and not is_over and stage != Stage.CANCELLED,
        )
        for (pk, title, stage, starts, ends, place, commune, organisation, organisation_id, guest,
             revision, is_over, declaration, lacks, is_managed) in rows
    ]  # fmt: skip


def _is_managed(user: User) -> Expression:
    if not user.led:
        return Value(False)
    managed = DeploymentQuerySet.is_managed_by(user)
    return ExpressionWrapper(managed, output_field=BooleanField())


def _managed_among(pks: Sequence[int], user: User) -> set[int]:
    if not user.led or not pks:
        return set()
    managed = Deployment.objects.managed_by(user).filter(pk__in=pks)
    return set(managed.values_list("pk", flat=True))


def paginate_from(found: Found, first: date, page: str | None) -> Page[int]:
    """The numbers of the actions that are not over before a day, in order of time."""
    start = datetime.combine(first, time.min, UTC) - ANY_ZONE
    later = (
        found.filter(ends_at__gt=start)
        .annotate(last_day=_day("ends_at"))
        .filter(last_day__gte=first)
        .order_by("starts_at", "pk")
        .values_list("pk", flat=True)
    )
    return Paginator(later, PER_PAGE).get_page(page)


def holidays_between(first: date, last: date) -> dict[date, str]:
    """The holidays of the whole country, by day."""
    found = PublicHoliday.objects.filter(date__range=(first, last), area="")
    return dict(found.values_list("date", "name"))


@dataclass(frozen=True)
class Presence:
    """That somebody is expected, or away, on some days."""

    person: str
    name: str
    deployment: int | None
    is_sure: bool = True
    # Those they chose among the days of the action; none for all of them.
    days: frozenset[date] = frozenset()
    first_day: date | None = None
    last_day: date | None = None


def roster_entries(
    found: Found, user: User, first: date, last: date, *, now: datetime
) -> list[Entry]:
    start = datetime.combine(first, time.min, UTC) - ANY_ZONE
    end = datetime.combine(last, time.max, UTC) + ANY_ZONE
    placed = found.between(start, end).order_by("starts_at", "pk")
    pks = list(placed.values_list("pk", flat=True)[:ROSTER_ENTRIES])
    return read_entries(pks, user, now=now)


def people_of(entries: Iterable[Entry], user: User) -> list[Presence]:
    """Who is expected at the actions the person manages; nobody else's team is told.

    Who bears the same name as another is told apart by the end of their number or address.
    """
    held = [entry.pk for entry in entries if entry.stage != Stage.CANCELLED]
    managed = _managed_among(held, user)
    if not managed:
        return []
    team = TeamMember.objects.filter(
        deployment__in=managed, answer__in=[Answer.COMING, Answer.INVITED]
    )
    members = list(team.select_related("user").order_by("first_name", "person", "pk"))
    days = _chosen_days(members)
    names = {member.person: member.user.get_full_name() if member.user else member.first_name
             for member in members}  # fmt: skip
    namesakes = Counter(names.values())
    return [
        Presence(
            member.person,
            _told_apart(member, names[member.person], namesakes),
            member.deployment_id,
            is_sure=member.answer == Answer.COMING,
            days=frozenset(days[member.pk]),
        )
        for member in members
    ]


def _told_apart(member: TeamMember, name: str, namesakes: Mapping[str, int]) -> str:
    known = masked(*address_of(member)) if namesakes[name] > 1 else ""
    return f"{name} ({known})" if known else name


def _chosen_days(members: Sequence[TeamMember]) -> Mapping[int, set[date]]:
    """By member, the days of the shifts they chose, as lived where the action takes place."""
    chosen = TeamMember.wanted.through.objects.filter(teammember__in=members)
    zone = "shift__deployment__time_zone"
    days: dict[int, set[date]] = defaultdict(set)
    for pk, start, name in chosen.values_list("teammember", "shift__starts_at", zone):
        days[pk].add(start.astimezone(ZoneInfo(name)).date())
    return days


def absences_of(people: Iterable[str], first: date, last: date) -> list[Presence]:
    """When those with an account said they cannot come."""
    accounts = {int(person[2:]): person for person in people if person.startswith("u:")}
    start, end = (datetime.combine(day, time.min, UTC) for day in (first, last))
    found = list(
        Absence.objects.filter(
            user__in=accounts, during__overlap=(start - ANY_ZONE, end + ANY_ZONE)
        ).select_related("user").order_by("pk")
    )  # fmt: skip
    read_memberships(absence.user for absence in found)
    return [
        Presence(
            accounts[absence.user_id], "", None, first_day=absence.first_day,
            last_day=absence.last_day,
        )
        for absence in found
    ]  # fmt: skip


def territories(user: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """Régions, départements and local unions, as the groups of a list of choices."""
    regions = Region.objects.order_by("name").values_list("code", "name")
    departements = Departement.objects.order_by("code").values_list("code", "name")
    seen = Organisation.objects.visible_to(user).active()
    unions = seen.filter(kind=Kind.UL).order_by("name", "pk")
    return [
        ("Régions", [(f"r{code}", name) for code, name in regions]),
        ("Départements", [(f"d{code}", f"{code} – {name}") for code, name in departements]),
        ("Unions locales", [(f"o{pk}", name) for pk, name in unions.values_list("pk", "name")]),
    ]


def federations() -> list[tuple[str, str]]:
    found = Organisation.objects.active().filter(kind=Kind.FD).order_by("name", "pk")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


def types_and_roles() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    types = DeploymentType.objects.filter(is_active=True).values_list("slug", "label")
    return list(types), list(TeamRole.objects.values_list("slug", "label"))
