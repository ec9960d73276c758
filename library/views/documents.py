"""A document and its file: one door for who is logged in, one for everybody."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.languages import in_every_language
from library import reading, rules
from library.files import attachment, picture
from library.models import Document
from library.readers import is_person_reading, name_of
from library.views.pages import library_user


@require_safe
def document_detail(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        document = rules.get_document_or_404(request.user, slug)
    except rules.GoneDocument as gone:
        return _gone(request, gone)
    can_edit = rules.can_edit_document(request.user, document)
    context: dict[str, Any] = {"document": document, "can_edit": can_edit, "versions": []}
    context["since"] = reading.begin_visit(user=library_user(request))
    if can_edit:
        context["versions"] = rules.files_of(document)
        context["downloads"] = rules.downloads_of(document)
    return render(request, "library/document_detail.html", context)


@require_safe
def document_file(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponseBase:
    try:
        version = rules.get_file_or_404(request.user, slug, number)
    except rules.GoneDocument as gone:
        return _gone(request, gone)
    if number is None:
        _count(request, version.document)
    return attachment(version.file, version.name, version.content_type)


@require_safe
def document_preview(request: HttpRequest, slug: str) -> HttpResponseBase:
    try:
        document = rules.get_document_or_404(request.user, slug)
    except rules.GoneDocument as gone:
        raise Http404 from gone
    return picture(rules.preview_or_404(document).preview)


@login_not_required
@in_every_language
@require_safe
def public_document(request: HttpRequest, slug: str) -> HttpResponse:
    """For somebody without an account. What is not for everybody asks who comes."""
    try:
        document = rules.get_public_document_or_404(slug)
    except rules.GoneDocument as gone:
        return _publicly_gone(request, gone)
    except Http404:
        return redirect("library:document", slug)
    return render(request, "library/public_document.html", {"document": document})


@login_not_required
@in_every_language
@require_safe
def public_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    try:
        document = rules.get_public_document_or_404(slug)
    except rules.GoneDocument as gone:
        return _publicly_gone(request, gone)
    except Http404:
        return redirect("library:document-file", slug)
    _count(request, document)
    version = document.current
    return attachment(version.file, version.name, version.content_type)


@login_not_required
@require_safe
def public_preview(request: HttpRequest, slug: str) -> HttpResponseBase:
    try:
        document = rules.get_public_document_or_404(slug)
    except rules.GoneDocument as gone:
        raise Http404 from gone
    return picture(rules.preview_or_404(document).preview)


def _count(request: HttpRequest, document: Document) -> None:
    if is_person_reading(request):
        reading.count_download(document=document, reader=name_of(request))


def _gone(request: HttpRequest, gone: rules.GoneDocument) -> HttpResponse:
    context = {"document": gone.document, "successor": gone.successor}
    return render(request, "library/document_gone.html", context, status=410)


def _publicly_gone(request: HttpRequest, gone: rules.GoneDocument) -> HttpResponse:
    context = {"document": gone.document, "successor": gone.successor}
    return render(request, "library/public_document_gone.html", context, status=410)
