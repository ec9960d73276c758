"""The outbox as confederation staff see it, and the public unsubscribe page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.languages import in_every_language
from messaging import actions, rules
from messaging.enums import Status, SuppressionReason
from messaging.models import Message
from organisations.requests import UserRequest

PER_PAGE = 50
# Beyond that many to settle one by one, the provider has a bigger problem than a page can solve.
MOST_UNCERTAIN = 50


@require_GET
def message_list(request: UserRequest) -> HttpResponse:
    outbox = rules.get_outbox_or_404(request.user)
    counts = outbox.counts_by_status()
    status = request.GET.get("etat", "")
    status = status if status in Status.values else ""
    shown = outbox.in_states([status]) if status else outbox
    uncertain = outbox.in_states([Status.UNCERTAIN])[:MOST_UNCERTAIN]
    context = {
        "tabs": _tabs(counts, status),
        "status": status,
        "uncertain_count": counts[Status.UNCERTAIN],
        "uncertain": uncertain if counts[Status.UNCERTAIN] else [],
        "page_obj": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "messaging/list.html", context)


def _tabs(counts: dict[str, int], current: str) -> list[dict[str, Any]]:
    base = reverse("messaging:message-list")
    everything = {
        "label": "Tous",
        "url": base,
        "current": not current,
        "count": sum(counts.values()),
    }
    return [everything] + [
        {
            "label": status.label,
            "url": f"{base}?etat={status}",
            "current": status == current,
            "count": counts[status],
        }
        for status in Status
    ]


@require_POST
def message_confirm(request: UserRequest, pk: UUID) -> HttpResponse:
    return _settle(request, pk, actions.confirm_sent, "C’est noté : ce message est bien parti.")


@require_POST
def message_send_again(request: UserRequest, pk: UUID) -> HttpResponse:
    return _settle(request, pk, actions.send_again, "Ce message est remis en file d’attente.")


def _settle(
    request: UserRequest, pk: UUID, settle: Callable[..., None], thanks: str
) -> HttpResponse:
    message: Message = rules.get_message_or_404(request.user, pk)
    try:
        settle(message=message, user=request.user)
    except actions.MessageMoved:
        flash.warning(request, "Ce message a déjà été traité, ou ne peut plus être renvoyé.")
    else:
        flash.success(request, thanks)
    return redirect("messaging:message-list")


# A mail program posts here with no cookie and no token of ours (RFC 8058): the signature in the
# address is the proof, and the only effect is the one its holder may ask for.
@csrf_exempt
@never_cache
@login_not_required
@in_every_language
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    channel, hashed = rules.get_address_of_token_or_404(token)
    if request.method == "POST":
        actions.suppress_hash(channel=channel, hashed=hashed, reason=SuppressionReason.UNSUBSCRIBED)
    context = {"channel": channel, "is_done": request.method == "POST"}
    return render(request, "messaging/unsubscribe.html", context)
