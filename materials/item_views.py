"""The upkeep of the catalogue, by the confederation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.pages import confirm
from materials import catalogue, catalogue_rules
from materials.catalogue_forms import ItemForm, VersionForm
from materials.crumbs import crumbs
from organisations.requests import UserRequest

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def item_retired(request: UserRequest) -> HttpResponse:
    items = catalogue_rules.retired_items(request.user)
    context = {"items": items, "crumbs": crumbs("Hors catalogue")}
    return render(request, "materials/catalogue/retired.html", context)


@require_http_methods(GET_OR_POST)
def item_create(request: UserRequest) -> HttpResponse:
    catalogue_rules.check_editor(request.user)
    form = ItemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        item = catalogue.create_item(**form.cleaned_data)
        messages.success(request, "L’article est au catalogue. Ajoutez-lui ses fichiers.")
        return redirect("materials:item-publish", item.slug)
    title = "Nouvel article"
    context = {"form": form, "title": title, "crumbs": crumbs(title), "item": None}
    return render(request, "materials/catalogue/form.html", context)


@require_http_methods(GET_OR_POST)
def item_edit(request: UserRequest, slug: str) -> HttpResponse:
    item = catalogue_rules.get_item_to_edit_or_404(request.user, slug)
    form = ItemForm(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid():
        catalogue.edit_item(item=item, **form.cleaned_data)
        messages.success(request, "C’est noté.")
        return redirect(item)
    title = f"Modifier « {item} »"
    context = {"form": form, "title": title, "crumbs": crumbs("Modifier"), "item": item}
    return render(request, "materials/catalogue/form.html", context)


@require_http_methods(GET_OR_POST)
def item_publish(request: UserRequest, slug: str) -> HttpResponse:
    item = catalogue_rules.get_item_to_edit_or_404(request.user, slug)
    form = VersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        catalogue.publish_version(
            item=item, label=form.cleaned_data["label"], files=form.files_kept(), by=request.user
        )
        messages.success(request, "La nouvelle version est en place ; l’ancienne reste à l’écart.")
        return redirect(item)
    title = f"Nouvelle version de « {item} »"
    context = {"form": form, "title": title, "crumbs": crumbs("Nouvelle version"), "item": None}
    return render(request, "materials/catalogue/form.html", context)


@require_safe
def item_history(request: UserRequest, slug: str) -> HttpResponse:
    item = catalogue_rules.get_item_to_edit_or_404(request.user, slug)
    context = {
        "item": item,
        "versions": catalogue_rules.history_of(item),
        "crumbs": crumbs("Versions"),
    }
    return render(request, "materials/catalogue/history.html", context)


@require_http_methods(GET_OR_POST)
def item_retire(request: UserRequest, slug: str) -> HttpResponse:
    item = catalogue_rules.get_item_to_edit_or_404(request.user, slug)
    if request.method == "POST":
        catalogue.retire_item(item=item)
        messages.success(request, f"« {item} » n’est plus proposé. Vous pouvez le remettre.")
        return redirect("materials:item-retired")
    return confirm(
        request,
        title="Retirer cet article du catalogue ?",
        text=f"« {item} » ne se commande plus ; les commandes en cours vont au bout.",
        label="Retirer l’article",
        back=item.get_absolute_url(),
    )


@require_POST
def item_restore(request: UserRequest, slug: str) -> HttpResponse:
    item = catalogue_rules.get_item_to_edit_or_404(request.user, slug)
    catalogue.restore_item(item=item)
    messages.success(request, f"« {item} » est de nouveau au catalogue.")
    return redirect(item)
