"""One-click log-ins, mounted in a demonstration only."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.demo import DEMO_PERSONAS, get_persona


@login_not_required
@require_GET
def personas(request: HttpRequest) -> HttpResponse:
    _refuse_outside_demonstration()
    return render(request, "accounts/demo.html", {"personas": DEMO_PERSONAS})


@login_not_required
@require_POST
def log_in(request: HttpRequest) -> HttpResponse:
    _refuse_outside_demonstration()
    user = get_persona(request.POST.get("role", ""))
    if user is None:
        raise Http404
    logout(request)
    get_adapter().login(request, user)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _refuse_outside_demonstration() -> None:
    """A second lock: these views must never answer on real data, even mounted by mistake."""
    if not settings.DEMONSTRATION:
        raise Http404
