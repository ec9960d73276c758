"""Collections: read by everybody logged in, arranged by the confederation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.pages import confirm
from library import collecting, reading, rules
from library.document_forms import ArrangeForm, CollectionForm
from library.errors import DocumentChanged
from library.views.pages import library_user
from library.views.publishing import form_view


@require_safe
def collection_detail(request: HttpRequest, slug: str) -> HttpResponse:
    collection = rules.get_collection_or_404(request.user, slug)
    context = {
        "collection": collection,
        "documents": rules.documents_of(request.user, collection),
        "can_edit": rules.can_edit_library(request.user),
        "since": reading.begin_visit(user=library_user(request)),
    }
    return render(request, "library/collection_detail.html", context)


@form_view
def collection_add(request: HttpRequest) -> HttpResponse:
    rules.check_editor(request.user)
    form = CollectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        collection = collecting.create_collection(**form.cleaned_data)
        messages.success(request, "Collection créée. Choisissez ce qu’elle contient.")
        return redirect("library:collection-edit", collection.slug)
    context = {"form": form, "title": "Nouvelle collection", "back": reverse("library:home")}
    return render(request, "library/document_form.html", context | {"can_wait": False})


@form_view
def collection_edit(request: HttpRequest, slug: str) -> HttpResponse:
    collection = rules.get_collection_to_edit_or_404(request.user, slug)
    form = ArrangeForm(
        request.POST or None, user=library_user(request), collection=collection,
        placed=rules.placed_documents(collection),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            collecting.arrange_collection(
                collection=collection, title=form.cleaned_data["title"],
                summary=form.cleaned_data["summary"], documents=form.documents,
                revision=form.cleaned_data["revision"],
            )  # fmt: skip
        except DocumentChanged as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Collection enregistrée.")
            return redirect(collection)
    return render(request, "library/collection_form.html", {"form": form, "collection": collection})


@form_view
def collection_delete(request: HttpRequest, slug: str) -> HttpResponse:
    collection = rules.get_collection_to_edit_or_404(request.user, slug)
    if request.method == "POST":
        collecting.delete_collection(collection=collection)
        messages.success(request, f"La collection « {collection} » est supprimée.")
        return redirect("library:home")
    return confirm(
        request,
        title="Supprimer cette collection ?",
        text=f"« {collection} » disparaît ; les documents qu’elle réunit restent où ils sont.",
        label="Supprimer la collection",
        back=collection.get_absolute_url(),
    )
