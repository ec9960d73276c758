"""The link by which anybody signs up for an action: opened, closed, replaced."""

from django.db import transaction

from campaigns import clock
from core.tokens import hash_secret
from deployments.models import Deployment, TeamLink
from deployments.staffing import lock_team
from deployments.team_links import sign_up_secret


@transaction.atomic
def open_link(*, deployment: Deployment, renew: bool = False) -> TeamLink:
    """Open the link; with `renew` another one, and the former stops working."""
    deployment = lock_team(deployment)
    link = TeamLink.objects.filter(deployment=deployment).first()
    if link is None:
        link = TeamLink(deployment=deployment)
    elif renew:
        link.version += 1
    link.secret_hash = hash_secret(sign_up_secret(deployment.pk, link.version))
    link.opened_at, link.closed_at = clock.now(), None
    link.save()
    return link


@transaction.atomic
def close_link(*, deployment: Deployment) -> None:
    """Nobody signs up by the link any more; who is in stays in."""
    lock_team(deployment, even_closed=True)
    TeamLink.objects.filter(deployment=deployment, closed_at=None).update(closed_at=clock.now())
