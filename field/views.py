"""Pages of staff: sessions, their QR code and devices."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from contacts.links import source_url
from contacts.qr import qr_png, qr_svg
from contacts.rules import check_can_capture
from field import actions, rules
from field.forms import SessionEditForm, SessionForm
from field.links import field_url
from field.models import FieldSession
from organisations.requests import UserRequest


def _crumbs(here: str, session: FieldSession | None = None) -> list[dict[str, str]]:
    trail = [{"label": "Terrain", "url": reverse("field:session-list")}]
    if session:
        own = reverse("field:session-detail", args=[session.pk])
        trail.append({"label": session.label, "url": own})
    return [*trail, {"label": here, "url": ""}]


def session_list(request: UserRequest) -> HttpResponse:
    check_can_capture(request.user)
    context = {
        "sessions": rules.paginate_sessions(request.user, request.GET.get("page")),
        "today": timezone.localdate(),
        "can_create": bool(rules.staffed_organisations(request.user)),
        "to_correct": rules.count_to_correct(request.user),
    }
    return render(request, "field/session_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_create(request: UserRequest) -> HttpResponse:
    organisations = rules.staffed_organisations(request.user)
    if not organisations:
        raise Http404
    today = timezone.localdate()
    form = SessionForm(
        request.POST or None,
        organisations=organisations,
        initial={"starts_on": today, "ends_on": today},
    )
    if request.method == "POST" and form.is_valid():
        session = actions.open_session(created_by=request.user, **form.cleaned_data)
        messages.success(request, "La session est ouverte : son QR code est prêt à imprimer.")
        return redirect("field:session-detail", pk=session.pk)
    context = {"form": form, "session": None, "crumbs": _crumbs("Nouvelle session")}
    return render(request, "field/session_form.html", context)


@never_cache
def session_detail(request: UserRequest, pk: int) -> HttpResponse:
    session = rules.get_session_or_404(request.user, pk)
    is_managed = rules.can_manage_session(request.user, session)
    context = {
        "session": session,
        "crumbs": _crumbs(session.label),
        "address": field_url(session),
        "is_open": rules.is_open(session),
        "figures": rules.session_figures(session),
        "is_managed": is_managed,
        "devices": rules.list_devices(session) if is_managed else [],
    }
    return render(request, "field/session_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def session_edit(request: UserRequest, pk: int) -> HttpResponse:
    session = rules.get_managed_session_or_404(request.user, pk)
    form = SessionEditForm.for_session(session, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.edit_session(session=session, **form.cleaned_data)
        messages.success(request, "La session est modifiée.")
        return redirect("field:session-detail", pk=pk)
    context = {"form": form, "session": session, "crumbs": _crumbs("Modifier", session)}
    return render(request, "field/session_form.html", context)


@require_POST
def session_close(request: UserRequest, pk: int) -> HttpResponse:
    actions.close_session(session=rules.get_managed_session_or_404(request.user, pk))
    messages.success(
        request, "La session est fermée. Ce qui a été saisi avant arrivera quand même."
    )
    return redirect("field:session-detail", pk=pk)


@require_POST
def session_reopen(request: UserRequest, pk: int) -> HttpResponse:
    actions.reopen_session(session=rules.get_managed_session_or_404(request.user, pk))
    messages.success(request, "La session est rouverte.")
    return redirect("field:session-detail", pk=pk)


@require_POST
def session_renew(request: UserRequest, pk: int) -> HttpResponse:
    session = rules.get_managed_session_or_404(request.user, pk)
    actions.renew_session_secret(session=session, author=request.user)
    messages.success(request, "Le QR code est remplacé : imprimez la nouvelle feuille.")
    return redirect("field:session-detail", pk=pk)


@never_cache
def session_qr(request: UserRequest, pk: int, extension: str) -> HttpResponse:
    """The field QR code: who scans it opens a tablet, so it is never kept in a cache."""
    address = field_url(rules.get_session_or_404(request.user, pk))
    match extension:
        case "svg":
            return HttpResponse(qr_svg(address), content_type="image/svg+xml")
        case "png":
            return HttpResponse(qr_png(address), content_type="image/png")
    raise Http404


@never_cache
def session_sheet(request: UserRequest, pk: int) -> HttpResponse:
    """A page to print: the field QR code for the team, the source's one for workers."""
    session = rules.get_session_or_404(request.user, pk)
    context = {
        "session": session,
        "address": field_url(session),
        "source_address": source_url(session.source),
    }
    return render(request, "field/session_sheet.html", context)


@require_POST
def device_revoke(request: UserRequest, pk: int, device_pk: int) -> HttpResponse:
    device = rules.get_device_or_404(request.user, pk, device_pk)
    actions.revoke_device(device=device, author=request.user)
    messages.success(request, f"L’appareil de {device.first_name} est retiré de la session.")
    return redirect("field:session-detail", pk=pk)
