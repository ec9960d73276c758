"""Nobody is in two places at once: who comes is taken for the time of their shifts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from deployments.enums import Answer
from deployments.models import Absence, Booking, Deployment, Shift, TeamMember


@dataclass(frozen=True)
class Clash:
    """When somebody is taken elsewhere, as far as it overlaps; where is nobody's business."""

    starts_at: datetime
    ends_at: datetime


class AlreadyTaken(Exception):
    """The person comes to another action at that time."""

    def __init__(self, clash: Clash) -> None:
        super().__init__(f"{clash.starts_at} – {clash.ends_at}")
        self.clash = clash


def span(shift: Shift) -> DateTimeTZRange:
    return DateTimeTZRange(shift.starts_at, shift.ends_at)


def shifts_of(member: TeamMember) -> list[Shift]:
    """The shifts somebody comes to: those they chose, else all of them.

    Of two at the same time, the first: nobody is in both.
    """
    kept: list[Shift] = []
    for shift in list(member.wanted.all()) or list(member.deployment.shifts.all()):
        if all(shift.starts_at >= other.ends_at for other in kept):
            kept.append(shift)
    return kept


def clashes(
    people: Collection[str], shifts: Iterable[Shift], *, outside: Deployment
) -> dict[str, Clash]:
    """By person, the first time they are taken elsewhere than `outside` during `shifts`.

    One query, whatever the number of people.
    """
    wanted = sorted(shifts, key=lambda shift: shift.starts_at)
    if not wanted or not people:
        return {}
    whole = DateTimeTZRange(wanted[0].starts_at, max(shift.ends_at for shift in wanted))
    taken = Booking.objects.filter(person__in=people, during__overlap=whole)
    found: dict[str, Clash] = {}
    for booking in taken.exclude(member__deployment=outside).order_by("during", "pk"):
        for shift in wanted:
            start = max(shift.starts_at, booking.during.lower)
            end = min(shift.ends_at, booking.during.upper)
            if start < end:
                found.setdefault(booking.person, Clash(start, end))
    return found


def absent_among(users: Collection[int], shifts: Iterable[Shift]) -> set[int]:
    """Accounts, by number, that noted an absence during one of `shifts`."""
    absences = Absence.objects.filter(user__in=users).order_by("pk")
    rows = list(absences.values_list("user_id", "during"))
    return {
        user
        for user, during in rows
        for shift in shifts
        if during.lower < shift.ends_at and shift.starts_at < during.upper
    }


def book(member: TeamMember) -> None:
    """Take somebody for their shifts, in place of those they were taken for.

    Raises `AlreadyTaken`; the database decides between two that book at the same instant.
    """
    shifts = shifts_of(member)
    deployment = member.deployment
    if clash := clashes([member.person], shifts, outside=deployment).get(member.person):
        raise AlreadyTaken(clash)
    try:
        with transaction.atomic():
            member.bookings.all().delete()
            Booking.objects.bulk_create(
                Booking(member=member, shift=shift, person=member.person, during=span(shift))
                for shift in shifts
            )
    except IntegrityError as error:
        clash = clashes([member.person], shifts, outside=deployment).get(member.person)
        if clash is None:
            raise
        raise AlreadyTaken(clash) from error


def release(member: TeamMember) -> None:
    member.bookings.all().delete()


def count_hours(member: TeamMember) -> None:
    """Take somebody for the shifts they were there for.

    Who is taken elsewhere then was here all the same: what the other action noted stays its own.
    """
    try:
        book(member)
    except AlreadyTaken:
        release(member)
        Booking.objects.bulk_create(
            Booking(member=member, shift=shift, person=f"x:{member.seed}", during=span(shift))
            for shift in shifts_of(member)
        )


@transaction.atomic
def rebook_team(*, deployment: Deployment) -> list[TeamMember]:
    """Take the team for the hours as they are now, after the shifts of an action changed.

    Answers those who are taken elsewhere at the new hours: they are asked again, but for those who
    were there already.
    """
    taken = deployment.team.filter(Q(answer=Answer.COMING) | Q(attended=True))
    asked_again = []
    for member in taken.order_by("person").prefetch_related("wanted"):
        member.deployment = deployment
        if member.attended:
            count_hours(member)
            continue
        try:
            book(member)
        except AlreadyTaken:
            release(member)
            member.answer, member.answered_at = Answer.INVITED, None
            member.save(update_fields=["answer", "answered_at"])
            asked_again.append(member)
    return asked_again
