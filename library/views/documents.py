"""Documents for activists: read by everybody logged in, kept by the confederation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.pages import confirm
from library import actions, rules
from library.files import attachment
from library.forms import DocumentDetailsForm, DocumentForm, FileForm
from library.views.pages import library_user

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def document_detail(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_or_404(request.user, slug)
    context: dict[str, Any] = {"document": document, "can_edit": False, "versions": []}
    if rules.can_edit_library(request.user):
        context |= {"can_edit": True, "versions": rules.files_of(document)}
    return render(request, "library/document_detail.html", context)


@require_safe
def document_file(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponseBase:
    version = rules.get_file_or_404(request.user, slug, number)
    return attachment(version.file, version.name, version.content_type)


@form_view
def document_add(request: HttpRequest) -> HttpResponse:
    rules.check_editor(request.user)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        document = actions.add_document(**form.cleaned_data, author=library_user(request))
        messages.success(request, f"« {document} » est ajouté.")
        return redirect(document)
    context = {"form": form, "title": "Ajouter un document", "back": reverse("library:home")}
    return render(request, "library/document_form.html", context)


@form_view
def document_edit(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_to_edit_or_404(request.user, slug)
    initial = {
        "title": document.title,
        "summary": document.summary,
        "kind": document.kind,
        "trades": list(document.trades.all()),
        "idcc": rules.codes_of(document),
    }
    form = DocumentDetailsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.edit_document(document=document, **form.cleaned_data)
        messages.success(request, "Document modifié.")
        return redirect(document)
    context = {"form": form, "title": "Modifier le document", "back": document.get_absolute_url()}
    return render(request, "library/document_form.html", context)


@form_view
def document_replace(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_to_edit_or_404(request.user, slug)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        actions.replace_document(
            document=document, file=form.cleaned_data["file"], author=library_user(request)
        )
        messages.success(request, "Fichier remplacé : l’adresse ne change pas.")
        return redirect(document)
    context = {"form": form, "title": "Remplacer le fichier", "back": document.get_absolute_url()}
    return render(request, "library/document_form.html", context)


@form_view
def document_retire(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_to_edit_or_404(request.user, slug)
    if request.method == "POST":
        actions.retire_document(document=document)
        messages.success(request, f"« {document} » est retiré. Vous pouvez le rétablir ici.")
        return redirect("library:retired")
    return confirm(
        request,
        title="Retirer ce document ?",
        text=f"« {document} » ne sera plus proposé. Vous pourrez le rétablir.",
        label="Retirer le document",
        back=document.get_absolute_url(),
    )


@require_http_methods(["POST"])
def document_restore(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_to_edit_or_404(request.user, slug)
    actions.restore_document(document=document)
    messages.success(request, f"« {document} » est de nouveau proposé.")
    return redirect(document)
