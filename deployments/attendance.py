"""The day itself: who was there."""

from collections.abc import Mapping

from django.db import transaction

from deployments.models import Deployment, TeamMember
from deployments.staffing import lock_team


@transaction.atomic
def mark_attendance(*, deployment: Deployment, present: Mapping[int, bool]) -> None:
    """Note who of the team, by number, was there and who was not; the others stay as they are."""
    deployment = lock_team(deployment, even_closed=True)
    for was_there in (True, False):
        marked = [pk for pk, value in present.items() if value is was_there]
        TeamMember.objects.filter(deployment=deployment, pk__in=marked).update(attended=was_there)
