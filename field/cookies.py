"""The cookie that says which device a browser was opened as."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NAME = "tablette"
AGE = 365 * 86_400


def device_secret(request: HttpRequest) -> str:
    return request.COOKIES.get(NAME, "")


def remember_device(response: HttpResponse, secret: str) -> None:
    """Never readable by a script, never sent along by another site."""
    response.set_cookie(
        NAME, secret, max_age=AGE, path="/", httponly=True, secure=settings.HTTPS,
        samesite="Strict",
    )  # fmt: skip
