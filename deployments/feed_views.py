"""Agendas that a telephone reads by itself, and one action as a file."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods, require_safe

from core.pages import confirm
from deployments import feed_rules, feeds, ics, rules, tasks
from deployments.enums import FeedKind
from deployments.feed_forms import FeedForm
from organisations.requests import UserRequest

TYPE = "text/calendar; charset=utf-8"


@require_http_methods(["GET", "HEAD", "POST"])
def feed_list(request: UserRequest) -> HttpResponse:
    """One's agendas. The address of a new one is shown in the answer and nowhere else."""
    rules.check_member(request.user)
    form = FeedForm(request.POST if request.method == "POST" else None, user=request.user)
    address = ""
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = feeds.open_feed(user=request.user, **form.cleaned_data)
        except feeds.TooManyFeeds:
            form.add_error(None, f"Vous avez déjà {feeds.MOST_FEEDS} agendas : retirez-en un.")
        else:
            address = settings.SITE_URL + reverse("deployments:feed-file", args=[secret])
            form = FeedForm(user=request.user)
    context = {
        "form": form,
        "address": address,
        "webcal": f"webcal://{address.partition('://')[2]}" if address else "",
        "feeds": feed_rules.own_feeds(request.user),
        "crumbs": [
            {"label": "Agenda", "url": reverse("deployments:calendar")},
            {"label": "Dans mon téléphone", "url": ""},
        ],
    }
    return render(request, "deployments/agenda/agendas.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def feed_revoke(request: UserRequest, pk: int) -> HttpResponse:
    feed = feed_rules.get_own_feed_or_404(request.user, pk)
    back = reverse("deployments:feed-list")
    if request.method != "POST":
        return confirm(
            request,
            title="Retirer cet agenda ?",
            text="Les appareils qui le lisent ne verront plus rien de nouveau. "
            "Vous pourrez en créer un autre, avec une autre adresse.",
            label="Retirer cet agenda",
            back=back,
        )
    feeds.revoke_feed(feed=feed)
    messages.success(request, "L’agenda est retiré : son adresse ne mène plus nulle part.")
    return redirect(back)


@login_not_required
@require_safe
def feed_file(request: HttpRequest, secret: str) -> HttpResponse:
    """What a calendar program reads, whoever runs it: the address is the key."""
    feed = feed_rules.get_read_feed_or_404(secret)
    tasks.ask_to_note(feed)
    events = feed_rules.events_of(feed_rules.deployments_of(feed))
    tag = ics.fingerprint(events)
    # Not by date: what went out of sight leaves the others as old as they were.
    response = get_conditional_response(request, etag=tag)
    if response is None or response.status_code != 304:
        label = feed.organisation.name if feed.organisation else feed.get_kind_display()
        name = f"{settings.SITE_NAME} – {label}"
        body = ics.calendar_file(events, name=name, is_busy=feed.kind == FeedKind.MINE)
        response = HttpResponse(body, content_type=TYPE)
        response["ETag"] = tag
    if events:
        last = max(event.updated_at for event in events)
        response["Last-Modified"] = http_date(last.timestamp())
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def deployment_file(request: UserRequest, pk: int) -> HttpResponse:
    """One action, to be put into one's own calendar."""
    deployment = rules.get_deployment_or_404(request.user, pk)
    events = feed_rules.events_of_one(deployment)
    body = ics.calendar_file(events, name=deployment.title)
    return HttpResponse(
        body,
        content_type=TYPE,
        headers={"Content-Disposition": f'attachment; filename="action-{deployment.pk}.ics"'},
    )
