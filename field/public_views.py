"""What a tablet opens without any account: its page, its worker, the field QR code."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.rules import check_can_capture
from field import actions, rules
from field.cookies import device_secret, remember_device
from field.forms import EnrolmentForm
from field.models import FieldSession
from field.precache import precache
from organisations.requests import UserRequest

FOR_EVER = 365 * 86_400


@login_not_required
@cache_control(no_cache=True)
@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """The same bytes for everyone: drawn without the request, nothing personal can get in."""
    return HttpResponse(render_to_string("field/app.html"))


@login_not_required
@cache_control(no_cache=True)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    kept = precache()
    text = render_to_string("field/sw.js", {"version": kept.version, "files": kept.files})
    return HttpResponse(text, content_type="text/javascript")


@login_not_required
@cache_control(max_age=86_400)
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    text = render_to_string("field/manifest.webmanifest")
    return HttpResponse(text, content_type="application/manifest+json")


@login_not_required
@cache_control(public=True, max_age=FOR_EVER, immutable=True)
@require_safe
def reference(request: HttpRequest, version: str) -> HttpResponse:
    """The reference file, compressed once and for all."""
    file = rules.get_reference_or_404(version)
    takes_brotli = "br" in request.headers.get("Accept-Encoding", "")
    content = file.brotli if takes_brotli else file.gzip
    response = HttpResponse(bytes(content), content_type="application/json")
    response["Content-Encoding"] = "br" if takes_brotli else "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, secret: str) -> HttpResponse:
    """What a field QR code opens: a first name, a goal, and the tablet is ready."""
    session = rules.get_session_by_secret_or_404(secret)
    if not rules.is_open(session):
        return _enrolment_page(request, session, None, status=410)
    form = EnrolmentForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _enrolment_page(request, session, form)
    if rules.opens_too_fast(session):
        form.add_error(None, "Beaucoup d’appareils à la fois : réessayez dans quelques minutes.")
        return _enrolment_page(request, session, form, status=429)
    former = rules.find_former_device(device_secret(request))
    _, cookie = actions.open_device(session=session, former=former, **form.cleaned_data)
    response = redirect("field:app")
    remember_device(response, cookie)
    return response


def _enrolment_page(
    request: HttpRequest, session: FieldSession, form: EnrolmentForm | None, status: int = 200
) -> HttpResponse:
    today = session.day_of(timezone.now())
    context = {"session": session, "form": form, "is_early": today < session.starts_on}
    return render(request, "field/enrol.html", context, status=status)


@require_POST
def open_own(request: UserRequest) -> HttpResponse:
    """Open the phone in an activist's hand for capturing without network, in their own name."""
    check_can_capture(request.user)
    former = rules.find_former_device(device_secret(request))
    _, cookie = actions.open_personal_device(user=request.user, former=former)
    response = redirect("field:app")
    remember_device(response, cookie)
    return response
