"""Names and addresses of registrants go: when their owner says so, and after the campaign."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import Max, Q

from campaigns import clock
from campaigns.models import Campaign
from contacts.models import Contact
from organisations.models import User
from webinars import mails
from webinars.audience import address_hash
from webinars.enums import QuestionState, RegistrationState
from webinars.links import secret_hash
from webinars.models import Admission, Join, Registration
from webinars.places import fill_places, lock_webinars, locked_rows

log = structlog.get_logger()

# Replays and answers are still looked for while the results are talked over; nothing after that.
FORGET_AFTER = timedelta(days=30)
BATCH = 200
ERASED = "Quelqu’un"


def erase_registration(*, registration: Registration) -> None:
    """Forget somebody at their own wish, at once, in every session of their address.

    Their places are freed. Who came still counts, without a name; what they asked stays when
    others supported it or it was answered.
    """
    if registration.forgotten_at is None:
        forget_addresses(hashes=[registration.address_hash])


@transaction.atomic
def forget_addresses(*, hashes: Collection[str]) -> None:
    """Forget all that is known of addresses: registrations, links, mails, mandates."""
    found = Registration.objects.reachable().filter(address_hash__in=hashes)
    webinars = lock_webinars(set(found.values_list("webinar_id", flat=True)))
    now = clock.now()
    rows = locked_rows().reachable().filter(address_hash__in=hashes)
    for one in rows.order_by("webinar", "pk"):
        webinar = webinars.get(one.webinar_id)
        if webinar is None:  # registered since the sessions were locked
            continue
        if not webinar.is_over_at(now) and one.state != RegistrationState.CANCELLED:
            one.state, one.queued_at, one.cancelled_at = RegistrationState.CANCELLED, None, now
        _drop_questions(one)
        _forget(one)
    Admission.objects.filter(address_hash__in=hashes).delete()
    for webinar in webinars.values():
        fill_places(webinar)
    log.info("webinar-addresses-erased", number=len(hashes))


def forget_contacts(contacts: Sequence[Contact]) -> None:
    """A worker who is erased from the campaign is erased here too.

    An activist is not, who logs in with that address: somebody may have typed it for them.
    """
    emails = {contact.email.lower() for contact in contacts if contact.email}
    own = User.objects.filter(email__in=emails, is_active=True).values_list("email", flat=True)
    if hashes := [address_hash(email) for email in sorted(emails - set(own))]:
        forget_addresses(hashes=hashes)


def forget_old_registrations() -> int:
    """Forget who registered once the campaign's results are a month old; counts stay.

    Answers how many registrations were forgotten. Safe to repeat.
    """
    total = 0
    while done := _forget_batch():
        total += done
    _forget_admissions()
    if total:
        log.info("webinar-registrations-forgotten", number=total)
    return total


@transaction.atomic
def _forget_batch() -> int:
    long_ago = clock.today() - FORGET_AFTER
    old = Registration.objects.reachable().filter(webinar__campaign__results_on__lt=long_ago)
    rows = list(
        old.order_by("pk").select_for_update(skip_locked=True, of=("self",), no_key=True)[:BATCH]
    )
    for one in rows:
        _forget(one)
    return len(rows)


def _forget_admissions() -> None:
    """Lists of addresses, whether these people came or not, served one campaign."""
    over = Campaign.objects.filter(results_on__lt=clock.today() - FORGET_AFTER)
    last = over.aggregate(last=Max("results_on"))["last"]
    if last is not None:
        Admission.objects.filter(added_at__date__lte=last + FORGET_AFTER).delete()


def _drop_questions(one: Registration) -> None:
    """What they alone asked and nobody answered goes with them."""
    open_ones = one.questions.filter(state__in=[QuestionState.NEW, QuestionState.DECLINED])
    supported = Q(question_votes__registration__isnull=False) & ~Q(question_votes__registration=one)
    kept = open_ones.filter(supported | Q(merged__isnull=False)).values("pk")
    open_ones.exclude(pk__in=kept).delete()


def _forget(one: Registration) -> None:
    """Neither name, nor address, nor what they could be recognised by; the link ends."""
    mails.forget(one)
    one.name, one.email, one.user = ERASED, "", None
    one.organisation_name = one.reason = one.reply = one.device_hash = ""
    one.seed = uuid4()
    one.secret_hash = secret_hash(one.seed)
    one.address_hash = f"x:{one.seed}"
    one.forgotten_at = clock.now()
    one.save()
    one.questions.update(registration=None)
    Join.objects.filter(registration=one).update(device_hash="")
