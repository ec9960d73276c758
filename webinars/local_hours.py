"""By which clocks a visitor reads the hours: those they chose, else those of where they act."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from organisations.models import User
from territory.local_time import PARIS, PLACES, zone_or_paris

COOKIE = PARAMETER = "fuseau"
PATH = "/webinaires/"
YEAR = 365 * 86_400
# As one says where one is.
ZONES = [
    (key, "En métropole" if key == PARIS.key else place[:1].upper() + place[1:])
    for key, place in PLACES.items()
]


def member_of(request: HttpRequest) -> User | None:
    """Whom a public page knows, if somebody is logged in."""
    return request.user if isinstance(request.user, User) else None


def zone_of(request: HttpRequest) -> ZoneInfo:
    for chosen in (request.GET.get(PARAMETER), request.COOKIES.get(COOKIE)):
        if chosen in PLACES:
            return ZoneInfo(chosen)
    user = member_of(request)
    return zone_or_paris(user.time_zone) if user else PARIS


def with_zone(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Remember what the visitor just chose, on the pages of the webinars alone."""
    chosen = request.GET.get(PARAMETER)
    if chosen in PLACES:
        response.set_cookie(
            COOKIE, chosen, max_age=YEAR, path=PATH, httponly=True, secure=settings.HTTPS,
            samesite="Lax",
        )  # fmt: skip
    return response
