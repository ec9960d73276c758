"""The teams of the drawn actions: people who do not exist, and the personas around Caen."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from core.tokens import keyed_hash
from demonstration.people import FIRST_NAMES
from deployments.enums import Answer, Stage
from deployments.models import Booking, Deployment, Shift, TeamMember
from deployments.team_links import token_hash
from organisations.models import Organisation, User

# 06 39 98 50 00 and those after it: numbers kept for fiction, each given once.
FIRST_NUMBER = 5000
SIZES = (2, 3, 3, 4, 4, 5, 6)
ANSWERS = (Answer.COMING,) * 7 + (Answer.INVITED, Answer.INVITED, Answer.DECLINED)

Teams = dict[int, list[TeamMember]]


def add_teams(
    rows: list[Deployment],
    dice: random.Random,
    *,
    local_union: Organisation,
    pilots: list[User],
) -> Teams:
    """Staff the actions of a known day; answer the teams by the number of the action."""
    now = timezone.now()
    numbers = count(FIRST_NUMBER)
    members = [
        member
        for row in rows
        if row.starts_at and row.stage != Stage.CANCELLED
        for member in _team(row, dice, numbers, now)
    ]
    members += _personas([row for row in rows if row.organisation == local_union], pilots, now)
    TeamMember.objects.bulk_create(members)
    shifts: dict[int, list[Shift]] = {}
    for shift in Shift.objects.order_by("starts_at"):
        shifts.setdefault(shift.deployment_id, []).append(shift)
    Booking.objects.bulk_create(
        Booking(
            member=member, shift=shift, person=member.person,
            during=DateTimeTZRange(shift.starts_at, shift.ends_at),
        )
        for member in members
        if member.answer == Answer.COMING
        for shift in shifts[member.deployment_id]
    )  # fmt: skip
    teams: Teams = {}
    for member in members:
        teams.setdefault(member.deployment_id, []).append(member)
    return teams


def _team(
    row: Deployment, dice: random.Random, numbers: Iterator[int], now: datetime
) -> Iterator[TeamMember]:
    """A pilot most of the time, somebody for the kit, and those who go to people, by pairs."""
    has_pilot = bool(row.guest) or dice.random() < 0.92
    roles = (["pilote"] if has_pilot else []) + ["materiel"]
    roles += ["equipe"] * dice.choice(SIZES)
    for rank, role in enumerate(roles):
        phone = f"+3363998{next(numbers):04d}"
        member = TeamMember(
            deployment=row,
            person=keyed_hash(phone),
            first_name=dice.choice(FIRST_NAMES),
            phone=phone,
            role_id=role,
            answer=Answer.COMING if role == "pilote" else dice.choice(ANSWERS),
            pair=rank // 2 + 1 if role == "equipe" else None,
        )
        yield _answered(member, dice.random() < 0.9, now)


def _answered(member: TeamMember, came: bool, now: datetime) -> TeamMember:
    starts_at = member.deployment.starts_at
    assert starts_at is not None  # noqa: S101 – asked for by the caller
    member.token_hash = token_hash(member.seed)
    member.joined_at = min(starts_at - timedelta(days=12), now)
    if member.answer == Answer.INVITED:
        return member
    member.answered_at = min(starts_at - timedelta(days=9), now)
    if member.answer == Answer.COMING and starts_at < now:
        member.asked_to_confirm_at = starts_at - timedelta(days=1)
        member.confirmed_at = starts_at - timedelta(hours=14)
        member.attended = came
    return member


def _personas(rows: list[Deployment], pilots: list[User], now: datetime) -> Iterator[TeamMember]:
    """The union's own people come to its actions, one at a time."""
    taken_until: datetime | None = None
    for row in sorted((row for row in rows if row.starts_at), key=lambda row: str(row.starts_at)):
        assert row.starts_at is not None  # noqa: S101 – sorted out above
        if row.stage == Stage.CANCELLED or (taken_until and row.starts_at < taken_until):
            continue
        taken_until = row.ends_at
        for user in pilots:
            member = TeamMember(
                deployment=row, user=user, person=f"u:{user.pk}", first_name=user.first_name,
                email=user.email, role_id="equipe", answer=Answer.COMING,
            )  # fmt: skip
            yield _answered(member, came=True, now=now)
