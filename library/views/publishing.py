"""Documents added, described, replaced, published and withdrawn by those who keep them."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.pages import confirm
from library import publishing, rules
from library.document_forms import DocumentForm, EditForm, ReplaceForm, RetireForm
from library.errors import DocumentChanged, LibraryError
from library.uploads import RefusedFile
from library.views.pages import library_user

form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
def document_add(request: HttpRequest) -> HttpResponse:
    rules.check_publisher(request.user)
    user = library_user(request)
    form = DocumentForm(request.POST or None, request.FILES or None, user=user)
    if request.method == "POST" and form.is_valid():
        is_draft = request.POST.get("then") == "draft"
        try:
            document = publishing.add_document(
                description=form.description, file=form.cleaned_data["file"], author=user,
                is_draft=is_draft,
            )  # fmt: skip
        except RefusedFile as error:
            form.add_error("file", str(error))
        except LibraryError as error:
            form.add_error("trades", str(error))
        else:
            said = "est gardé en brouillon." if is_draft else "est publié."
            messages.success(request, f"« {document} » {said}")
            return redirect(document)
    return _form_page(request, form, "Ajouter un document", reverse("library:home"), can_wait=True)


@form_view
def document_edit(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_to_edit_or_404(request.user, slug)
    user = library_user(request)
    form = EditForm(
        request.POST or None, initial=EditForm.initial_of(document), user=user, document=document
    )
    if request.method == "POST" and form.is_valid():
        try:
            publishing.edit_document(
                document=document, description=form.description, author=user,
                revision=form.cleaned_data["revision"],
            )  # fmt: skip
        except DocumentChanged as error:
            form.add_error(None, str(error))
        except LibraryError as error:
            form.add_error("trades", str(error))
        else:
            messages.success(request, "Document modifié.")
            return redirect(document)
    return _form_page(request, form, "Modifier le document", document.get_absolute_url())


@form_view
def document_replace(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_to_edit_or_404(request.user, slug)
    form = ReplaceForm(
        request.POST or None, request.FILES or None, initial={"seen": document.current.number}
    )
    if request.method == "POST" and form.is_valid():
        try:
            publishing.replace_document(
                document=document, file=form.cleaned_data["file"], author=library_user(request),
                seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except RefusedFile as error:
            form.add_error("file", str(error))
        except DocumentChanged as error:
            messages.warning(request, str(error))
            return redirect(document)
        else:
            messages.success(request, "Fichier remplacé : l’adresse ne change pas.")
            return redirect(document)
    return _form_page(request, form, "Remplacer le fichier", document.get_absolute_url())


@require_POST
def document_publish(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_to_edit_or_404(request.user, slug)
    publishing.publish_document(document=document, author=library_user(request))
    messages.success(request, f"« {document} » est publié.")
    return redirect(document)


@form_view
def document_discard(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_draft_document_or_404(request.user, slug)
    if request.method == "POST":
        publishing.discard_draft(document=document)
        messages.success(request, "Brouillon jeté.")
        return redirect("library:home")
    return confirm(
        request,
        title="Jeter ce brouillon ?",
        text=f"« {document} » et son fichier seront effacés. Personne d’autre ne l’a lu.",
        label="Jeter le brouillon",
        back=document.get_absolute_url(),
    )


@form_view
def document_retire(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_to_edit_or_404(request.user, slug)
    user = library_user(request)
    typed = request.POST if request.method == "POST" else None
    form = RetireForm(typed, user=user, document=document)
    if request.method == "POST" and form.is_valid():
        try:
            publishing.retire_document(document=document, author=user, **form.cleaned_data)
        except LibraryError as error:
            form.add_error("successor", str(error))
        else:
            messages.success(request, f"« {document} » est retiré. Vous pouvez le rétablir ici.")
            return redirect("library:retired")
    context = {"form": form, "document": document, "back": document.get_absolute_url()}
    return render(request, "library/document_retire.html", context)


@require_POST
def document_restore(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_to_edit_or_404(request.user, slug)
    publishing.restore_document(document=document)
    messages.success(request, f"« {document} » est de nouveau proposé.")
    return redirect(document)


@require_POST
def document_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    document = rules.get_document_to_edit_or_404(request.user, slug)
    publishing.confirm_document(document=document)
    messages.success(request, f"« {document} » est noté comme relu.")
    return redirect(document)


def _form_page(
    request: HttpRequest, form: Form, title: str, back: str, *, can_wait: bool = False
) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "can_wait": can_wait}
    return render(request, "library/document_form.html", context)
