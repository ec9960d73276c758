"""A browser opened for a field session captures, and sees nothing else."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from field.api import upload
from field.cookies import device_secret
from field.rules import is_capture_only


class UploadMiddleware:
    """A short way for the records of tablets, which need no session, account, language nor page.

    What stands below would take longer than storing them: 0.5 ms of processor for each post.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.path = reverse("field:upload")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == self.path and request.method == "POST":
            return upload(request)
        return self.get_response(request)


class CaptureOnlyMiddleware:
    """Answers 404 where others are sent to log in: a shared tablet shows no door.

    Stands before `LoginRequiredMiddleware`. An activist's own phone, and whoever is logged in on a
    tablet, go on as usual; the log-in page itself is public.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> None:
        secret = device_secret(request)
        if not secret or request.user.is_authenticated or not _needs_login(view):
            return
        if is_capture_only(secret):
            raise Http404


def _needs_login(view: Callable[..., Any]) -> bool:
    return bool(getattr(view, "login_required", True))
