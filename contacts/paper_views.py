"""Paper sheets of a source: print blank ones, type a filled one in."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from contacts import rules
from contacts.models import Capture, Source
from contacts.paper import enter_sheet, entered_sheet, print_sheets, sheets_pdf
from contacts.paper_forms import PaperSheet, SheetNumberForm, SheetsToPrintForm
from core.text import counted
from library.files import pdf_attachment
from organisations.requests import UserRequest


def _crumbs(source: Source) -> list[dict[str, str]]:
    return [
        {"label": "QR codes et liens", "url": reverse("contacts:source-list")},
        {"label": source.label, "url": reverse("contacts:source-detail", args=[source.pk])},
        {"label": "Feuilles papier", "url": ""},
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def paper_print(request: UserRequest, pk: int) -> HttpResponseBase:
    """Asks how many sheets, then answers them as one PDF."""
    source = rules.get_source_or_404(request.user, pk)
    form = SheetsToPrintForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        printed = print_sheets(source=source, author=request.user, **form.cleaned_data)
        pdf = sheets_pdf(source, printed)
        return pdf_attachment(pdf, f"feuilles-{slugify(source.label)[:60] or source.code}.pdf")
    context = {
        "form": form,
        "source": source,
        "crumbs": _crumbs(source),
        "can_enter": rules.can_enter_sheets(request.user, source),
    }
    return render(request, "contacts/paper_print.html", context)


@require_safe
def paper_find(request: UserRequest) -> HttpResponse:
    """From the number of a filled sheet to the grid in which it is typed."""
    rules.check_can_capture(request.user)
    form = SheetNumberForm(request.GET if "number" in request.GET else None, user=request.user)
    if form.is_valid():
        printed = form.cleaned_data["number"]
        address = reverse("contacts:paper-entry", args=[printed.source_id])
        return redirect(f"{address}?{urlencode({'numero': printed.number})}")
    return render(request, "contacts/paper_find.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def paper_entry(request: UserRequest, pk: int) -> HttpResponse:
    """A whole sheet at once: all its lines are stored, or none while one is wrong."""
    source = rules.get_source_of_sheets_or_404(request.user, pk)
    kept = {"number": request.GET.get("numero"), "filled_on": request.GET.get("jour")}
    initial = {key: value for key, value in kept.items() if value}
    sheet = PaperSheet(source, request.POST or None, initial)
    if request.method == "POST" and sheet.is_valid():
        captures = enter_sheet(printed=sheet.printed, requests=sheet.requests(request.user))
        messages.success(request, _said(sheet, captures))
        again = urlencode({"jour": sheet.form.cleaned_data["filled_on"].isoformat()})
        return redirect(f"{request.path}?{again}")
    context = {
        "sheet": sheet,
        "form": sheet.form,
        "source": source,
        "crumbs": _crumbs(source),
        "trades": sheet.readers.trades.trades,
        "entered": entered_sheet(source, request.POST.get("number") or kept["number"] or ""),
    }
    return render(request, "contacts/paper_entry.html", context)


def _said(sheet: PaperSheet, captures: list[Capture]) -> str:
    """How many people this sheet brought, those entered before apart; who was known is not told."""
    before = {capture.capture_id for capture in sheet.entered}
    added = [capture for capture in captures if capture.capture_id not in before]
    number = sheet.printed.number
    if not added:
        return f"Feuille {number} : elle était déjà enregistrée, rien n’est doublé."
    stored = counted(len(added), "personne enregistrée", "personnes enregistrées")
    return f"Feuille {number} : {stored}."
