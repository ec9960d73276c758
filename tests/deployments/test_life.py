"""The pages that announce, call off, bring back, archive, delete and make again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from contacts.models import PrintedSheet
from core.dates import day
from deployments import actions
from deployments.enums import Stage
from deployments.models import Deployment
from deployments.neighbours import compose, inform_neighbours
from messaging.models import Message
from organisations.models import User
from territory.models import Commune, Trade
from tests.deployments.factories import PARIS, make_deployment, next_week, slot
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def staff(client_for: ClientFor) -> Client:
    return client_for(make_user("staff", "ul-caen"))


def act(client: Client, deployment: Deployment, verb: str, **typed: object) -> int:
    data = {"revision": deployment.revision} | typed
    answer = client.post(f"/deploiements/{deployment.pk}/{verb}/", data)
    deployment.refresh_from_db()
    return answer.status_code


def test_an_idea_is_announced(staff: Client) -> None:
    idea = make_deployment(reported=False)
    assert act(staff, idea, "annoncer") == 302
    assert idea.stage == Stage.REPORTED


def test_what_lacks_a_date_is_said_beside_the_button(staff: Client) -> None:
    idea = make_deployment(reported=False, slots=[])
    page = staff.post(f"/deploiements/{idea.pk}/annoncer/", {"revision": idea.revision})
    assert "il faut une date et une commune" in page.content.decode()


def test_an_action_changed_meanwhile_is_shown_before_it_is_cancelled(staff: Client) -> None:
    deployment = make_deployment()
    seen = deployment.revision
    actions.change_deployment(deployment=deployment, revision=seen, title="Marché du samedi")
    page = staff.post(
        f"/deploiements/{deployment.pk}/annuler/", {"revision": seen, "reason": "Tempête"}
    )
    text = page.content.decode()
    assert page.status_code == 409
    assert "Marché du samedi" in text
    assert "Tempête" in text
    assert f'name="revision" value="{seen + 1}"' in text
    deployment.refresh_from_db()
    assert deployment.stage == Stage.REPORTED


def test_a_cancellation_says_why_and_is_undone(staff: Client) -> None:
    deployment = make_deployment()
    assert act(staff, deployment, "annuler") == 200
    assert act(staff, deployment, "annuler", reason="Tempête") == 302
    assert "Tempête" in staff.get(f"/deploiements/{deployment.pk}/").content.decode()
    assert act(staff, deployment, "retablir") == 302
    assert deployment.stage == Stage.REPORTED


def test_an_archived_action_comes_back(staff: Client) -> None:
    deployment = make_deployment()
    act(staff, deployment, "archiver")
    assert deployment.archived_at is not None
    act(staff, deployment, "retablir")
    assert deployment.archived_at is None


def test_an_idea_is_deleted_for_good(staff: Client) -> None:
    idea = make_deployment(reported=False)
    answer = staff.post(f"/deploiements/{idea.pk}/supprimer/", {"revision": idea.revision})
    assert answer.status_code == 302
    assert not Deployment.objects.filter(pk=idea.pk).exists()


def test_an_idea_that_brought_somebody_is_kept(staff: Client) -> None:
    idea = make_deployment(reported=False)
    make_contact(source=idea.source)
    page = staff.post(
        f"/deploiements/{idea.pk}/supprimer/", {"revision": idea.revision}, follow=True
    )
    assert "archivez-la plutôt" in page.content.decode()
    assert Deployment.objects.filter(pk=idea.pk).exists()


def test_an_announced_action_is_never_deleted(staff: Client) -> None:
    deployment = make_deployment()
    assert act(staff, deployment, "supprimer") == 302


def test_a_copy_takes_the_lists_of_what_was_prepared(staff: Client) -> None:
    deployment = make_deployment()
    deployment.checklist.all().delete()
    deployment.checklist.create(category="Visibilité", label="Un tandem", quantity="2")
    day = (next_week() + timedelta(days=3)).date()
    assert act(staff, deployment, "dupliquer", day=day.isoformat()) == 302
    copied = Deployment.objects.exclude(pk=deployment.pk).get()
    assert [(item.label, item.quantity) for item in copied.checklist.all()] == [("Un tandem", "2")]
    assert copied.starts_at is not None
    assert copied.starts_at.astimezone(PARIS).replace(tzinfo=None).isoformat() == f"{day}T09:00:00"


def test_an_action_is_repeated_every_week_and_never_twice(staff: Client) -> None:
    deployment = make_deployment()
    assert deployment.starts_at is not None
    until = (deployment.starts_at + timedelta(days=21)).date().isoformat()
    weekday = deployment.starts_at.astimezone(PARIS).isoweekday()
    for _ in range(2):
        assert act(staff, deployment, "repeter", weekdays=weekday, until=until) == 302
    assert Deployment.objects.filter(series=deployment.series).count() == 4


def test_a_series_without_any_day_is_refused(staff: Client) -> None:
    deployment = make_deployment()
    page = staff.post(
        f"/deploiements/{deployment.pk}/repeter/",
        {"revision": deployment.revision, "weekdays": 1, "until": "2020-01-01"},
    )
    assert "Aucun de ces jours" in page.content.decode()


def test_who_only_sees_an_action_has_none_of_its_buttons(client_for: ClientFor) -> None:
    deployment = make_deployment()
    page = client_for(make_user("militant", "ul-caen")).get(f"/deploiements/{deployment.pk}/")
    assert "/annuler/" not in page.content.decode()


def test_the_days_of_a_long_action_move_by_one_without_meeting() -> None:
    start = next_week()
    deployment = make_deployment(slots=[slot(start), slot(start + timedelta(days=1))])
    for days in (1, -1):
        moved = actions.move_deployment(
            deployment=deployment, revision=deployment.revision,
            starts_at=deployment.starts_at + timedelta(days=days),
        )  # fmt: skip
        assert moved.shifts.count() == 2
        deployment = moved
    assert deployment.starts_at == start


def test_another_place_keeps_the_hour_on_the_wall() -> None:
    deployment = make_deployment(slots=[slot(next_week(9))])
    moved = actions.change_deployment(
        deployment=deployment, revision=deployment.revision,
        commune=Commune.objects.get(pk="97411"),
    )  # fmt: skip
    assert moved.starts_at is not None
    assert moved.starts_at.astimezone(moved.zone).hour == 9


def test_an_announced_action_keeps_a_place_and_a_date() -> None:
    deployment = make_deployment()
    with pytest.raises(actions.NotReady):
        actions.set_slots(deployment=deployment, revision=deployment.revision, slots=[])
    with pytest.raises(actions.NotReady):
        actions.change_deployment(deployment=deployment, revision=deployment.revision, commune=None)


def mailed() -> set[str]:
    return set(Message.objects.values_list("recipient", flat=True))


def test_an_announcement_reaches_each_concerned_team_once() -> None:
    told = {make_user("staff", slug).email for slug in ("ud-14", "cr-28", "confederation")}
    for role, slug in (("militant", "ud-14"), ("staff", "ud-50"), ("staff", "ul-caen")):
        make_user(role, slug)
    deployment = make_deployment()
    assert mailed() == told
    inform_neighbours(deployment, author=None)
    assert Message.objects.count() == 3


def test_a_neighbour_is_told_across_the_border_of_a_departement() -> None:
    """Rungis is a few kilometres from Paris and the Hauts-de-Seine."""
    deployment = make_deployment("ud-91", commune=Commune.objects.get(pk="94065"))
    told = set(deployment.informed.values_list("slug", flat=True))
    assert {"ud-94", "ud-75", "ud-92", "cr-11"} <= told
    assert not {"ud-91", "ud-14"} & told


def test_a_federation_is_told_of_actions_for_its_trades() -> None:
    trades = Trade.objects.filter(pk="coiffeur")
    deployment = make_deployment(trades=trades)
    federations = deployment.informed.filter(kind="fd")
    assert federations.exists()
    assert not federations.exclude(agreements__trades="coiffeur").exists()


def test_who_was_told_hears_that_it_is_called_off() -> None:
    make_user("staff", "ud-14")
    deployment = make_deployment()
    actions.cancel_deployment(deployment=deployment, revision=deployment.revision, reason="Tempête")
    letters = list(Message.objects.all())
    # The announcement has lost its reason: only the cancellation leaves.
    (words,) = compose(letters).values()
    assert words.subject == f"Annulée : {deployment.title}, Caen, {day(deployment.starts_at)}"
    assert "Tempête" in words.text


def test_an_announcement_says_what_where_and_when() -> None:
    make_user("staff", "ud-14")
    deployment = make_deployment(guest="la secrétaire générale")
    (words,) = compose(list(Message.objects.all())).values()
    for said in (deployment.title, "UL de Caen", "9\xa0h – 12\xa0h", "la secrétaire générale"):
        assert said in words.text
    assert f"/deploiements/{deployment.pk}/" in words.html


def test_an_idea_whose_sheets_were_printed_is_kept() -> None:
    idea = make_deployment(reported=False)
    PrintedSheet.objects.create(number="AB12", source=idea.source, wordings="1")
    with pytest.raises(actions.HasContacts):
        actions.delete_deployment(
            deployment=idea, revision=idea.revision, author=make_user("staff", "ul-caen")
        )
    assert Deployment.objects.filter(pk=idea.pk).exists()
