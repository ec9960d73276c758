"""What is printed of an order."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from library.files import pdf_attachment
from materials import order_rules, papers
from materials.enums import RESERVING, OrderState
from materials.models import Order
from organisations.requests import UserRequest

# Once it has left, there is something to note.
HAS_LEFT = (OrderState.SHIPPED, OrderState.RECEIVED, OrderState.CLOSED)


def _file(order: Order, name: str, draw: Callable[[Order], bytes]) -> HttpResponse:
    return pdf_attachment(draw(order), f"{order.number}-{name}.pdf")  # type: ignore[return-value]


@require_safe
def picking_list(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_served_order_or_404(request.user, pk)
    if order.state not in RESERVING:
        raise Http404
    return _file(order, "preparation", papers.picking_list)


@require_safe
def delivery_note(request: UserRequest, pk: int) -> HttpResponse:
    """For who sends it and for who receives it."""
    order = order_rules.get_order_or_404(request.user, pk)
    if order.state not in HAS_LEFT:
        raise Http404
    return _file(order, "livraison", papers.delivery_note)


@require_safe
def labels(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_served_order_or_404(request.user, pk)
    if order.state not in (*RESERVING, OrderState.SHIPPED):
        raise Http404
    return _file(order, "etiquettes", papers.address_labels)
