"""Who comes to an action: invited, signed up, waiting, replaced.

Every verb locks the action, recounts, then writes: two people never get the last place.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import QuerySet

from campaigns import clock
from core.tokens import keyed_hash
from deployments import team_messages
from deployments.bookings import (
    AlreadyTaken,
    Clash,
    absent_among,
    book,
    clashes,
    release,
)
from deployments.enums import PILOT_ROLE, Answer
from deployments.models import Deployment, Shift, TeamLink, TeamMember, TeamRole
from deployments.team_links import token_hash
from organisations.models import User

log = structlog.get_logger()


class TeamClosed(Exception):
    """The action is over or off: nobody joins or answers any more."""


class AlreadyInTeam(Exception):
    """The person is in this team already."""


class MemberMoved(Exception):
    """Somebody else changed the role, mandates or pair of this person meanwhile."""


@dataclass
class Invited:
    """What became of a pick list."""

    members: list[TeamMember] = field(default_factory=list)
    absent: list[User] = field(default_factory=list)
    taken: list[tuple[User, Clash]] = field(default_factory=list)


@transaction.atomic
def invite_accounts(
    *, deployment: Deployment, users: Sequence[User], role: TeamRole, invited_by: User
) -> Invited:
    """Invite people with an account: those who are neither absent nor taken, and not in yet.

    Who had declined is asked again. Raises `TeamClosed`.
    """
    deployment = lock_team(deployment)
    shifts = list(deployment.shifts.all())
    away = absent_among([user.pk for user in users], shifts)
    taken = clashes([person_of(user) for user in users], shifts, outside=deployment)
    known = {member.person: member for member in deployment.team.all()}
    invited = Invited()
    for user in users:
        person, before = person_of(user), known.get(person_of(user))
        if before and before.answer != Answer.DECLINED:
            continue
        if user.pk in away:
            invited.absent.append(user)
        elif person in taken:
            invited.taken.append((user, taken[person]))
        else:
            member = before or _new(deployment, person, user.first_name, "", user.email, user)
            member.answer, member.answered_at = Answer.INVITED, None
            member.role, member.invited_by = role, invited_by
            member.revision += 1
            member.save()
            invited.members.append(member)
    team_messages.tell(invited.members, team_messages.WORD)
    return invited


@transaction.atomic
def invite_person(
    *,
    deployment: Deployment,
    first_name: str,
    phone: str,
    email: str,
    role: TeamRole,
    mandates: Sequence[str] = (),
    invited_by: User | None,
) -> TeamMember:
    """Invite somebody by a number or an address. Raises `AlreadyInTeam` and `TeamClosed`."""
    deployment = lock_team(deployment)
    person, user = identify(phone, email)
    member = deployment.team.filter(person=person).first()
    if member and member.answer != Answer.DECLINED:
        raise AlreadyInTeam
    member = member or _new(deployment, person, first_name, phone, email, user)
    member.answer, member.answered_at = Answer.INVITED, None
    member.role, member.mandates, member.invited_by = role, list(mandates), invited_by
    member.revision += 1
    member.save()
    team_messages.tell([member], team_messages.WORD)
    return member


@transaction.atomic
def sign_up(
    *,
    link: TeamLink,
    first_name: str,
    phone: str,
    email: str,
    role: TeamRole,
    mandates: Sequence[str] = (),
) -> TeamMember:
    """Join by the link of the action. Raises `TeamClosed`.

    Anybody may type anybody's number: who is in the team already only gets their own link again,
    and who is taken elsewhere reads it there, and nowhere else.
    """
    deployment = lock_team(link.deployment)
    person, user = identify(phone, email)
    member = deployment.team.filter(person=person).first()
    if member is None:
        member = _new(deployment, person, first_name, phone, email, user)
        member.role, member.mandates = role, list(mandates)
        member.save()
        _welcome(member)
    team_messages.tell([member], team_messages.SIGNED_UP)
    return member


@transaction.atomic
def join_with_account(*, deployment: Deployment, user: User, role: TeamRole) -> TeamMember:
    """Join an action one sees, for oneself. Raises `AlreadyTaken` and `TeamClosed`."""
    deployment = lock_team(deployment)
    person = person_of(user)
    member = deployment.team.filter(person=person).first()
    if member is None:
        member = _new(deployment, person, user.first_name, "", user.email, user)
        member.role = role
        member.save()
    elif member.answer in (Answer.COMING, Answer.WAITING):
        return member
    _give_place(member)
    return member


@transaction.atomic
def say_coming(*, member: TeamMember, shifts: Collection[Shift] | None = None) -> TeamMember:
    """Take a place, or one on the waiting list; said again, it confirms.

    `shifts`: those somebody comes to, all of them when empty; None leaves what they chose. Raises
    `AlreadyTaken` and `TeamClosed`.
    """
    member = _lock_member(member)
    if shifts is not None:
        member.wanted.set(shifts)
    _give_place(member)
    return member


@transaction.atomic
def say_not_coming(
    *, member: TeamMember, successor: TeamMember | None = None, noted_by: User | None = None
) -> TeamMember:
    """Give one's place back: the first waiting gets it. Raises `TeamClosed`.

    A pilot never leaves silently: `successor` becomes pilot, and those who manage are told, but
    for `noted_by`, who heard it from them.
    """
    member = _lock_member(member)
    left_alone = is_last_pilot(member)
    release(member)
    member.revision += member.pair is not None
    member.answer, member.answered_at, member.pair = Answer.DECLINED, clock.now(), None
    member.has_lost_shift = False
    member.save()
    if left_alone:
        _hand_over(member, successor, noted_by)
    fill_places(member.deployment)
    return member


@transaction.atomic
def remove_member(*, member: TeamMember, removed_by: User, is_told: bool = True) -> None:
    """Take somebody off the team; their link ends and their place goes to the first waiting.

    They are told so when `is_told`, and those who manage when no pilot is left. Removed already,
    nothing happens.
    """
    deployment = lock_team(member.deployment, even_closed=True)
    current = deployment.team.select_related("role").filter(pk=member.pk).first()
    if current is None:
        return
    current.deployment = deployment
    left_alone = is_last_pilot(current)
    log.info("team-member-removed", deployment=deployment.pk, user=removed_by.pk)
    team_messages.forget(current)
    if is_told and may_be_told(current, removed_by):
        team_messages.thank(current)
    TeamMember.objects.filter(pk=current.pk).delete()
    if not is_open(deployment):
        return
    if left_alone:
        team_messages.warn_managers(deployment, left=current, by=removed_by)
    fill_places(deployment)


@transaction.atomic
def change_member(
    *,
    member: TeamMember,
    revision: int,
    role: TeamRole,
    mandates: Sequence[str],
    pair: int | None,
    changed_by: User,
) -> TeamMember:
    """Give somebody another role; who becomes pilot is told, and who manages when none is left.

    Raises `MemberMoved` when `revision`, the one that was on screen, is no longer their own.
    """
    member = _lock_member(member, even_closed=True)
    if member.revision != revision:
        raise MemberMoved
    becomes_pilot = role.pk == PILOT_ROLE != member.role_id
    left_alone = role.pk != PILOT_ROLE and is_last_pilot(member)
    member.role, member.mandates, member.pair = role, list(mandates), pair
    member.revision += 1
    member.save(update_fields=["role", "mandates", "pair", "revision"])
    if becomes_pilot and member.answer == Answer.COMING:
        team_messages.tell([member], team_messages.PILOT)
    if left_alone and is_open(member.deployment):
        team_messages.warn_managers(member.deployment, left=member, by=changed_by)
    return member


@transaction.atomic
def send_link_again(*, member: TeamMember) -> TeamMember:
    """Write somebody's own link to them once more, with where they stand."""
    member = _lock_member(member)
    team_messages.tell([member], team_messages.WORD)
    return member


