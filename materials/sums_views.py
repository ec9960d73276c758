"""What is set and what follows from it: alerts, thresholds, allotments."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from materials import order_rules, shelves, stock_rules
from materials.crumbs import crumbs, material_tabs
from materials.stock_forms import AllotmentForm, ThresholdForm
from organisations.requests import UserRequest

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def alerts(request: UserRequest) -> HttpResponse:
    order_rules.check_staff(request.user)
    context = {
        "tabs": material_tabs(request.user, "stock-alerts"),
        "rows": stock_rules.alerts_for(request.user),
    }
    return render(request, "materials/stock/alerts.html", context)


@require_http_methods(GET_OR_POST)
def thresholds(request: UserRequest, pk: int) -> HttpResponse:
    location = stock_rules.get_location_or_404(request.user, pk)
    form = ThresholdForm(request.POST or None, rows=stock_rules.stock_rows([location]))
    if request.method == "POST" and form.is_valid():
        shelves.set_thresholds(location=location, thresholds=form.thresholds())
        messages.success(request, "Les seuils sont notés.")
        return redirect("materials:stock-detail", location.pk)
    context = {
        "form": form, "location": location, "crumbs": crumbs("Seuils", stock_list="Stock"),
    }  # fmt: skip
    return render(request, "materials/stock/thresholds.html", context)


@require_http_methods(GET_OR_POST)
def allotments(request: UserRequest) -> HttpResponse:
    """Read by who has one, written by who stands above."""
    order_rules.check_staff(request.user)
    below = stock_rules.organisations_below(request.user)
    if request.method == "POST" and not below:
        raise Http404
    form = AllotmentForm(
        request.POST or None, items=stock_rules.stocked_items(),
        organisations=stock_rules.organisations_below(request.user),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        shelves.set_allotment(**form.cleaned_data)
        messages.success(request, "La dotation est notée.")
        return redirect("materials:stock-allotments")
    context = {
        "tabs": material_tabs(request.user, "stock-allotments"),
        "form": form if below else None,
        "page": stock_rules.allotment_rows(request.user, request.GET.get("page")),
    }
    return render(request, "materials/stock/allotments.html", context)
