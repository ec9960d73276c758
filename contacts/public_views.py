"""Pages for workers: no log-in, no JavaScript needed, the same answer whoever they are."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contacts import actions, rules
from contacts.devices import device_of, with_device
from contacts.enums import CaptureMethod
from contacts.forms import RegistrationForm
from contacts.limits import is_too_fast
from contacts.models import Source
from contacts.scans import count_scan
from core.languages import in_every_language

# Seconds after which a form refused for coming in a crowd is worth sending again.
PAUSE = 60


@login_not_required
@in_every_language
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind every QR code: twenty seconds, three questions, three free choices."""
    source = rules.get_source_by_code_or_404(code)
    if not source.is_active:
        sheets = rules.sheets_for(trade=source.trade_id)
        return render(request, "contacts/closed.html", {"sheets": sheets}, status=410)
    if request.method != "POST":
        form = RegistrationForm(initial={"trade": source.trade_id})
        page = with_device(request, _registration_page(request, source, form), path="/i/")
        return count_scan(request, page, source)
    form = RegistrationForm(request.POST)
    device = device_of(request)
    if not form.is_valid():
        return _registration_page(request, source, form)
    if is_too_fast(source=source, device=device):
        return _wait(request, source, form)
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


def _wait(request: HttpRequest, source: Source, form: RegistrationForm) -> HttpResponse:
    """The form as it was sent, and what to do: nothing typed is lost."""
    form.add_error(
        None,
        _("Beaucoup d’inscriptions arrivent en même temps. Rien n’est perdu : attendez une "
          "minute, puis appuyez de nouveau sur le bouton. Vos fiches, elles, sont déjà "
          "disponibles en bas de la page."),
    )  # fmt: skip
    response = _registration_page(request, source, form, status=429)
    response["Retry-After"] = str(PAUSE)
    return response


@login_not_required
@in_every_language
@require_safe
def registered(request: HttpRequest, code: str) -> HttpResponse:
    """Thank you, in the same words whether the person was already known or not."""
    source = rules.get_source_by_code_or_404(code)
    sheets = rules.sheets_for(trade=source.trade_id)
    return render(request, "contacts/registered.html", {"source": source, "sheets": sheets})


@login_not_required
@in_every_language
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is collected, why, for how long, and whom to write to."""
    context = {
        "notice": rules.current_wordings(get_language() or "fr")[0].notice,
        "controller": _(settings.DATA_CONTROLLER),
        "privacy_contact": settings.PRIVACY_CONTACT,
    }
    return render(request, "contacts/privacy.html", context)
