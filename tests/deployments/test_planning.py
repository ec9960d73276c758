"""The life of an action: noted, announced, moved, copied, cancelled, archived."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from deployments import actions
from deployments.enums import Stage
from deployments.fields import local_instant
from deployments.models import Deployment
from territory.models import Commune
from tests.deployments.factories import PARIS, make_deployment, next_week, slot
from tests.factories import make_contact, make_user

pytestmark = pytest.mark.django_db
SAINT_DENIS = "97411"


def test_an_action_has_a_source_of_its_own() -> None:
    deployment = make_deployment(title="Marché de Bayeux")
    assert deployment.source.label == "Marché de Bayeux"
    assert deployment.source.organisation == deployment.organisation


def test_an_idea_needs_neither_place_nor_date() -> None:
    idea = make_deployment(reported=False, commune=None, slots=[])
    assert (idea.stage, idea.starts_at) == (Stage.IDEA, None)


def test_what_has_no_date_is_not_announced() -> None:
    idea = make_deployment(reported=False, slots=[])
    with pytest.raises(actions.NotReady):
        actions.report_deployment(deployment=idea, revision=idea.revision)


def test_the_database_refuses_an_end_before_the_start() -> None:
    start = next_week()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_deployment(slots=[slot(start, hours=-1)])


@pytest.mark.parametrize("missing", ["starts_at", "ends_at"])
def test_the_database_refuses_one_end_without_the_other(missing: str) -> None:
    idea = make_deployment(reported=False)
    with pytest.raises(IntegrityError, match="ends_after_start"), transaction.atomic():
        Deployment.objects.filter(pk=idea.pk).update(**{missing: None})


def test_a_second_editor_is_told() -> None:
    deployment = make_deployment()
    actions.change_deployment(
        deployment=deployment, revision=deployment.revision, title="Marché du samedi"
    )
    with pytest.raises(actions.DeploymentMoved):
        actions.change_deployment(
            deployment=deployment, revision=deployment.revision, title="Marché du dimanche"
        )
    deployment.refresh_from_db()
    assert (deployment.title, deployment.source.label) == ("Marché du samedi", "Marché du samedi")


def test_the_place_gives_the_zone_and_the_departement() -> None:
    deployment = make_deployment(commune=Commune.objects.get(pk=SAINT_DENIS))
    assert (deployment.time_zone, deployment.departement_id) == ("Indian/Reunion", "974")


def test_several_days_begin_with_the_first_and_end_with_the_last() -> None:
    start = next_week()
    days = [slot(start), slot(start + timedelta(days=1), hours=8)]
    deployment = make_deployment(slots=days)
    assert (deployment.starts_at, deployment.ends_at) == (days[0].starts_at, days[1].ends_at)


def test_moving_over_the_change_of_clocks_keeps_the_hour_on_the_wall() -> None:
    before = datetime(2027, 3, 27, 9, tzinfo=PARIS)
    deployment = make_deployment(slots=[slot(before)])
    moved = actions.move_deployment(
        deployment=deployment,
        revision=deployment.revision,
        starts_at=datetime(2027, 3, 29, 9, tzinfo=PARIS),
    )
    assert moved.starts_at == datetime(2027, 3, 29, 7, tzinfo=UTC)
    assert moved.ends_at == datetime(2027, 3, 29, 10, tzinfo=UTC)


def test_an_hour_that_exists_twice_is_the_first() -> None:
    instant = local_instant(date(2027, 10, 31), time(2, 30), PARIS)
    assert instant.astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_shifts_that_stay_are_not_made_again() -> None:
    start = next_week()
    deployment = make_deployment(slots=[slot(start), slot(start + timedelta(days=1))])
    kept = deployment.shifts.first()
    actions.set_slots(
        deployment=deployment, revision=deployment.revision, slots=[slot(start, hours=5)]
    )
    (shift,) = deployment.shifts.all()
    assert kept is not None
    assert (shift.pk, shift.ends_at - shift.starts_at) == (kept.pk, timedelta(hours=5))


def test_a_copy_takes_the_preparation_and_nothing_that_happened() -> None:
    deployment = make_deployment(objective="150 inscriptions", guest="la secrétaire générale")
    author = make_user("staff", "ul-caen")
    start = next_week() + timedelta(days=7)
    copied = actions.copy_deployment(deployment=deployment, starts_at=start, created_by=author)
    assert (copied.stage, copied.objective, copied.starts_at) == (
        Stage.IDEA, "150 inscriptions", start,
    )  # fmt: skip
    assert copied.source_id != deployment.source_id
    assert set(copied.types.all()) == set(deployment.types.all())


def test_repeated_actions_share_a_series() -> None:
    deployment = make_deployment()
    days = [next_week() + timedelta(days=7 * week) for week in (1, 2)]
    made = actions.repeat_deployment(
        deployment=deployment, days=days, created_by=make_user("staff", "ul-caen")
    )
    deployment.refresh_from_db()
    assert {one.series for one in made} == {deployment.series}
    assert [one.starts_at for one in made] == days


def test_a_cancelled_action_comes_back_as_it_was() -> None:
    deployment = make_deployment()
    cancelled = actions.cancel_deployment(
        deployment=deployment, revision=deployment.revision, reason="Tempête"
    )
    restored = actions.restore_deployment(deployment=cancelled, revision=cancelled.revision)
    assert (restored.stage, restored.cancel_reason) == (Stage.REPORTED, "")


def test_an_action_that_brought_somebody_is_never_deleted() -> None:
    idea = make_deployment(reported=False)
    make_contact(source=idea.source)
    with pytest.raises(actions.HasContacts):
        actions.delete_deployment(
            deployment=idea, revision=idea.revision, author=make_user("staff", "ul-caen")
        )
    assert Deployment.objects.filter(pk=idea.pk).exists()


def test_an_idea_nobody_came_by_is_deleted_with_its_source() -> None:
    idea = make_deployment(reported=False)
    actions.delete_deployment(
        deployment=idea, revision=idea.revision, author=make_user("staff", "ul-caen")
    )
    assert not Deployment.objects.filter(source=idea.source).exists()


def test_the_files_of_a_deleted_idea_go_with_it(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    idea = make_deployment(reported=False, slots=[slot(next_week())], has_fixed_point=True)
    for declaration in idea.declarations.order_by("pk"):
        declaration.receipt.save("arrêté.pdf", ContentFile(b"%PDF"))
    idea.photos.create(image=ContentFile(b"\xff\xd8", "stand.jpg"))
    assert len(files_in(tmp_path)) == 3
    make_contact(source=idea.source)
    author = make_user("staff", "ul-caen")
    with pytest.raises(actions.HasContacts):
        actions.delete_deployment(deployment=idea, revision=idea.revision, author=author)
    assert len(files_in(tmp_path)) == 3
    idea.source.captures.all().delete()
    actions.delete_deployment(deployment=idea, revision=idea.revision, author=author)
    assert files_in(tmp_path) == []


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_reunion_reads_its_own_hour() -> None:
    start = datetime(2027, 1, 12, 9, tzinfo=ZoneInfo("Indian/Reunion"))
    deployment = make_deployment(commune=Commune.objects.get(pk=SAINT_DENIS), slots=[slot(start)])
    assert deployment.starts_at == datetime(2027, 1, 12, 5, tzinfo=UTC)
