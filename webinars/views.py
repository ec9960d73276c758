"""The page of a session, for members."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.requests import UserRequest
from webinars import rules
from webinars.audience import audience_words
from webinars.wording import programme_words, when_words


@require_safe
def webinar_detail(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_webinar_or_404(request.user, pk)
    context = {
        "webinar": webinar,
        "when": when_words(webinar, ZoneInfo(request.user.time_zone)),
        "audience": audience_words(webinar.series),
        "programme": programme_words(webinar),
    }
    return render(request, "webinars/detail.html", context)
