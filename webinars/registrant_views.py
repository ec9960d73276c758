"""Who comes to a session, for those who hold it: the list, one person, the file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import clock
from core.spreadsheets import csv_lines, workbook
from organisations.requests import UserRequest
from webinars import personal_links, registering, rules, staff_rules
from webinars.attending import mark_attendance
from webinars.crumbs import manage_crumbs, manage_tabs
from webinars.enums import RegistrationState
from webinars.exporting import export_people
from webinars.models import Registration, Webinar
from webinars.participation import attendance_of
from webinars.places import WebinarClosed
from webinars.registrant_forms import AddForm, ExportForm, PeopleFilterForm, RemovalForm, ReplyForm
from webinars.wording import when_words

GET_OR_POST = ["GET", "HEAD", "POST"]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
CLOSED = "Cette séance est passée, annulée ou pas encore annoncée : on ne s’y inscrit pas."


@require_safe
def registrants(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    form = PeopleFilterForm(request.GET)
    people = form.narrow(staff_rules.people_of(webinar))
    now = clock.now()
    context = {
        "webinar": webinar,
        "crumbs": manage_crumbs("Inscriptions", webinar),
        "tabs": manage_tabs(webinar, "manage-registrants"),
        "attendance": attendance_of(webinar),
        "form": form,
        "page": staff_rules.page_of_people(people, request.GET.get("page")),
        "has_begun": webinar.starts_at is not None and webinar.starts_at <= now,
        "is_open": webinar.is_open_at(now),
        "here": request.get_full_path(),
        "had_a_crowd": rules.had_a_crowd(webinar),
    }
    return render(request, "webinars/staff/registrants.html", context)


@require_http_methods(GET_OR_POST)
def registrant_add(request: UserRequest, pk: int) -> HttpResponse:
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    if not webinar.is_open_at(clock.now()):
        messages.info(request, CLOSED)
        return redirect("webinars:manage-registrants", pk)
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        one = _add(request, webinar, form)
        if one is not None:
            messages.success(request, f"{one.name} : {one.get_state_display().lower()}.")
            return redirect("webinars:manage-registrant", pk, one.pk)
    context = {
        "webinar": webinar,
        "form": form,
        "crumbs": manage_crumbs("Inscrire quelqu’un", webinar, registrants="Inscriptions"),
    }
    return render(request, "webinars/staff/registrant_add.html", context)


def _add(request: UserRequest, webinar: Webinar, form: AddForm) -> Registration | None:
    """None when it could not be; the form then says why."""
    try:
        return registering.add_registrant(
            webinar=webinar, applicant=form.applicant(), added_by=request.user
        )
    except WebinarClosed:
        form.add_error(None, CLOSED)
    except registering.TooManyInADay:
        form.add_error("email", "Cette adresse s’est inscrite trop souvent aujourd’hui.")
    return None


@require_safe
def registrant(request: UserRequest, pk: int, registration: int) -> HttpResponse:
    one = rules.get_managed_registration_or_404(request.user, pk, registration)
    return _page(request, one, ReplyForm())


def _page(request: UserRequest, one: Registration, form: ReplyForm) -> HttpResponse:
    webinar = one.webinar
    now = clock.now()
    context = {
        "webinar": webinar,
        "one": one,
        "form": form,
        "when": when_words(webinar),
        "devices": rules.devices_of(one),
        "is_open": webinar.is_open_at(now),
        "has_begun": webinar.starts_at is not None and webinar.starts_at <= now,
        "can_answer": registering.can_be_let_in(one),
        "is_in": one.state
        in (RegistrationState.REGISTERED, RegistrationState.WAITING, RegistrationState.ASKED),
        "crumbs": manage_crumbs(one.name, webinar, registrants="Inscriptions"),
    }
    return render(request, "webinars/staff/registrant.html", context)


@require_POST
def registrant_answer(request: UserRequest, pk: int, registration: int) -> HttpResponse:
    """Say yes or no to who asked to come, with a word for them."""
    one = rules.get_managed_registration_or_404(request.user, pk, registration)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, one, form)
    reply = form.cleaned_data["reply"]
    if request.POST.get("answer") == "yes":
        settled = registering.approve(registration=one, decided_by=request.user, reply=reply)
        if settled:
            messages.success(request, f"{one.name} est des nôtres : le mail part avec son lien.")
        else:
            messages.info(request, "Quelqu’un a déjà répondu, ou la séance est passée.")
    else:
        registering.refuse(registration=one, decided_by=request.user, reply=reply)
        messages.success(request, f"La réponse part à {one.name}. Vous pourrez changer d’avis.")
    return _back(request, pk)


@require_http_methods(GET_OR_POST)
def registrant_cancel(request: UserRequest, pk: int, registration: int) -> HttpResponse:
    """Take somebody off the list; the first who waits gets the place."""
    one = rules.get_managed_registration_or_404(request.user, pk, registration)
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        left = registering.cancel_registration(
            registration=one, cancelled_by=request.user, **form.cleaned_data
        )
        if left.state == RegistrationState.CANCELLED:
            messages.success(request, f"{one.name} n’est plus sur la liste, et reçoit un mail.")
        else:
            messages.info(request, "La séance est passée : la liste ne change plus.")
        return redirect("webinars:manage-registrant", pk, registration)
    context = {
        "webinar": one.webinar,
        "one": one,
        "form": form,
        "crumbs": manage_crumbs("Désinscrire", one.webinar, registrants="Inscriptions"),
    }
    return render(request, "webinars/staff/registrant_cancel.html", context)


@require_POST
def registrant_link(request: UserRequest, pk: int, registration: int) -> HttpResponse:
    """Send the personal link again, replace it, or close it."""
    one = rules.get_managed_registration_or_404(request.user, pk, registration)
    act = request.POST.get("act")
    if act == "revoke":
        personal_links.revoke_link(registration=one, revoked_by=request.user)
        messages.success(request, "Le lien est retiré : il n’ouvre plus rien.")
    elif act == "renew" and rules.can_be_written_to(one):
        personal_links.renew_link(registration=one, renewed_by=request.user)
        messages.success(request, f"Un nouveau lien part à {one.name}. L’ancien n’ouvre plus rien.")
    elif act == "again" and personal_links.send_again(registration=one, sent_by=request.user):
        messages.success(request, f"Le mail repart vers {one.name}, avec le même lien.")
    else:
        messages.info(
            request, "Aucun mail à envoyer : séance passée, place annulée ou lien retiré."
        )
    return redirect("webinars:manage-registrant", pk, registration)


@require_POST
def registrant_attendance(request: UserRequest, pk: int, registration: int) -> HttpResponse:
    """Note by hand that somebody was there, or was not; any other answer takes it back."""
    one = rules.get_managed_registration_or_404(request.user, pk, registration)
    answers = {"present": True, "absent": False}
    mark_attendance(registration=one, attended=answers.get(request.POST.get("attended", "")))
    return _back(request, pk, anchor=f"#personne-{one.pk}")


@require_http_methods(GET_OR_POST)
def registrants_export(request: UserRequest, pk: int) -> HttpResponse:
    """The people the filters of the list keep, as a file."""
    webinar = rules.get_managed_webinar_or_404(request.user, pk)
    filters = PeopleFilterForm(request.GET)
    people = filters.narrow(staff_rules.people_of(webinar))
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rows = export_people(
            webinar=webinar, people=people, reason=form.cleaned_data["reason"],
            author=request.user,
        )  # fmt: skip
        return _file(rows, form.cleaned_data["file_type"], name=f"webinaire-{webinar.pk}")
    context = {
        "webinar": webinar,
        "form": form,
        "number": people.count(),
        "crumbs": manage_crumbs("Exporter", webinar, registrants="Inscriptions"),
    }
    return render(request, "webinars/staff/export.html", context)


def _file(rows: list[list[str]], file_type: str, *, name: str) -> HttpResponse:
    if file_type == "csv":
        answer = HttpResponse("".join(csv_lines(rows)), content_type=CSV)
    else:
        answer = HttpResponse(workbook(rows), content_type=EXCEL)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{file_type}"'
    return answer


def _back(request: UserRequest, pk: int, anchor: str = "") -> HttpResponse:
    """The list as it was filtered, if that is where one comes from."""
    own = reverse("webinars:manage-registrants", args=[pk])
    wanted = request.POST.get("next", "")
    is_own = wanted == own or wanted.startswith(f"{own}?")
    return redirect((wanted if is_own else own) + anchor)
