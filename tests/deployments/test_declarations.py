"""What must be declared, to whom, until when; and what happens when the action changes."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from deployments import actions, declaring
from deployments.deadlines import last_working_day, working_days_before
from deployments.enums import Authority, DeclarationState
from deployments.models import DeclarationRule, Deployment, PublicSpaceDeclaration
from deployments.readiness_rules import readiness_now
from territory.models import Commune
from tests.deployments.factories import PARIS, make_deployment, next_week, slot
from tests.factories import CAEN, make_user

pytestmark = pytest.mark.django_db
STRASBOURG = "67482"


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=PARIS)


def make_rule(days: int = 5, **fields: object) -> DeclarationRule:
    defaults: dict[str, object] = {
        "authority": Authority.TOWN_HALL, "days_before": days, "advised_days_before": days + 5,
        "source": "Appel au service", "verified_on": date(2026, 11, 1),
    }  # fmt: skip
    return declaring.save_rule(rule=DeclarationRule(**(defaults | fields)), now=timezone.now())


def make_fixed_point(day: str = "2027-06-09", **fields: object) -> Deployment:
    return make_deployment(slots=[slot(at(day))], has_fixed_point=True, **fields)  # type: ignore[arg-type]


def town_hall(deployment: Deployment) -> PublicSpaceDeclaration:
    return deployment.declarations.get(authority=Authority.TOWN_HALL)


def facts_now(declaration: PublicSpaceDeclaration) -> str:
    return declaring.facts_of(Deployment.objects.get(pk=declaration.deployment_id))


def settle(declaration: PublicSpaceDeclaration, state: DeclarationState) -> PublicSpaceDeclaration:
    return declaring.settle_declaration(
        declaration=declaration, revision=declaration.revision, state=state,
        facts=facts_now(declaration), on=date(2026, 11, 20), author=make_user("staff", "ul-caen"),
    )  # fmt: skip


def test_an_action_without_fixed_point_declares_nothing() -> None:
    assert not make_deployment(has_fixed_point=False).declarations.exists()


def test_a_fixed_point_is_declared_by_the_default_rules() -> None:
    declared = make_fixed_point().declarations.values_list("authority", "advised_on", "last_day")
    assert set(declared) == {
        ("town-hall", date(2027, 5, 26), date(2027, 6, 2)),
        # Three days before Wednesday 9 June is a Sunday.
        ("prefecture", date(2027, 5, 26), date(2027, 6, 4)),
    }


def test_the_commune_comes_before_its_departement_and_that_before_everywhere() -> None:
    make_rule(10, departement_id="14")
    assert town_hall(make_fixed_point()).last_day == date(2027, 5, 28)
    make_rule(20, commune_id=CAEN)
    assert town_hall(make_fixed_point()).last_day == date(2027, 5, 20)


def test_a_place_may_ask_for_nothing() -> None:
    make_rule(departement_id="14", is_needed=False)
    (only,) = make_fixed_point().declarations.all()
    assert only.authority == Authority.PREFECTURE


def test_a_place_that_asks_for_nothing_lacks_no_declaration() -> None:
    for authority in Authority:
        make_rule(departement_id="14", authority=authority, is_needed=False)
    points = {point.slug for point in readiness_now(make_fixed_point()).points}
    assert "declaration" not in points
    undecided = make_deployment(reported=False, slots=[], has_fixed_point=True)
    assert "declaration" in {point.slug for point in readiness_now(undecided).points}


def test_the_rule_of_another_departement_does_not_count() -> None:
    make_rule(40, departement_id="50")
    assert town_hall(make_fixed_point()).last_day == date(2027, 6, 2)


@pytest.mark.parametrize(
    ("day", "last_day"),
    [
        ("2027-06-09", date(2027, 6, 2)),  # a Wednesday
        ("2027-06-12", date(2027, 6, 4)),  # a Saturday before: Friday
        ("2027-05-08", date(2027, 4, 30)),  # 1 May is a holiday, and a Saturday
        ("2027-05-13", date(2027, 5, 5)),  # Ascension Day is 6 May
    ],
)
def test_the_last_day_is_one_when_the_office_is_open(day: str, last_day: date) -> None:
    assert town_hall(make_fixed_point(day)).last_day == last_day


def test_a_local_holiday_counts_where_it_is_one() -> None:
    """Good Friday, 26 March 2027, is one in Strasbourg and not in Caen."""
    there = make_fixed_point("2027-04-02", commune=Commune.objects.get(pk=STRASBOURG))
    assert town_hall(there).last_day == date(2027, 3, 25)
    assert town_hall(make_fixed_point("2027-04-02")).last_day == date(2027, 3, 26)


def test_working_days_leave_weekends_and_holidays_out() -> None:
    holidays = {date(2027, 5, 6)}
    assert working_days_before(date(2027, 5, 10), 3, holidays) == date(2027, 5, 4)
    assert working_days_before(date(2027, 5, 10), 0, holidays) == date(2027, 5, 10)
    assert last_working_day(date(2027, 5, 6), holidays) == date(2027, 5, 5)


def test_the_day_is_that_of_the_place() -> None:
    """1 June at 0:30 in La Réunion is 31 May in Paris."""
    start = datetime.fromisoformat("2027-05-31T20:30+00:00")
    there = make_deployment(
        commune=Commune.objects.get(pk="97411"), slots=[slot(start)], has_fixed_point=True
    )
    assert town_hall(there).last_day == date(2027, 5, 25)


def test_moving_the_action_moves_the_last_day() -> None:
    deployment = make_fixed_point()
    actions.move_deployment(
        deployment=deployment, revision=deployment.revision, starts_at=at("2027-06-16")
    )
    assert town_hall(deployment).last_day == date(2027, 6, 9)


def test_what_was_sent_for_another_day_is_to_send_again() -> None:
    deployment = make_fixed_point()
    settle(settle(town_hall(deployment), DeclarationState.SENT), DeclarationState.GRANTED)
    actions.move_deployment(
        deployment=deployment, revision=deployment.revision, starts_at=at("2027-06-16")
    )
    declaration = town_hall(deployment)
    assert (declaration.state, declaration.is_to_send_again) == (DeclarationState.TO_SEND, True)


def test_a_new_title_changes_nothing_for_the_authority() -> None:
    deployment = make_fixed_point()
    settle(town_hall(deployment), DeclarationState.SENT)
    actions.change_deployment(
        deployment=deployment, revision=deployment.revision, title="Grand marché"
    )
    assert town_hall(deployment).state == DeclarationState.SENT


def test_what_is_not_needed_stays_so_another_day_but_not_elsewhere() -> None:
    deployment = make_fixed_point()
    settle(town_hall(deployment), DeclarationState.NOT_NEEDED)
    deployment = actions.move_deployment(
        deployment=deployment, revision=deployment.revision, starts_at=at("2027-06-16")
    )
    assert town_hall(deployment).state == DeclarationState.NOT_NEEDED
    actions.change_deployment(
        deployment=deployment, revision=deployment.revision,
        commune=Commune.objects.get(pk=STRASBOURG),
    )  # fmt: skip
    assert town_hall(deployment).state == DeclarationState.TO_SEND


def test_without_fixed_point_what_was_sent_is_kept_and_the_rest_goes() -> None:
    deployment = make_fixed_point()
    settle(town_hall(deployment), DeclarationState.SENT)
    deployment = actions.change_deployment(
        deployment=deployment, revision=deployment.revision, has_fixed_point=False
    )
    (kept,) = deployment.declarations.all()
    assert (kept.authority, kept.state) == (Authority.TOWN_HALL, DeclarationState.NOT_NEEDED)
    actions.change_deployment(
        deployment=deployment, revision=deployment.revision, has_fixed_point=True
    )
    assert town_hall(deployment).state == DeclarationState.TO_SEND


def test_a_new_rule_moves_the_days_of_actions_to_come() -> None:
    deployment = make_fixed_point()
    rule = make_rule(30, departement_id="14")
    assert town_hall(deployment).last_day == date(2027, 5, 10)
    declaring.remove_rule(rule=rule, revision=rule.revision, now=timezone.now())
    assert town_hall(deployment).last_day == date(2027, 6, 2)


def test_a_rule_that_moves_gives_its_former_place_the_wider_one_back() -> None:
    deployment = make_fixed_point()
    rule = make_rule(30, departement_id="14")
    rule.departement_id = "50"
    declaring.save_rule(rule=rule, revision=rule.revision, now=timezone.now())
    assert town_hall(deployment).last_day == date(2027, 6, 2)


def test_only_one_of_two_who_note_something_is_heard() -> None:
    declaration = town_hall(make_fixed_point())
    settle(declaration, DeclarationState.SENT)
    with pytest.raises(declaring.DeclarationMoved):
        settle(declaration, DeclarationState.NOT_NEEDED)


def test_what_the_authority_never_read_is_not_noted_as_sent() -> None:
    """Another hour of the same day gives no new last day: only the facts tell."""
    deployment = make_fixed_point()
    declaration = town_hall(deployment)
    on_screen = declaring.facts_of(deployment)
    actions.move_deployment(
        deployment=deployment, revision=deployment.revision,
        starts_at=at("2027-06-09") + timedelta(hours=5),
    )  # fmt: skip
    assert town_hall(deployment).revision == declaration.revision
    with pytest.raises(declaring.DeclarationMoved):
        declaring.settle_declaration(
            declaration=declaration, revision=declaration.revision, facts=on_screen,
            state=DeclarationState.SENT, on=date(2026, 11, 20),
            author=make_user("staff", "ul-caen"),
        )  # fmt: skip
    assert town_hall(deployment).state == DeclarationState.TO_SEND


def test_an_answer_needs_a_letter_first() -> None:
    with pytest.raises(declaring.WrongStep):
        settle(town_hall(make_fixed_point()), DeclarationState.GRANTED)


def test_many_actions_ask_as_much_as_one(django_assert_num_queries: object) -> None:
    one, several = [make_fixed_point()], [make_fixed_point() for _ in range(4)]
    for deployments in (one, several):
        for deployment in deployments:
            deployment.declarations.all().delete()
        with django_assert_num_queries(6):  # type: ignore[operator]
            declaring.refresh_many(deployments=deployments)


def state_of(deployment: Deployment) -> str:
    found = Deployment.objects.with_declaration_state().get(pk=deployment.pk)
    return str(found.declaration)  # type: ignore[attr-defined]


def test_the_calendar_shows_the_most_pressing() -> None:
    soon = make_deployment(slots=[slot(timezone.now() + timedelta(days=1))], has_fixed_point=True)
    assert state_of(soon) == "late"
    far = make_deployment(slots=[slot(timezone.now() + timedelta(days=60))], has_fixed_point=True)
    assert state_of(far) == "to-send"
    assert state_of(make_deployment(slots=[slot(next_week(), 2)], has_fixed_point=True)) in (
        "due", "late",
    )  # fmt: skip
    assert set(Deployment.objects.with_declaration_in_danger()) >= {soon}
    assert far not in Deployment.objects.with_declaration_in_danger()


def test_once_all_are_settled_the_calendar_is_calm() -> None:
    deployment = make_fixed_point()
    settle(deployment.declarations.get(authority="prefecture"), DeclarationState.NOT_NEEDED)
    settle(town_hall(deployment), DeclarationState.SENT)
    assert state_of(deployment) == "sent"
    settle(town_hall(deployment), DeclarationState.GRANTED)
    assert state_of(deployment) == "granted"


def test_a_cancelled_or_past_action_presses_nobody() -> None:
    past = make_deployment(slots=[slot(timezone.now() - timedelta(days=3))], has_fixed_point=True)
    assert state_of(past) == ""
    coming = make_fixed_point()
    actions.cancel_deployment(deployment=coming, revision=coming.revision, reason="Tempête")
    assert state_of(coming) == ""
