"""The words of the mails about orders, as things stand when they leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from core.dates import day_of_week
from materials import mails
from materials.enums import OrderState
from materials.models import Order, OrderLine, OrderStep
from messaging.models import Message
from messaging.rendering import Rendered, render_email
from organisations.models import User
from organisations.wording import named, named_after

# The states in which what a mail says is still so.
TRUE_IN: Mapping[str, frozenset[str]] = {
    mails.SUBMITTED: frozenset({OrderState.SUBMITTED}),
    mails.APPROVED: frozenset(
        {OrderState.APPROVED, OrderState.PICKING, OrderState.SHIPPED, OrderState.WAITING}
    ),
    mails.SHIPPED: frozenset({OrderState.SHIPPED}),
    mails.RECEIVED: frozenset({OrderState.RECEIVED, OrderState.CLOSED}),
    mails.CANCELLED: frozenset({OrderState.CANCELLED}),
}


@dataclass(frozen=True)
class Said:
    subject: str
    text: str
    button: str


def compose(messages: list[Message]) -> dict[UUID, Rendered]:
    """The words of messages about orders; leaves out what is not true any more."""
    keys = {message.pk: message.unique_key.split(":") for message in messages}
    rows = Order.objects.select_related("organisation", "served_from").prefetch_related(
        "lines__item", "shipments"
    )
    orders = rows.in_bulk({int(key[1]) for key in keys.values()})
    people = User.objects.in_bulk({int(key[2]) for key in keys.values()})
    steps = OrderStep.objects.in_bulk({int(key[3]) for key in keys.values()})
    words = {}
    for message in messages:
        _, order_pk, person_pk, step_pk = keys[message.pk]
        order, reader = orders.get(int(order_pk)), people.get(int(person_pk))
        if order is None or reader is None or reader.email != message.recipient:
            continue
        if order.state in TRUE_IN[message.purpose]:
            step = steps.get(int(step_pk))
            words[message.pk] = _render(message, order, reader, step.note if step else "")
    return words


def _render(message: Message, order: Order, reader: User, note: str) -> Rendered:
    context = {
        "reader": reader,
        "said": _say(message.purpose, order),
        "note": note,
        "order": order,
        "lines": [_line(message.purpose, line) for line in order.lines.all()],
        "shipments": list(order.shipments.all()) if message.purpose == mails.SHIPPED else [],
        "url": f"{settings.SITE_URL}{order.get_absolute_url()}",
    }
    return render_email("materials/email/order", context, message.language)


def _line(purpose: str, line: OrderLine) -> str:
    """« Tract élections TPE : 3 sur 5 »."""
    name, given = line.item.name, None
    if purpose in (mails.APPROVED, mails.SHIPPED):
        given = line.shipped if purpose == mails.SHIPPED else line.approved
    elif purpose == mails.RECEIVED:
        return f"{name} : {line.received or 0} reçus, {line.shipped or 0} expédiés"
    if given is None:
        return f"{name} : {line.requested}"
    word = f" ({line.word})" if line.word else ""
    return f"{name} : {given} sur {line.requested}{word}"


def _say(purpose: str, order: Order) -> Said:
    number = order.number
    match purpose:
        case mails.SUBMITTED:
            needed = f" Pour {day_of_week(order.needed_by)}." if order.needed_by else ""
            return Said(
                f"Commande {number} : {order.organisation}",
                f"Une commande {named_after('de', order.organisation)} vous attend.{needed}",
                "Répondre",
            )
        case mails.APPROVED if order.state == OrderState.WAITING:
            return Said(
                f"Commande {number} : en attente",
                "Il n’en reste plus pour l’instant : votre commande attend le prochain arrivage.",
                "Voir ma commande",
            )
        case mails.APPROVED:
            return Said(
                f"Commande {number} acceptée",
                "Votre commande est acceptée : voici, en paquets, ce qui sera préparé.",
                "Voir ma commande",
            )
        case mails.SHIPPED:
            return Said(
                f"Commande {number} expédiée",
                "Votre matériel est en route. À l’arrivée, dites ce que vous avez reçu.",
                "Dire ce qui est arrivé",
            )
        case mails.RECEIVED:
            return Said(
                f"Commande {number} : un écart",
                f"Ce qu’a reçu {named(order.organisation)} diffère de ce qui est parti.",
                "Voir l’écart",
            )
    return Said(
        f"Commande {number} annulée",
        f"La commande {number} {named_after('de', order.organisation)} est annulée.",
        "Voir la commande",
    )
