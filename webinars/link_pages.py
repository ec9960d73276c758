"""What somebody reads whose personal link opens nothing: how to get the right one."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

View = Callable[..., HttpResponseBase]


def behind_a_link(view: View) -> View:
    """A page of `view` that does not exist is told in the words of webinars; still a 404."""

    @wraps(view)
    def told(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return render(request, "webinars/link_unknown.html", status=404)

    return told
