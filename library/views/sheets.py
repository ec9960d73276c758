"""The sheets' editor: draft, preview, publication, history."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.pages import confirm
from library import actions, rules
from library.differences import compare
from library.errors import DraftChanged, LibraryError
from library.files import attachment, pdf_attachment
from library.forms import PublishForm, SheetEditor
from library.models import RightsSheet
from library.pdf import render_version
from library.views.pages import by, library_user

form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
def sheet_add(request: HttpRequest) -> HttpResponse:
    rules.check_editor(request.user)
    editor = SheetEditor(None, revision=0, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and editor.is_valid():
        version = actions.create_sheet(
            content=editor.content, verified_on=editor.verified_on, author=library_user(request)
        )
        messages.success(
            request, "Fiche créée. Personne ne la voit tant qu’elle n’est pas publiée."
        )
        return _after_save(request, version.sheet)
    return render(request, "library/sheet_form.html", {"editor": editor, "sheet": None})


@form_view
def sheet_edit(request: HttpRequest, slug: str) -> HttpResponse:
    sheet = rules.get_sheet_to_edit_or_404(request.user, slug)
    draft = sheet.draft
    editor = SheetEditor(
        draft or rules.latest_version(sheet),
        revision=draft.revision if draft else 0,
        data=request.POST if request.method == "POST" else None,
    )
    if request.method == "POST" and editor.is_valid():
        try:
            _save(request, sheet, editor)
        except DraftChanged as error:
            editor.form.add_error(None, str(error))
        else:
            messages.success(request, "Brouillon enregistré.")
            return _after_save(request, sheet)
    context = {"editor": editor, "sheet": sheet, "draft": draft}
    return render(request, "library/sheet_form.html", context)


@require_safe
def draft_preview(request: HttpRequest, slug: str) -> HttpResponse:
    draft = rules.get_draft_or_404(request.user, slug)
    return render(request, "library/sheet_preview.html", _with_changes(draft, slug))


@require_safe
def draft_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    draft = rules.get_draft_or_404(request.user, slug)
    return pdf_attachment(render_version(draft), f"{slug}-brouillon.pdf")


@form_view
def sheet_publish(request: HttpRequest, slug: str) -> HttpResponse:
    draft = rules.get_draft_or_404(request.user, slug)
    form = PublishForm(request.POST or None, initial={"revision": draft.revision})
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish_sheet(
                version=draft,
                publisher=library_user(request),
                revision=form.cleaned_data["revision"],
            )
        except LibraryError as error:
            messages.error(request, str(error))
            return redirect("library:draft-preview", slug)
        messages.success(request, "Fiche publiée : la page et le PDF sont à jour.")
        return redirect("library:sheet-history", slug)
    context = _with_changes(draft, slug) | {"form": form}
    return render(request, "library/sheet_publish.html", context)


@form_view
def draft_discard(request: HttpRequest, slug: str) -> HttpResponse:
    draft = rules.get_draft_or_404(request.user, slug)
    if request.method == "POST":
        actions.discard_draft(sheet=draft.sheet)
        messages.success(request, "Brouillon jeté.")
        return redirect("library:home")
    return confirm(
        request,
        title="Jeter ce brouillon ?",
        text=f"« {draft.sheet} », version {draft.number}, enregistrée"
        f"{by(draft.saved_by)}. La version publiée, s’il y en a une, ne change pas.",
        label="Jeter le brouillon",
        back=reverse("library:draft-preview", args=[slug]),
    )


@form_view
def sheet_retire(request: HttpRequest, slug: str) -> HttpResponse:
    sheet = rules.get_sheet_to_edit_or_404(request.user, slug)
    if request.method == "POST":
        actions.retire_sheet(sheet=sheet)
        messages.success(request, "Fiche retirée. Vous la retrouvez dans « Retirés ».")
        return redirect("library:retired")
    return confirm(
        request,
        title="Retirer cette fiche ?",
        text=f"« {sheet} » ne sera plus proposée. Son adresse dira qu’elle a été retirée et mènera"
        " aux autres fiches. Vous pourrez la rétablir.",
        label="Retirer la fiche",
        back=reverse("library:sheet-history", args=[slug]),
    )


@require_http_methods(["POST"])
def sheet_restore(request: HttpRequest, slug: str) -> HttpResponse:
    sheet = rules.get_sheet_to_edit_or_404(request.user, slug)
    try:
        actions.restore_sheet(sheet=sheet)
    except LibraryError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"« {sheet} » est de nouveau publiée.")
    return redirect("library:sheet-history", slug)


@require_safe
def sheet_history(request: HttpRequest, slug: str) -> HttpResponse:
    sheet = rules.get_sheet_to_edit_or_404(request.user, slug)
    context = {"sheet": sheet, "versions": rules.history(sheet)}
    return render(request, "library/sheet_history.html", context)


@require_safe
def version_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    version = rules.get_version_or_404(request.user, slug, number)
    return render(request, "library/version_detail.html", _with_changes(version, slug))


@require_safe
def version_pdf(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    version = rules.get_published_version_or_404(request.user, slug, number)
    return attachment(version.pdf, f"{slug}-v{number}.pdf", "application/pdf")


@require_safe
def to_verify(request: HttpRequest) -> HttpResponse:
    sheets = rules.sheets_to_verify(request.user, today=timezone.localdate())
    return render(request, "library/to_verify.html", {"sheets": sheets})


def _save(request: HttpRequest, sheet: RightsSheet, editor: SheetEditor) -> None:
    actions.save_draft(
        sheet=sheet,
        content=editor.content,
        verified_on=editor.verified_on,
        author=library_user(request),
        revision=editor.revision,
    )


def _after_save(request: HttpRequest, sheet: RightsSheet) -> HttpResponse:
    page = "draft-preview" if request.POST.get("then") == "preview" else "sheet-edit"
    return redirect(f"library:{page}", sheet.slug)


def _with_changes(version: Any, slug: str) -> dict[str, Any]:
    previous = rules.previous_version(version)
    return {
        "version": version,
        "sheet": version.sheet,
        "previous": previous,
        "changes": compare(previous.content, version.content) if previous else [],
        "slug": slug,
    }
