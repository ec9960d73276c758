"""Pages of sources: open one, print its QR code, see what it brings."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.clock import current_campaign, today
from contacts import actions, rules
from contacts.links import source_url
from contacts.models import Source
from contacts.qr import qr_png, qr_svg
from contacts.source_forms import SourceEditForm, SourceForm
from contacts.sources import open_source
from organisations.requests import UserRequest
from organisations.rules import led_organisations


def _crumbs(here: str, source: Source | None = None) -> list[dict[str, str]]:
    trail = [{"label": "QR codes", "url": reverse("contacts:source-list")}]
    if source:
        own = reverse("contacts:source-detail", args=[source.pk])
        trail.append({"label": source.label, "url": own})
    return [*trail, {"label": here, "url": ""}]


def source_list(request: UserRequest) -> HttpResponse:
    context = {
        "sources": rules.paginate_sources(request.user, request.GET.get("page")),
        "can_create": rules.can_manage_sources(request.user),
        "can_enter": rules.can_capture(request.user),
    }
    return render(request, "contacts/source_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def source_create(request: UserRequest) -> HttpResponse:
    organisations = led_organisations(request.user)
    if not organisations:
        raise Http404
    form = SourceForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        source = open_source(created_by=request.user, **form.opened())
        messages.success(request, "Le QR code est ouvert, prêt à imprimer.")
        return redirect("contacts:source-detail", pk=source.pk)
    return render(
        request,
        "contacts/source_form.html",
        {"form": form, "source": None, "crumbs": _crumbs("Nouveau")},
    )


def source_detail(request: UserRequest, pk: int) -> HttpResponse:
    source = rules.get_source_or_404(request.user, pk)
    context = {
        "source": source,
        "crumbs": _crumbs(source.label),
        "address": source_url(source),
        "counts": rules.count_registrations(source),
        "is_managed": rules.can_manage_source(request.user, source),
        "can_enter": rules.can_enter_sheets(request.user, source),
    }
    return render(request, "contacts/source_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def source_edit(request: UserRequest, pk: int) -> HttpResponse:
    source = rules.get_managed_source_or_404(request.user, pk)
    initial = {"label": source.label, "trade": source.trade_id}
    form = SourceEditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.rename_source(source=source, **form.cleaned_data)
        messages.success(request, "Le QR code est modifié.")
        return redirect("contacts:source-detail", pk=pk)
    return render(
        request,
        "contacts/source_form.html",
        {"form": form, "source": source, "crumbs": _crumbs("Modifier", source)},
    )


@require_POST
def source_close(request: UserRequest, pk: int) -> HttpResponse:
    actions.close_source(source=rules.get_managed_source_or_404(request.user, pk))
    messages.success(request, "Le QR code est fermé : il n’inscrit plus personne.")
    return redirect("contacts:source-detail", pk=pk)


@require_POST
def source_reopen(request: UserRequest, pk: int) -> HttpResponse:
    actions.reopen_source(source=rules.get_managed_source_or_404(request.user, pk))
    messages.success(request, "Le QR code est rouvert.")
    return redirect("contacts:source-detail", pk=pk)


def source_qr(request: UserRequest, pk: int, extension: str) -> HttpResponse:
    """The QR code as a file: SVG for the screen and the printer, PNG for messaging."""
    address = source_url(rules.get_source_or_404(request.user, pk))
    match extension:
        case "svg":
            return HttpResponse(qr_svg(address), content_type="image/svg+xml")
        case "png":
            return HttpResponse(qr_png(address), content_type="image/png")
    raise Http404


def source_poster(request: UserRequest, pk: int) -> HttpResponse:
    """A page to print: the QR code, the short address, what the worker gets and when to vote."""
    source = rules.get_source_or_404(request.user, pk)
    campaign = current_campaign()
    context = {
        "source": source,
        "crumbs": _crumbs("Affiche", source),
        # To be typed by hand: a browser finds the rest.
        "address": source_url(source).partition("://")[2].rstrip("/"),
        "campaign": campaign if campaign and today() <= campaign.vote_closes else None,
    }
    return render(request, "contacts/source_poster.html", context)