@transaction.atomic
def invite_next(*, deployment: Deployment) -> list[TeamMember]:
    """Give the free places to those who wait; answers who got one. Raises `TeamClosed`."""
    return fill_places(lock_team(deployment))


def lock_team(deployment: Deployment, *, even_closed: bool = False) -> Deployment:
    """The action, its team held until the transaction ends. Raises `TeamClosed`."""
    rows = Deployment.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("organisation", "departement", "commune", "place").get(
        pk=deployment.pk
    )
    if not even_closed and not is_open(locked):
        raise TeamClosed
    return locked


def is_open(deployment: Deployment) -> bool:
    """Whether people still join and answer."""
    return not deployment.is_off and not deployment.is_over_at(clock.now())


def person_of(user: User) -> str:
    return f"u:{user.pk}"


def identify(phone: str, email: str) -> tuple[str, User | None]:
    """Who a number or an address is across actions, and their account if the address has one."""
    user = User.objects.filter(email=email.lower(), is_active=True).first() if email else None
    if user:
        return person_of(user), user
    return keyed_hash(phone or email.lower()), None


def is_last_pilot(member: TeamMember) -> bool:
    """Whether the action has no other pilot who comes."""
    if member.role_id != PILOT_ROLE or member.answer != Answer.COMING:
        return False
    return not other_pilots(member).exists()


