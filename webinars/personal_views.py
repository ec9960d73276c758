"""One's own page of a session, and its door: a secret address is enough.

Looking changes nothing: programs that read mails open every link in them before their owner does.
"""

import math

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import clock
from contacts.devices import device_of, with_device
from core.pages import confirm
from library.files import attachment
from webinars import attending, forgetting, joining, personal_links, personal_rules, rules
from webinars.enums import Door, RegistrationState
from webinars.link_pages import behind_a_link
from webinars.local_hours import PATH
from webinars.models import Registration
from webinars.personal_forms import DetailsForm, FeedbackForm
from webinars.personal_page import page_of
from webinars.places import WebinarClosed
from webinars.registering import NotWelcome, cancel_registration, come_back, correct_details
from webinars.wording import when_for

GET_OR_POST = ["GET", "HEAD", "POST"]


# Its form leads on to the meeting, at any provider: browsers hold the redirection against this too.
@login_not_required
@behind_a_link
@never_cache
@csp_update({"form-action": ["https:"]})  # type: ignore[arg-type]
@require_safe
def personal(request: HttpRequest, secret: str) -> HttpResponse:
    """The countdown, the door or the replay, and what one may do."""
    registration = rules.get_registration_by_secret_or_404(secret)
    step = joining.doorstep(registration, device=device_of(request))
    context = page_of(registration, step) | {"secret": secret}
    status = 410 if step.door == Door.GONE else 200
    response = render(request, "webinars/personal.html", context, status=status)
    return with_device(request, response, path=PATH)


@login_not_required
@never_cache
@require_safe
def door_state(request: HttpRequest, secret: str) -> JsonResponse:
    """What the waiting page asks from time to time: is it open, else in how many seconds."""
    registration = personal_rules.get_waiting_registration_or_404(secret)
    now = clock.now()
    step = joining.doorstep(registration, device=device_of(request), now=now)
    left = math.ceil((step.opens_at - now).total_seconds()) if step.opens_at else None
    return JsonResponse({"door": step.door, "left": left})


@login_not_required
@behind_a_link
@never_cache
@require_http_methods(GET_OR_POST)
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Go in: notes the presence and leads to the meeting, whose address shows nowhere else.

    Read again or kept as a bookmark, it leads back to the door.
    """
    registration = rules.get_registration_by_secret_or_404(secret)
    if request.method != "POST":
        return redirect("webinars:personal", secret=secret)
    entry = joining.join(registration=registration, device=device_of(request))
    if entry.door != Door.OPEN:
        return redirect("webinars:personal", secret=secret)
    response = HttpResponseRedirect(entry.address)
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@behind_a_link
@never_cache
@require_http_methods(GET_OR_POST)
def cancel(request: HttpRequest, secret: str) -> HttpResponse:
    registration = personal_rules.get_own_registration_or_404(secret)
    back = reverse("webinars:personal", args=[secret])
    if request.method != "POST":
        return confirm(
            request,
            title="Vous ne venez plus ?",
            text=f"« {registration.webinar.title} », {when_for(registration)}. "
            + _lost(registration),
            label="Me désinscrire",
            back=back,
        )
    if cancel_registration(registration=registration).state == RegistrationState.CANCELLED:
        messages.success(request, "C’est noté : vous ne venez plus. Merci d’avoir prévenu.")
    else:
        messages.info(request, "Rien n’a changé : vous êtes venu·e, ou la séance est terminée.")
    return redirect(back)


def _lost(registration: Registration) -> str:
    """What leaving costs, from where one stands."""
    if registration.has_place:
        return "Votre place ira à quelqu’un d’autre ; vous pourrez revenir tant qu’il en reste."
    if registration.state == RegistrationState.WAITING:
        return "Vous quittez la liste d’attente ; si vous revenez, ce sera en dernière position."
    return "Votre demande est retirée ; vous pourrez la refaire."


@login_not_required
@require_POST
def cancel_undo(request: HttpRequest, secret: str) -> HttpResponse:
    registration = personal_rules.get_own_registration_or_404(secret)
    if not rules.is_too_fast(device_of(request)):
        try:
            registration = come_back(registration=registration)
        except WebinarClosed:
            messages.warning(request, "Cette séance n’accepte plus d’inscription.")
        except NotWelcome:
            messages.warning(request, "L’équipe ne rouvre pas votre inscription à cette séance.")
        else:
            _tell_state(request, registration)
    return redirect("webinars:personal", secret=secret)


def _tell_state(request: HttpRequest, registration: Registration) -> None:
    if registration.has_place:
        messages.success(request, "Bon retour : votre place est réservée.")
    else:
        messages.info(request, f"C’est noté : {registration.get_state_display().lower()}.")


@login_not_required
@behind_a_link
@never_cache
@require_http_methods(GET_OR_POST)
def edit(request: HttpRequest, secret: str) -> HttpResponse:
    """One's name, and where one is."""
    registration = personal_rules.get_own_registration_or_404(secret)
    form = DetailsForm.of(registration, request.POST if request.method == "POST" else None)
    if form.is_valid():
        correct_details(registration=registration, **form.cleaned_data)
        messages.success(request, "C’est corrigé.")
        return redirect("webinars:personal", secret=secret)
    context = {"form": form, "registration": registration, "secret": secret}
    return render(request, "webinars/personal_edit.html", context)


@login_not_required
@behind_a_link
@never_cache
@require_http_methods(GET_OR_POST)
def feedback(request: HttpRequest, secret: str) -> HttpResponse:
    """Three questions, once the session is over; saying it again replaces it."""
    registration = personal_rules.get_seated_registration_or_404(secret)
    known = personal_rules.feedback_of(registration)
    form = FeedbackForm.of(known, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            attending.give_feedback(registration=registration, **form.cleaned_data)
        except attending.NotOver:
            messages.info(request, "Votre avis nous intéresse… une fois la séance terminée.")
        else:
            messages.success(request, "Merci ! La prochaine séance en tiendra compte.")
        return redirect("webinars:personal", secret=secret)
    context = {"form": form, "registration": registration, "secret": secret}
    return render(request, "webinars/feedback.html", context)


@login_not_required
@require_safe
def document(request: HttpRequest, secret: str, slug: str) -> FileResponse:
    registration = rules.get_registration_by_secret_or_404(secret)
    version = rules.get_file_of_registration_or_404(registration, slug)
    return attachment(version.file, version.name, version.content_type)


@login_not_required
@behind_a_link
@never_cache
@require_http_methods(GET_OR_POST)
def link_renew(request: HttpRequest, secret: str) -> HttpResponse:
    """Another link, by mail; the one in hand opens nothing any more."""
    registration = personal_rules.get_own_registration_or_404(secret)
    if request.method != "POST":
        return confirm(
            request,
            title="Changer de lien personnel ?",
            text="Un nouveau lien part tout de suite par mail. Celui-ci, où qu’il soit passé, "
            "n’ouvrira plus rien.",
            label="Recevoir un nouveau lien",
            back=reverse("webinars:personal", args=[secret]),
        )
    personal_links.renew_link(registration=registration)
    return redirect("webinars:link-sent")


@login_not_required
@behind_a_link
@never_cache
@require_http_methods(GET_OR_POST)
def erase(request: HttpRequest, secret: str) -> HttpResponse:
    """Be forgotten, at once, in every session."""
    registration = personal_rules.get_own_registration_or_404(secret)
    if request.method != "POST":
        return render(request, "webinars/erase.html", {"secret": secret})
    forgetting.erase_registration(registration=registration)
    return redirect("webinars:erased")


@login_not_required
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "webinars/erased.html")
