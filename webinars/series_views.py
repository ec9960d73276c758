"""The series, for the confederation: their words, whom they are for, who is welcome by name."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.text import counted
from organisations.requests import UserRequest
from webinars import audience, rules, series, staff_rules
from webinars.crumbs import manage_crumbs
from webinars.models import Series
from webinars.series_forms import AdmitForm, SeriesForm

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def series_list(request: UserRequest) -> HttpResponse:
    rows = [
        {"series": one, "audience": audience.audience_words(one)}
        for one in staff_rules.series_to_keep(request.user)
    ]
    context = {"rows": rows, "crumbs": manage_crumbs("Séries")}
    return render(request, "webinars/staff/series_list.html", context)


@require_http_methods(GET_OR_POST)
def series_create(request: UserRequest) -> HttpResponse:
    staff_rules.check_series_keeper(request.user)
    form = SeriesForm(request.POST or None)
    del form.fields["is_active"]
    if request.method == "POST" and form.is_valid():
        made = series.create_series(created_by=request.user, **form.details())
        messages.success(request, f"La série « {made.title} » est prête.")
        return redirect("webinars:manage-series")
    context = {"form": form, "crumbs": _crumbs("Nouvelle série")}
    return render(request, "webinars/staff/series_create.html", context)


@require_http_methods(GET_OR_POST)
def series_edit(request: UserRequest, slug: str) -> HttpResponse:
    one = rules.get_series_or_404(request.user, slug)
    form = SeriesForm.for_series(one, request.POST or None)
    if request.method == "POST" and form.is_valid():
        series.change_series(
            series=one, author=request.user, is_active=form.cleaned_data["is_active"],
            **form.details(),
        )  # fmt: skip
        messages.success(request, "C’est enregistré. Qui est déjà inscrit le reste.")
        return redirect("webinars:manage-series")
    return _page(request, one, form, AdmitForm())


@require_POST
def series_admit(request: UserRequest, slug: str) -> HttpResponse:
    """Welcome addresses by name, or turn one away."""
    one = rules.get_series_or_404(request.user, slug)
    form = AdmitForm(request.POST)
    if not form.is_valid():
        return _page(request, one, SeriesForm.for_series(one), form)
    addresses = form.cleaned_data["addresses"]
    if request.POST.get("act") == "remove":
        for address in addresses:
            audience.turn_away(series=one, address=address)
        messages.success(request, "Ces adresses devront de nouveau demander.")
    else:
        number = audience.admit_addresses(series=one, addresses=addresses, added_by=request.user)
        words = counted(number, "adresse s’inscrit", "adresses s’inscrivent")
        messages.success(request, f"{words} désormais sans demander.")
    return redirect("webinars:manage-series-edit", slug)


def _page(request: UserRequest, one: Series, form: SeriesForm, admit: AdmitForm) -> HttpResponse:
    context = {
        "series": one,
        "form": form,
        "admit": admit,
        "admitted": staff_rules.admitted_count(one),
        "crumbs": _crumbs(one.title),
    }
    return render(request, "webinars/staff/series_edit.html", context)


def _crumbs(here: str) -> list[dict[str, str]]:
    crumbs = manage_crumbs(here)
    crumbs.insert(-1, {"label": "Séries", "url": reverse("webinars:manage-series")})
    return crumbs
