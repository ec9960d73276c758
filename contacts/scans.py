"""How often a QR code is opened: one number per source and day, nothing of who opened it."""

import re

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from contacts.models import Source

# One per source, so that no browser says which ones it opened.
COOKIE = "vu-{code}"
# Programs that look at links in people's stead, by what they call themselves.
PROGRAMS = re.compile(
    r"bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|telegram|skype|curl|wget|python|"
    r"headless|monitor",
    re.IGNORECASE,
)
COUNT = """
    INSERT INTO contacts_dailyscans (source_id, day, count) VALUES (%s, %s, 1)
    ON CONFLICT (source_id, day) DO UPDATE SET count = contacts_dailyscans.count + 1
"""


def count_scan(request: HttpRequest, response: HttpResponse, source: Source) -> HttpResponse:
    """Count this opening, once a day and browser; programs are not counted.

    The browser keeps the day, below the address of this source, until it is closed: it says
    nothing of anybody and links no two sources.
    """
    today = timezone.localdate()
    if request.method != "GET" or _is_program(request):
        return response
    name = COOKIE.format(code=source.code)
    if request.COOKIES.get(name) != today.isoformat():
        with connection.cursor() as cursor:
            cursor.execute(COUNT, [source.pk, today])
        response.set_cookie(
            name, today.isoformat(), path=request.path, httponly=True, secure=settings.HTTPS,
            samesite="Lax",
        )  # fmt: skip
    return response


def _is_program(request: HttpRequest) -> bool:
    agent = request.headers.get("User-Agent", "")
    is_ahead_of_time = "prefetch" in request.headers.get("Sec-Purpose", "")
    return is_ahead_of_time or not agent or bool(PROGRAMS.search(agent))
