"""What a tablet and the server say to each other, in JSON.

Plain Django views: one insert of two hundred rows deserves no serializer per record, and a
malformed record must spoil neither the others nor the answer. `csrf_exempt`, because a tablet that
was away for a week has no token: the cookie is SameSite=Strict, and only our own script can send
JSON with the header below (another site's would have to ask first, and is refused).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from contacts.rules import current_wordings
from field import actions, rules
from field.cookies import device_secret
from field.envelopes import MAX_BYTES, BadUpload, TooMany, Upload, read_upload
from field.hooks import brief_of, pilot_of
from field.models import FieldSession

HEADER = "tablette"


class UnknownDevice(Exception):
    """Nobody opened this browser, or its opening was taken back."""


View = Callable[[HttpRequest], HttpResponse]


def for_tablets(view: View) -> View:
    """Only our own script may ask."""

    @wraps(view)
    def check(request: HttpRequest) -> HttpResponse:
        if not _is_ours(request):
            return _error(400, "bad-request", "Cette adresse est réservée à la tablette.")
        return view(request)

    return check


def _is_ours(request: HttpRequest) -> bool:
    host = request.get_host()
    origin = request.META.get("HTTP_ORIGIN")
    if origin is not None and urlsplit(origin).netloc != host:
        return False
    if request.method == "POST" and request.content_type != "application/json":
        return False
    return bool(request.META.get("HTTP_X_REQUESTED_WITH") == HEADER)


def _unknown() -> JsonResponse:
    """Loses nothing: the tablet keeps what it holds."""
    return _error(401, "device-unknown", "Scannez de nouveau le QR code de la session.")


def _error(status: int, slug: str, detail: str) -> JsonResponse:
    return JsonResponse({"error": slug, "detail": detail}, status=status)


@login_not_required
@never_cache
@require_safe
@for_tablets
def data(request: HttpRequest) -> HttpResponse:
    """What a tablet needs to seal records: the key, the words to read aloud, its session."""
    device = rules.find_device(device_secret(request))
    if device is None:
        return _unknown()
    version = rules.current_reference().version
    return JsonResponse(
        {
            "device": {
                "id": device.public_id, "first_name": device.first_name, "goal": device.goal,
            },
            "personal": device.is_personal,
            "session": _session(device.session),
            "key": rules.current_sealing_key().public_jwk,
            "wordings": [
                {
                    "id": wording.pk, "channel": wording.channel, "purpose": wording.purpose,
                    "text": wording.text, "notice": wording.notice,
                }
                for wording in current_wordings()
            ],
            "reference": {"version": version, "url": reverse("field:reference", args=[version])},
            "mine": rules.count_turns(device),
            "now": timezone.now(),
        }
    )  # fmt: skip


def _session(session: FieldSession | None) -> dict[str, Any] | None:
    if session is None:
        return None
    return {
        "id": session.public_id,
        "label": session.label,
        "organisation": session.organisation.name,
        "starts": session.starts_on,
        "ends": session.ends_on,
        "closed": session.closed_at is not None,
    }


@login_not_required
@never_cache
@require_safe
@for_tablets
def brief(request: HttpRequest) -> HttpResponse:
    """The sheet of the action, for the tablet to keep as long as its session is open.

    An address of its own: whatever happens to a sheet, records can be sealed and sent.
    """
    device = rules.find_device(device_secret(request))
    if device is None:
        return _unknown()
    session = rules.session_under_way(device)
    return JsonResponse(
        {
            "session": session.public_id if session else None,
            "brief": brief_of(session) if session else None,
            "now": timezone.now(),
        }
    )


@login_not_required
@never_cache
@require_safe
@for_tablets
def brief_pilot(request: HttpRequest) -> HttpResponse:
    """Who leads the action and their number, to be shown and never kept."""
    device = rules.find_device(device_secret(request))
    if device is None:
        return _unknown()
    session = rules.session_under_way(device)
    return JsonResponse({"pilot": pilot_of(session) if session else None})


@csrf_exempt
@login_not_required
@require_POST
@for_tablets
def upload(request: HttpRequest) -> HttpResponse:
    """Store a batch; “stored” is said only once it is committed."""
    secret = device_secret(request)
    if not secret:
        return _unknown()
    try:
        received = read_upload(_body(request))
        _store(secret, received)
    except UnknownDevice:
        return _unknown()
    except UnreadablePostError:
        # No fault of the records: a smaller parcel would not help, trying again will.
        return _error(408, "cut-off", "L’envoi s’est interrompu.")
    except TooMany as error:
        return _error(413, "too-large", str(error))
    except BadUpload as error:
        return _error(400, "bad-request", str(error))
    except actions.TooFast:
        response = _error(429, "too-fast", "Beaucoup de fiches à la fois : la suite attend un peu.")
        response["Retry-After"] = "60"
        return response
    answers = [
        {"capture_id": str(envelope.capture_id), "status": "stored"}
        for envelope in received.envelopes
    ]
    answers += [{"capture_id": name, "status": "malformed"} for name in received.malformed]
    return JsonResponse({"answers": answers})


def _store(secret: str, received: Upload) -> None:
    """Raises `UnknownDevice`, `TooFast`."""
    parcel: dict[str, Any] = {"envelopes": received.envelopes, "backlog": received.backlog}
    if actions.receive_own_records(secret=secret, **parcel):
        return
    sender = rules.find_sender(secret)
    if sender is None:
        raise UnknownDevice
    actions.receive_records(sender=sender, **parcel)


def _body(request: HttpRequest) -> bytes:
    """The whole body. Raises `TooMany`, and `UnreadablePostError` when it breaks off."""
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise TooMany("2 Mo au plus à la fois.") from error
    if len(body) > MAX_BYTES:
        raise TooMany("2 Mo au plus à la fois.")
    return body
