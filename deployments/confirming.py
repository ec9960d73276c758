"""The day before: each person who comes is asked once a day of action whether they still do."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog
from django.db import transaction

from campaigns import clock
from deployments.enums import Answer, Stage
from deployments.models import Booking, Deployment, TeamMember
from deployments.team_messages import address_of, ask_the_day_before
from messaging.enums import Channel
from messaging.quiet_hours import OPENS, SUNDAY, Holidays

log = structlog.get_logger()

# The longest run of days without SMS before an action, with the day before it.
HORIZON = timedelta(days=6)
# Late enough for an evening, early enough for the outbox to finish before quiet hours.
LATEST_SMS = time(19, 30)


@dataclass(frozen=True)
class Question:
    """Somebody and a day of action, with its first shift."""

    member: TeamMember
    day: date
    asked_from: datetime
    starts_at: datetime

    def is_due(self, now: datetime) -> bool:
        """Not before its hour, not once the day began, not to who has just said yes."""
        known = [self.member.asked_to_confirm_at, self.member.confirmed_at]
        is_settled = any(moment and moment >= self.asked_from for moment in known)
        return self.asked_from <= now < self.starts_at and not is_settled


def ask_confirmations() -> int:
    """Ask everybody whose hour has come; safe to repeat, and in two workers at once.

    Answers how many were asked.
    """
    now = clock.now()
    holidays = Holidays.around(now)
    due = [question for question in _questions(now, holidays) if question.is_due(now)]
    asked = sum(_ask(question, now) for question in due)
    if asked:
        log.info("team-asked-to-confirm", number=asked)
    return asked


def asked_from(deployment: Deployment, day: date, channel: Channel, holidays: Holidays) -> datetime:
    """When somebody is asked about `day`: the day before, at the hour the action chose.

    An SMS may arrive neither on Sundays nor on holidays, nor at night: who comes on a Monday and
    has only a number is asked on Saturday.
    """
    before, hour = day - timedelta(days=1), deployment.confirm_from
    if channel == Channel.SMS:
        hour = min(max(hour, OPENS), LATEST_SMS)
        closed = holidays.of(deployment.departement)
        while before.weekday() == SUNDAY or before in closed:
            before -= timedelta(days=1)
    return datetime.combine(before, hour, tzinfo=deployment.zone)


def _questions(now: datetime, holidays: Holidays) -> list[Question]:
    """One for each person and day of action to come."""
    coming = Booking.objects.filter(
        member__answer=Answer.COMING,
        member__forgotten_at=None,
        member__deployment__stage=Stage.REPORTED,
        member__deployment__archived_at=None,
        shift__starts_at__gt=now,
        shift__starts_at__lt=now + HORIZON,
    ).select_related("shift", "member__deployment__departement")
    found: dict[tuple[int, date], Question] = {}
    for booking in coming.order_by("shift__starts_at", "pk"):
        member, starts_at = booking.member, booking.shift.starts_at
        deployment = member.deployment
        day = starts_at.astimezone(deployment.zone).date()
        if (member.pk, day) not in found:
            channel, _ = address_of(member)
            start = asked_from(deployment, day, channel, holidays)
            found[member.pk, day] = Question(member, day, start, starts_at)
    return list(found.values())


@transaction.atomic
def _ask(question: Question, now: datetime) -> bool:
    """The mark and the message stand or fall together."""
    free = TeamMember.objects.select_for_update(skip_locked=True, no_key=True)
    member = free.filter(pk=question.member.pk, answer=Answer.COMING).first()
    if member is None:
        return False
    member.deployment = question.member.deployment
    fresh = Question(member, question.day, question.asked_from, question.starts_at)
    if not fresh.is_due(now):
        return False
    member.asked_to_confirm_at = now
    member.save(update_fields=["asked_to_confirm_at"])
    ask_the_day_before(member, day=question.day, not_after=question.starts_at)
    return True
