"""In which language a page speaks: the workers' pages in theirs, everything else in French."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

PARAMETER = "lang"
YEAR = 365 * 86_400

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def in_every_language(view: View) -> View:
    """Mark a view whose page exists in every language of `settings.LANGUAGES`."""
    view.speaks_every_language = True  # type: ignore[attr-defined]
    return view


def asked_language(request: HttpRequest) -> str:
    """The language chosen in the page's menu, now or on an earlier page; empty without a choice."""
    for asked in (request.GET.get(PARAMETER), request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)):
        if asked in dict(settings.LANGUAGES):
            return str(asked)
    return ""


class LanguageMiddleware:
    """Speaks French, except on the marked pages, and on error pages for who is not logged in.

    A choice made in the menu (`?lang=pt`) is remembered by a cookie; without one the browser says
    what its owner reads.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_known = settings.SESSION_COOKIE_NAME in request.COOKIES
        with translation.override(settings.LANGUAGE_CODE if is_known else _language_of(request)):
            response = self.get_response(request)
            response.setdefault("Content-Language", translation.get_language() or "fr")
        if getattr(request, "speaks_every_language", False):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
            _remember_choice(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_arguments: object
    ) -> None:
        request.speaks_every_language = getattr(view, "speaks_every_language", False)  # type: ignore[attr-defined]
        speaks = request.speaks_every_language  # type: ignore[attr-defined]
        translation.activate(_language_of(request) if speaks else settings.LANGUAGE_CODE)


def _language_of(request: HttpRequest) -> str:
    return asked_language(request) or translation.get_language_from_request(request)


def _remember_choice(request: HttpRequest, response: HttpResponse) -> None:
    asked = request.GET.get(PARAMETER)
    if asked and asked == asked_language(request):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, asked, max_age=YEAR, path="/", httponly=True,
            secure=settings.HTTPS, samesite="Lax",
        )  # fmt: skip
