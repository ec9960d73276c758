"""Pages that every room asks for and that hold nothing of the domain."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def confirm(request: HttpRequest, *, title: str, text: str, label: str, back: str) -> HttpResponse:
    """The question asked before something that somebody will notice.

    `label` names the act on its button, which posts to the same address; `back` leads away.
    """
    context = {"title": title, "text": text, "label": label, "back": back}
    return render(request, "components/confirm_page.html", context)
