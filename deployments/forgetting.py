"""Numbers and addresses of a team go: when their owner says so, and some weeks after the action."""

from datetime import timedelta
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import Q

from campaigns import clock
from deployments import team_messages
from deployments.models import Booking, TeamMember
from deployments.staffing import fill_places, is_last_pilot, is_open, lock_team
from deployments.team_links import token_hash

log = structlog.get_logger()

# The report is chased for a week and thanks take another: a month serves no other end.
FORGET_AFTER = timedelta(days=30)
# Of an action that never got a date.
FORGET_UNDATED_AFTER = timedelta(days=180)
BATCH = 200
ERASED = "Quelqu’un"


@transaction.atomic
def erase_member(*, member: TeamMember) -> None:
    """Forget somebody at their own wish, at once.

    Who came still counts in the hours of the action, without a name. A pilot's leaving is told.
    """
    deployment = lock_team(member.deployment, even_closed=True)
    member = TeamMember.objects.get(pk=member.pk)
    member.deployment = deployment
    leaves_no_pilot = is_last_pilot(member) and is_open(deployment)
    team_messages.forget(member)
    if member.attended:
        member.first_name, member.user = ERASED, None
        _forget(member)
    else:
        TeamMember.objects.filter(pk=member.pk).delete()
    log.info("team-member-erased", deployment=deployment.pk)
    if leaves_no_pilot:
        team_messages.warn_managers(deployment, left=member)
    if is_open(deployment):
        fill_places(deployment)


def forget_old_teams() -> int:
    """Forget the numbers and addresses of past teams; first names stay for the report.

    Answers how many people were forgotten. Safe to repeat.
    """
    team_messages.forget_leavers(before=clock.now() - FORGET_AFTER)
    total = 0
    while done := _forget_batch():
        total += done
    if total:
        log.info("team-members-forgotten", number=total)
    return total


@transaction.atomic
def _forget_batch() -> int:
    now = clock.now()
    over = Q(deployment__ends_at__lt=now - FORGET_AFTER)
    never = Q(deployment__ends_at=None, joined_at__lt=now - FORGET_UNDATED_AFTER)
    old = TeamMember.objects.reachable().filter(over | never).order_by("pk")
    rows = list(old.select_for_update(skip_locked=True, of=("self",), no_key=True)[:BATCH])
    for member in rows:
        team_messages.forget(member)
        _forget(member)
    return len(rows)


def _forget(member: TeamMember) -> None:
    """Neither number, nor address, nor what they could be recognised by; the link ends."""
    member.phone = member.email = ""
    member.seed = uuid4()
    member.token_hash = token_hash(member.seed)
    if member.user_id is None:
        member.person = f"x:{member.seed}"
        Booking.objects.filter(member=member).update(person=member.person)
    member.forgotten_at = clock.now()
    member.save()
