"""The day itself: who was there, expected or not."""

from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

import structlog
from django.db import transaction

from campaigns import clock
from deployments import team_messages
from deployments.bookings import count_hours
from deployments.enums import Answer
from deployments.models import Booking, Deployment, Shift, TeamMember, TeamRole
from deployments.staffing import identify, is_open, lock_team
from deployments.team_links import token_hash
from organisations.models import User

log = structlog.get_logger()


class NotHeld(Exception):
    """The action is off, or its first day has not come: nobody was there."""


@transaction.atomic
def mark_attendance(*, deployment: Deployment, present: Mapping[int, bool]) -> None:
    """Note who of the team, by number, was there and who was not; the others stay as they are.

    Who was not, and had not said they would come, is free again. Raises `NotHeld`.
    """
    deployment = lock_team(deployment, even_closed=True)
    if not has_begun(deployment):
        raise NotHeld
    for was_there in (True, False):
        marked = [pk for pk, value in present.items() if value is was_there]
        TeamMember.objects.filter(deployment=deployment, pk__in=marked).update(attended=was_there)
    unexpected = deployment.team.filter(attended=True, bookings=None)
    for member in unexpected.order_by("pk").prefetch_related("wanted"):
        member.deployment = deployment
        count_hours(member)
    unasked = deployment.team.filter(attended=False).exclude(answer=Answer.COMING)
    Booking.objects.filter(member__in=unasked.values("pk")).delete()


@transaction.atomic
def add_who_came(
    *,
    deployment: Deployment,
    arrival_id: UUID,
    first_name: str,
    phone: str,
    email: str,
    role: TeamRole,
    shifts: Collection[Shift] = (),
    added_by: User,
) -> TeamMember:
    """Note somebody who came unexpected as present; said again, it returns the same row.

    Whoever is in the team already, even having declined, was there after all, in their own role.
    Without number nor address, `arrival_id` tells a repeat from a namesake. `shifts`: those they
    came to, all of them when empty. Once the action is over no message leaves. Raises `NotHeld`.
    """
    deployment = lock_team(deployment, even_closed=True)
    if not has_begun(deployment):
        raise NotHeld
    person, user = identify(phone, email) if phone or email else (f"x:{arrival_id}", None)
    member = deployment.team.filter(person=person).first()
    is_new = member is None
    if member is None:
        seed = uuid4()
        member = TeamMember(
            deployment=deployment, person=person, user=user, first_name=first_name, phone=phone,
            email=email.lower(), role=role, invited_by=added_by, seed=seed,
            token_hash=token_hash(seed), forgotten_at=None if phone or email else clock.now(),
        )  # fmt: skip
    member.deployment = deployment
    _note_presence(member, shifts)
    log.info("team-member-came", deployment=deployment.pk, user=added_by.pk)
    if is_new and is_open(deployment):
        team_messages.tell([member], team_messages.WORD)
    return member


def has_begun(deployment: Deployment) -> bool:
    """Whether the first day of an action has come, where it takes place."""
    if deployment.starts_at is None or deployment.is_off:
        return False
    today = clock.now().astimezone(deployment.zone).date()
    return deployment.starts_at.astimezone(deployment.zone).date() <= today


def _note_presence(member: TeamMember, shifts: Collection[Shift]) -> None:
    if member.answer != Answer.COMING:
        now = clock.now()
        member.answer, member.answered_at, member.confirmed_at = Answer.COMING, now, now
    member.attended, member.has_lost_shift = True, False
    member.save()
    if shifts:
        member.wanted.set(shifts)
    if shifts or not member.bookings.exists():
        count_hours(member)
