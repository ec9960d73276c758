"""Hundreds of flyers at once: asked for, followed while a worker draws them, taken away."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from library.files import attachment
from materials import flyer_batches, flyer_rules
from materials.flyer_enums import BatchState
from materials.flyer_forms import BatchForm
from materials.flyer_views import crumbs
from materials.tasks import start
from organisations.requests import UserRequest


@require_http_methods(["GET", "HEAD", "POST"])
def batch_create(request: UserRequest) -> HttpResponse:
    organisations = flyer_rules.printing_organisations_or_404(request.user)
    form = BatchForm(request.POST or None, user=request.user, initial={"copies": 500})
    if request.method == "POST" and form.is_valid():
        batch = flyer_batches.open_batch(
            organisation=organisations[0], author=request.user, **form.opened()
        )
        start(batch)
        return redirect("flyers:batch-detail", pk=batch.pk)
    context = {
        "form": form,
        "batches": flyer_rules.list_batches(request.user),
        "crumbs": crumbs(("Lots de tracts", "")),
    }
    return render(request, "materials/flyers/batch_create.html", context)


@require_safe
def batch_detail(request: UserRequest, pk: UUID) -> HttpResponse:
    """Where a batch stands; the page asks again by itself while a worker is at it."""
    batch = flyer_rules.get_batch_or_404(request.user, pk)
    context = {
        "batch": batch,
        "drawn": flyer_rules.count_drawn(batch),
        "is_at_work": batch.state == BatchState.DRAWING,
        "crumbs": crumbs(("Lot de tracts", "")),
    }
    is_partial = request.htmx and not request.htmx.history_restore_request
    part = "#state" if is_partial else ""
    response = render(request, f"materials/flyers/batch_detail.html{part}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
def batch_cancel(request: UserRequest, pk: UUID) -> HttpResponse:
    batch = flyer_rules.get_batch_or_404(request.user, pk)
    try:
        flyer_batches.cancel_batch(batch=batch)
        messages.success(request, "C’est arrêté : aucun tract n’est gardé.")
    except flyer_batches.WrongMoment as error:
        messages.error(request, str(error))
    return redirect("flyers:batch-detail", pk=pk)


@require_safe
def batch_archive(request: UserRequest, pk: UUID) -> HttpResponseBase:
    """All the flyers of a batch, until the zip expires."""
    batch = flyer_rules.get_batch_or_404(request.user, pk)
    if batch.state != BatchState.DONE:
        raise Http404
    name = f"tracts-{batch.created_at:%Y-%m-%d}.zip"
    return attachment(batch.archive, name, "application/zip")
