"""Days and hours are those of where the person acts: La Réunion does not live in Paris."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class LocalTimeMiddleware:
    """Gives every page behind the log-in the time zone of its reader; the others keep Paris's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whoever this thread served before may live elsewhere.
        with timezone.override(None):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> None:
        # A public page would not know its reader without asking the database.
        if getattr(view, "login_required", True) and request.user.is_authenticated:
            timezone.activate(request.user.time_zone)
