"""The type of a request behind the log-in."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from organisations.models import User


class UserRequest(HttpRequest):
    """What a view receives once `LoginRequiredMiddleware` has let somebody in."""

    user: User
    htmx: HtmxDetails
