"""How long people were there: one count, for the attendance sheet and for what works."""

from datetime import timedelta

import pytest

from deployments import debriefing, staffing
from deployments.experience import what_works
from deployments.models import Deployment, TeamMember
from deployments.person_hours import person_hours
from tests.deployments.factories import add_member, make_deployment, next_week, slot
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db


def mark(*members: TeamMember, there: bool = True) -> None:
    TeamMember.objects.filter(pk__in=[one.pk for one in members]).update(attended=there)


def report(deployment: Deployment, **figures: int) -> None:
    debriefing.save_debrief(deployment=deployment, revision=1, **figures)
    debriefing.close_debrief(deployment=deployment, author=make_user("staff", "ul-caen"))


def test_each_who_was_there_counts_for_their_own_shifts() -> None:
    start = next_week()
    deployment = make_deployment(slots=[slot(start), slot(start + timedelta(days=1), hours=5)])
    first, second, third = (add_member(deployment, number) for number in (1, 2, 3))
    staffing.say_coming(member=second, shifts=[deployment.shifts.all()[1]])
    mark(first, second)
    mark(third, there=False)
    assert person_hours(deployment) == 8 + 5


def test_who_came_without_having_said_so_counts_for_the_whole_action() -> None:
    deployment = make_deployment()
    mark(add_member(deployment, 1), add_member(deployment, 2, comes=False))
    assert person_hours(deployment) == 3 + 3


def test_those_marked_are_believed_rather_than_the_report() -> None:
    deployment = make_deployment()
    report(deployment, participants=10)
    assert person_hours(deployment) == 30
    mark(add_member(deployment, 1))
    assert person_hours(deployment) == 3


def test_nobody_knows_the_hours_of_an_action_without_presence_nor_report() -> None:
    assert person_hours(make_deployment()) == 0


def test_what_works_counts_as_the_attendance_sheet_does() -> None:
    """One came for their shift, another without having said so: six hours each time."""
    for _ in range(3):
        deployment = make_deployment(slots=[slot(next_week() - timedelta(days=14))])
        for number, booked in ((1, True), (2, False)):
            member = TeamMember.objects.create(
                deployment=deployment, person=f"{number}", first_name="Lou", role_id="equipe",
                phone="+33639980012", attended=True, token_hash=f"{deployment.pk}-{number}",
            )  # fmt: skip
            if booked:
                book_all(member)
        make_contact(source=deployment.source, email=f"c{deployment.pk}@example.org")
        report(deployment, participants=50)
        assert person_hours(deployment) == 6
    (found,) = what_works(make_user("staff", "ul-caen")).types
    assert (found.hours, found.contacts) == (18, 3)


def book_all(member: TeamMember) -> None:
    for shift in member.deployment.shifts.all():
        member.bookings.create(
            shift=shift, person=f"{member.deployment_id}", during=(shift.starts_at, shift.ends_at)
        )
