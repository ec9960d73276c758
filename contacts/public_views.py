"""Pages for workers: no log-in, no JavaScript needed, the same answer whoever they are."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contacts import actions, rules
from contacts.enums import CaptureMethod
from contacts.export import person_as_json
from contacts.forms import ConsentForm, CorrectionForm, RegistrationForm
from contacts.limits import is_too_fast
from contacts.links import personal_token
from contacts.models import Source
from core.tokens import make_secret

DEVICE_COOKIE = "appareil"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind every QR code: twenty seconds, three questions, three free choices."""
    source = rules.get_source_by_code_or_404(code)
    if not source.is_active:
        return render(request, "contacts/closed.html", {"source": source}, status=410)
    if request.method != "POST":
        form = RegistrationForm(initial={"trade": source.trade_id})
        return _with_device(request, _registration_page(request, source, form))
    form = RegistrationForm(request.POST)
    device = request.COOKIES.get(DEVICE_COOKIE, "")
    if not form.is_valid():
        return _registration_page(request, source, form)
    if is_too_fast(source=source, device=device):
        form.add_error(
            None, _("Beaucoup d'inscriptions en même temps ! Attendez une minute et renvoyez.")
        )
        return _registration_page(request, source, form, status=429)
    if not form.is_robot:
        actions.capture_contact(
            capture_id=form.capture_id(),
            source=source,
            details=form.details(),
            method=CaptureMethod.SELF,
            device=device,
        )
    return redirect("contacts:registered", code=source.code)


def _registration_page(
    request: HttpRequest, source: Source, form: RegistrationForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "source": source}
    return render(request, "contacts/register.html", context, status=status)


def _with_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the device a random name for the day, which is only ever stored as a keyed hash."""
    if DEVICE_COOKIE not in request.COOKIES:
        response.set_cookie(
            DEVICE_COOKIE, make_secret(), max_age=86_400, path="/i/", httponly=True,
            secure=settings.HTTPS, samesite="Lax",
        )  # fmt: skip
    return response


@login_not_required
@require_safe
def registered(request: HttpRequest, code: str) -> HttpResponse:
    """Thank you, in the same words whether the person was already known or not."""
    source = rules.get_source_by_code_or_404(code)
    sheets = rules.sheets_for(trade=source.trade_id)
    return render(request, "contacts/registered.html", {"source": source, "sheets": sheets})


@login_not_required
@never_cache
@require_safe
def personal(request: HttpRequest, token: str) -> HttpResponse:
    """What is known of the person, and everything they can do about it."""
    contact = rules.get_contact_by_token_or_404(token)
    context = {
        "contact": contact,
        "token": token,
        "consent_form": ConsentForm(contact=contact),
        "sheets": rules.sheets_for(trade=contact.trade_id, agreement=contact.agreement_id),
    }
    return render(request, "contacts/personal.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal_edit(request: HttpRequest, token: str) -> HttpResponse:
    contact = rules.get_contact_by_token_or_404(token)
    form = CorrectionForm.for_contact(contact, request.POST or None)
    if request.method == "POST" and form.is_valid():
        corrected = actions.correct_contact(contact=contact, **form.corrected())
        messages.success(request, _("Vos coordonnées sont corrigées."))
        return redirect("contacts:personal", token=personal_token(corrected))
    context = {"form": form, "contact": contact, "token": token}
    return render(request, "contacts/personal_edit.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal_consents(request: HttpRequest, token: str) -> HttpResponse:
    contact = rules.get_contact_by_token_or_404(token)
    form = ConsentForm(request.POST or None, contact=contact)
    if request.method == "POST" and form.is_valid():
        actions.change_consents(contact=contact, given=form.given())
        messages.success(request, _("Vos choix sont enregistrés : ils valent dès maintenant."))
        return redirect("contacts:personal", token=token)
    context = {"form": form, "contact": contact, "token": token}
    return render(request, "contacts/personal_consents.html", context)


@login_not_required
@never_cache
@require_safe
def personal_download(request: HttpRequest, token: str) -> HttpResponse:
    """Everything stored about the person, in a file a machine can read (RGPD art. 15 and 20)."""
    contact = rules.get_contact_by_token_or_404(token)
    response = JsonResponse(
        person_as_json(contact), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal_erase(request: HttpRequest, token: str) -> HttpResponse:
    contact = rules.get_contact_by_token_or_404(token)
    if request.method == "POST":
        actions.erase_contact(contact=contact)
        return redirect("contacts:erased")
    return render(request, "contacts/personal_erase.html", {"contact": contact, "token": token})


@login_not_required
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "contacts/erased.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is collected, why, for how long, and whom to write to."""
    context = {
        "notice": rules.current_wordings()[0].notice,
        "controller": settings.DATA_CONTROLLER,
        "privacy_contact": settings.PRIVACY_CONTACT,
    }
    return render(request, "contacts/privacy.html", context)
