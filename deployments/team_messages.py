"""To whom of a team what is written, and when: by SMS, else by e-mail.

Words with a personal link are composed just before hand-over (`deployments.team_composing`). Every
key names the person's row, so that all of it can be forgotten.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from campaigns import clock
from deployments.heard import last_heard
from deployments.models import Deployment, TeamMember
from deployments.team_wording import sms_text, thanks_words, when_words
from messaging.actions import (
    Envelope,
    enqueue_composed,
    enqueue_email,
    enqueue_sms,
    forget_messages,
    take_back,
)
from messaging.enums import Channel
from messaging.links import unsubscribe_url_for
from messaging.models import Message, MessageQuerySet, address_hash
from organisations.enums import Role
from organisations.models import Membership, User

WORD, PLACE, PILOT, CONFIRM = "team-word", "team-place", "team-pilot", "team-confirmation"
CHANGE, OFF, ON = "team-change", "team-off", "team-on"
THANKS, WARNING = "team-thanks", "team-no-pilot"
# Their own link, asked for on the sign-up page: counted, unlike the invitations of a union.
SIGNED_UP = "team-sign-up"
LABELS = {
    WORD: "Équipe : invitation ou lien personnel",
    SIGNED_UP: "Équipe : inscription par le lien",
    PLACE: "Équipe : place libérée",
    PILOT: "Équipe : nouvelle personne pilote",
    CONFIRM: "Équipe : confirmation la veille",
    CHANGE: "Équipe : autres horaires ou autre lieu",
    OFF: "Équipe : action annulée",
    ON: "Équipe : action rétablie",
    THANKS: "Équipe : personne retirée",
    WARNING: "Équipe : plus de pilote",
}
COMPOSED = (WORD, SIGNED_UP, PLACE, PILOT, CONFIRM, CHANGE, OFF, ON)
# Anybody may type anybody's number on a sign-up page: this many messages reach it in a day.
PER_ADDRESS = 3
# A message pressed twice within as many minutes leaves once.
SLOT_MINUTES = 10
# Of an action without a date.
LIFETIME = timedelta(days=14)


def key_prefix(member: TeamMember) -> str:
    """What the unique keys of all messages to somebody of a team begin with."""
    return f"team:{member.pk}:"


def address_of(member: TeamMember) -> tuple[Channel, str]:
    """How somebody is written to: by SMS, else by e-mail; nowhere once forgotten."""
    if member.phone:
        return Channel.SMS, member.phone.as_e164
    return Channel.EMAIL, member.email


def tell(members: Sequence[TeamMember], purpose: str, *, occasion: str = "") -> None:
    """Write to people of one team; after a sign-up, at most `PER_ADDRESS` times a day."""
    now = clock.now()
    reachable = [member for member in members if address_of(member)[1]]
    is_asked = purpose == SIGNED_UP
    recent = _recent(reachable, now) if is_asked else Counter()
    slot = occasion or f"{now:%Y%m%d%H}{now.minute // SLOT_MINUTES}"
    envelopes = []
    for member in reachable:
        channel, address = address_of(member)
        hashed = address_hash(channel, address)
        if is_asked and recent[hashed] >= PER_ADDRESS:
            continue
        recent[hashed] += 1
        envelopes.append(
            Envelope(
                unique_key=f"{key_prefix(member)}{purpose}:{slot}",
                channel=channel,
                recipient=address,
                unsubscribe_url=_unsubscribe(channel, address),
                not_after=_last_moment(member.deployment, now),
                departement=member.deployment.departement,
                is_transactional=is_asked,
            )
        )
    enqueue_composed(purpose=purpose, envelopes=envelopes)


def tell_of_change(members: Sequence[TeamMember], deployment: Deployment) -> None:
    """Tell the hours and the place as they are now, in place of what waits about former ones."""
    take_back(_written(members, [CHANGE]))
    tell(members, CHANGE, occasion=f"{deployment.revision}-{hours_key(deployment)}")


def believe_it_is_off(members: Sequence[TeamMember]) -> list[TeamMember]:
    """Those of a team who last heard that their action is off; what waits about it never leaves."""
    heard = last_heard(_written(members, [OFF, ON]), place=1)
    return [member for member in members if heard.get(member.pk) == OFF]


def _written(members: Sequence[TeamMember], purposes: Sequence[str]) -> MessageQuerySet:
    """What was written to people of one team, for some purposes."""
    numbers = {member.pk for member in members}
    hashes = {address_hash(*address_of(member)) for member in members if address_of(member)[1]}
    written = Message.objects.filter(recipient_hash__in=hashes, purpose__in=purposes)
    keys = written.order_by().values_list("pk", "unique_key")
    return Message.objects.filter(
        pk__in=[pk for pk, key in keys if int(key.split(":")[1]) in numbers]
    )


def hours_key(deployment: Deployment) -> str:
    """The hours an action has now, as a message about them names them."""
    ends = (deployment.starts_at, deployment.ends_at)
    return "-".join(f"{end:%Y%m%d%H%M}" if end else "" for end in ends)


def ask_the_day_before(member: TeamMember, *, day: date, not_after: datetime) -> None:
    """Ask somebody whether they still come on `day`, once for all times."""
    channel, address = address_of(member)
    envelope = Envelope(
        unique_key=f"{key_prefix(member)}{CONFIRM}:{day:%Y-%m-%d}",
        channel=channel,
        recipient=address,
        unsubscribe_url=_unsubscribe(channel, address),
        not_after=not_after,
        departement=member.deployment.departement,
    )
    enqueue_composed(purpose=CONFIRM, envelopes=[envelope] if address else [])


def thank(member: TeamMember) -> None:
    """Tell somebody that they are no longer expected. Their row goes: the words are written now."""
    channel, address = address_of(member)
    if not address:
        return
    deployment = member.deployment
    envelope: dict[str, Any] = {
        "unique_key": f"{THANKS}:{member.pk}",
        "purpose": THANKS,
        "recipient": address,
        "not_after": _last_moment(deployment, clock.now()),
        "departement": deployment.departement,
        "is_secret": True,
    }
    text = thanks_words(deployment)
    if channel == Channel.SMS:
        enqueue_sms(text=sms_text(member, text), **envelope)
        return
    enqueue_email(
        template="deployments/email/thanks",
        context={"member": member, "text": text, "title": deployment.title},
        unsubscribe_url=_unsubscribe(channel, address),
        **envelope,
    )


def forget_leavers(*, before: datetime) -> None:
    """Erase the addresses of those who were thanked before a moment, and what says who left."""
    for purpose in (THANKS, WARNING):
        forget_messages(unique_key_prefix=f"{purpose}:", before=before)


def warn_managers(
    deployment: Deployment,
    *,
    left: TeamMember,
    successor: TeamMember | None = None,
    by: User | None = None,
) -> None:
    """Tell those who manage an action that its pilot does not come, and who steps in.

    `by` noted it, and knows.
    """
    now = clock.now()
    link = settings.SITE_URL + reverse("deployments:team", args=[deployment.pk])
    for manager in managers_of(deployment):
        if manager == by:
            continue
        enqueue_email(
            unique_key=f"{WARNING}:{deployment.pk}:{left.pk}:{now:%Y%m%d%H%M}:{manager.pk}",
            purpose=WARNING,
            recipient=manager.email,
            template="deployments/email/no_pilot",
            context={
                "deployment": deployment,
                "manager": manager,
                "left": left.first_name,
                "by": by.first_name if by else "",
                "successor": successor.first_name if successor else "",
                "when": when_words(list(deployment.shifts.all()), deployment.zone),
                "link": link,
            },
            not_after=_last_moment(deployment, now),
            is_secret=True,
        )


def forget(member: TeamMember) -> None:
    """Erase what was written to somebody of a team; what still waits never leaves."""
    forget_messages(unique_key_prefix=key_prefix(member))


def managers_of(deployment: Deployment) -> list[User]:
    """Who works in the name of the organisations of an action, else of the one above."""
    own = [deployment.organisation, *deployment.co_organisers.all()]
    found = _staff([organisation.pk for organisation in own])
    above = deployment.organisation.parent
    while not found and above is not None:
        found, above = _staff([above.pk]), above.parent
    return found


def _staff(organisations: list[int]) -> list[User]:
    leading = Membership.objects.active().filter(
        organisation__in=organisations, role__in=[Role.STAFF, Role.ADMIN], user__is_active=True
    )
    return list(User.objects.filter(pk__in=leading.values("user")).order_by("pk"))


def _unsubscribe(channel: Channel, address: str) -> str:
    return unsubscribe_url_for(channel, address) if channel == Channel.EMAIL and address else ""


def _last_moment(deployment: Deployment, now: datetime) -> datetime:
    return deployment.ends_at or now + LIFETIME


def _recent(members: Sequence[TeamMember], now: datetime) -> Counter[str]:
    hashes = {address_hash(*address_of(member)) for member in members}
    messages = Message.objects.filter(
        recipient_hash__in=hashes, purpose=SIGNED_UP, created_at__gte=now - timedelta(days=1)
    )
    return Counter(
        dict(messages.order_by().values_list("recipient_hash").annotate(number=Count("pk")))
    )
