"""Stocks: what is where, what moved, what was counted."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from materials import ledger, order_rules, stock_rules
from materials.crumbs import crumbs, material_tabs
from materials.errors import MaterialError
from materials.order_forms import WordForm
from materials.stock_forms import CountForm, MoveForm
from organisations.requests import UserRequest

GET_OR_POST = ["GET", "HEAD", "POST"]
TRAIL = {"stock_list": "Stock"}


@require_safe
def stock_list(request: UserRequest) -> HttpResponse:
    order_rules.check_staff(request.user)
    page = stock_rules.locations_page(request.user, request.GET.get("page"))
    context = {
        "tabs": material_tabs(request.user, "stock-list"),
        "page": page,
        "cards": stock_rules.summaries(list(page.object_list)),
        "own": stock_rules.own_stocks(request.user),
    }
    return render(request, "materials/stock/list.html", context)


@require_safe
def stock_detail(request: UserRequest, pk: int) -> HttpResponse:
    location = stock_rules.get_location_or_404(request.user, pk)
    rows = stock_rules.stock_rows([location])
    context = {
        "location": location,
        "crumbs": crumbs(location.label, **TRAIL),
        "rows": [row for row in rows if row.packs or row.coming or row.threshold is not None],
        "movements": stock_rules.movements_at(location, request.GET.get("page")),
    }
    return render(request, "materials/stock/detail.html", context)


@require_http_methods(GET_OR_POST)
def stock_move(request: UserRequest, pk: int) -> HttpResponse:
    location = stock_rules.get_location_or_404(request.user, pk)
    form = MoveForm(
        request.POST or None, location=location, items=stock_rules.stocked_items(),
        user=request.user, initial={"item": request.GET.get("article")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = ledger.move(by=request.user, **form.movement())
        except MaterialError as error:
            form.add_error("packs", str(error))
        else:
            messages.success(request, f"C’est noté : {made.get_reason_display().lower()}.")
            return redirect("materials:stock-detail", location.pk)
    context = {
        "form": form,
        "location": location,
        "title": "Noter un mouvement",
        "crumbs": crumbs("Mouvement", **TRAIL),
    }
    return render(request, "materials/stock/form.html", context)


@require_http_methods(GET_OR_POST)
def stock_count(request: UserRequest, pk: int) -> HttpResponse:
    location = stock_rules.get_location_or_404(request.user, pk)
    form = CountForm(request.POST or None, rows=stock_rules.stock_rows([location]))
    if request.method == "POST" and form.is_valid():
        try:
            made = ledger.count_stock(
                location=location, counts=form.counts(), by=request.user,
                note=form.cleaned_data["note"],
            )  # fmt: skip
        except MaterialError as error:
            form.add_error(None, str(error))
        else:
            words = f"Inventaire noté : {len(made)} écart{'s' if len(made) > 1 else ''}."
            messages.success(request, words if made else "Tout y est : aucun écart.")
            return redirect("materials:stock-detail", location.pk)
    context = {"form": form, "location": location, "crumbs": crumbs("Inventaire", **TRAIL)}
    return render(request, "materials/stock/count.html", context)


@require_http_methods(GET_OR_POST)
def stock_correct(request: UserRequest, pk: int, movement: int) -> HttpResponse:
    location = stock_rules.get_location_or_404(request.user, pk)
    wrong = stock_rules.get_movement_or_404(request.user, location, movement)
    form = WordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        try:
            ledger.correct_movement(
                movement=wrong, by=request.user, note=kept["word"], key=kept["key"]
            )
        except MaterialError as error:
            messages.error(request, str(error))
        else:
            messages.success(
                request, "Le mouvement contraire est noté ; les deux restent lisibles."
            )
        return redirect("materials:stock-detail", location.pk)
    context = {
        "form": form,
        "location": location,
        "wrong": wrong,
        "crumbs": crumbs("Corriger", **TRAIL),
    }
    return render(request, "materials/stock/correct.html", context)
