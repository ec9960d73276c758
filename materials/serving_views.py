"""Orders, for who serves them: the queue, deciding, preparing, sending, closing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import clock
from materials import order_rules, serving, stock_rules
from materials.crumbs import crumbs, material_tabs
from materials.enums import RESERVING, TO_DECIDE, LocationKind, OrderState
from materials.errors import MaterialError
from materials.models import Order, OrderLine
from materials.order_forms import ApproveForm, ParcelForm, ShipForm, WordForm
from materials.order_views import order_rows
from materials.places import confederal_stock
from materials.stock_rules import StockRow, allotments_of, ordered_so_far, stock_rows
from materials.suggestions import DELIVERY
from organisations.requests import UserRequest

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def order_queue(request: UserRequest) -> HttpResponse:
    order_rules.check_keeper(request.user)
    stage = request.GET.get("quoi", "")
    stage = stage if stage in order_rules.QUEUE else "a-decider"
    counts = order_rules.counts_for_keeper(request.user)
    page = order_rules.queue_at(request.user, stage, request.GET.get("page"))
    own, today = reverse("materials:order-queue"), clock.today()
    rows = order_rows(page)
    ready = stock_rules.ready_orders(list(page)) if stage == "attente" else set()
    for row in rows:
        row["is_ready"] = row["order"].pk in ready
        needed = row["order"].needed_by
        row["is_late"] = needed is not None and needed < today + DELIVERY
    context = {
        "tabs": material_tabs(request.user, "order-queue"),
        "stages": [
            {"label": label, "url": f"{own}?quoi={slug}", "current": slug == stage,
             "count": counts[slug]}
            for slug, (label, _) in order_rules.QUEUE.items()
        ],
        "page": page,
        "rows": rows,
    }  # fmt: skip
    return render(request, "materials/order/queue.html", context)


def _moved(request: UserRequest, order: Order) -> HttpResponse:
    messages.info(request, f"Cette commande est à l’étape « {order.get_state_display()} ».")
    return redirect(order)


def _try(request: UserRequest, form: Any, act: Callable[[], Order]) -> Order | None:
    """Do it, or say why not above the form."""
    try:
        return act()
    except MaterialError as error:
        form.add_error(None, str(error))
        return None


def _stock_by_item(order: Order, lines: list[OrderLine]) -> dict[int, StockRow]:
    rows = stock_rows([order.served_from], [line.item for line in lines])
    return {row.item.pk: row for row in rows}


@require_http_methods(GET_OR_POST)
def order_approve(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_served_order_or_404(request.user, pk)
    if order.state not in TO_DECIDE:
        return _moved(request, order)
    lines = order_rules.lines_of(order)
    stock = _stock_by_item(order, lines)
    form = ApproveForm(
        request.POST or None,
        lines=lines,
        usual=lambda line: min(line.requested, max(stock[line.item_id].left, 0)),
        most=lambda line: line.requested,
    )
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        done = _try(request, form, lambda: serving.approve_order(
            order=order, decisions=form.decisions(), keeps_rest=kept["keeps_rest"],
            reply=kept["reply"], by=request.user, key=kept["key"],
        ))  # fmt: skip
        if done:
            messages.success(request, "La réponse est partie par mail.")
            return redirect(done)
    context = {
        "form": form,
        "order": order,
        "rows": [
            row | {"stock": stock[row["line"].item_id]}
            for row in _with_allotments(order, form.rows())
        ],
        "can_forward": order.served_from.kind != LocationKind.CONFEDERATION,
        "crumbs": crumbs("Répondre", order_queue="À traiter"),
    }
    return render(request, "materials/order/approve.html", context)


def _with_allotments(order: Order, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is left of the organisation's allotment, beside each line."""
    allotted = allotments_of([order.organisation])
    ordered = ordered_so_far([order.organisation])
    for row in rows:
        line = row["line"]
        key = (order.organisation_id, line.item_id)
        packs = allotted.get(key)
        # This very order is among what was ordered.
        before = ordered.get(key, 0) - line.requested
        row["allotment"] = packs
        row["allotment_left"] = max(packs - before, 0) if packs is not None else None
    return rows


