"""One's own page of a session, and its door: a secret address is enough."""

from csp.decorators import csp_update
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from campaigns import clock
from contacts.devices import device_of, with_device
from webinars import joining, rules
from webinars.enums import Door
from webinars.models import Registration
from webinars.wording import countdown_words, when_for

COOKIE_PATH = "/webinaires/"


# Its form leads on to the meeting, at any provider: browsers hold the redirection against this too.
@login_not_required
@never_cache
@csp_update({"form-action": ["https:"]})  # type: ignore[arg-type]
@require_safe
def personal(request: HttpRequest, secret: str) -> HttpResponse:
    """The countdown, the door or the replay; looking changes nothing, whoever opens mails first."""
    registration = rules.get_registration_by_secret_or_404(secret)
    step = joining.doorstep(registration, device=device_of(request))
    response = _page(request, secret, registration, step)
    return with_device(request, response, path=COOKIE_PATH)


@login_not_required
@never_cache
@require_POST
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Go in: notes the presence and leads to the meeting, whose address shows nowhere else."""
    registration = rules.get_registration_by_secret_or_404(secret)
    entry = joining.join(registration=registration, device=device_of(request))
    if entry.door == Door.OPEN:
        return HttpResponseRedirect(entry.address)
    return redirect("webinars:personal", secret=secret)


def _page(
    request: HttpRequest, secret: str, registration: Registration, step: joining.Doorstep
) -> HttpResponse:
    now = clock.now()
    left = step.opens_at - now if step.opens_at and step.opens_at > now else None
    context = {
        "registration": registration,
        "webinar": registration.webinar,
        "secret": secret,
        "door": step.door,
        "when": when_for(registration),
        "countdown": countdown_words(left) if left else "",
        "replay_url": step.replay_url,
    }
    status = 410 if step.door == Door.GONE else 200
    return render(request, "webinars/personal.html", context, status=status)
