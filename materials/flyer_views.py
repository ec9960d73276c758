"""Flyers: the runs and what they bring back, a new one, its files, what flyers say."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from contacts.links import source_url
from contacts.models import Source
from library.files import SAFE_HEADERS, pdf_attachment
from materials import flyer_rules, printing
from materials.flyer_drawing import (
    PHONE,
    Flyer,
    Layout,
    campaign_to_print,
    flyer_pdf,
    flyer_png,
    picture_of,
)
from materials.flyer_enums import FlyerFormat, Ink
from materials.flyer_forms import FlyerForm, LayoutForm, RunForm, TextForm
from organisations.requests import UserRequest

# Pixels per point of a picture on a page.
PREVIEW_SCALE = 1.4
# What a preview's QR code carries: the address of no source.
SPECIMEN = "0000000"


def crumbs(*trail: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"label": "Tracts", "url": reverse("flyers:list")},
        *({"label": label, "url": url} for label, url in trail),
    ]


@require_safe
def flyer_list(request: UserRequest) -> HttpResponse:
    """The runs with what each brought back; those of one batch with `?lot=`."""
    batch = _batch_number(request.GET.get("lot", ""))
    context = {
        "runs": flyer_rules.paginate_runs(request.user, page=request.GET.get("page"), batch=batch),
        "figures": flyer_rules.count_runs(request.user),
        "can_print": flyer_rules.can_print(request.user),
        "can_edit_texts": flyer_rules.can_edit_texts(request.user),
        "batch": batch,
    }
    return render(request, "materials/flyers/list.html", context)


def _batch_number(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
def flyer_create(request: UserRequest) -> HttpResponse:
    """Choose, look at the preview as often as one likes, then open the run."""
    organisations = flyer_rules.printing_organisations_or_404(request.user)
    form = FlyerForm(request.POST or None, organisations=organisations, initial={"copies": 500})
    sent = request.method == "POST"
    if sent and "preview" not in request.POST and form.is_valid():
        run = printing.open_run(author=request.user, **form.opened())
        messages.success(request, "Le tract est prêt. Son QR code n’est qu’à lui.")
        return redirect("flyers:detail", pk=run.pk)
    asked = request.POST if sent else {"organisation": organisations[0].pk}
    names = ("organisation", "trade", "commune", "format", "ink", "language")
    context = {
        "form": form,
        "crumbs": crumbs(("Nouveau tract", "")),
        "preview": urlencode({name: asked[name] for name in names if asked.get(name)}),
    }
    return render(request, "materials/flyers/create.html", context)


@require_safe
def flyer_preview(request: UserRequest) -> HttpResponse:
    """The flyer a form would make, with a QR code that leads nowhere."""
    organisations = flyer_rules.printing_organisations_or_404(request.user)
    form = FlyerForm(request.GET.dict() | {"copies": "1"}, organisations=organisations)
    form.is_valid()
    chosen = form.cleaned_data
    trade = chosen.get("trade")
    source = Source(
        code=SPECIMEN, organisation=chosen.get("organisation") or organisations[0], trade=trade
    )
    flyer = Flyer(
        source=source,
        text=flyer_rules.text_for(trade, form.spoken()),
        layout=Layout(chosen.get("format", FlyerFormat.A5), chosen.get("ink", Ink.COLOUR)),
        campaign=campaign_to_print(),
        commune=chosen.get("commune"),
    )
    return _picture(flyer)


def _picture(flyer: Flyer) -> HttpResponse:
    width = {FlyerFormat.A4: PREVIEW_SCALE / 2**0.5}.get(flyer.layout.format, PREVIEW_SCALE)  # type: ignore[call-overload]
    return HttpResponse(
        picture_of(flyer_pdf(flyer), scale=width), content_type="image/png", headers=SAFE_HEADERS
    )


@require_safe
def flyer_detail(request: UserRequest, pk: int) -> HttpResponse:
    run = flyer_rules.get_run_or_404(request.user, pk)
    context = _page_of(run.source) | {
        "run": run,
        "is_managed": flyer_rules.manages_run(request.user, run),
        "crumbs": crumbs((run.source.label, "")),
    }
    return render(request, "materials/flyers/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def flyer_edit(request: UserRequest, pk: int) -> HttpResponse:
    run = flyer_rules.get_managed_run_or_404(request.user, pk)
    form = RunForm(request.POST or None, initial={"copies": run.copies, "cost": run.cost})
    if request.method == "POST" and form.is_valid():
        printing.correct_run(run=run, **form.cleaned_data)
        messages.success(request, "Le tirage est modifié.")
        return redirect("flyers:detail", pk=pk)
    own = reverse("flyers:detail", args=[pk])
    context = {
        "form": form,
        "back_url": own,
        "title": "Modifier le tirage",
        "lead": run.source.label,
        "crumbs": crumbs((run.source.label, own), ("Modifier", "")),
    }
    return render(request, "materials/flyers/form.html", context)


@require_safe
def source_flyer(request: UserRequest, pk: int) -> HttpResponse:
    """A flyer for a QR code that is there already: that of an action, a poster, a site."""
    source = flyer_rules.get_source_or_404(request.user, pk)
    context = _page_of(source) | {"crumbs": crumbs((source.label, ""))}
    return render(request, "materials/flyers/source.html", context)


def _page_of(source: Source) -> dict[str, Any]:
    files = [
        {
            "label": f"{paper.upper()} {words}",
            "query": urlencode({"format": paper, "ink": ink} | ({"cut": "on"} if cut else {})),
        }
        for ink, cut, words in (
            (Ink.COLOUR, False, "en couleurs"),
            (Ink.LOW, False, "peu d’encre"),
            (Ink.COLOUR, True, "pour l’imprimeur, avec traits de coupe"),
        )
        for paper in FlyerFormat.values
    ]
    return {"source": source, "files": files, "address": source_url(source)}


@require_safe
def source_file(request: UserRequest, pk: int, extension: str) -> HttpResponseBase:
    """The file itself: PDF for paper, PNG for messaging apps; `?show=1` to show it on a page."""
    source = flyer_rules.get_source_or_404(request.user, pk)
    form = LayoutForm(request.GET)
    if not form.is_valid() or extension not in ("pdf", "png"):
        raise Http404
    layout = form.layout()
    name = slugify(source.label)[:60] or source.code
    if extension == "pdf":
        flyer = flyer_rules.flyer_of(source, layout)
        return pdf_attachment(flyer_pdf(flyer), f"{name}-{layout.format}.pdf")
    if request.GET.get("show"):
        return _picture(flyer_rules.flyer_of(source, layout))
    flyer = flyer_rules.flyer_of(source, Layout(PHONE, layout.ink))
    response = HttpResponse(flyer_png(flyer), content_type="image/png", headers=SAFE_HEADERS)
    response["Content-Disposition"] = f'attachment; filename="{name}.png"'
    return response


@require_safe
def text_list(request: UserRequest) -> HttpResponse:
    context = {
        "texts": flyer_rules.list_texts_or_404(request.user),
        "crumbs": crumbs(("Textes", "")),
    }
    return render(request, "materials/flyers/texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def text_edit(request: UserRequest, pk: int) -> HttpResponse:
    text = flyer_rules.get_text_or_404(request.user, pk)
    form = TextForm.for_text(text, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            printing.correct_text(text=text, author=request.user, **form.corrected())
        except printing.TextMoved:
            form.add_error(None, "Quelqu’un a modifié ce texte entre-temps : rouvrez la page.")
        else:
            messages.success(request, "Les prochains tracts diront cela.")
            return redirect("flyers:text-list")
    back = reverse("flyers:text-list")
    context = {
        "form": form,
        "back_url": back,
        "title": text.name,
        "lead": "Ce que disent les tracts dessinés à partir de maintenant.",
        "crumbs": crumbs(("Textes", back), (text.name, "")),
    }
    return render(request, "materials/flyers/form.html", context)
