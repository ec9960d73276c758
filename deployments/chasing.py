"""Reminds whoever prepared an action of its report: one, three and seven days after, then never."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from campaigns import clock
from core.dates import day
from deployments.enums import PILOT_ROLE, Stage
from deployments.models import Deployment, TeamMember
from deployments.press import of
from messaging.actions import cancel_messages, enqueue_email
from messaging.models import Message
from organisations.enums import Role
from organisations.models import Membership

PURPOSE = "debrief-chaser"
# Days after the end at which one is reminded, and up to when that is still worth saying.
STEPS = ((1, 3), (3, 7), (7, 10))


def chase_debriefs() -> int:
    """Write the reminders that are due, each once; return how many actions wait for a report."""
    now = clock.now()
    waiting = list(_awaiting_report(now))
    for deployment in waiting:
        _remind(deployment, now)
    return len(waiting)


def stop_chasing(deployment: Deployment) -> None:
    """The report is in: what was written and not sent yet stays unsent."""
    ours = Message.objects.not_begun().filter(unique_key__startswith=_prefix(deployment))
    if keys := list(ours.order_by().values_list("unique_key", flat=True)):
        cancel_messages(unique_keys=keys)


def _awaiting_report(now: datetime) -> QuerySet[Deployment, Deployment]:
    first, last = STEPS[0][0], STEPS[-1][1]
    over = Deployment.objects.kept().filter(
        stage=Stage.REPORTED,
        ends_at__gt=now - timedelta(days=last),
        ends_at__lte=now - timedelta(days=first),
    )
    missing = over.filter(Q(debrief=None) | Q(debrief__closed_at=None))
    return missing.select_related("organisation", "commune").order_by("pk")


def _remind(deployment: Deployment, now: datetime) -> None:
    ended = deployment.ends_at
    assert ended is not None  # noqa: S101 – it is over
    for after, until in STEPS:
        if ended + timedelta(days=after) <= now < ended + timedelta(days=until):
            for address in sorted(set(_addresses(deployment))):
                _write(deployment, address, after, ended + timedelta(days=until))


def _addresses(deployment: Deployment) -> Iterable[str]:
    """The pilots, and the staff of the organisation that leads the action."""
    pilots = TeamMember.objects.coming().filter(deployment=deployment, role=PILOT_ROLE)
    for pilot in pilots.select_related("user").order_by("pk"):
        if address := (pilot.user.email if pilot.user else pilot.email):
            yield address
    staff = Membership.objects.active().filter(
        organisation=deployment.organisation_id,
        role__in=(Role.STAFF, Role.ADMIN),
        user__is_active=True,
    )
    yield from staff.order_by("pk").values_list("user__email", flat=True)


def _prefix(deployment: Deployment) -> str:
    return f"{PURPOSE}:{deployment.pk}:"


def _write(deployment: Deployment, address: str, after: int, not_after: datetime) -> None:
    ended = deployment.ends_at
    assert ended is not None  # noqa: S101 – it is over
    on = ended.astimezone(deployment.zone).date()
    enqueue_email(
        # An action that was moved is asked about anew.
        unique_key=f"{_prefix(deployment)}{on:%Y%m%d}:{after}:{address}",
        purpose=PURPOSE,
        recipient=address,
        template="deployments/email/chaser",
        context={
            "deployment": deployment,
            "ended_on": day(on),
            "of_commune": of(deployment.commune.name) if deployment.commune else "",
            "url": settings.SITE_URL + reverse("deployments:debrief", args=[deployment.pk]),
            "is_last": after == STEPS[-1][0],
        },
        not_after=not_after,
        departement=deployment.departement,
        is_transactional=True,
    )
