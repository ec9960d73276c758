"""Whose orders somebody sees, and what they may do with them. Another's order is a 404."""

from collections.abc import Mapping

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404

from materials.enums import IN_PROGRESS, RESERVING, TO_DECIDE, OrderState
from materials.models import Order, OrderLine, OrderQuerySet, OrderStep
from organisations.enums import Kind
from organisations.models import Organisation, User

PAGE = 25
# Tabs of a list, by what they show.
STAGES: Mapping[str, tuple[str, tuple[OrderState, ...]]] = {
    "en-cours": ("En cours", IN_PROGRESS),
    "terminees": ("Terminées", (OrderState.CLOSED,)),
    "annulees": ("Annulées", (OrderState.CANCELLED,)),
}
QUEUE: Mapping[str, tuple[str, tuple[OrderState, ...]]] = {
    "a-decider": ("À décider", (OrderState.SUBMITTED,)),
    "attente": ("En attente de stock", (OrderState.WAITING,)),
    "a-preparer": ("À préparer", RESERVING),
    "en-route": ("En route", (OrderState.SHIPPED,)),
    "ecarts": ("Écarts", (OrderState.RECEIVED,)),
}


def check_staff(user: User) -> None:
    """Orders and stocks are for who works in an organisation's name."""
    if not user.led:
        raise Http404


def placing_organisations(user: User) -> list[Organisation]:
    """Those in whose name the person orders; the confederation orders from the printer alone."""
    own = Organisation.objects.led_by(user).active().exclude(kind=Kind.CONFEDERATION)
    return list(own.select_related("parent").order_by("name", "pk"))


def get_placing_organisation_or_404(user: User, pk: str | None) -> Organisation:
    """The one chosen, else the first."""
    own = placing_organisations(user)
    chosen = [one for one in own if not pk or str(one.pk) == pk]
    if not chosen:
        raise Http404
    return chosen[0]


def basket_of(organisation: Organisation) -> Order | None:
    baskets = Order.objects.filter(organisation=organisation, state=OrderState.DRAFT)
    return baskets.select_related("organisation", "served_from").first()


def get_basket_or_404(user: User, pk: int) -> Order:
    """A basket of one's own organisations, or what became of it."""
    own = Order.objects.filter(organisation__in=placing_organisations(user))
    return get_object_or_404(own.select_related("organisation", "served_from"), pk=pk)


def basket_packs(basket: Order | None) -> dict[int, int]:
    """By item, the packs in the basket."""
    return dict(OrderLine.objects.filter(order=basket).values_list("item", "requested"))


def _with_figures(orders: OrderQuerySet) -> OrderQuerySet:
    return orders.select_related("organisation", "served_from").annotate(
        line_count=Count("lines"), pack_count=Sum("lines__requested")
    )


def orders_at(user: User, stage: str, page: str | None) -> Page[Order]:
    """The orders one sees as a customer or from above, the latest first."""
    check_staff(user)
    states = STAGES[stage][1]
    found = _with_figures(Order.objects.visible_to(user).filter(state__in=states))
    return Paginator(found.order_by("-submitted_at", "-pk"), PAGE).get_page(page)


def queue_at(user: User, stage: str, page: str | None) -> Page[Order]:
    """What one's stocks have to serve: the most urgent first."""
    check_staff(user)
    found = _with_figures(Order.objects.queued_for(user).filter(state__in=QUEUE[stage][1]))
    return Paginator(found.order_by("needed_by", "submitted_at", "pk"), PAGE).get_page(page)


def count_by_state(orders: OrderQuerySet) -> dict[str, int]:
    counted = orders.order_by().values("state").annotate(there=Count("pk"))
    return dict(counted.values_list("state", "there"))


def counts_for_customer(user: User) -> dict[str, int]:
    by_state = count_by_state(Order.objects.visible_to(user))
    return {
        slug: sum(by_state.get(state, 0) for state in states)
        for slug, (_, states) in STAGES.items()
    }


def counts_for_keeper(user: User) -> dict[str, int]:
    by_state = count_by_state(Order.objects.queued_for(user))
    return {
        slug: sum(by_state.get(state, 0) for state in states) for slug, (_, states) in QUEUE.items()
    }


def keeps_stock_for_others(user: User) -> bool:
    """Whether there is a queue to look at."""
    return user.scope.everything or any(
        membership.leads and membership.organisation.kind == Kind.UD
        for membership in user.active_memberships
    )


def check_keeper(user: User) -> None:
    if not keeps_stock_for_others(user):
        raise Http404


def _sent_orders() -> OrderQuerySet:
    return Order.objects.sent().select_related("organisation", "served_from__organisation")


def get_order_or_404(user: User, pk: int) -> Order:
    check_staff(user)
    return get_object_or_404(_sent_orders().visible_to(user), pk=pk)


def get_placed_order_or_404(user: User, pk: int) -> Order:
    """An order of one's organisations, to receive, copy or cancel it."""
    check_staff(user)
    return get_object_or_404(_sent_orders().placed_by(user), pk=pk)


def get_served_order_or_404(user: User, pk: int) -> Order:
    """An order that one's stock serves, to decide upon, prepare and send it."""
    check_staff(user)
    return get_object_or_404(_sent_orders().served_by(user), pk=pk)


def is_placed_by(user: User, order: Order) -> bool:
    return Order.objects.placed_by(user).filter(pk=order.pk).exists()


def is_served_by(user: User, order: Order) -> bool:
    return Order.objects.served_by(user).filter(pk=order.pk).exists()


def can_cancel(order: Order) -> bool:
    return order.state in (*TO_DECIDE, *RESERVING)


def lines_of(order: Order) -> list[OrderLine]:
    lines = OrderLine.objects.filter(order=order).select_related("item__trade")
    return list(lines.order_by("item__position", "item__name", "pk"))


def steps_of(order: Order) -> QuerySet[OrderStep]:
    return OrderStep.objects.filter(order=order).select_related("by").order_by("at", "pk")


def rest_of(order: Order) -> Order | None:
    return Order.objects.filter(rest_of=order).first()
