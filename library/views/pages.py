"""The library's home, the list of what was withdrawn, and what the other pages share."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from library import rules
from library.forms import LibraryFilter
from organisations.models import User

DOCUMENTS_PER_PAGE = 24


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    form = LibraryFilter(request.GET)
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    kind = chosen.get("kind") or ""
    sheets = rules.listed_sheets(request.user).matching(chosen.get("q", ""))
    documents = rules.visible_documents(request.user).available().matching(chosen.get("q", ""))
    if trade := chosen.get("metier"):
        sheets, documents = sheets.for_trade(trade.pk), documents.for_trade(trade.pk)
    if kind and kind != LibraryFilter.SHEETS:
        documents = documents.filter(kind=kind)
    context = {
        "form": form,
        "filtered": any(chosen.values()),
        "sheets": [] if kind and kind != LibraryFilter.SHEETS else sheets,
        "page_obj": _page(request, documents.none() if kind == LibraryFilter.SHEETS else documents),
        "shows_sheets": kind in ("", LibraryFilter.SHEETS),
        "shows_documents": kind != LibraryFilter.SHEETS,
    }
    return render(request, "library/home.html", context | _editing(request))


@require_safe
def retired(request: HttpRequest) -> HttpResponse:
    sheets = rules.retired_sheets(request.user)
    documents = rules.visible_documents(request.user).filter(retired_at__isnull=False)
    return render(request, "library/retired.html", {"sheets": sheets, "documents": documents})


def library_user(request: HttpRequest) -> User:
    """The person who acts: every page of this room but the public ones is behind the log-in."""
    return cast(User, request.user)


def by(user: User | None) -> str:
    return f" par {user}" if user else ""


def _page(request: HttpRequest, documents: Any) -> Any:
    return Paginator(documents, DOCUMENTS_PER_PAGE).get_page(request.GET.get("page"))


def _editing(request: HttpRequest) -> dict[str, Any]:
    if not rules.can_edit_library(request.user):
        return {"can_edit": False, "late": 0}
    late = rules.sheets_to_verify(request.user, today=timezone.localdate()).count()
    return {"can_edit": True, "late": late}