def other_pilots(member: TeamMember) -> QuerySet[TeamMember]:
    return member.deployment.team.coming().filter(role=PILOT_ROLE).exclude(pk=member.pk)


def may_be_told(member: TeamMember, by: User) -> bool:
    """Whether somebody taken off a team by another still thinks they are expected."""
    is_expected = member.answer != Answer.DECLINED and is_open(member.deployment)
    return is_expected and member.forgotten_at is None and member.user_id != by.pk


def fill_places(deployment: Deployment, *, told: Collection[int] = ()) -> list[TeamMember]:
    """Give the free places of a locked action to those who wait, in their order, and tell them.

    Who is taken elsewhere meanwhile goes on waiting. `told`, by number: those whom another message
    tells where they stand.
    """
    promoted = []
    for member in deployment.team.waiting().prefetch_related("wanted"):
        if not _has_place(deployment, member):
            break
        member.deployment = deployment
        try:
            book(member)
        except AlreadyTaken:
            continue
        member.answer = Answer.COMING
        member.save(update_fields=["answer"])
        promoted.append(member)
    unaware = [member for member in promoted if member.pk not in told]
    team_messages.tell(unaware, team_messages.PLACE)
    return promoted


def _new(
    deployment: Deployment, person: str, first_name: str, phone: str, email: str, user: User | None
) -> TeamMember:
    seed = uuid4()
    return TeamMember(
        deployment=deployment, person=person, first_name=first_name, phone=phone,
        email=email.lower(), user=user, seed=seed, token_hash=token_hash(seed),
    )  # fmt: skip


def _lock_member(member: TeamMember, *, even_closed: bool = False) -> TeamMember:
    deployment = lock_team(member.deployment, even_closed=even_closed)
    current = TeamMember.objects.select_related("role").get(pk=member.pk)
    current.deployment = deployment
    return current


def _welcome(member: TeamMember) -> None:
    try:
        _give_place(member)
    except AlreadyTaken:
        member.answer = Answer.INVITED
        member.save(update_fields=["answer"])


def _give_place(member: TeamMember) -> None:
    """A place, else one on the waiting list. The action is locked."""
    now = clock.now()
    # Who comes already keeps their place, even in a team that has become too big.
    if member.answer == Answer.COMING or _has_place(member.deployment, member):
        book(member)
        member.answer, member.answered_at, member.confirmed_at = Answer.COMING, now, now
    elif member.answer != Answer.WAITING:
        release(member)
        # The queue goes by this instant.
        member.answer, member.answered_at = Answer.WAITING, now
    member.has_lost_shift = False
    member.save(update_fields=["answer", "answered_at", "confirmed_at", "has_lost_shift"])


def _has_place(deployment: Deployment, member: TeamMember) -> bool:
    if deployment.capacity is None:
        return True
    others = deployment.team.coming().exclude(pk=member.pk)
    return others.count() < deployment.capacity


def _hand_over(left: TeamMember, successor: TeamMember | None, noted_by: User | None) -> None:
    deployment = left.deployment
    if successor is not None:
        # Locked with the team: they may have left meanwhile.
        successor = deployment.team.coming().filter(pk=successor.pk).first()
    if successor is not None:
        successor.deployment = deployment
        successor.role_id = PILOT_ROLE
        successor.revision += 1
        successor.save(update_fields=["role", "revision"])
        team_messages.tell([successor], team_messages.PILOT)
    team_messages.warn_managers(deployment, left=left, successor=successor, by=noted_by)
