"""What is told of an order: rows of the outbox, written as they leave. Never to who did it."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q

from campaigns import clock
from materials.models import Order, OrderStep
from messaging.actions import Envelope, enqueue_composed
from messaging.enums import Channel
from organisations.enums import Role
from organisations.models import Membership, Organisation, User

SUBMITTED, APPROVED, SHIPPED = "order-submitted", "order-approved", "order-shipped"
RECEIVED, CANCELLED = "order-received", "order-cancelled"
LABELS = {
    SUBMITTED: "Commande : à traiter",
    APPROVED: "Commande : réponse",
    SHIPPED: "Commande : expédiée",
    RECEIVED: "Commande : reçue avec un écart",
    CANCELLED: "Commande : annulée",
}
LIFETIME = timedelta(days=7)


def tell_customer(order: Order, purpose: str, *, actor: User | None) -> None:
    """Write to the people who had a hand in placing the order."""
    placing = OrderStep.objects.filter(order=order).values("by")
    people = User.objects.filter(Q(pk__in=placing) | Q(pk=order.created_by_id))
    theirs = Membership.objects.active().filter(organisation=order.organisation)
    _write(order, purpose, people.filter(pk__in=theirs.values("user")), actor)


def tell_keeper(order: Order, purpose: str, *, actor: User | None) -> None:
    """Write to the team of the stock that serves the order."""
    organisation = order.served_from.organisation
    if organisation is not None:
        _write(order, purpose, team_of(organisation), actor)


def team_of(organisation: Organisation) -> Iterable[User]:
    leading = Membership.objects.active().filter(
        organisation=organisation, role__in=[Role.STAFF, Role.ADMIN]
    )
    return User.objects.filter(pk__in=leading.values("user"))


def _write(order: Order, purpose: str, people: Iterable[User], actor: User | None) -> None:
    """Once per change and person."""
    step = order.steps.order_by("-pk").values_list("pk", flat=True).first()
    now = clock.now()
    envelopes = [
        Envelope(
            unique_key=f"{purpose}:{order.pk}:{person.pk}:{step}",
            channel=Channel.EMAIL,
            recipient=person.email,
            not_after=now + LIFETIME,
            is_transactional=True,
        )
        for person in people
        if person.is_active and person != actor
    ]
    enqueue_composed(purpose=purpose, envelopes=envelopes)
