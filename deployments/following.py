"""The team follows its action: other hours, another place, called off, on again."""

from collections.abc import Sequence

from django.db import transaction

from campaigns import clock
from deployments import team_messages
from deployments.bookings import rebook_team, release
from deployments.enums import PILOT_ROLE, Answer
from deployments.models import Booking, Deployment, TeamMember
from deployments.staffing import fill_places, may_be_told, other_pilots
from organisations.models import User


@transaction.atomic
def follow_action(
    *, deployment: Deployment, moved: bool = False, lost: Sequence[TeamMember] = ()
) -> None:
    """Take the team for the hours and places of an action as they are now, and tell it so.

    Who is taken elsewhere at the new hours is asked again, and so are those who `lost` the only
    shifts they had chosen; an action that is off holds nobody.
    Whoever heard that it is off hears that it is on again, and nobody hears either twice.
    """
    is_over = deployment.is_over_at(clock.now())
    without_shift = _ask_about_other_shifts(deployment, lost)
    if deployment.is_off:
        if not is_over:
            Booking.objects.filter(member__deployment=deployment).delete()
            _call_off(deployment)
        return
    asked_again = without_shift + rebook_team(deployment=deployment)
    if is_over:
        return
    back = _call_back(deployment)
    asked = [member for member in asked_again if member.pk not in back]
    team_messages.tell(asked, team_messages.WORD, occasion=str(deployment.revision))
    _miss_pilot(asked_again)
    if moved:
        coming = [one for one in _in_team(deployment) if one.answer == Answer.COMING]
        unaware = [member for member in coming if member.pk not in back]
        team_messages.tell_of_change(unaware, deployment)
    fill_places(deployment, told=back)


def disband(*, deployment: Deployment, disbanded_by: User) -> None:
    """Tell the team of an idea about to be deleted that nobody is expected any more."""
    for member in _in_team(deployment):
        team_messages.forget(member)
        if may_be_told(member, disbanded_by):
            team_messages.thank(member)


def _ask_about_other_shifts(deployment: Deployment, lost: Sequence[TeamMember]) -> list[TeamMember]:
    """Nobody comes to shifts they did not choose: they are asked, but for who was there or left."""
    asked = [one for one in lost if not one.attended and one.answer != Answer.DECLINED]
    for member in asked:
        member.deployment = deployment
        release(member)
        member.answer, member.answered_at, member.has_lost_shift = Answer.INVITED, None, True
        member.save(update_fields=["answer", "answered_at", "has_lost_shift"])
    return asked


def _call_off(deployment: Deployment) -> None:
    team = _in_team(deployment)
    knowing = {member.pk for member in team_messages.believe_it_is_off(team)}
    unaware = [member for member in team if member.pk not in knowing]
    team_messages.tell(unaware, team_messages.OFF, occasion=str(deployment.revision))


def _call_back(deployment: Deployment) -> set[int]:
    """Tell those who believe that it is off; answers who they are."""
    back = team_messages.believe_it_is_off(_in_team(deployment))
    team_messages.tell(back, team_messages.ON, occasion=str(deployment.revision))
    return {member.pk for member in back}


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
