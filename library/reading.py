"""What readers leave behind: a number per day and document, and when an account last came."""

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from campaigns import clock
from core.tokens import keyed_hash
from library.models import Document, DownloadCount, DownloadMark, Visit
from organisations.models import User

# Whoever comes back sooner goes on with the same visit: a reload keeps what is new.
VISIT = dt.timedelta(hours=4)


def count_download(*, document: Document, reader: str) -> bool:
    """Count one more person for today; whether they were not counted yet.

    `reader` tells people apart. What is kept of it is a keyed hash, until the night.
    """
    day = clock.today()
    mark = keyed_hash(f"library:{day}:{document.pk}:{reader}")
    with transaction.atomic():
        _, is_first = DownloadMark.objects.get_or_create(mark=mark, defaults={"day": day})
        if is_first:
            counted, _ = DownloadCount.objects.get_or_create(document=document, day=day)
            DownloadCount.objects.filter(pk=counted.pk).update(count=F("count") + 1)
    return is_first


def forget_marks() -> int:
    """Delete the marks of the days before; return how many went."""
    deleted, _ = DownloadMark.objects.exclude(day=clock.today()).delete()
    return deleted


def begin_visit(*, user: User) -> dt.datetime | None:
    """When the visit before this one began: what came since is new. None the first time.

    The row changes once per visit, not at each page.
    """
    now = timezone.now()
    visit = Visit.objects.filter(user=user).first()
    if visit is None:
        visit, _ = Visit.objects.get_or_create(user=user, defaults={"began_at": now})
    elif visit.began_at <= now - VISIT:
        # Of two tabs opened together only one finds it so.
        Visit.objects.filter(user=user, began_at=visit.began_at).update(
            previous_at=F("began_at"), began_at=now
        )
        visit.refresh_from_db()
    return visit.previous_at
