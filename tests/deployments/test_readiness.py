"""What is missing, and by when."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deployments.enums import Answer
from deployments.models import Deployment, RoleNeed, TeamMember
from deployments.readiness import Facts, Readiness, assess
from deployments.readiness_rules import facts_of, readiness_of, with_facts
from organisations.enums import Mandate
from organisations.models import Organisation
from tests.deployments.factories import make_deployment

TODAY = date(2027, 3, 1)
ALL_DONE: dict[str, Any] = {
    "starts_on": date(2027, 3, 20), "has_place": True, "has_objective": True, "has_pilot": True,
    "needs": 2, "lines": 3, "lines_ready": 3, "has_words": True,
}  # fmt: skip


def missing(readiness: Readiness) -> list[str]:
    return [point.slug for point in readiness.missing]


def point(slug: str, **facts: Any) -> Any:
    found = assess(Facts(**(ALL_DONE | facts)), today=TODAY)
    return next(one for one in found.points if one.slug == slug)


def test_what_is_all_done_lacks_nothing() -> None:
    ready = assess(Facts(**ALL_DONE), today=TODAY)
    assert (missing(ready), ready.percent) == ([], 100)


def test_an_idea_lacks_everything_and_has_no_day() -> None:
    ready = assess(Facts(), today=TODAY)
    assert {one.due_on for one in ready.missing} == {None}
    assert (ready.done, ready.is_late) == (0, False)


@pytest.mark.parametrize(
    ("facts", "slug"),
    [
        ({"has_place": False}, "place"),
        ({"has_objective": False}, "objective"),
        ({"has_pilot": False}, "pilot"),
        ({"unfilled_needs": 1}, "roles"),
        ({"needs": 0}, "roles"),
        ({"lines_ready": 2}, "checklist"),
        ({"lines": 0, "lines_ready": 0}, "checklist"),
        ({"has_words": False}, "words"),
        ({"starts_on": None}, "date"),
        ({"needs_declaration": True}, "declaration"),
        (
            {"needs_declaration": True, "declarations": 2, "unsent_declarations": 1},
            "declaration",
        ),
    ],
)
def test_each_point_is_missed(facts: dict[str, Any], slug: str) -> None:
    assert missing(assess(Facts(**(ALL_DONE | facts)), today=TODAY)) == [slug]


def test_what_moves_needs_no_declaration() -> None:
    slugs = [one.slug for one in assess(Facts(**ALL_DONE), today=TODAY).points]
    assert "declaration" not in slugs


def test_a_point_is_due_some_days_before() -> None:
    pilot = point("pilot", has_pilot=False)
    assert (pilot.due_on, pilot.is_late) == (date(2027, 2, 27), True)
    checklist = point("checklist", lines_ready=0)
    assert (checklist.due_on, checklist.is_late) == (date(2027, 3, 19), False)


def test_a_declaration_is_due_on_the_day_of_its_rule() -> None:
    facts = {"needs_declaration": True, "declarations": 1, "unsent_declarations": 1}
    sent_by = point("declaration", **facts, send_by=date(2027, 3, 1))
    assert (sent_by.due_on, sent_by.is_late) == (date(2027, 3, 1), False)
    assert point("declaration", **facts, send_by=date(2027, 2, 28)).is_late


def test_a_letter_without_a_sender_is_said_until_it_is_sent() -> None:
    facts = {"needs_declaration": True, "declarations": 1, "unsent_declarations": 1}
    assert "adresse de l’organisation" in point("declaration", **facts).detail
    assert point("declaration", **facts, has_address=True).detail == ""
    assert point("declaration", needs_declaration=True, declarations=1).detail == ""


def test_the_most_urgent_comes_first() -> None:
    ready = assess(Facts(starts_on=date(2027, 3, 20)), today=TODAY)
    days = [one.due_on for one in ready.missing]
    assert days == sorted(days)  # type: ignore[type-var]


def ready_facts() -> Facts:
    return facts_of(with_facts(Deployment.objects.all()).get())


def join(deployment: Deployment, role: str, **fields: Any) -> TeamMember:
    number = deployment.team.count()
    return TeamMember.objects.create(
        deployment=deployment, role_id=role, first_name="Max", email=f"m{number}@exemple.fr",
        person=f"m{number}", token_hash=f"{deployment.pk}-{number}",
        **({"answer": Answer.COMING} | fields),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_new_action_starts_with_roles_and_a_list() -> None:
    make_deployment(types=["point-fixe"], has_fixed_point=True)
    facts = ready_facts()
    assert (facts.needs, facts.unfilled_needs, facts.has_pilot) == (4, 4, False)
    assert facts.lines > 0
    assert facts.lines_ready == 0


@pytest.mark.django_db
def test_an_organisation_that_wrote_its_address_has_one() -> None:
    deployment = make_deployment()
    assert not ready_facts().has_address
    Organisation.objects.filter(pk=deployment.organisation_id).update(postal_address="14000 Caen")
    assert ready_facts().has_address


@pytest.mark.django_db
def test_only_who_comes_fills_a_role() -> None:
    deployment = make_deployment()
    join(deployment, "pilote", answer=Answer.INVITED)
    assert not ready_facts().has_pilot
    join(deployment, "pilote")
    facts = ready_facts()
    assert (facts.has_pilot, facts.needs - facts.unfilled_needs) == (True, 1)


@pytest.mark.django_db
def test_a_mandate_asked_for_is_held() -> None:
    deployment = make_deployment()
    deployment.needs.all().delete()
    RoleNeed.objects.create(
        deployment=deployment, role_id="conseil", minimum=1, mandate=Mandate.LABOUR_JUDGE
    )
    member = join(deployment, "conseil", mandates=[Mandate.UNION_DEFENDER])
    assert ready_facts().unfilled_needs == 1
    member.mandates = [Mandate.UNION_DEFENDER, Mandate.LABOUR_JUDGE]
    member.save()
    assert ready_facts().unfilled_needs == 0


@pytest.mark.django_db
def test_a_list_of_actions_is_weighed_in_one_query() -> None:
    for number in range(3):
        make_deployment(title=f"Marché {number}")
    with CaptureQueriesContext(connection) as queries:
        found = [
            readiness_of(one, now=timezone.now()) for one in with_facts(Deployment.objects.all())
        ]
    assert (len(found), len(queries)) == (3, 1)


@pytest.mark.django_db
def test_the_day_is_that_of_the_place() -> None:
    start = (timezone.now() + timedelta(days=40)).replace(hour=23, minute=30)
    deployment = make_deployment()
    deployment.starts_at, deployment.time_zone = start, "Indian/Reunion"
    deployment.ends_at = start + timedelta(hours=1)
    deployment.save()
    assert ready_facts().starts_on == start.date() + timedelta(days=1)
