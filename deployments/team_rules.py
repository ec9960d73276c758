"""Who sees and staffs a team, and what is missing in it. What is not yours answers 404."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns import clock
from core.tokens import hash_secret, keyed_hash
from deployments.bookings import Clash, absent_among, clashes
from deployments.enums import FIELD_ROLE, PILOT_ROLE, Answer
from deployments.models import Absence, Deployment, RoleNeed, TeamLink, TeamMember, TeamRole
from deployments.pairs import left_behind
from deployments.rules import (
    DETAILS,
    can_manage,
    get_deployment_or_404,
    get_managed_deployment_or_404,
)
from deployments.staffing import is_open, person_of
from organisations.enums import Mandate
from organisations.models import Organisation, User

HOUR = 3600
PER_DEVICE = 10
PER_LINK = 60
# Of the first shift: enough to find one another, late enough for a false name to be noticed.
NUMBERS_BEFORE = timedelta(days=3)


@dataclass(frozen=True)
class Missing:
    """A role that an action still needs, and of how many people."""

    role: str
    mandate: str
    number: int

    def __str__(self) -> str:
        mandate = f" ({self.mandate})" if self.mandate else ""
        return f"{self.number} × {self.role}{mandate}"


@dataclass(frozen=True)
class TeamSheet:
    """A team as its page shows it."""

    coming: list[TeamMember]
    invited: list[TeamMember]
    waiting: list[TeamMember]
    declined: list[TeamMember]
    missing: list[Missing]
    has_pilot: bool
    # None without a limit.
    free: int | None

    @property
    def expected(self) -> list[TeamMember]:
        """Who may be there on the day."""
        return [*self.coming, *self.invited, *self.waiting]

    @property
    def left_behind(self) -> list[TeamMember]:
        """Who comes and has lost their partner."""
        return left_behind(self.expected)

    @property
    def silent(self) -> list[TeamMember]:
        """Who was asked the day before and has not answered."""
        return [member for member in self.coming if member.is_silent]


@dataclass(frozen=True)
class Choice:
    """An account on the pick list, and what stands in the way."""

    user: User
    obstacle: str
    clash: Clash | None = None


def missing_roles(needs: Iterable[RoleNeed], coming: Iterable[TeamMember]) -> list[Missing]:
    """What an action still needs. Nobody counts twice for one role; a mandate must be held."""
    free = list(coming)
    missing = []
    # Those that ask for a mandate choose first.
    for need in sorted(needs, key=lambda need: (not need.mandate, need.role.position, need.pk)):
        fits = [
            member
            for member in free
            if member.role_id == need.role_id
            and (not need.mandate or need.mandate in member.mandates)
        ][: need.minimum]
        free = [member for member in free if member not in fits]
        if lacking := need.minimum - len(fits):
            mandate = Mandate(need.mandate).label if need.mandate else ""
            missing.append(Missing(need.role.label, str(mandate), lacking))
    return missing


def team_sheet(deployment: Deployment) -> TeamSheet:
    """The team of an action in two queries."""
    members = list(deployment.team.select_related("role", "user").prefetch_related("wanted"))
    for member in members:
        member.deployment = deployment
    by_answer = {
        answer: [member for member in members if member.answer == answer] for answer in Answer
    }
    coming = by_answer[Answer.COMING]
    waiting = sorted(
        by_answer[Answer.WAITING], key=lambda member: (member.answered_at or clock.now(), member.pk)
    )
    capacity = deployment.capacity
    return TeamSheet(
        coming=coming,
        invited=by_answer[Answer.INVITED],
        waiting=waiting,
        declined=by_answer[Answer.DECLINED],
        missing=missing_roles(deployment.needs.select_related("role"), coming),
        has_pilot=any(member.role_id == PILOT_ROLE for member in coming),
        free=None if capacity is None else max(capacity - len(coming), 0),
    )


def own_member(user: User, deployment: Deployment) -> TeamMember | None:
    return deployment.team.filter(user=user).select_related("role").first()


def sees_numbers(user: User, deployment: Deployment) -> bool:
    """How to reach the team: see `shares_numbers`; those who manage the action know it at once."""
    own = deployment.team.filter(user=user).first()
    if own is not None:
        own.deployment = deployment
    return can_manage(user, deployment) or (own is not None and shares_numbers(own))


def shares_numbers(member: TeamMember) -> bool:
    """Whether somebody of a team reads the others' numbers.

    Who has a place, and was invited by those who manage the action; whoever put themselves down
    reads them three days before: one press does not open a list of telephones.
    """
    if member.answer != Answer.COMING:
        return False
    if member.invited_by_id is not None or member.role_id == PILOT_ROLE:
        return True
    start = member.deployment.starts_at
    return start is not None and clock.now() >= start - NUMBERS_BEFORE


def sees_names(user: User, deployment: Deployment) -> bool:
    """Names are for those who manage the action and for the team itself."""
    coming = deployment.team.filter(user=user, answer=Answer.COMING)
    return can_manage(user, deployment) or coming.exists()


def get_named_deployment_or_404(user: User, pk: int) -> Deployment:
    """A deployment whose names the person reads: see `sees_names`."""
    own = TeamMember.objects.coming().filter(user=user).values("deployment")
    managed = Deployment.objects.managed_by(user).values("pk")
    theirs = Deployment.objects.filter(Q(pk__in=own) | Q(pk__in=managed))
    return get_object_or_404(theirs.select_related(*DETAILS), pk=pk)


def get_team_member_or_404(user: User, pk: int, member: int) -> TeamMember:
    """Somebody of a team the person manages."""
    deployment = get_managed_deployment_or_404(user, pk)
    found = get_object_or_404(deployment.team.select_related("role", "user"), pk=member)
    found.deployment = deployment
    return found


def get_joinable_deployment_or_404(user: User, pk: int) -> Deployment:
    """An action the person sees and may still come to."""
    deployment = get_deployment_or_404(user, pk)
    if not is_open(deployment) or not user.active_memberships:
        raise Http404
    return deployment


def team_roles() -> QuerySet[TeamRole, TeamRole]:
    return TeamRole.objects.all()


def roles_to_sign_up() -> QuerySet[TeamRole, TeamRole]:
    """Nobody becomes pilot by signing up: those who manage the action choose."""
    return TeamRole.objects.exclude(pk=PILOT_ROLE)


def usual_role() -> TeamRole:
    return TeamRole.objects.get(pk=FIELD_ROLE)


def pick_list(deployment: Deployment) -> list[Choice]:
    """The accounts of the organisations of an action, and those below, not in the team yet."""
    own = [deployment.organisation_id, *deployment.co_organisers.values_list("pk", flat=True)]
    unions = Organisation.objects.below(own).values("pk")
    known = deployment.team.in_team().exclude(user=None).values("user")
    users = list(
        User.objects.filter(
            is_active=True,
            memberships__ended_at=None,
            memberships__organisation__in=unions,
        )
        .exclude(pk__in=known)
        .distinct()
        .order_by("first_name", "last_name", "pk")
    )
    shifts = list(deployment.shifts.all())
    away = absent_among([user.pk for user in users], shifts)
    taken = clashes([person_of(user) for user in users], shifts, outside=deployment)
    return [
        Choice(user, "absent·e ce jour-là" if user.pk in away else "", taken.get(person_of(user)))
        for user in users
    ]


def get_sign_up_link_or_404(code: str) -> TeamLink:
    """The link of an action, by its secret, while it is open."""
    links = TeamLink.objects.filter(closed_at=None).select_related(
        "deployment__organisation", "deployment__commune__departement", "deployment__place",
        "deployment__departement",
    )  # fmt: skip
    return get_object_or_404(links, secret_hash=hash_secret(code))


def find_sign_up_link(deployment: Deployment) -> TeamLink | None:
    return TeamLink.objects.filter(deployment=deployment, closed_at=None).first()


def get_member_by_secret_or_404(secret: str) -> TeamMember:
    """Somebody of a team, by their personal link."""
    members = TeamMember.objects.reachable().select_related(
        "role", "deployment__organisation", "deployment__commune__departement",
        "deployment__place", "deployment__departement",
    )  # fmt: skip
    return get_object_or_404(members, token_hash=hash_secret(secret))


def is_too_fast(link: TeamLink, device: str) -> bool:
    """Count one more sign-up; whether this link or this device already had its share of the hour.

    Devices without a name share one count: a real browser has been given its own.
    """
    hour_ago = clock.now() - timedelta(seconds=HOUR)
    joined = link.deployment.team.filter(joined_at__gte=hour_ago, invited_by=None)
    if joined.count() >= PER_LINK:
        return True
    key = f"team-sign-up:{keyed_hash(device)}"
    cache.add(key, 0, HOUR)
    return int(cache.incr(key)) > PER_DEVICE


def successors(member: TeamMember) -> list[TeamMember]:
    """Who may become pilot in place of somebody."""
    return list(member.deployment.team.coming().exclude(pk=member.pk))


def pilots_of(deployment: Deployment) -> list[TeamMember]:
    """Those who lead an action, and come, the first to have joined first."""
    return list(deployment.team.coming().filter(role=PILOT_ROLE).order_by("pk"))


def own_absences(user: User, now: datetime) -> list[Absence]:
    """Those that are not over."""
    return list(Absence.objects.filter(user=user, during__endswith__gt=now).select_related("user"))


def get_own_absence_or_404(user: User, pk: int) -> Absence:
    return get_object_or_404(Absence, user=user, pk=pk)
