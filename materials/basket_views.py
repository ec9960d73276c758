"""The basket: whole quantities, so that what is sent twice changes nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from campaigns import clock
from core.text import counted
from materials import catalogue_rules, order_rules, ordering
from materials.crumbs import material_tabs
from materials.enums import OrderState
from materials.errors import MaterialError, OrderMoved
from materials.models import Order
from materials.order_forms import BasketForm, BasketItemForm
from materials.stock_rules import allotments_of, ordered_so_far
from materials.suggestions import outlook_of
from organisations.requests import UserRequest

ALREADY_SENT = "Cette commande est déjà partie : la voici."


def wants_json(request: UserRequest) -> bool:
    return request.headers.get("accept", "").startswith("application/json")


@require_POST
def basket_set(request: UserRequest) -> HttpResponse:
    """So many packs of an item in the basket of an organisation."""
    organisation = order_rules.get_placing_organisation_or_404(
        request.user, request.POST.get("pour")
    )
    form = BasketItemForm(request.POST, items=catalogue_rules.offered_items(request.user))
    if not form.is_valid():
        words = "Cette quantité n’est pas bonne : un nombre de paquets, zéro ou plus."
        if wants_json(request):
            return JsonResponse({"reason": words}, status=422)
        messages.error(request, words)
        return _back(request)
    item, packs = form.cleaned_data["item"], form.cleaned_data["packs"]
    basket = ordering.open_basket(organisation=organisation, by=request.user)
    if request.POST.get("basket", "") not in ("", str(basket.pk)):
        return JsonResponse({"reason": ALREADY_SENT}, status=409)
    ordering.fill_basket(basket=basket, packs={item: packs})
    if wants_json(request):
        lines = len(order_rules.basket_packs(basket))
        return JsonResponse({"packs": packs, "lines": lines})
    held = counted(packs, "paquet", "paquets")
    words = f"« {item} » : {held} dans le panier." if packs else f"« {item} » n’y est plus."
    messages.success(request, words)
    return _back(request)


def _back(request: UserRequest) -> HttpResponse:
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        return redirect(address)
    return redirect("materials:item-list")


@require_http_methods(["GET", "HEAD", "POST"])
def basket(request: UserRequest) -> HttpResponse:
    if request.method == "POST":
        return _send(request)
    organisation = order_rules.get_placing_organisation_or_404(
        request.user, request.GET.get("pour")
    )
    held = order_rules.basket_of(organisation)
    form = _form(held) if held else None
    return _page(request, held, form)


def _form(held: Order, data: Any = None) -> BasketForm:
    return BasketForm(
        data,
        basket=held,
        lines=order_rules.lines_of(held),
        sources=ordering.sources_for(held.organisation),
        today=clock.today(),
    )


def _send(request: UserRequest) -> HttpResponse:
    number = request.POST.get("basket", "")
    held = order_rules.get_basket_or_404(request.user, int(number) if number.isdecimal() else 0)
    if held.state != OrderState.DRAFT:
        messages.info(request, ALREADY_SENT)
        return redirect(held)
    form = _form(held, request.POST)
    if not form.is_valid():
        return _page(request, held, form)
    try:
        ordering.fill_basket(basket=held, packs=form.packs())
        ordering.keep_delivery(basket=held, delivery=form.delivery())
        if "save" in request.POST:
            messages.success(request, "Le panier est enregistré.")
            return redirect(f"{request.path}?pour={held.organisation_id}")
        order = ordering.submit_order(
            basket=held, delivery=form.delivery(), by=request.user, key=form.cleaned_data["key"]
        )
    except OrderMoved:
        messages.info(request, ALREADY_SENT)
        return redirect(held)
    except MaterialError as error:
        form.add_error(None, str(error))
        return _page(request, held, form)
    messages.success(request, f"La commande {order.number} est partie. Réponse par mail.")
    return redirect(order)


def _page(request: UserRequest, held: Order | None, form: BasketForm | None) -> HttpResponse:
    organisation = held.organisation if held else order_rules.get_placing_organisation_or_404(
        request.user, request.GET.get("pour")
    )  # fmt: skip
    outlook = outlook_of(organisation)
    context = {
        "tabs": material_tabs(request.user, "order-basket"),
        "organisation": organisation,
        "ordering_choices": order_rules.placing_organisations(request.user),
        "form": form if form and form.lines else None,
        "number": held.pk if held else 0,
        "outlook": outlook,
        "beyond": _beyond(held) if held else [],
    }
    return render(request, "materials/order/basket.html", context)


def _beyond(held: Order) -> list[str]:
    """What goes past the organisation's allotments, in words."""
    allotted = allotments_of([held.organisation])
    ordered = ordered_so_far([held.organisation])
    words = []
    for line in order_rules.lines_of(held):
        key = (held.organisation_id, line.item_id)
        if key in allotted and ordered.get(key, 0) + line.requested > allotted[key]:
            left = counted(max(allotted[key] - ordered.get(key, 0), 0), "paquet", "paquets")
            words.append(f"« {line.item} » : il vous reste {left} de votre dotation.")
    return words
