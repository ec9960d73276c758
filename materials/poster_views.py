"""Posters put up: a list and its map, one more, what became of it."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from library.files import SAFE_HEADERS
from materials import poster_rules, postering
from materials.flyer_enums import PosterState
from materials.poster_forms import PosterForm, StateForm
from organisations.requests import UserRequest
from territory.maps import map_frame, shows_tiles

TONES = {
    PosterState.UP: "ok", PosterState.TO_RENEW: "warning", PosterState.DAMAGED: "bad",
    PosterState.REMOVED: "",
}  # fmt: skip


def _crumbs(here: str) -> list[dict[str, str]]:
    return [
        {"label": "Affiches posées", "url": reverse("flyers:poster-list")},
        {"label": here, "url": ""},
    ]


@shows_tiles
@require_safe
def poster_list(request: UserRequest) -> HttpResponse:
    poster_rules.check_sees_posters(request.user)
    tab = request.GET.get("etat", "")
    counts = poster_rules.count_posters(request.user)
    managed = poster_rules.managed_numbers(request.user)
    spots = [
        {"spot": spot, "tone": TONES[PosterState(spot.state)], "is_managed": spot.pk in managed}
        for spot in poster_rules.list_posters(request.user, tab=tab)
    ]
    context = {
        "spots": spots,
        "tabs": [
            {
                "label": label, "url": f"?etat={slug}" if slug else "?", "count": counts[slug],
                "current": slug == tab,
            }
            for slug, label in poster_rules.TABS.items()
        ],
        "is_cut": len(spots) == poster_rules.MOST_SHOWN,
        "map": map_frame(),
    }  # fmt: skip
    return render(request, "materials/posters/list.html", context)


@shows_tiles
@require_http_methods(["GET", "HEAD", "POST"])
def poster_create(request: UserRequest) -> HttpResponse:
    organisations = poster_rules.posting_organisations_or_404(request.user)
    sent = request.method == "POST"
    form = PosterForm(
        request.POST if sent else None, request.FILES if sent else None,
        organisations=organisations,
    )  # fmt: skip
    if sent and form.is_valid():
        postering.put_up(author=request.user, **form.opened())
        messages.success(request, "Merci ! L’affiche est sur la carte.")
        return redirect("flyers:poster-list")
    context = {
        "form": form, "spot": None, "map": map_frame(), "states": [],
        "crumbs": _crumbs("Nouvelle affiche"),
    }  # fmt: skip
    return render(request, "materials/posters/form.html", context)


@shows_tiles
@require_http_methods(["GET", "HEAD", "POST"])
def poster_edit(request: UserRequest, public_id: UUID) -> HttpResponse:
    spot = poster_rules.get_managed_poster_or_404(request.user, public_id)
    sent = request.method == "POST"
    form = PosterForm.for_poster(
        spot, request.POST if sent else None, request.FILES if sent else None
    )
    if sent and form.is_valid():
        postering.correct_poster(spot=spot, **form.noted())
        messages.success(request, "C’est noté.")
        return redirect("flyers:poster-list")
    context = {
        "form": form, "spot": spot, "map": map_frame(),
        "states": [state for state in PosterState if state != spot.state],
        "crumbs": _crumbs(spot.words),
    }  # fmt: skip
    return render(request, "materials/posters/form.html", context)


@require_POST
def poster_state(request: UserRequest, public_id: UUID) -> HttpResponse:
    spot = poster_rules.get_managed_poster_or_404(request.user, public_id)
    form = StateForm(request.POST)
    if form.is_valid():
        postering.note_state(spot=spot, state=PosterState(form.cleaned_data["state"]))
        messages.success(request, f"C’est noté : {spot.get_state_display().lower()}.")
    return redirect("flyers:poster-edit", public_id=public_id)


@require_safe
def poster_photo(request: UserRequest, public_id: UUID) -> FileResponse:
    spot = poster_rules.get_poster_or_404(request.user, public_id)
    if not spot.photo:
        raise Http404
    return FileResponse(
        spot.photo.open("rb"),
        content_type="image/jpeg",
        headers=SAFE_HEADERS | {"Cache-Control": "private, max-age=3600"},
    )
