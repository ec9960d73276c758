"""The team follows its action: other hours, another place, called off, on again."""

from django.db import transaction

from campaigns import clock
from deployments import team_messages
from deployments.bookings import rebook_team
from deployments.enums import Answer, Stage
from deployments.models import Booking, Deployment, TeamMember
from deployments.staffing import fill_places, is_off, other_pilots
from deployments.team_messages import PILOT_ROLE


@transaction.atomic
def follow_action(*, deployment: Deployment, moved: bool = False) -> None:
    """Take the team for the hours and places of an action as they are now, and tell it so.

    Who is taken elsewhere at the new hours is asked again; an action that is off holds nobody.
    """
    is_over = deployment.is_over_at(clock.now())
    if is_off(deployment):
        if not is_over:
            Booking.objects.filter(member__deployment=deployment).delete()
            if deployment.stage == Stage.CANCELLED:
                team_messages.tell(_in_team(deployment), team_messages.OFF)
        return
    asked_again = rebook_team(deployment=deployment)
    if is_over:
        return
    team_messages.tell(asked_again, team_messages.WORD)
    _miss_pilot(asked_again)
    if moved:
        coming = [member for member in _in_team(deployment) if member.answer == Answer.COMING]
        occasion = team_messages.hours_key(deployment)
        team_messages.tell(coming, team_messages.CHANGE, occasion=occasion)
    fill_places(deployment)


def _miss_pilot(asked_again: list[TeamMember]) -> None:
    """Tell those who manage when every pilot is taken elsewhere at the new hours."""
    pilots = [member for member in asked_again if member.role_id == PILOT_ROLE]
    if pilots and not other_pilots(pilots[0]).exists():
        team_messages.warn_managers(pilots[0].deployment, left=pilots[0])


def _in_team(deployment: Deployment) -> list[TeamMember]:
    members = list(deployment.team.in_team())
    for member in members:
        member.deployment = deployment
    return members