@require_http_methods(["POST"])
def order_forward(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_served_order_or_404(request.user, pk)
    if order.state not in TO_DECIDE:
        return _moved(request, order)
    serving.forward_order(order=order, to=confederal_stock(), by=request.user)
    messages.success(request, f"La commande {order.number} est transmise à la confédération.")
    return redirect(order)


@require_http_methods(GET_OR_POST)
def order_pick(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_served_order_or_404(request.user, pk)
    if order.state not in RESERVING:
        return _moved(request, order)
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _try(request, form, lambda: serving.start_picking(
            order=order, by=request.user, key=form.cleaned_data["key"]
        ))  # fmt: skip
        if done:
            messages.success(request, "À vous : cochez ce qui est prêt, puis expédiez.")
            return redirect("materials:order-pick", order.pk)
    lines = [line for line in order_rules.lines_of(order) if line.approved]
    stock = _stock_by_item(order, lines)
    context = {
        "form": form,
        "order": order,
        "is_picking": order.state == OrderState.PICKING,
        "rows": [{"line": line, "stock": stock[line.item_id]} for line in lines],
        "weight": sum((line.item.pack_weight or 0) * (line.approved or 0) for line in lines) / 1000,
        "crumbs": crumbs("Préparer", order_queue="À traiter"),
    }
    return render(request, "materials/order/pick.html", context)


@require_http_methods(GET_OR_POST)
def order_ship(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_served_order_or_404(request.user, pk)
    if order.state not in RESERVING:
        return _moved(request, order)
    lines = [line for line in order_rules.lines_of(order) if line.approved]
    form = ShipForm(
        request.POST or None,
        lines=lines,
        usual=lambda line: line.approved or 0,
        most=lambda line: line.approved or 0,
    )
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        done = _try(request, form, lambda: serving.ship_order(
            order=order, packs=form.packs(), parcel=form.parcel(), keeps_rest=kept["keeps_rest"],
            by=request.user, key=kept["key"],
        ))  # fmt: skip
        if done:
            messages.success(request, "C’est parti : qui a commandé reçoit un mail.")
            return redirect(done)
    context = {
        "form": form, "order": order, "crumbs": crumbs("Expédier", order_queue="À traiter"),
    }  # fmt: skip
    return render(request, "materials/order/ship.html", context)


@require_http_methods(GET_OR_POST)
def order_parcel(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_served_order_or_404(request.user, pk)
    if order.state != OrderState.SHIPPED:
        return _moved(request, order)
    form = ParcelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _try(request, form, lambda: serving.add_shipment(
            order=order, parcel=form.parcel(), key=form.cleaned_data["key"], by=request.user
        ))  # fmt: skip
        if done:
            messages.success(request, "Le colis est ajouté.")
            return redirect(order)
    return _act(request, order, form, "Ajouter un colis", "Avec son propre lien de suivi.")


@require_http_methods(GET_OR_POST)
def order_close(request: UserRequest, pk: int) -> HttpResponse:
    order = order_rules.get_served_order_or_404(request.user, pk)
    if order.state != OrderState.RECEIVED:
        return _moved(request, order)
    form = WordForm(request.POST or None)
    form.fields["word"].label = "Ce qui a été fait"
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        done = _try(request, form, lambda: serving.close_order(
            order=order, by=request.user, note=kept["word"], key=kept["key"]
        ))  # fmt: skip
        if done:
            messages.success(request, "La commande est terminée.")
            return redirect(order)
    text = "L’écart est compris, ou un nouvel envoi est prévu : plus rien n’est à faire ici."
    return _act(request, order, form, "Clore", text)


def _act(request: UserRequest, order: Order, form: Any, label: str, text: str) -> HttpResponse:
    context = {
        "form": form,
        "order": order,
        "title": f"{label} : {order.number}",
        "text": text,
        "label": label,
        "variant": "primary",
        "crumbs": crumbs(label, order_queue="À traiter"),
    }
    return render(request, "materials/order/act.html", context)
