"""The tab « Sur place »: tablets, counters, photos, incidents."""

from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.qr import qr_svg
from contacts.rules import count_captures
from core.pages import confirm
from deployments import day, day_rules
from deployments.crumbs import deployment_crumbs, deployment_tabs
from deployments.day_forms import STEPS, IncidentForm, PhotoForm, TakeBackForm, TallyForm
from deployments.enums import TallyKind
from deployments.models import Deployment, Tally
from deployments.rules import can_manage, get_deployment_or_404, get_managed_deployment_or_404
from field.links import field_url
from field.rules import is_open
from library.files import SAFE_HEADERS
from library.uploads import RefusedFile
from organisations.requests import UserRequest

REFUSED = {
    "over": "Cette action n’est plus annoncée : on n’y compte plus.",
    "early": "Les compteurs s’ouvrent le jour de l’action.",
    "step": "Ce comptage n’a pas été compris : recommencez depuis cette page.",
}


@never_cache
@require_safe
def day_page(request: UserRequest, pk: int) -> HttpResponse:
    return _page(request, get_deployment_or_404(request.user, pk))


def _page(
    request: UserRequest,
    deployment: Deployment,
    *,
    photo_form: PhotoForm | None = None,
    incident_form: IncidentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    is_team = day_rules.takes_part(request.user, deployment)
    session = day_rules.field_session_of(deployment) if is_team else None
    is_under_way = day_rules.is_under_way(deployment)
    counts_from = day_rules.counts_from(deployment)
    counts = day_rules.counts_of(deployment)
    is_managed = can_manage(request.user, deployment)
    context = {
        "deployment": deployment,
        "crumbs": deployment_crumbs("Sur place", deployment),
        "tabs": deployment_tabs(deployment, "day", is_managed=is_managed),
        "is_team": is_team,
        "is_managed": is_managed,
        "is_under_way": is_under_way,
        "counts_from": counts_from,
        "may_count": is_team and is_under_way and counts_from is None,
        "session": session,
        "is_session_on_its_days": session and day_rules.follows_the_dates(session, deployment),
        "is_session_open": session and is_open(session),
        "field_address": field_url(session) if session else "",
        "captures": count_captures(deployment.source)["captures"],
        "counters": [{"count": count, "tally_id": uuid4(), "undo_id": uuid4()} for count in counts],
        "steps": STEPS,
        "photos": day_rules.photos_of(deployment),
        "photo_form": photo_form or PhotoForm(),
        "incidents": deployment.incidents.all() if is_team else [],
        "incident_form": incident_form or IncidentForm(),
    }
    return render(request, "deployments/day/page.html", context, status=status)


@require_POST
def day_open(request: UserRequest, pk: int) -> HttpResponse:
    deployment = get_managed_deployment_or_404(request.user, pk)
    try:
        day.open_field_session(deployment=deployment, author=request.user)
    except day.NoDate:
        messages.error(request, "Choisissez d’abord la date de l’action.")
    else:
        messages.success(request, "Les tablettes peuvent s’ouvrir les jours de l’action.")
    return redirect("deployments:day", pk=pk)


@never_cache
@require_safe
def day_qr(request: UserRequest, pk: int) -> HttpResponse:
    """The field QR code, for the team: who scans it opens a tablet."""
    deployment = day_rules.get_joined_deployment_or_404(request.user, pk)
    session = day_rules.field_session_of(deployment)
    if session is None:
        raise Http404
    return HttpResponse(qr_svg(field_url(session)), content_type="image/svg+xml")


@require_POST
def day_tally(request: UserRequest, pk: int) -> HttpResponse:
    """Count some more. A page with JavaScript asks for the totals in JSON."""
    try:
        deployment = day_rules.get_joined_deployment_or_404(request.user, pk)
    except Http404:
        if request.accepts("text/html"):
            raise
        return JsonResponse({"reason": "left"}, status=404)
    form = TallyForm(request.POST)
    if reason := _why_not(deployment, form):
        return _refused(request, deployment, reason=reason, kind=form.cleaned_data.get("kind"))
    data = form.cleaned_data
    kind = TallyKind(data["kind"])
    author = request.user.first_name
    day.add_tally(
        deployment=deployment,
        tally_id=data["tally_id"],
        kind=kind,
        count=data["count"],
        author=author,
    )
    if request.accepts("text/html"):
        return redirect(reverse("deployments:day", args=[pk]) + "#compteurs")
    return JsonResponse({"total": day_rules.total_of(deployment, kind)})


def _why_not(deployment: Deployment, form: TallyForm) -> str:
    """A key of `REFUSED`; nothing if the step counts."""
    is_valid = form.is_valid()
    if not day_rules.is_under_way(deployment):
        return "over"
    if day_rules.counts_from(deployment):
        return "early"
    return "" if is_valid else "step"


def _refused(
    request: UserRequest, deployment: Deployment, *, reason: str, kind: str | None = None
) -> HttpResponse:
    """Says the total too: the page may have been drawn before an earlier step arrived."""
    if not request.accepts("text/html"):
        known = {"total": day_rules.total_of(deployment, TallyKind(kind))} if kind else {}
        return JsonResponse({"reason": reason, **known}, status=422)
    messages.error(request, REFUSED[reason])
    return redirect("deployments:day", pk=deployment.pk)


@require_POST
def day_take_back(request: UserRequest, pk: int) -> HttpResponse:
    deployment = day_rules.get_joined_deployment_or_404(request.user, pk)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _refused(request, deployment, reason="step")
    tally: Tally = get_object_or_404(
        deployment.tallies.filter(undoes=None), tally_id=form.cleaned_data["undoes"]
    )
    day.take_back(
        tally=tally, tally_id=form.cleaned_data["tally_id"], author=request.user.first_name
    )
    messages.success(request, f"C’est corrigé : {tally.count} de moins.")
    return redirect(reverse("deployments:day", args=[pk]) + "#compteurs")


@require_POST
def day_incident(request: UserRequest, pk: int) -> HttpResponse:
    deployment = day_rules.get_joined_deployment_or_404(request.user, pk)
    form = IncidentForm(request.POST)
    if not form.is_valid():
        return _page(request, deployment, incident_form=form)
    day.note_incident(deployment=deployment, text=form.cleaned_data["text"], author=request.user)
    messages.success(request, "C’est noté.")
    return redirect("deployments:day", pk=pk)


@require_POST
def photo_add(request: UserRequest, pk: int) -> HttpResponse:
    deployment = day_rules.get_joined_deployment_or_404(request.user, pk)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            day.add_photo(
                deployment=deployment,
                picture=form.picture,
                caption=form.cleaned_data["caption"],
                people_agreed=form.cleaned_data["people_agreed"],
                author=request.user,
            )
        except RefusedFile as error:
            form.add_error("image", str(error))
        else:
            messages.success(request, "La photo est enregistrée.")
            return redirect(reverse("deployments:day", args=[pk]) + "#photos")
    return _page(request, deployment, photo_form=form)


@require_safe
def photo_file(request: UserRequest, public_id: str) -> FileResponse:
    """A photo, for whoever sees its action."""
    photo = day_rules.get_photo_or_404(request.user, public_id)
    return FileResponse(
        photo.image.open("rb"),
        content_type="image/jpeg",
        headers=SAFE_HEADERS | {"Cache-Control": "private, max-age=3600"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def photo_remove(request: UserRequest, public_id: str) -> HttpResponse:
    photo = day_rules.get_own_photo_or_404(request.user, public_id)
    back = reverse("deployments:day", args=[photo.deployment_id])
    if request.method != "POST":
        return confirm(
            request,
            title="Retirer cette photo ?",
            text="Elle est effacée pour tout le monde.",
            label="Retirer la photo",
            back=back,
        )
    day.remove_photo(photo=photo, author=request.user)
    messages.success(request, "La photo est retirée.")
    return redirect(back)
