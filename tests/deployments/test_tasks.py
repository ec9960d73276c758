"""The back-plan of an action: counted from its date, followed, ticked."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deployments import actions, back_plan, declaring
from deployments.enums import DeclarationState, TaskKind
from deployments.models import Deployment, Place, Task
from deployments.task_rules import my_tasks, tasks_of, with_urgency
from organisations.models import User
from tests.deployments.factories import make_deployment, slot
from tests.deployments.test_declaration_pages import make_member, words
from tests.deployments.test_declarations import at, make_fixed_point
from tests.factories import CAEN, make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


def days_of(deployment: Deployment) -> dict[str, date | None]:
    return dict(deployment.tasks.exclude(step="").values_list("step", "due_on"))


def test_the_plan_counts_back_from_the_day() -> None:
    assert days_of(make_fixed_point("2027-06-09")) == {
        "declaration": date(2027, 5, 26),
        "training": date(2027, 5, 12),
        "material": date(2027, 5, 19),
        "team": date(2027, 5, 26),
        "press": date(2027, 6, 6),
        "gathering": date(2027, 6, 6),
        "ahead": date(2027, 6, 7),
        "confirm": date(2027, 6, 8),
        "morning": date(2027, 6, 9),
        "debrief": date(2027, 6, 16),
    }


def test_without_a_date_there_is_no_plan() -> None:
    assert days_of(make_deployment(reported=False, slots=[])) == {}


def test_the_report_is_due_a_week_after_the_last_day() -> None:
    days = [slot(at("2027-06-09")), slot(at("2027-06-11"))]
    assert days_of(make_deployment(slots=days))["debrief"] == date(2027, 6, 18)


def move(deployment: Deployment, day: str) -> Deployment:
    return actions.move_deployment(
        deployment=deployment, revision=deployment.revision, starts_at=at(day)
    )


def test_a_moved_action_takes_its_plan_along_but_for_what_people_changed() -> None:
    deployment = make_deployment(slots=[slot(at("2027-06-09"))])
    press = deployment.tasks.get(step="press")
    back_plan.change_task(task=press, revision=1, due_on=date(2027, 5, 1))
    move(deployment, "2027-06-16")
    days = days_of(deployment)
    assert (days["press"], days["confirm"]) == (date(2027, 5, 1), date(2027, 6, 15))


def test_what_is_done_stays_done_when_the_action_moves() -> None:
    deployment = make_deployment(slots=[slot(at("2027-06-09"))])
    task = deployment.tasks.get(step="material")
    back_plan.tick_task(task=task, is_done=True, author=make_user("staff", "ul-caen"))
    move(deployment, "2027-06-16")
    task.refresh_from_db()
    assert task.done_at


def test_sending_the_declarations_ticks_their_task_and_a_move_unticks_it() -> None:
    deployment = make_fixed_point()
    for declaration in deployment.declarations.order_by("pk"):
        assert deployment.tasks.get(step="declaration").done_at is None
        declaring.settle_declaration(
            declaration=declaration, revision=1, facts=declaring.facts_of(deployment),
            state=DeclarationState.SENT, on=date(2026, 11, 20),
            author=make_user("staff", "ul-caen"),
        )  # fmt: skip
    assert deployment.tasks.get(step="declaration").done_at
    move(deployment, "2027-06-16")
    assert deployment.tasks.get(step="declaration").done_at is None


def test_a_task_is_added_changed_ticked_unticked_and_removed(staff: Client) -> None:
    deployment = make_deployment()
    base = f"/deploiements/{deployment.pk}/taches/"
    staff.post(f"{base}nouvelle/", {"label": "Louer un minibus", "due_on": "2027-01-02"})
    task = deployment.tasks.get(step="")
    staff.post(f"{base}{task.pk}/", {"label": "Louer un utilitaire", "revision": 1})
    staff.post(f"{base}{task.pk}/cocher/", {"fait": "oui"})
    task.refresh_from_db()
    assert (task.label, task.due_on, bool(task.done_at)) == ("Louer un utilitaire", None, True)
    staff.post(f"{base}{task.pk}/cocher/", {"fait": "non"})
    task.refresh_from_db()
    assert task.done_at is None
    staff.post(f"{base}{task.pk}/retirer/", {"revision": 2})
    assert not deployment.tasks.filter(step="").exists()


def test_the_steps_of_the_plan_are_not_removed(staff: Client) -> None:
    task = make_deployment().tasks.get(step="press")
    removal = f"/deploiements/{task.deployment_id}/taches/{task.pk}/retirer/"
    staff.post(removal, {"revision": task.revision})
    assert Task.objects.filter(pk=task.pk).exists()


def test_two_who_change_a_task_see_each_other(staff: Client) -> None:
    task = make_deployment().tasks.get(step="press")
    base = f"/deploiements/{task.deployment_id}/taches/{task.pk}/"
    staff.post(base, {"label": "Appeler le journal", "revision": 1})
    answer = staff.post(base, {"label": "Écrire à la radio", "revision": 1})
    assert answer.status_code == 409
    assert "Appeler le journal" in words(answer)
    form = answer.context["form"]
    assert {name: form[name].value() for name in ("label", "revision")} == {
        "label": "Écrire à la radio", "revision": "2",
    }  # fmt: skip
    # Having seen it, they may go on.
    assert staff.post(base, {"label": "Écrire à la radio", "revision": 2}).status_code == 302


def test_a_task_somebody_has_just_changed_is_not_removed_unseen(staff: Client) -> None:
    deployment = make_deployment()
    task = back_plan.add_task(
        deployment=deployment, label="Louer un minibus", due_on=None, assignee=None
    )
    back_plan.change_task(task=task, revision=1, label="Louer deux minibus")
    removal = f"/deploiements/{deployment.pk}/taches/{task.pk}/retirer/"
    assert "« Louer deux minibus » : elle reste" in words(
        staff.post(removal, {"revision": 1}, follow=True)
    )
    staff.post(removal, {"revision": 2})
    assert not Task.objects.filter(pk=task.pk).exists()


def test_only_the_team_of_the_action_takes_its_tasks(staff: Client) -> None:
    task = make_deployment().tasks.get(step="press")
    stranger = make_member(make_deployment())
    base = f"/deploiements/{task.deployment_id}/taches/{task.pk}/"
    answer = staff.post(base, {"label": "x", "revision": 1, "assignee": stranger.pk})
    assert answer.status_code == 200
    task.refresh_from_db()
    assert task.assignee is None


def test_a_member_of_the_team_ticks_and_others_see_nothing(client_for: ClientFor) -> None:
    deployment = make_deployment()
    task = deployment.tasks.get(step="press")
    member = make_user("militant", "ul-caen")
    make_member(deployment, member)
    tick = f"/deploiements/{deployment.pk}/taches/{task.pk}/cocher/"
    assert client_for(make_user("militant", "ul-caen")).post(tick).status_code == 404
    client_for(member).post(tick, {"fait": "oui"})
    task.refresh_from_db()
    assert task.done_by == member


def test_lessons_of_the_place_are_shown_and_settled(staff: Client) -> None:
    place = Place.objects.create(commune_id=CAEN, name="Marché", folded_name="marche")
    before = make_deployment(place=place)
    lesson = Task.objects.create(
        deployment=before, place=place, kind=TaskKind.LESSON, label="Prévoir un groupe électrogène"
    )
    coming = make_deployment(place=place)
    base = f"/deploiements/{coming.pk}/taches/"
    assert "Prévoir un groupe électrogène" in words(staff.get(base))
    staff.post(f"{base}{lesson.pk}/cocher/", {"fait": "oui"})
    assert "Prévoir un groupe électrogène" not in words(staff.get(base))


def test_my_tasks_are_those_i_took_and_those_nobody_took_where_i_pilot() -> None:
    me = make_user("militant", "ul-caen")
    theirs, piloted, other = (make_deployment() for _ in range(3))
    mine = make_member(theirs, me)
    task = theirs.tasks.get(step="press")
    back_plan.change_task(task=task, revision=1, assignee=mine)
    make_member(piloted, me, role_id="pilote")
    colleague = make_member(piloted, person="else", token_hash="else")
    taken = piloted.tasks.get(step="team")
    back_plan.change_task(task=taken, revision=1, assignee=colleague)
    found = {line["task"].pk for line in my_tasks(me)}
    assert task.pk in found
    assert taken.pk not in found
    assert not found & set(other.tasks.values_list("pk", flat=True))
    assert found == {task.pk} | set(piloted.tasks.exclude(pk=taken.pk).values_list("pk", flat=True))


def test_my_tasks_stand_in_my_own_space(client_for: ClientFor) -> None:
    me = make_user("militant", "ul-caen")
    deployment = make_deployment(title="Foire de Caen")
    make_member(deployment, me, role_id="pilote")
    page = words(client_for(me).get("/mon-espace/"))
    assert "Mes tâches" in page
    assert "Foire de Caen" in page


def test_a_late_task_says_so(staff: Client) -> None:
    deployment = make_deployment()
    Task.objects.filter(deployment=deployment, step="press").update(
        due_on=date(2020, 1, 1), planned_on=date(2020, 1, 1) + timedelta(days=1)
    )
    assert "En retard" in words(staff.get(f"/deploiements/{deployment.pk}/"))


def urgencies(deployment: Deployment) -> dict[str, str]:
    deployment.refresh_from_db()
    return {line["task"].step: line["urgency"] for line in with_urgency(tasks_of(deployment))}


def test_a_plan_made_late_is_for_now_and_blames_nobody(client_for: ClientFor) -> None:
    with time_machine.travel(at("2027-06-05")):
        staff = client_for(make_user("staff", "ul-caen"))
        deployment = make_deployment(slots=[slot(at("2027-06-09"))])
        page = words(staff.get(f"/deploiements/{deployment.pk}/taches/"))
        found = urgencies(deployment)
    assert (found["material"], found["team"], found["press"]) == ("now", "now", "")
    assert page.count("À faire maintenant") == 3
    assert "En retard" not in page


def test_what_nobody_did_in_time_is_late() -> None:
    deployment = make_deployment(slots=[slot(at("2027-06-09"))])
    with time_machine.travel(at("2027-06-05")):
        found = urgencies(deployment)
    assert (found["material"], found["press"]) == ("late", "")


def test_a_plan_that_a_move_brought_nearer_is_for_now() -> None:
    deployment = make_deployment(slots=[slot(at("2027-07-09"))])
    with time_machine.travel(at("2027-06-05")):
        move(deployment, "2027-06-09")
        assert urgencies(deployment)["material"] == "now"
    with time_machine.travel(at("2027-06-07")):
        assert urgencies(deployment)["press"] == "late"


def test_a_day_somebody_chose_is_late_once_it_is_over() -> None:
    deployment = make_deployment(slots=[slot(at("2027-06-09"))])
    task = deployment.tasks.get(step="material")
    with time_machine.travel(at("2027-06-05")):
        back_plan.change_task(task=task, revision=task.revision, due_on=date(2027, 6, 4))
        assert urgencies(deployment)["material"] == "late"


def test_a_legal_day_that_is_over_is_never_hidden(client_for: ClientFor) -> None:
    with time_machine.travel(at("2027-06-08")):
        staff = client_for(make_user("staff", "ul-caen"))
        deployment = make_fixed_point("2027-06-09")
        page = words(staff.get(f"/deploiements/{deployment.pk}/taches/"))
        detail = words(staff.get(f"/deploiements/{deployment.pk}/"))
    assert "Trop tard pour déclarer</strong>, dernier jour le 2 juin 2027" in page
    assert "depuis le 2 juin" in detail
    assert "à faire maintenant" in detail


def test_a_declaration_begun_late_says_until_when_the_law_lets_one(
    client_for: ClientFor,
) -> None:
    with time_machine.travel(at("2027-05-29")):
        staff = client_for(make_user("staff", "ul-caen"))
        page = words(staff.get(f"/deploiements/{make_fixed_point('2027-06-09').pk}/taches/"))
    assert "À faire maintenant</strong>, dernier jour le 2 juin 2027" in page


def test_tasks_are_read_in_as_many_queries_whatever_their_number() -> None:
    deployment = make_fixed_point()
    with CaptureQueriesContext(connection) as queries:
        with_urgency(tasks_of(deployment))
    # The clock of the campaign, and the tasks.
    assert len(queries) == 2
