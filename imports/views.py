"""A list in five steps: its file, its columns, the proof of consent, the check, the import."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.pages import confirm
from imports import actions, rules
from imports.enums import AT_WORK, Status
from imports.errors_file import errors_csv, template_csv
from imports.files import RefusedList
from imports.forms import ColumnsForm, ProofForm, UploadForm
from imports.models import ContactImport
from imports.preview import preview_of, samples_of
from imports.tasks import start
from organisations.requests import UserRequest

STEPS = ["Fichier", "Colonnes", "Accord", "Aperçu", "Import"]
CSV = "text/csv; charset=utf-8"


def _crumbs(here: str, contact_import: ContactImport | None = None) -> list[dict[str, str]]:
    trail = [{"label": "Listes importées", "url": reverse("imports:import-list")}]
    if contact_import:
        own = reverse("imports:import-detail", args=[contact_import.pk])
        trail.append({"label": contact_import.label, "url": own})
    return [*trail, {"label": here, "url": ""}]


def _to_detail(contact_import: ContactImport) -> HttpResponseRedirect:
    return redirect("imports:import-detail", pk=contact_import.pk)


@require_GET
def import_list(request: UserRequest) -> HttpResponse:
    context = {"imports": rules.list_imports_or_404(request.user, request.GET.get("page"))}
    return render(request, "imports/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def import_create(request: UserRequest) -> HttpResponse:
    organisations = rules.importing_organisations_or_404(request.user)
    sent = request.method == "POST"
    form = UploadForm(
        request.POST if sent else None, request.FILES if sent else None, organisations=organisations
    )
    if sent and form.is_valid():
        try:
            opened = actions.open_import(user=request.user, **form.opened())
        except RefusedList as error:
            form.add_error("file", str(error))
        else:
            return redirect("imports:import-columns", pk=opened.pk)
    context = {"form": form, "crumbs": _crumbs("Nouvelle liste"), "steps": STEPS}
    return render(request, "imports/create.html", context)


@require_GET
def import_template(request: UserRequest) -> HttpResponse:
    rules.importing_organisations_or_404(request.user)
    answer = HttpResponse(template_csv(), content_type=CSV)
    answer["Content-Disposition"] = 'attachment; filename="modele-liste.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: UserRequest, pk: UUID) -> HttpResponse:
    contact_import = rules.get_import_in_preparation_or_404(request.user, pk)
    form = ColumnsForm(request.POST or None, contact_import=contact_import)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_columns(contact_import=contact_import, **form.chosen())
        except actions.WrongMoment as error:
            messages.error(request, str(error))
            return _to_detail(contact_import)
        return redirect("imports:import-proof", pk=pk)
    context = {
        "form": form,
        "contact_import": contact_import,
        "columns": list(zip(form.column_fields, samples_of(contact_import), strict=True)),
        "crumbs": _crumbs("Colonnes", contact_import),
        "steps": STEPS,
    }
    return render(request, "imports/columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def import_proof(request: UserRequest, pk: UUID) -> HttpResponse:
    contact_import = rules.get_import_in_preparation_or_404(request.user, pk)
    form = ProofForm.for_import(contact_import, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare_consent(contact_import=contact_import, **form.declared())
            start(contact_import)
        except actions.WrongMoment as error:
            messages.error(request, str(error))
        return _to_detail(contact_import)
    context = {
        "form": form,
        "contact_import": contact_import,
        "crumbs": _crumbs("Accord", contact_import),
        "steps": STEPS,
    }
    return render(request, "imports/proof.html", context)


@require_GET
def import_detail(request: UserRequest, pk: UUID) -> HttpResponse:
    """Where a list stands; the page asks again by itself while a worker is at it."""
    contact_import = rules.get_import_or_404(request.user, pk)
    is_partial = request.htmx and not request.htmx.history_restore_request
    part = "#state" if is_partial else ""
    response = render(request, f"imports/detail.html{part}", _state(contact_import))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _state(contact_import: ContactImport) -> dict[str, Any]:
    is_ready = contact_import.status == Status.READY
    return {
        "contact_import": contact_import,
        "crumbs": _crumbs(contact_import.label),
        "steps": STEPS,
        "step": {Status.DRAFT: 2, Status.CHECKING: 4, Status.READY: 4}.get(
            Status(contact_import.status), 5
        ),
        "is_at_work": contact_import.status in AT_WORK,
        "progress": rules.progress_of(contact_import),
        "preview": preview_of(contact_import) if is_ready else [],
        "errors": rules.first_errors_of(contact_import),
        "same_file": rules.other_imports_of_file(contact_import) if is_ready else [],
        "can_be_undone": rules.can_be_undone(contact_import),
    }


@require_POST
def import_confirm(request: UserRequest, pk: UUID) -> HttpResponse:
    contact_import = rules.get_import_or_404(request.user, pk)
    try:
        actions.confirm_import(contact_import=contact_import)
        start(contact_import)
    except actions.WrongMoment as error:
        messages.error(request, str(error))
    return _to_detail(contact_import)


@require_POST
def import_cancel(request: UserRequest, pk: UUID) -> HttpResponse:
    contact_import = rules.get_import_or_404(request.user, pk)
    try:
        actions.cancel_import(contact_import=contact_import)
        messages.success(request, "C’est arrêté.")
    except actions.WrongMoment as error:
        messages.error(request, str(error))
    return _to_detail(contact_import)


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: UserRequest, pk: UUID) -> HttpResponse:
    contact_import = rules.get_import_or_404(request.user, pk)
    if request.method == "POST":
        try:
            actions.undo_import(contact_import=contact_import)
            start(contact_import)
        except actions.WrongMoment as error:
            messages.error(request, str(error))
        return _to_detail(contact_import)
    if not rules.can_be_undone(contact_import):
        return _to_detail(contact_import)
    return confirm(
        request,
        title=f"Annuler l’import de « {contact_import.label} » ?",
        text=(
            "Les personnes que cette liste a apportées sont effacées, sauf celles rencontrées ou "
            "appelées depuis. Les personnes connues avant restent, sans l’accord de cette liste."
        ),
        label="Annuler cet import",
        back=reverse("imports:import-detail", args=[pk]),
    )


@require_GET
def import_errors(request: UserRequest, pk: UUID) -> StreamingHttpResponse:
    """The lines to correct, to be sent back once corrected."""
    contact_import = rules.get_import_or_404(request.user, pk)
    answer = StreamingHttpResponse(errors_csv(contact_import), content_type=CSV)
    name = slugify(contact_import.label)[:60] or "liste"
    answer["Content-Disposition"] = f'attachment; filename="{name}-a-corriger.csv"'
    return answer
