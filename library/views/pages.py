"""The library's home, the list of what was withdrawn, and what the other pages share."""

import datetime as dt
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaigns import clock
from library import reading, rules
from library.document_forms import LibraryFilter
from library.enums import Care, Format
from library.models import DocumentQuerySet, RightsSheetQuerySet
from organisations.models import User

DOCUMENTS_PER_PAGE = 24
# What the notice of the home page speaks of.
PRESSING = (Care.EXPIRING, Care.EXPIRED, Care.STALE, Care.IDLE)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    since = reading.begin_visit(user=library_user(request))
    form = LibraryFilter(request.GET)
    chosen = form.chosen
    kind, text = chosen.get("kind", ""), chosen.get("q", "")
    documents = chosen_documents(request, chosen, since)
    only_documents = any(name in chosen for name in ("format", "pour", "nouveau"))
    shows_sheets = kind in ("", LibraryFilter.SHEETS) and not only_documents
    page = _page(request, documents.none() if kind == LibraryFilter.SHEETS else documents)
    offered = rules.offered_documents(request.user)
    context = {
        "form": form,
        "filtered": bool(chosen),
        "text": text,
        "sheets": chosen_sheets(request, chosen) if shows_sheets else [],
        "page_obj": page,
        "since": since,
        "new_count": offered.renewed_since(since).count() if since else 0,
        "collections": [] if chosen else rules.shown_collections(request.user),
        "share_url": request.build_absolute_uri() if chosen else "",
    }
    return render(request, "library/home.html", context | _editing(request))


@require_safe
def retired(request: HttpRequest) -> HttpResponse:
    rules.check_publisher(request.user)
    keeps_sheets = rules.can_edit_library(request.user)
    sheets = rules.retired_sheets(request.user) if keeps_sheets else []
    documents = rules.kept_documents(request.user).filter(retired_at__isnull=False)
    return render(request, "library/retired.html", {"sheets": sheets, "documents": documents})


def chosen_documents(
    request: HttpRequest, chosen: dict[str, Any], since: dt.datetime | None
) -> DocumentQuerySet:
    """What the filter finds, the nearest to the words first, else the newest."""
    found = rules.offered_documents(request.user)
    if trade := chosen.get("metier"):
        found = found.for_trade(trade.pk)
    if kind := chosen.get("kind"):
        found = found.filter(kind=kind)
    if wanted := chosen.get("format"):
        found = found.of_format(Format(wanted))
    if audience := chosen.get("pour"):
        found = found.filter(audience=audience)
    if chosen.get("nouveau"):
        found = found.renewed_since(since) if since else found.none()
    if text := chosen.get("q"):
        return found.matching(text).with_snippets(text).nearest_first(text)
    return found.order_by("-renewed_at", "pk")


def chosen_sheets(request: HttpRequest, chosen: dict[str, Any]) -> RightsSheetQuerySet:
    found = rules.listed_sheets(request.user)
    if trade := chosen.get("metier"):
        found = found.for_trade(trade.pk)
    if text := chosen.get("q"):
        return found.matching(text).nearest_first(text)
    return found


def library_user(request: HttpRequest) -> User:
    """The person who acts: every page of this room but the public ones is behind the log-in."""
    return cast(User, request.user)


def by(user: User | None) -> str:
    return f" par {user}" if user else ""


def _page(request: HttpRequest, documents: DocumentQuerySet) -> Any:
    return Paginator(documents, DOCUMENTS_PER_PAGE).get_page(request.GET.get("page"))


def _editing(request: HttpRequest) -> dict[str, Any]:
    can_edit, can_publish = rules.can_edit_library(request.user), rules.can_publish(request.user)
    late = waiting = expiring = 0
    if can_edit:
        late = rules.sheets_to_verify(request.user, today=timezone.localdate()).count()
    if can_publish:
        counts = rules.care_counts(request.user, today=clock.today())
        waiting, expiring = sum(counts[care] for care in PRESSING), counts[Care.EXPIRING]
    return {
        "can_edit": can_edit,
        "can_publish": can_publish,
        "late": late,
        "waiting": waiting,
        "expiring": expiring,
        "expiring_url": f"{reverse('library:care')}?etat={Care.EXPIRING.value}",
    }
