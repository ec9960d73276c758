"""The writes of the day itself: the field session, the quick counters, incidents, photos."""

from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.db import transaction

from deployments.day_rules import days_of, field_session_of
from deployments.enums import TallyKind
from deployments.models import Deployment, Incident, Photo, Tally
from field.actions import edit_session, open_session
from field.models import FieldSession
from library.uploads import RefusedFile
from organisations.models import User

log = structlog.get_logger()

PHOTOS_PER_ACTION = 60


class NoDate(Exception):
    """Tablets open on the days of the action: it needs one."""


@transaction.atomic
def open_field_session(*, deployment: Deployment, author: User) -> FieldSession:
    """The session whose tablets bring contacts to this action, on its days; moved with them."""
    Deployment.objects.select_for_update(of=("self",), no_key=True).get(pk=deployment.pk)
    days = days_of(deployment)
    if days is None:
        raise NoDate
    first, last = days
    if session := field_session_of(deployment):
        return edit_session(session=session, label=deployment.title, starts_on=first, ends_on=last)
    return open_session(
        organisation=deployment.organisation, label=deployment.title, starts_on=first,
        ends_on=last, created_by=author, source=deployment.source,
        time_zone=deployment.time_zone,
    )  # fmt: skip


@transaction.atomic
def add_tally(
    *, deployment: Deployment, tally_id: UUID, kind: TallyKind, count: int, author: str
) -> Tally:
    """Count some more; sent again under the same identifier, it counts once."""
    tally, _ = Tally.objects.get_or_create(
        tally_id=tally_id,
        defaults={"deployment": deployment, "kind": kind, "count": count, "author": author},
    )
    return tally


@transaction.atomic
def take_back(*, tally: Tally, tally_id: UUID, author: str) -> Tally:
    """Take a slip back, once: the step stays, and one that undoes it is added."""
    undone, _ = Tally.objects.get_or_create(
        undoes=tally,
        defaults={
            "tally_id": tally_id, "deployment": tally.deployment, "kind": tally.kind,
            "count": -tally.count, "author": author,
        },
    )  # fmt: skip
    return undone


@transaction.atomic
def note_incident(*, deployment: Deployment, text: str, author: User) -> Incident:
    log.info("incident-noted", deployment=deployment.pk, user=author.pk)
    return Incident.objects.create(deployment=deployment, text=text, author=author.get_full_name())


@transaction.atomic
def add_photo(
    *, deployment: Deployment, picture: bytes, caption: str, people_agreed: bool, author: User
) -> Photo:
    """Keep a `redrawn` picture. Raises `RefusedFile` once an action has enough of them."""
    Deployment.objects.select_for_update(of=("self",), no_key=True).get(pk=deployment.pk)
    if deployment.photos.count() >= PHOTOS_PER_ACTION:
        raise RefusedFile(f"Cette action a déjà {PHOTOS_PER_ACTION} photos : retirez-en d’abord.")
    photo = Photo(
        deployment=deployment, caption=caption, people_agreed=people_agreed,
        author=author.get_full_name(),
    )  # fmt: skip
    photo.image.save(f"{photo.public_id}.jpg", ContentFile(picture), save=False)
    photo.save()
    return photo


@transaction.atomic
def remove_photo(*, photo: Photo, author: User) -> None:
    log.info("photo-removed", deployment=photo.deployment_id, user=author.pk)
    image = photo.image
    photo.delete()
    transaction.on_commit(lambda: image.delete(save=False))
