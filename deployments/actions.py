"""Every write of the planning: from the idea to the announced action, moved, cancelled, archived.

Who changes something says which state they saw (`revision`); a newer one is never overwritten.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import ProtectedError

from campaigns import clock
from campaigns.models import Campaign
from contacts.actions import create_source, rename_source
from contacts.enums import SourceKind
from core.text import fold
from deployments.back_plan import refresh_tasks
from deployments.declaring import refresh_declarations
from deployments.enums import Stage
from deployments.files import delete_after_commit, files_of
from deployments.following import disband, follow_action
from deployments.kit import copy_lists, start_lists
from deployments.models import Deployment, DeploymentType, Place
from deployments.neighbours import inform_neighbours, tell_of_cancellation, tell_of_return
from deployments.shifts import Slot, cut, shift_all, whereabouts
from deployments.wording import search_text
from organisations.models import Organisation, User
from territory.models import Commune

log = structlog.get_logger()

# Many-to-many fields, set apart from the row.
RELATIONS = ("co_organisers", "types", "trades", "documents")


class DeploymentMoved(Exception):
    """Somebody else changed this deployment meanwhile."""


class NotReady(Exception):
    """An action without place or date cannot be announced."""


class HasContacts(Exception):
    """An action that brought people is archived, never deleted."""


@transaction.atomic
def create_deployment(
    *,
    campaign: Campaign,
    organisation: Organisation,
    title: str,
    created_by: User | None,
    types: Sequence[DeploymentType] = (),
    slots: Sequence[Slot] = (),
    **fields: Any,
) -> Deployment:
    """Note an idea, with the source its contacts will be counted by and the usual lists."""
    deployment = _note(
        campaign=campaign, organisation=organisation, title=title, created_by=created_by,
        types=types, slots=slots, **fields,
    )  # fmt: skip
    start_lists(deployment)
    return deployment


def _note(
    *,
    campaign: Campaign,
    organisation: Organisation,
    title: str,
    created_by: User | None,
    types: Sequence[DeploymentType],
    slots: Sequence[Slot],
    **fields: Any,
) -> Deployment:
    deployment = Deployment(
        campaign=campaign,
        organisation=organisation,
        title=title,
        created_by=created_by,
        created_at=clock.now(),
        source=create_source(
            organisation=organisation,
            kind=SourceKind.DEPLOYMENT,
            label=title,
            created_by=created_by,
        ),
    )
    relations = {name: fields.pop(name) for name in RELATIONS if name in fields} | {"types": types}
    _put(deployment, fields)
    deployment.save()
    _relate(deployment, relations)
    cut(deployment, slots)
    _finish(deployment)
    return deployment


@transaction.atomic
def change_deployment(
    *, deployment: Deployment, revision: int, slots: Sequence[Slot] | None = None, **fields: Any
) -> Deployment:
    """Change fields of a deployment, many-to-many ones included, and its shifts if `slots` are.

    Where another place has another time, the hours on the wall stay. Raises `NotReady` for an
    announced action left without place, and `DeploymentMoved` when
    `revision`, the one that was on screen, is no longer its own.
    """
    deployment = _lock(deployment, revision)
    relations = {name: fields.pop(name) for name in RELATIONS if name in fields}
    if fields.get("title", deployment.title) != deployment.title:
        rename_source(
            source=deployment.source, label=fields["title"], trade=deployment.source.trade
        )
    zone, before = deployment.zone, whereabouts(deployment)
    _put(deployment, fields)
    _relate(deployment, relations)
    if deployment.zone != zone:
        shift_all(deployment, timedelta(0), before=zone)
    if slots is not None:
        cut(deployment, slots)
    _finish(deployment)
    moved = whereabouts(deployment) != before
    if moved or "capacity" in fields:
        follow_action(deployment=deployment, moved=moved)
    return deployment


@transaction.atomic
def set_slots(*, deployment: Deployment, revision: int, slots: Sequence[Slot]) -> Deployment:
    """Replace the shifts; those that stay keep the people booked for them."""
    deployment = _lock(deployment, revision)
    before = whereabouts(deployment)
    lost = cut(deployment, slots)
    _finish(deployment)
    follow_action(deployment=deployment, moved=whereabouts(deployment) != before, lost=lost)
    return deployment


@transaction.atomic
def report_deployment(
    *, deployment: Deployment, revision: int, author: User | None = None
) -> Deployment:
    """Announce an action: it counts towards the goal, and neighbours see it. Raises `NotReady`."""
    deployment = _lock(deployment, revision)
    _check_ready(deployment)
    deployment.stage = Stage.REPORTED
    deployment.reported_at = deployment.reported_at or clock.now()
    deployment.cancelled_at, deployment.cancel_reason = None, ""
    _finish(deployment)
    inform_neighbours(deployment, author=author)
    return deployment


@transaction.atomic
def cancel_deployment(
    *, deployment: Deployment, revision: int, reason: str, author: User | None = None
) -> Deployment:
    """Call an action off, and tell whoever had been told of it."""
    deployment = _lock(deployment, revision)
    deployment.stage, deployment.cancel_reason = Stage.CANCELLED, reason
    deployment.cancelled_at = clock.now()
    _finish(deployment)
    tell_of_cancellation(deployment, author=author)
    follow_action(deployment=deployment)
    log.info("deployment-cancelled", deployment=deployment.pk)
    return deployment


@transaction.atomic
def restore_deployment(
    *, deployment: Deployment, revision: int, author: User | None = None
) -> Deployment:
    """Undo a cancellation or an archiving, and tell whoever heard that it was off."""
    deployment = _lock(deployment, revision)
    if deployment.stage == Stage.CANCELLED:
        deployment.stage = Stage.REPORTED if deployment.reported_at else Stage.IDEA
        deployment.cancelled_at, deployment.cancel_reason = None, ""
    deployment.archived_at = None
    _finish(deployment)
    tell_of_return(deployment, author=author)
    follow_action(deployment=deployment)
    return deployment


@transaction.atomic
def archive_deployment(
    *, deployment: Deployment, revision: int, author: User | None = None
) -> Deployment:
    """Take it off every calendar; its contacts and its report stay, and nobody is expected.

    Before its day, that calls it off: whoever had been told of it is told.
    """
    deployment = _lock(deployment, revision)
    deployment.archived_at = clock.now()
    _finish(deployment)
    if not deployment.is_over_at(clock.now()):
        tell_of_cancellation(deployment, author=author)
    follow_action(deployment=deployment)
    return deployment


@transaction.atomic
def delete_deployment(*, deployment: Deployment, revision: int, author: User) -> None:
    """Delete an idea nobody came by; its team is told. Raises `HasContacts`: archive it rather."""
    deployment = _lock(deployment, revision)
    if deployment.stage != Stage.IDEA or deployment.source.captures.exists():
        raise HasContacts
    source, files = deployment.source, files_of(deployment)
    try:
        with transaction.atomic():
            disband(deployment=deployment, disbanded_by=author)
            deployment.delete()
            source.delete()
    except ProtectedError as error:
        # A tablet was opened for it, or paper sheets printed: somebody may still come by them.
        raise HasContacts from error
    delete_after_commit(files)
    log.info("deployment-deleted", deployment=deployment.pk, user=author.pk)


@transaction.atomic
def move_deployment(*, deployment: Deployment, revision: int, starts_at: datetime) -> Deployment:
    """Move the whole action, its local hours kept on days where the clocks change."""
    deployment = _lock(deployment, revision)
    if deployment.starts_at is None:
        raise NotReady
    zone = deployment.zone
    start = deployment.starts_at.astimezone(zone).replace(tzinfo=None)
    delta = starts_at.astimezone(zone).replace(tzinfo=None) - start
    shift_all(deployment, delta, before=zone)
    _finish(deployment)
    follow_action(deployment=deployment, moved=delta != timedelta())
    return deployment


@transaction.atomic
def copy_deployment(
    *, deployment: Deployment, starts_at: datetime | None, created_by: User
) -> Deployment:
    """The same action another day: preparation and lists copied, neither team nor report."""
    kept = {
        name: getattr(deployment, name)
        for name in (
            "objective", "objective_count", "public", "theme", "partners", "guest", "time_zone",
            "commune", "place", "has_fixed_point", "route", "capacity", "speech",
            "talking_points", "confirm_from", "series",
        )
    }  # fmt: skip
    copied = _note(
        campaign=deployment.campaign,
        organisation=deployment.organisation,
        title=deployment.title,
        created_by=created_by,
        types=list(deployment.types.all()),
        co_organisers=list(deployment.co_organisers.all()),
        trades=list(deployment.trades.all()),
        documents=list(deployment.documents.all()),
        slots=[Slot(one.starts_at, one.ends_at, one.label) for one in deployment.shifts.all()],
        **kept,
    )
    copy_lists(source=deployment, target=copied)
    if starts_at is None or copied.starts_at is None:
        return copied
    return move_deployment(deployment=copied, revision=copied.revision, starts_at=starts_at)


@transaction.atomic
def repeat_deployment(
    *, deployment: Deployment, days: Sequence[datetime], created_by: User
) -> list[Deployment]:
    """The same action on several days, each with its own team and report, in one series.

    A day the series already holds is left alone: asking twice makes nothing twice.
    """
    deployment = Deployment.objects.select_for_update().get(pk=deployment.pk)
    if deployment.series is None:
        deployment.series = uuid4()
        deployment.save(update_fields=["series"])
    held = set(
        Deployment.objects.filter(series=deployment.series).values_list("starts_at", flat=True)
    )
    return [
        copy_deployment(deployment=deployment, starts_at=start, created_by=created_by)
        for start in days
        if start not in held
    ]


@transaction.atomic
def find_or_create_place(*, commune: Commune, name: str) -> Place:
    """The place of that name in the commune, whatever its accents and capitals."""
    place, _ = Place.objects.get_or_create(
        commune=commune, folded_name=fold(name), defaults={"name": name}
    )
    return place


def _check_ready(deployment: Deployment) -> None:
    if deployment.starts_at is None or deployment.commune_id is None:
        raise NotReady


def _lock(deployment: Deployment, revision: int) -> Deployment:
    locked = Deployment.objects.select_for_update(of=("self",), no_key=True)
    current = locked.select_related("organisation", "source", "commune", "place").get(
        pk=deployment.pk
    )
    if current.revision != revision:
        raise DeploymentMoved
    return current


def _put(deployment: Deployment, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(deployment, name, value)
    deployment.departement = deployment.commune.departement if deployment.commune else None
    deployment.time_zone = (
        deployment.departement.time_zone
        if deployment.departement
        else deployment.organisation.time_zone
    )


def _relate(deployment: Deployment, relations: dict[str, Any]) -> None:
    for name, rows in relations.items():
        getattr(deployment, name).set(rows)


def _finish(deployment: Deployment) -> None:
    """Keep what is derived true, and raise the revision."""
    shifts = list(deployment.shifts.all())
    deployment.starts_at = min((shift.starts_at for shift in shifts), default=None)
    deployment.ends_at = max((shift.ends_at for shift in shifts), default=None)
    if deployment.stage == Stage.REPORTED:
        _check_ready(deployment)
    deployment.search_text = search_text(deployment)
    deployment.updated_at = clock.now()
    deployment.revision += 1
    deployment.save()
    refresh_declarations(deployment=deployment)
    refresh_tasks(deployment=deployment)
