"""Who asks for a page or a file: a person, or a program that looks at links."""

import re

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

# What programs say of themselves. An honest browser says « Mozilla » and none of these words.
PROGRAMS = re.compile(
    r"bot|crawl|spider|slurp|preview|facebookexternalhit|whatsapp|telegram|slack|discord|skype"
    r"|curl|wget|python|java/|okhttp|go-http|headless|monitor|scan|fetch",
    re.IGNORECASE,
)
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def is_person_reading(request: HttpRequest) -> bool:
    """Whether what is asked for counts as read: not a look ahead, not a program's."""
    ahead = any(
        re.search("fetch|preview", request.headers.get(name, "")) for name in PREFETCH_HEADERS
    )
    agent = request.headers.get("User-Agent", "")
    return request.method == "GET" and not ahead and bool(agent) and not PROGRAMS.search(agent)


def name_of(request: HttpRequest) -> str:
    """What tells readers apart for a day: the account, else the network address and browser."""
    if request.user.is_authenticated:
        return f"account:{request.user.pk}"
    try:
        address = get_adapter(request).get_client_ip(request)
    except PermissionDenied:  # behind a proxy that names nobody, readers count by browser alone
        address = ""
    return f"browser:{address}:{request.headers.get('User-Agent', '')}"
