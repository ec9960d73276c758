"""How often a QR code is opened: one number per source and day, nothing of who opened it."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from contacts.models import Source
from library.readers import is_person_reading

# One per source, so that no browser says which ones it opened.
COOKIE = "vu-{code}"
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
    if not is_person_reading(request):
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
