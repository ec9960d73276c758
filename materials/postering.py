"""The writes about posters: put up, corrected, found in another state."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from campaigns.clock import today
from materials.flyer_enums import PosterState
from materials.models import PosterSpot
from organisations.models import Organisation, User
from territory.models import Commune


@transaction.atomic
def put_up(
    *, public_id: UUID, organisation: Organisation, commune: Commune, words: str,
    position: tuple[float, float] | None, renew_on: dt.date | None, picture: bytes | None,
    author: User,
) -> PosterSpot:  # fmt: skip
    """Note a poster; sent again under the same identifier, the same one answers."""
    latitude, longitude = position or (None, None)
    spot, is_new = PosterSpot.objects.get_or_create(
        public_id=public_id,
        defaults={
            "organisation": organisation, "commune": commune, "words": words,
            "latitude": latitude, "longitude": longitude, "renew_on": renew_on,
            "put_up_by": author, "put_up_on": today(),
        },
    )  # fmt: skip
    if is_new and picture:
        _keep_picture(spot, picture)
    return spot


@transaction.atomic
def correct_poster(
    *, spot: PosterSpot, commune: Commune, words: str, position: tuple[float, float] | None,
    renew_on: dt.date | None, picture: bytes | None,
) -> PosterSpot:  # fmt: skip
    """Where it is and until when; a new photo replaces the former one."""
    spot.commune, spot.words, spot.renew_on = commune, words, renew_on
    spot.latitude, spot.longitude = position or (None, None)
    _save(spot, "commune", "words", "renew_on", "latitude", "longitude")
    if picture:
        _keep_picture(spot, picture)
    return spot


@transaction.atomic
def note_state(*, spot: PosterSpot, state: PosterState) -> PosterSpot:
    """What somebody found there. Put up anew, its day to renew is forgotten once past."""
    if state == PosterState.UP and spot.state != PosterState.UP:
        spot.put_up_on = today()
        spot.renew_on = spot.renew_on if spot.renew_on and spot.renew_on > today() else None
    spot.state = state
    _save(spot, "state", "put_up_on", "renew_on")
    return spot


def _keep_picture(spot: PosterSpot, picture: bytes) -> None:
    if former := str(spot.photo.name or ""):
        storage = spot.photo.storage
        transaction.on_commit(lambda: storage.delete(former))
    spot.photo.save(f"{spot.public_id}.jpg", ContentFile(picture), save=False)
    _save(spot, "photo")


def _save(spot: PosterSpot, *fields: Any) -> None:
    spot.updated_at = timezone.now()
    spot.save(update_fields=[*fields, "updated_at"])
