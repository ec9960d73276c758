"""Series of webinars: their words, and whom they are for."""

from collections.abc import Sequence

import structlog
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from organisations.models import User
from webinars.models import Series

log = structlog.get_logger()

LONGEST_SLUG = 40
STEP = 10


@transaction.atomic
def create_series(
    *,
    title: str,
    description: str,
    is_open: bool,
    kinds: Sequence[str],
    mandates: Sequence[str],
    created_by: User,
) -> Series:
    """Add a series after the others. One open to everybody is for nobody in particular."""
    last = Series.objects.aggregate(last=Max("position"))["last"] or 0
    series = Series.objects.create(
        slug=_free_slug(title), title=title, description=description, is_open=is_open,
        kinds=list(kinds), mandates=list(mandates), position=last + STEP,
    )  # fmt: skip
    log.info("webinar-series-created", series=series.pk, user=created_by.pk)
    return series


@transaction.atomic
def change_series(*, series: Series, author: User, **fields: object) -> Series:
    """Change its words, its audience, or whether it is offered; who is registered stays so."""
    current = Series.objects.select_for_update(no_key=True).get(pk=series.pk)
    for name, value in fields.items():
        setattr(current, name, value)
    current.save()
    log.info("webinar-series-changed", series=series.pk, user=author.pk)
    return current


def _free_slug(title: str) -> str:
    """Readable in an address: « cpri », « cpri-2 »."""
    base = slugify(title)[: LONGEST_SLUG - 3].strip("-") or "serie"
    taken = set(Series.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 2))
    return next(slug for slug in (base, *numbered) if slug not in taken)
