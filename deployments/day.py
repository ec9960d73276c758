"""The writes of the day itself: the field session, the quick counters, incidents, photos."""

from io import BytesIO
from typing import IO
from uuid import UUID

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from deployments.day_rules import days_of, field_session_of
from deployments.enums import TallyKind
from deployments.models import Deployment, Incident, Photo, Tally
from field.actions import edit_session, open_session
from field.models import FieldSession
from library.uploads import JPEG, PNG, WEBP, RefusedFile, identify
from organisations.models import User

log = structlog.get_logger()

LARGEST_SIDE = 2048
# A picture that unfolds to more than this is a trap, not a photo.
MOST_PIXELS = 60_000_000
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


def redrawn(file: IO[bytes], *, size: int) -> bytes:
    """The picture drawn anew as a JPEG: neither place nor device, 2048 pixels at most.

    Raises `RefusedFile`.
    """
    identify(file, size=size, largest=settings.UPLOAD_MAX_BYTES, accepted=(JPEG, PNG, WEBP))
    too_large = RefusedFile("Cette photo a trop de points : réduisez-la et recommencez.")
    try:
        with Image.open(file) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise too_large
            opened.draft("RGB", (LARGEST_SIDE, LARGEST_SIDE))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except RefusedFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise RefusedFile("Cette photo est abîmée : elle ne s’ouvre pas.") from error
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    out = BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


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
