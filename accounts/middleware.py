"""The second factor is compulsory for whoever can list people."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts import second_factor

SHOW_IT = {
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
SET_IT_UP = SHOW_IT | {
    "accounts:protect",
    "account_reset_password",
    "account_reset_password_done",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}


class SecondFactorMiddleware:
    """Leads to the set-up, or to the second factor that this session has not shown yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        # A public page shows nothing that a log-in protects.
        if not user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if not second_factor.is_due(request, user):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        # Who has a factor must show it: setting up another one first would get round it.
        has_one = second_factor.has_one(user)
        if name in (SHOW_IT if has_one else SET_IT_UP):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": "Protégez d’abord votre compte."}, status=403)
        if not has_one:
            return redirect("accounts:protect")
        page = (
            "mfa_reauthenticate_webauthn"
            if second_factor.has_passkey(user)
            else "mfa_reauthenticate"
        )
        return redirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")
