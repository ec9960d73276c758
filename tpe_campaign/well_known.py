"""What machines ask of every site, at addresses fixed by custom or by a standard."""

from datetime import UTC, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

DAY = 24 * 3600
# The rights sheets are for everybody to find. Not the forms: a robot is no scan of a QR code.
ROBOTS = """\
User-agent: *
Allow: /fiches/
Allow: /vie-privee/
Allow: /static/
Disallow: /
"""


@login_not_required
@require_safe
@cache_control(public=True, max_age=DAY)
def robots(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain")


@login_not_required
@require_safe
@cache_control(public=True, max_age=DAY)
def favicon(_request: HttpRequest) -> HttpResponse:
    """For who asks without reading the page, where the icon has its hashed name."""
    return redirect(static("img/favicon-32.png"))


@login_not_required
@require_safe
@cache_control(public=True, max_age=DAY)
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116); 404 on an installation that names nobody."""
    contact = settings.SECURITY_CONTACT
    if not contact:
        raise Http404
    expires = timezone.now().astimezone(UTC) + timedelta(days=180)
    lines = (
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: fr, en",
        f"Canonical: {settings.SITE_URL}{reverse('security-txt')}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
