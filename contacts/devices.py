"""A random name for the browser of a worker, for a day: only its keyed hash is ever stored."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.tokens import make_secret

COOKIE = "appareil"
DAY = 86_400


def device_of(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")


def with_device(request: HttpRequest, response: HttpResponse, *, path: str) -> HttpResponse:
    """Give the browser its name, below `path`, unless it has one."""
    if COOKIE not in request.COOKIES:
        response.set_cookie(
            COOKIE, make_secret(), max_age=DAY, path=path, httponly=True, secure=settings.HTTPS,
            samesite="Lax",
        )  # fmt: skip
    return response
