"""What a team is told: by SMS, else by e-mail, each with the person's own link.

The words are composed just before hand-over: no link waits in the outbox, and they say what is true
when they leave. Every key begins with the person's row, so that all of it can be forgotten.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from campaigns import clock
from deployments.enums import Answer, Stage
from deployments.models import Deployment, TeamMember
from deployments.team_links import member_url
from deployments.team_wording import in_sms, shift_words, when_words, where_words
from messaging.actions import Envelope, enqueue_composed, enqueue_email, forget_messages
from messaging.enums import Channel
from messaging.links import unsubscribe_url_for
from messaging.models import Message, address_hash
from messaging.rendering import Rendered, render_email
from organisations.enums import Role
from organisations.models import Membership, User

WORD, PLACE, PILOT, CONFIRM = "team-word", "team-place", "team-pilot", "team-confirmation"
CHANGE, OFF = "team-change", "team-off"
WARNING = "team-no-pilot"
LABELS = {
    WORD: "Équipe : invitation ou lien personnel",
    PLACE: "Équipe : place libérée",
    PILOT: "Équipe : nouvelle personne pilote",
    CONFIRM: "Équipe : confirmation la veille",
    CHANGE: "Équipe : nouveaux horaires",
    OFF: "Équipe : action annulée",
    WARNING: "Équipe : plus de pilote",
}
COMPOSED = (WORD, PLACE, PILOT, CONFIRM, CHANGE, OFF)
PILOT_ROLE = "pilote"
# Anybody may type anybody's number on a sign-up page: this many messages reach it in a day.
PER_ADDRESS = 3
# A message pressed twice within as many minutes leaves once.
SLOT_MINUTES = 10
# Of an action without a date.
LIFETIME = timedelta(days=14)


@dataclass(frozen=True)
class Said:
    """A message before it is dressed for its channel."""

    subject: str
    text: str
    # What the link is called in a mail.
    button: str


def key_prefix(member: TeamMember) -> str:
    """What the unique keys of all messages to somebody of a team begin with."""
    return f"team:{member.pk}:"


def address_of(member: TeamMember) -> tuple[Channel, str]:
    """How somebody is written to: by SMS, else by e-mail; nowhere once forgotten."""
    if member.phone:
        return Channel.SMS, member.phone.as_e164
    return Channel.EMAIL, member.email


def tell(
    members: Sequence[TeamMember], purpose: str, *, occasion: str = "", answers_act: bool = False
) -> None:
    """Write to people of one team. `answers_act`: they asked for it just now."""
    now = clock.now()
    reachable = [member for member in members if address_of(member)[1]]
    recent = _recent(reachable, now) if purpose == WORD else Counter()
    slot = occasion or f"{now:%Y%m%d%H}{now.minute // SLOT_MINUTES}"
    envelopes = []
    for member in reachable:
        channel, address = address_of(member)
        hashed = address_hash(channel, address)
        if recent[hashed] >= PER_ADDRESS:
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
                is_transactional=answers_act,
            )
        )
    enqueue_composed(purpose=purpose, envelopes=envelopes)


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


def warn_managers(
    deployment: Deployment, *, left: TeamMember, successor: TeamMember | None
) -> None:
    """Tell those who manage an action that its pilot does not come, and who steps in."""
    now = clock.now()
    link = settings.SITE_URL + reverse("deployments:team", args=[deployment.pk])
    for manager in managers_of(deployment):
        enqueue_email(
            unique_key=f"{WARNING}:{deployment.pk}:{left.pk}:{now:%Y%m%d%H%M}:{manager.pk}",
            purpose=WARNING,
            recipient=manager.email,
            template="deployments/email/no_pilot",
            context={
                "deployment": deployment,
                "manager": manager,
                "left": left.first_name,
                "successor": successor.first_name if successor else "",
                "when": when_words(list(deployment.shifts.all()), deployment.zone),
                "link": link,
            },
            not_after=_last_moment(deployment, now),
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
        recipient_hash__in=hashes, purpose=WORD, created_at__gte=now - timedelta(days=1)
    )
    return Counter(
        dict(messages.order_by().values_list("recipient_hash").annotate(number=Count("pk")))
    )


def compose(messages: list[Message]) -> dict[UUID, Rendered]:
    """The words of messages to teams.

    Leaves out whoever changed address, left, or already answered; and actions that are off.
    """
    keys = {message.pk: message.unique_key.split(":") for message in messages}
    members = _with_their_action({int(key[1]) for key in keys.values()})
    words = {}
    for message in messages:
        _, number, _, occasion = keys[message.pk]
        member = members.get(int(number))
        if member is not None and _still_goes(message, member, occasion):
            words[message.pk] = _dress(message, member, _say(message.purpose, member, occasion))
    return words


def _with_their_action(pks: set[int]) -> Mapping[int, TeamMember]:
    rows = TeamMember.objects.select_related(
        "deployment__organisation", "deployment__commune", "deployment__place", "role"
    )
    return rows.prefetch_related("deployment__shifts", "bookings__shift").in_bulk(pks)


def _still_goes(message: Message, member: TeamMember, occasion: str) -> bool:
    deployment = member.deployment
    if deployment.archived_at or (message.channel, message.recipient) != address_of(member):
        return False
    is_off = deployment.stage == Stage.CANCELLED
    if message.purpose == OFF or is_off:
        return message.purpose == OFF and is_off and member.answer != Answer.DECLINED
    if message.purpose == WORD:
        return member.answer != Answer.DECLINED
    if message.purpose == CHANGE and occasion != hours_key(deployment):
        return False
    if message.purpose == PILOT and member.role_id != PILOT_ROLE:
        return False
    if message.purpose == CONFIRM and member.has_confirmed:
        return False
    return member.answer == Answer.COMING


def _say(purpose: str, member: TeamMember, occasion: str) -> Said:
    deployment = member.deployment
    shifts = [booking.shift for booking in member.bookings.all()]
    shifts.sort(key=lambda shift: shift.starts_at)
    when = when_words(shifts or list(deployment.shifts.all()), deployment.zone)
    facts = ", ".join(part for part in (when, where_words(deployment)) if part)
    title = deployment.title
    if purpose == CONFIRM:
        return _ask(member, occasion)
    if purpose == OFF:
        return Said(
            f"Annulé : {title}", f"« {title} » n’aura pas lieu ({facts}). Merci !", "Voir l’action"
        )
    if purpose == CHANGE:
        return Said(
            f"Nouveaux horaires : {title}",
            f"« {title} » change d’horaires : {facts}. Vous ne pouvez plus ? Dites-le d’un geste.",
            "Voir ou annuler",
        )
    if purpose == PLACE:
        return Said(
            f"Une place s’est libérée : {title}",
            f"Une place s’est libérée pour « {title} » : {facts}. Vous êtes dans l’équipe !",
            "Voir ou annuler",
        )
    if purpose == PILOT:
        return Said(
            f"Vous êtes pilote : {title}",
            f"Vous êtes maintenant pilote de « {title} » : {facts}. Merci de prendre le relais !",
            "Voir l’action",
        )
    return _first_word(member, title, facts)


def _first_word(member: TeamMember, title: str, facts: str) -> Said:
    role = member.role.label
    match member.answer:
        case Answer.COMING:
            return Said(
                f"Vous êtes dans l’équipe : {title}",
                f"C’est noté, vous venez à « {title} » : {facts}. Votre rôle : {role}.",
                "Voir ou annuler",
            )
        case Answer.WAITING:
            return Said(
                f"Liste d’attente : {title}",
                f"L’équipe de « {title} » est complète : {facts}. Vous êtes en liste d’attente, "
                "et prévenu·e dès qu’une place se libère.",
                "Voir ou annuler",
            )
    return Said(
        f"On compte sur vous ? {title}",
        f"{member.deployment.organisation.name} vous invite à « {title} » : {facts}. "
        f"Votre rôle : {role}. Venez-vous ?",
        "Répondre",
    )


def _ask(member: TeamMember, occasion: str) -> Said:
    day, deployment = date.fromisoformat(occasion), member.deployment
    zone = deployment.zone
    own = [booking.shift for booking in member.bookings.all()]
    own = [shift for shift in own if shift.starts_at.astimezone(zone).date() == day]
    own.sort(key=lambda shift: shift.starts_at)
    when = shift_words(own[0], zone) if own else when_words([], zone)
    facts = ", ".join(part for part in (when, where_words(deployment)) if part)
    return Said(
        f"Toujours partant·e ? {deployment.title}",
        f"« {deployment.title} », c’est bientôt : {facts}. Venez-vous toujours ? "
        "Confirmez ou annulez d’un geste.",
        "Confirmer ou annuler",
    )


def _dress(message: Message, member: TeamMember, said: Said) -> Rendered:
    link = member_url(member)
    if message.channel == Channel.SMS:
        text = in_sms(f"{member.first_name}, {said.text[:1].lower()}{said.text[1:]}")
        return Rendered("", f"{text} {link} STOP : ne plus recevoir de SMS.", "")
    context = {
        "member": member, "said": said, "link": link, "unsubscribe_url": message.unsubscribe_url,
    }  # fmt: skip
    return render_email("deployments/email/team", context, message.language)
