"""What registrants are told: rows of the outbox without words, composed just before hand-over.

No link waits there, and what is said is true when it leaves. Every key begins with the
registration, so that all of it can be forgotten.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from campaigns import clock
from messaging.actions import Envelope, enqueue_composed, enqueue_email, forget_messages
from messaging.enums import Channel
from messaging.links import unsubscribe_url_for
from messaging.models import Message
from organisations.enums import Role
from organisations.models import Membership, User
from webinars.enums import RegistrationState
from webinars.models import Registration, Webinar

WORD, PLACE, APPROVED, REFUSED = (
    "webinar-word", "webinar-place", "webinar-approved", "webinar-refused",
)  # fmt: skip
LEFT, LINK, ASIDE = "webinar-left", "webinar-link", "webinar-aside"
MOVED, OFF, BACK = "webinar-moved", "webinar-off", "webinar-back"
REMINDER, AFTER = "webinar-reminder", "webinar-after"
REQUEST = "webinar-request"
LABELS = {
    WORD: "Webinaire : confirmation d’inscription",
    PLACE: "Webinaire : place libérée",
    APPROVED: "Webinaire : demande acceptée",
    REFUSED: "Webinaire : demande refusée",
    LEFT: "Webinaire : désinscription",
    LINK: "Webinaire : lien personnel",
    ASIDE: "Webinaire : question mise de côté",
    MOVED: "Webinaire : nouvelle date",
    OFF: "Webinaire : séance annulée",
    BACK: "Webinaire : séance rétablie",
    REMINDER: "Webinaire : rappel",
    AFTER: "Webinaire : après la séance",
    REQUEST: "Webinaire : demande à valider",
}
COMPOSED = (WORD, PLACE, APPROVED, REFUSED, LEFT, LINK, ASIDE, MOVED, OFF, BACK, REMINDER, AFTER)
# What changed for somebody who has a link already.
CHANGES = frozenset({PLACE, MOVED, BACK, LINK})
# They answer what somebody asked for; the others respect an unsubscription.
ANSWERS = frozenset({WORD, PLACE, APPROVED, REFUSED, LEFT, LINK, ASIDE})
# Of a session without a date, or that is over.
LIFETIME = timedelta(days=14)


def key_prefix(registration: Registration) -> str:
    """What the unique keys of all messages to a registrant begin with."""
    return f"webinar:{registration.pk}:"


def reminder_key(starts_at: datetime, minutes: int) -> str:
    """A reminder by the start it was written for: one of a former date never leaves."""
    return f"{starts_at:%Y%m%d%H%M}-{minutes}"


def tell(
    registrations: Sequence[Registration],
    purpose: str,
    *,
    occasion: str = "",
    not_after: datetime | None = None,
) -> None:
    """Write to registrants, in one statement whatever their number.

    Without `occasion`, once per change of their registration.
    """
    now = clock.now()
    envelopes = [
        Envelope(
            unique_key=f"{key_prefix(one)}{purpose}:{occasion or one.sequence}",
            channel=Channel.EMAIL,
            recipient=one.email,
            unsubscribe_url=unsubscribe_url_for(Channel.EMAIL, one.email),
            not_after=not_after or last_moment(one.webinar, now),
            is_transactional=purpose in ANSWERS,
        )
        for one in registrations
        if one.email
    ]
    enqueue_composed(purpose=purpose, envelopes=envelopes)


def told_since_yesterday(registration: Registration, purpose: str) -> int:
    """How many mails of a kind about one registration the last day saw."""
    key, day = f"{key_prefix(registration)}{purpose}:", clock.now() - timedelta(days=1)
    return Message.objects.filter(unique_key__startswith=key, created_at__gt=day).count()


def tell_everybody(webinar: Webinar, purpose: str) -> None:
    """Tell all who come, wait or asked that the session moved, is off or back: once a change."""
    concerned = webinar.registrations.reachable().concerned().order_by("pk")
    tell(_of(webinar, list(concerned)), purpose, occasion=str(webinar.sequence))


def remind(webinar: Webinar, minutes: int) -> int:
    """Remind everybody who comes, in one statement; answers how many. Never once it has begun."""
    starts_at = webinar.starts_at
    assert starts_at is not None  # noqa: S101 – only a session with a date has a moment before it
    coming = _of(webinar, list(webinar.registrations.registered().reachable().order_by("pk")))
    tell(coming, REMINDER, occasion=reminder_key(starts_at, minutes), not_after=starts_at)
    return len(coming)


def follow_up(webinar: Webinar) -> int:
    """Write to everybody who had a place once the session is over; answers how many."""
    came = _of(webinar, list(webinar.registrations.registered().reachable().order_by("pk")))
    tell(came, AFTER, occasion="1", not_after=clock.now() + LIFETIME)
    return len(came)


def warn_managers(registration: Registration) -> None:
    """Tell those who manage the session that somebody asks to come: once a day at most."""
    webinar, today = registration.webinar, clock.today()
    requests = reverse("webinars:manage-registrants", args=[webinar.pk])
    key = f"{REQUEST}:{webinar.pk}:{today:%Y%m%d}:"
    if Message.objects.filter(unique_key__startswith=key).exists():
        return
    for manager in managers_of(webinar):
        enqueue_email(
            unique_key=f"{key}{manager.pk}",
            purpose=REQUEST,
            recipient=manager.email,
            template="webinars/email/request",
            context={
                "webinar": webinar,
                "manager": manager,
                "link": f"{settings.SITE_URL}{requests}?etat={RegistrationState.ASKED}",
            },
            not_after=last_moment(webinar, clock.now()),
            is_transactional=True,
        )


def forget(registration: Registration) -> None:
    """Erase what was written to a registrant; what still waits never leaves."""
    forget_messages(unique_key_prefix=key_prefix(registration))


def managers_of(webinar: Webinar) -> list[User]:
    """Who works in the name of the organisation that holds it, else of the one above."""
    organisation = webinar.organisation
    found = _staff(organisation.pk)
    while not found and organisation.parent is not None:
        organisation = organisation.parent
        found = _staff(organisation.pk)
    return found


def last_moment(webinar: Webinar, now: datetime) -> datetime:
    """Until when a word about a session is worth reading."""
    ends_at = webinar.ends_at
    return ends_at if ends_at is not None and ends_at > now else now + LIFETIME


def _of(webinar: Webinar, registrations: list[Registration]) -> list[Registration]:
    for one in registrations:
        one.webinar = webinar
    return registrations


def _staff(organisation: int) -> list[User]:
    leading = Membership.objects.active().filter(
        organisation=organisation, role__in=[Role.STAFF, Role.ADMIN], user__is_active=True
    )
    return list(User.objects.filter(pk__in=leading.values("user")).order_by("pk"))
