"""The catalogue: what one may order or print, and its files."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library.files import SAFE_HEADERS, attachment
from library.uploads import PDF
from materials import catalogue_rules, order_rules
from materials.catalogue_forms import CatalogueFilter
from materials.crumbs import crumbs, material_tabs
from materials.enums import ItemKind
from materials.models import Item
from materials.stock_rules import allotments_of, ordered_so_far
from materials.suggestions import outlook_of, suggest
from organisations.models import Organisation
from organisations.requests import UserRequest

PAGE = 24
FILES = {"imprimeur": "print_ready", "econome": "low_ink"}


def basket_context(request: UserRequest) -> dict[str, Any]:
    """Whose basket the page fills; none for who orders nothing."""
    own = order_rules.placing_organisations(request.user)
    if not own:
        return {"ordering_for": None, "ordering_choices": []}
    organisation = order_rules.get_placing_organisation_or_404(
        request.user, request.GET.get("pour")
    )
    basket = order_rules.basket_of(organisation)
    return {
        "ordering_for": organisation,
        "ordering_choices": own,
        "basket_number": basket.pk if basket else "",
        "basket_packs": order_rules.basket_packs(basket),
    }


def _cards(request: UserRequest, items: list[Item], context: dict[str, Any]) -> list[Any]:
    """What each card says beside the item."""
    nearby = catalogue_rules.ordered_nearby(request.user, items)
    organisation: Organisation | None = context["ordering_for"]
    suggested = suggest(organisation, items, context["outlook"]) if organisation else {}
    in_basket = context.get("basket_packs", {})
    return [
        {
            "item": item,
            "nearby": nearby.get(item.pk, 0),
            "suggestion": suggested.get(item.pk),
            "in_basket": in_basket.get(item.pk, 0),
        }
        for item in items
    ]


@require_safe
def item_list(request: UserRequest) -> HttpResponse:
    items = catalogue_rules.offered_items(request.user)
    form = CatalogueFilter(request.GET or None)
    page = Paginator(form.apply(items), PAGE).get_page(request.GET.get("page"))
    context = basket_context(request)
    organisation = context["ordering_for"]
    context["outlook"] = outlook_of(organisation) if organisation else None
    context |= {
        "tabs": material_tabs(request.user, "item-list"),
        "form": form,
        "page": page,
        "cards": _cards(request, list(page.object_list), context),
        "can_edit": catalogue_rules.can_edit_catalogue(request.user),
        "here": request.get_full_path(),
    }
    return render(request, "materials/catalogue/list.html", context)


@require_safe
def item_detail(request: UserRequest, slug: str) -> HttpResponse:
    item = catalogue_rules.get_item_or_404(request.user, slug)
    context = basket_context(request)
    organisation = context["ordering_for"]
    context["outlook"] = outlook_of(organisation) if organisation else None
    (card,) = _cards(request, [item], context)
    context |= {
        "item": item,
        "card": card,
        "crumbs": crumbs(item.name),
        "version": item.current,
        "social_files": catalogue_rules.social_files_of(item.current),
        "is_offered": catalogue_rules.is_offered(request.user, item),
        "can_edit": catalogue_rules.can_edit_catalogue(request.user),
        "facts": facts_about(item),
        "allotment": _allotment(organisation, item) if organisation else None,
        "here": request.get_full_path(),
    }
    return render(request, "materials/catalogue/detail.html", context)


def facts_about(item: Item) -> list[dict[str, object]]:
    pack = ""
    if item.pack_size:
        pack = f"{item.pack_size} exemplaires" if item.pack_size > 1 else "à l’unité"
    facts: list[dict[str, object]] = [
        {"label": "Type", "value": ItemKind(item.kind).label},
        {"label": "Format", "value": item.format},
        {"label": "Métier", "value": item.trade.label if item.trade else "Tous"},
        {"label": "Langues", "value": ", ".join(item.language_labels)},
    ]
    if pack:
        facts.append({"label": "Un paquet", "value": pack})
        weight = f"{item.pack_weight / 1000:.1f} kg".replace(".", ",") if item.pack_weight else ""
        facts.append({"label": "Poids d’un paquet", "value": weight})
    version = item.current
    facts.append({"label": "Version", "value": version.label if version else ""})
    return facts


def _allotment(organisation: Organisation, item: Item) -> dict[str, int] | None:
    allotted = allotments_of([organisation]).get((organisation.pk, item.pk))
    if allotted is None:
        return None
    ordered = ordered_so_far([organisation]).get((organisation.pk, item.pk), 0)
    return {"packs": allotted, "left": max(allotted - ordered, 0)}


@require_safe
def preview(request: UserRequest, slug: str, number: int) -> HttpResponse:
    version = catalogue_rules.get_version_or_404(request.user, slug, number)
    if not version.preview:
        raise Http404
    return FileResponse(  # type: ignore[return-value]
        version.preview.open("rb"), content_type=version.preview_type, headers=SAFE_HEADERS
    )


@require_safe
def item_file(request: UserRequest, slug: str, number: int, which: str) -> HttpResponse:
    version = catalogue_rules.get_version_or_404(request.user, slug, number)
    file = getattr(version, FILES.get(which, ""), None)
    if not file:
        raise Http404
    return attachment(file, f"{slug}-v{number}-{which}.pdf", PDF.content_type)  # type: ignore[return-value]


@require_safe
def social_file(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    found = catalogue_rules.get_social_file_or_404(request.user, slug, pk)
    return attachment(found.file, found.name, found.content_type)  # type: ignore[return-value]
