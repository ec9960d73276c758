"""A personal link is one person's: sent again, withdrawn, replaced by another."""

from datetime import datetime
from uuid import uuid4

import structlog
from django.db import transaction

from campaigns import clock
from organisations.models import User
from webinars import mails
from webinars.audience import address_hash
from webinars.links import secret_hash
from webinars.models import Registration
from webinars.places import lock_registration
from webinars.rules import can_be_written_to

log = structlog.get_logger()

# A link asked for twice within as many minutes leaves once.
SLOT_MINUTES = 10


@transaction.atomic
def renew_link(*, registration: Registration, renewed_by: User | None = None) -> Registration:
    """Mail another link to the address that registered; the former opens nothing from now on.

    What a person does whose link went round, or who is told that it is open elsewhere: whoever it
    was forwarded to does not read their mail.
    """
    one = lock_registration(registration)
    one.seed = uuid4()
    one.secret_hash, one.device_hash = secret_hash(one.seed), ""
    one.revoked_at = None
    one.sequence += 1
    one.save()
    mails.tell([one], mails.LINK)
    log.info("webinar-link-renewed", registration=one.pk, user=renewed_by and renewed_by.pk)
    return one


@transaction.atomic
def revoke_link(*, registration: Registration, revoked_by: User) -> Registration:
    """Close a link; its owner keeps their place, and may be given another link."""
    one = lock_registration(registration)
    if one.revoked_at is None:
        one.revoked_at = clock.now()
        one.save(update_fields=["revoked_at"])
        log.info("webinar-link-revoked", registration=one.pk, user=revoked_by.pk)
    return one


@transaction.atomic
def send_link_again(*, email: str) -> None:
    """Mail their links to whoever owns an address; nothing to a stranger.

    Those of sessions that were held too: replay, answers and opinions are behind them alone.
    Always the same answer. Raises `InvalidAddress`.
    """
    now = clock.now()
    rows = Registration.objects.reachable().select_related("webinar").order_by("pk")
    found = [
        one
        for one in rows.filter(address_hash=address_hash(email), revoked_at=None)
        if one.webinar.is_open_at(now) or (one.has_place and one.webinar.is_over_at(now))
    ]
    mails.tell(found, mails.LINK, occasion=_slot(now))


@transaction.atomic
def send_again(*, registration: Registration, sent_by: User) -> bool:
    """Mail somebody their link and their invitation once more, the link unchanged.

    Answers whether there was something to send: a withdrawn link is renewed instead.
    """
    one = lock_registration(registration)
    if one.revoked_at is not None or not can_be_written_to(one):
        return False
    mails.tell([one], mails.LINK, occasion=_slot(clock.now()))
    log.info("webinar-link-sent-again", registration=one.pk, user=sent_by.pk)
    return True


def _slot(now: datetime) -> str:
    return f"{now:%Y%m%d%H}{now.minute // SLOT_MINUTES}"
