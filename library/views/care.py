"""What asks for its keeper: expiring, expired, stale, never taken, drafts, withdrawn."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campaigns import clock
from library import rules
from library.enums import Care

ROWS_PER_PAGE = 50


@require_safe
def care(request: HttpRequest) -> HttpResponse:
    rules.check_publisher(request.user)
    today = clock.today()
    counts = rules.care_counts(request.user, today=today)
    pressing = next((reason for reason in Care if counts[reason]), Care.EXPIRING)
    asked = request.GET.get("etat", "")
    reason = Care(asked) if asked in Care.values else pressing
    address = reverse("library:care")
    tabs = [
        {
            "label": each.label, "url": f"{address}?etat={each.value}", "count": counts[each],
            "current": each == reason,
        }
        for each in Care
    ]  # fmt: skip
    documents = rules.documents_to_care_for(request.user, reason, today=today)
    page = Paginator(documents, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "library/care.html", {"tabs": tabs, "reason": reason, "page_obj": page})
