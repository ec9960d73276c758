"""Pages for workers: no account, no JavaScript, addresses that never change."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from core.languages import in_every_language
from library import rules
from library.files import attachment
from library.forms import TradeFilter


@login_not_required
@in_every_language
@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    form = TradeFilter(request.GET)
    sheets = rules.public_sheets().order_by("position", "pk")
    trade = form.cleaned_data["metier"] if form.is_valid() else None
    if trade:
        sheets = sheets.for_trade(trade.pk).order_by("is_general", "position", "pk")
    return render(
        request, "library/public_list.html", {"form": form, "sheets": sheets, "trade": trade}
    )


@login_not_required
@in_every_language
@require_safe
def public_sheet(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        version = rules.get_public_version_or_404(slug)
    except rules.RetiredSheet as retired:
        return _gone(request, retired)
    return render(
        request, "library/public_sheet.html", {"version": version, "sheet": version.sheet}
    )


@login_not_required
@in_every_language
@require_safe
def public_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    try:
        version = rules.get_public_version_or_404(slug)
    except rules.RetiredSheet as retired:
        return _gone(request, retired)
    # A version never changes: its number is enough to know its bytes.
    etag = f'"{version.sheet_id}-v{version.number}"'
    changed = int(version.published_at.timestamp()) if version.published_at else 0
    response: HttpResponseBase | None = get_conditional_response(request, etag, changed)
    if response is None:
        response = attachment(version.pdf, f"{slug}.pdf", "application/pdf")
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    patch_cache_control(response, public=True, max_age=600)
    return response


def _gone(request: HttpRequest, retired: rules.RetiredSheet) -> HttpResponse:
    return render(request, "library/public_gone.html", {"sheet": retired.sheet}, status=410)
