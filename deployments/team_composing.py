"""The words of messages to a team, true as they leave, each with the person's own link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.text import Truncator

from deployments.enums import PILOT_ROLE, Answer
from deployments.models import TeamMember
from deployments.team_links import member_url
from deployments.team_messages import (
    CHANGE,
    CONFIRM,
    OFF,
    ON,
    PILOT,
    PLACE,
    SIGNED_UP,
    WORD,
    address_of,
    hours_key,
)
from deployments.team_wording import facts_words, shift_words, sms_text, when_words, where_words
from messaging.enums import Channel
from messaging.models import Message
from messaging.rendering import Rendered, render_email

# Of why an action is off: an SMS is short.
MOST_LETTERS = 100


@dataclass(frozen=True)
class Said:
    """A message before it is dressed for its channel."""

    subject: str
    text: str
    # What the link is called in a mail.
    button: str


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
    if (message.channel, message.recipient) != address_of(member):
        return False
    if message.purpose == OFF or deployment.is_off:
        is_true = message.purpose == OFF and deployment.is_off
        return is_true and member.answer != Answer.DECLINED
    if message.purpose in (WORD, SIGNED_UP, ON):
        return member.answer != Answer.DECLINED
    if message.purpose == CHANGE and occasion.partition("-")[2] != hours_key(deployment):
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
    facts = facts_words(deployment, shifts or list(deployment.shifts.all()))
    title = deployment.title
    if purpose == CONFIRM:
        return _ask(member, occasion)
    if purpose == OFF:
        return _off(title, facts, deployment.cancel_reason)
    if purpose == ON:
        return _on_again(member, title, facts)
    if purpose == CHANGE:
        return Said(
            f"Autres horaires ou autre lieu : {title}",
            f"« {title} » change d’horaires ou de lieu : {facts}. "
            "Vous ne pouvez plus ? Dites-le d’un geste.",
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


def _off(title: str, facts: str, reason: str) -> Said:
    why = f" : {Truncator(reason).chars(MOST_LETTERS)}" if reason else ""
    return Said(
        f"Annulé : {title}",
        f"« {title} » n’aura pas lieu ({facts}){why}. Merci à vous !",
        "Voir l’action",
    )


def _on_again(member: TeamMember, title: str, facts: str) -> Said:
    where_they_stand = {
        # Since before, or on a place that was freed meanwhile.
        Answer.COMING: "Vous êtes dans l’équipe !",
        Answer.WAITING: "Vous êtes toujours en liste d’attente.",
    }
    ask = "Venez-vous ?"
    return Said(
        f"Finalement, c’est oui : {title}",
        f"Bonne nouvelle, « {title} » a bien lieu : {facts}. "
        f"{where_they_stand.get(Answer(member.answer), ask)}",
        "Voir ou annuler",
    )


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
    if member.has_lost_shift:
        return Said(
            f"Votre créneau n’a plus lieu : {title}",
            f"Le créneau que vous aviez choisi pour « {title} » n’a plus lieu. "
            f"L’action, elle, a lieu : {facts}. Venez-vous ?",
            "Répondre",
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
        return Rendered("", sms_text(member, said.text, link), "")
    context = {
        "member": member, "said": said, "link": link, "unsubscribe_url": message.unsubscribe_url,
    }  # fmt: skip
    return render_email("deployments/email/team", context, message.language)
