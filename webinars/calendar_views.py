"""Sessions as calendar programs read them. The meeting's address is never there."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from contacts.qr import qr_svg
from webinars import agenda_rules, feeds
from webinars.links import session_url

TYPE = "text/calendar; charset=utf-8"


@login_not_required
@require_safe
def agenda_feed(request: HttpRequest) -> HttpResponse:
    """The open sessions, for whoever subscribes: new, moved and cancelled ones follow."""
    sessions = list(agenda_rules.feed_sessions())
    tag = feeds.fingerprint(sessions)
    response = get_conditional_response(request, etag=tag)
    if response is None or response.status_code != 304:
        body = feeds.calendar_file(sessions, name=f"{settings.SITE_NAME} – Webinaires")
        response = HttpResponse(body, content_type=TYPE, headers={"ETag": tag})
    response["Cache-Control"] = "public, max-age=300"
    return response


@login_not_required
@require_safe
def session_file(request: HttpRequest, code: str) -> HttpResponse:
    """One session, to be put into one's own calendar."""
    webinar = agenda_rules.get_dated_session_or_404(code)
    return HttpResponse(
        feeds.calendar_file([webinar], name=webinar.title),
        content_type=TYPE,
        headers={"Content-Disposition": f'attachment; filename="webinaire-{webinar.code}.ics"'},
    )


@login_not_required
@require_safe
def session_qr(request: HttpRequest, code: str) -> HttpResponse:
    """To the page of a session, for the wall of a room and for flyers."""
    webinar = agenda_rules.get_session_or_404(code)
    return HttpResponse(qr_svg(session_url(webinar)), content_type="image/svg+xml")
