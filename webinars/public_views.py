"""The agenda, a session, registering: without an account or with one, without JavaScript.

Whoever types an address learns nothing of its owner: their state is only ever told by mail.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_http_methods, require_safe

from contacts.devices import device_of, with_device
from organisations.models import User
from organisations.requests import UserRequest
from webinars import agenda_rules, personal_links, rules
from webinars.agenda import Line, by_series, lines_of
from webinars.links import personal_path
from webinars.local_hours import PATH, ZONES, member_of, with_zone, zone_of
from webinars.models import Webinar
from webinars.personal_forms import LinkForm
from webinars.registering import register
from webinars.registration_forms import GuestForm, MemberForm, SessionsForm
from webinars.wording import programme_words

GET_OR_POST = ["GET", "HEAD", "POST"]
TOO_FAST = (
    "Beaucoup d’inscriptions partent de cet appareil. Rien n’est perdu : attendez une heure, "
    "puis appuyez de nouveau sur le bouton."
)


@login_not_required
@never_cache
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Sessions to come: open ones for anybody, those of their audience too for a member."""
    user, zone = member_of(request), zone_of(request)
    lines = lines_of(agenda_rules.sessions_for(user), zone=zone, user=user)
    offered = [line for line in lines if line.can_register]
    feed = settings.SITE_URL + reverse("webinars:agenda-feed")
    context = {
        "groups": by_series(lines),
        "can_pick": len(offered) > 1,
        "all_full": all(line.is_full for line in offered),
        "can_plan": user is not None and rules.can_plan(user),
        "zones": ZONES,
        "zone": zone.key,
        "feed": feed,
        "webcal": f"webcal://{feed.partition('://')[2]}",
    }
    return with_zone(request, render(request, "webinars/agenda.html", context))


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def session(request: HttpRequest, code: str) -> HttpResponse:
    """A session and the form to come to it, or to others of its series."""
    webinar = agenda_rules.get_session_or_404(code)
    user = member_of(request)
    lines = _lines(request, [webinar, *agenda_rules.others_of_series(webinar)])
    context = {
        "webinar": webinar,
        "line": lines[0],
        "programme": programme_words(webinar),
        "documents": rules.documents_of(webinar),
        "is_managed": user is not None and rules.can_manage(user, webinar),
        "card_url": settings.SITE_URL + reverse("webinars:card", args=[webinar.code]),
    }
    return _sign_up(request, "webinars/session.html", context, lines, chosen=[webinar.code])


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def register_several(request: HttpRequest) -> HttpResponse:
    """One form for the sessions ticked in the agenda."""
    named = [*request.GET.getlist("seance"), *request.POST.getlist("sessions")]
    offered = {one.pk: one for one in agenda_rules.sessions_for(member_of(request))}
    offered |= {one.pk: one for one in rules.open_among(named)}
    lines = _lines(request, list(offered.values()))
    return _sign_up(request, "webinars/register.html", {}, lines, chosen=named)


def _lines(request: HttpRequest, webinars: Sequence[Webinar]) -> list[Line]:
    return lines_of(webinars, zone=zone_of(request), user=member_of(request))


def _sign_up(
    request: HttpRequest, template: str, context: dict[str, object], lines: list[Line],
    *, chosen: list[str],
) -> HttpResponse:  # fmt: skip
    """The form, prefilled for a member; once it is right, one call and the same answer to all."""
    user, status = member_of(request), 200
    offered = [line for line in lines if line.can_register]
    form = _form(request, user, offered, chosen) if offered else None
    if form is not None and request.method == "POST" and form.is_valid():
        if _is_too_much(request, user, form):
            form.add_error(None, TOO_FAST)
            status = 429
        else:
            return _register(form)
    response = render(request, template, context | {"form": form, "lines": lines}, status=status)
    if status == 429:
        response["Retry-After"] = str(rules.HOUR)
    return with_zone(request, with_device(request, response, path=PATH))


def _is_too_much(request: HttpRequest, user: User | None, form: SessionsForm) -> bool:
    if user is not None:
        return rules.is_too_fast(f"compte:{user.pk}")
    network = get_adapter().get_client_ip(request)
    # Both count, whatever the first one answers.
    return rules.is_crowded(form.chosen(), network) | rules.is_too_fast(device_of(request))


def _form(
    request: HttpRequest, user: User | None, lines: list[Line], chosen: list[str]
) -> SessionsForm:
    data = request.POST if request.method == "POST" else None
    initial = {"sessions": chosen, "time_zone": zone_of(request).key}
    if user is not None:
        return MemberForm(data, lines=lines, initial=initial, user=user)
    return GuestForm(data, lines=lines, initial=initial)


def _register(form: SessionsForm) -> HttpResponse:
    sessions = form.chosen()
    if not form.is_robot:
        register(webinars=sessions, applicant=form.applicant())
    query = urlencode({"seance": [one.code for one in sessions]}, doseq=True)
    return redirect(f"{reverse('webinars:registered')}?{query}")


@login_not_required
@never_cache
@require_safe
def registered(request: HttpRequest) -> HttpResponse:
    """Thank you, in the same words whatever became of it; a member reads their own state."""
    lines = _lines(request, rules.open_among(request.GET.getlist("seance")))
    return render(request, "webinars/registered.html", {"lines": lines})


@require_safe
def own_page(request: UserRequest, code: str) -> HttpResponse:
    """To one's own page, for a member who is logged in: no need to look for the mail."""
    return redirect(personal_path(agenda_rules.get_own_registration_or_404(request.user, code)))


@login_not_required
@never_cache
@require_http_methods(GET_OR_POST)
def link_request(request: HttpRequest) -> HttpResponse:
    """Ask for one's personal links again. The answer never says who is registered."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        if rules.is_too_fast(device_of(request)):
            form.add_error(None, TOO_FAST)
            status = 429
        else:
            if not form.is_robot:
                personal_links.send_link_again(email=form.cleaned_data["email"])
            return redirect("webinars:link-sent")
    response = render(request, "webinars/link_request.html", {"form": form}, status=status)
    return with_device(request, response, path=PATH)


@login_not_required
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "webinars/link_sent.html")


@login_not_required
@xframe_options_exempt
@csp_replace({"frame-ancestors": settings.EMBED_ANCESTORS})  # type: ignore[arg-type]
@require_safe
def card(request: HttpRequest, code: str) -> HttpResponse:
    """The session in a few lines, for the page of another site: nothing to run, nothing to send."""
    webinar = agenda_rules.get_session_or_404(code)
    (line,) = lines_of([webinar], zone=zone_of(request), user=None)
    return render(request, "webinars/card.html", {"line": line, "webinar": webinar})
