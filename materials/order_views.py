"""Orders, for who placed them: where they are, receiving, cancelling, ordering again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.dates import instant
from materials import order_rules, ordering, serving
from materials.crumbs import crumbs, material_tabs
from materials.enums import OrderState
from materials.errors import MaterialError
from materials.models import Order
from materials.order_forms import ReceiveForm, WordForm
from organisations.requests import UserRequest

GET_OR_POST = ["GET", "HEAD", "POST"]
TONES = {
    OrderState.SUBMITTED: "info",
    OrderState.WAITING: "warning",
    OrderState.APPROVED: "info",
    OrderState.PICKING: "info",
    OrderState.SHIPPED: "accent",
    OrderState.RECEIVED: "warning",
    OrderState.CLOSED: "ok",
    OrderState.CANCELLED: "outline",
}
PATH = [
    (OrderState.SUBMITTED, "Envoyée"),
    (OrderState.APPROVED, "Acceptée"),
    (OrderState.PICKING, "Préparée"),
    (OrderState.SHIPPED, "Expédiée"),
    (OrderState.CLOSED, "Reçue"),
]
# How far along the path each state stands.
RANKS = {
    OrderState.SUBMITTED: 1,
    OrderState.WAITING: 1,
    OrderState.APPROVED: 2,
    OrderState.PICKING: 3,
    OrderState.SHIPPED: 4,
    OrderState.RECEIVED: 5,
    OrderState.CLOSED: 6,
}


def order_rows(orders: Any) -> list[dict[str, Any]]:
    return [
        {
            "order": order,
            "state": order.get_state_display(),
            "tone": TONES.get(order.state, ""),
            "is_late": False,
            "is_ready": False,
        }
        for order in orders
    ]


@require_safe
def order_list(request: UserRequest) -> HttpResponse:
    order_rules.check_staff(request.user)
    stage = request.GET.get("quoi", "")
    stage = stage if stage in order_rules.STAGES else "en-cours"
    counts = order_rules.counts_for_customer(request.user)
    page = order_rules.orders_at(request.user, stage, request.GET.get("page"))
    own = reverse("materials:order-list")
    context = {
        "tabs": material_tabs(request.user, "order-list"),
        "stages": [
            {"label": label, "url": f"{own}?quoi={slug}", "current": slug == stage,
             "count": counts[slug]}
            for slug, (label, _) in order_rules.STAGES.items()
        ],
        "page": page,
        "rows": order_rows(page),
        "can_order": bool(order_rules.placing_organisations(request.user)),
    }  # fmt: skip
    return render(request, "materials/order/list.html", context)


@require_safe
def order_detail(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_order_or_404(request.user, pk)
    return _detail(request, order)


def _detail(request: UserRequest, order: Order) -> HttpResponse:
    state = OrderState(order.state)
    is_server = order_rules.is_served_by(request.user, order)
    is_customer = order_rules.is_placed_by(request.user, order)
    context = {
        "order": order,
        "crumbs": crumbs(order.number, order_list="Commandes"),
        "state": state.label,
        "tone": TONES.get(state, ""),
        "path": [label for _, label in PATH],
        "rank": RANKS.get(state),
        "lines": order_rules.lines_of(order),
        "shipments": order.shipments.order_by("pk"),
        "timeline": [
            {
                "title": OrderState(step.state).label,
                "date": instant(step.at),
                "text": " – ".join(filter(None, [str(step.by or ""), step.note])),
                "state": "done",
            }
            for step in order_rules.steps_of(order)
        ],
        "rest": order_rules.rest_of(order),
        "acts": _acts(order, is_server=is_server, is_customer=is_customer),
        "is_server": is_server,
        "is_customer": is_customer,
        "can_copy": is_customer and order.organisation_id in request.user.led,
    }
    return render(request, "materials/order/detail.html", context)


def _acts(order: Order, *, is_server: bool, is_customer: bool) -> list[dict[str, str]]:
    """What one may do now, the most likely first."""
    state, acts = order.state, []
    if is_server and state in (OrderState.SUBMITTED, OrderState.WAITING):
        acts.append(("Répondre", "order-approve", "check", "primary"))
    if is_server and state == OrderState.APPROVED:
        acts.append(("Préparer", "order-pick", "shop", "primary"))
    if is_server and state == OrderState.PICKING:
        acts.append(("Expédier", "order-ship", "truck", "primary"))
        acts.append(("Page de préparation", "order-pick", "shop", "secondary"))
    if is_customer and state == OrderState.SHIPPED:
        acts.append(("C’est arrivé", "order-receive", "check-circle", "primary"))
    if is_server and state == OrderState.SHIPPED:
        acts.append(("Ajouter un colis", "order-parcel", "plus", "secondary"))
    if is_server and state == OrderState.RECEIVED:
        acts.append(("Clore", "order-close", "check", "primary"))
    if order_rules.can_cancel(order) and (is_server or is_customer):
        acts.append(("Annuler", "order-cancel", "cross", "danger"))
    return [
        {"label": label, "url": reverse(f"materials:{name}", args=[order.pk]), "icon": icon,
         "variant": variant}
        for label, name, icon, variant in acts
    ]  # fmt: skip


@require_http_methods(GET_OR_POST)
def order_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """By who placed it, or by who serves it."""
    order = order_rules.get_order_or_404(request.user, pk)
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ordering.cancel_order(
                order=order, by=request.user, reason=form.cleaned_data["word"],
                key=form.cleaned_data["key"],
            )  # fmt: skip
        except MaterialError as error:
            messages.error(request, str(error))
            return redirect(order)
        messages.success(request, "La commande est annulée ; ce qui était promis est libre.")
        return redirect(order)
    context = {
        "form": form,
        "order": order,
        "title": f"Annuler la commande {order.number} ?",
        "text": "Ce qui lui était promis redevient libre. Les personnes concernées reçoivent "
        "un mail.",
        "label": "Annuler la commande",
        "variant": "danger-solid",
        "crumbs": crumbs("Annuler", order_list="Commandes"),
    }
    return render(request, "materials/order/act.html", context)


@require_POST
def order_copy(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_placed_order_or_404(request.user, pk)
    organisation = order_rules.get_placing_organisation_or_404(
        request.user, str(order.organisation_id)
    )
    ordering.order_again(order=order, by=request.user)
    messages.success(request, "C’est dans le panier : changez ce qu’il faut, puis envoyez.")
    return redirect(f"{reverse('materials:order-basket')}?pour={organisation.pk}")


@require_http_methods(GET_OR_POST)
def order_receive(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_placed_order_or_404(request.user, pk)
    if order.state != OrderState.SHIPPED:
        messages.info(request, f"Cette commande est à l’étape « {order.get_state_display()} ».")
        return redirect(order)
    form = ReceiveForm(
        request.POST or None,
        lines=order_rules.lines_of(order),
        usual=lambda line: line.shipped or 0,
        most=lambda line: ordering.MOST_PACKS,
    )
    if request.method == "POST" and form.is_valid():
        try:
            order = serving.receive_order(
                order=order, packs=form.packs(), note=form.cleaned_data["note"],
                by=request.user, key=form.cleaned_data["key"],
            )  # fmt: skip
        except MaterialError as error:
            messages.error(request, str(error))
            return redirect(order)
        words = "C’est dans votre stock. Merci !"
        if order.state == OrderState.RECEIVED:
            words = "C’est noté, l’écart aussi : qui vous l’a envoyé est prévenu·e."
        messages.success(request, words)
        return redirect(order)
    context = {
        "form": form, "order": order, "crumbs": crumbs("Réception", order_list="Commandes"),
    }  # fmt: skip
    return render(request, "materials/order/receive.html", context)
