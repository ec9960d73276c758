"""The correction inbox: records that need a human, and the files of tablets that could not send."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from contacts.actions import open_activist_source
from core.pages import confirm
from core.text import counted
from field import actions, rules
from field.enums import Reason
from field.forms import ExportForm
from field.models import SealedRecord
from field.reading import form_for, read_content, request_for
from field.record_form import RecordForm
from field.sealing import Opener, Unreadable
from organisations.requests import UserRequest

GONE = "Quelqu’un d’autre a déjà réglé cette fiche."


def _crumbs(here: str = "") -> list[dict[str, str]]:
    trail = [
        {"label": "Terrain", "url": reverse("field:session-list")},
        {"label": "Fiches à corriger", "url": reverse("field:record-list") if here else ""},
    ]
    return [*trail, {"label": here, "url": ""}] if here else trail


def _check_staff(request: UserRequest) -> None:
    if not rules.staffed_organisations(request.user):
        raise Http404


@never_cache
def record_list(request: UserRequest) -> HttpResponse:
    _check_staff(request)
    records = rules.paginate_records(request.user, request.GET.get("page"))
    context = {"records": records, "crumbs": _crumbs()}
    return render(request, "field/record_list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_correct(request: UserRequest, pk: int) -> HttpResponse:
    """The form as the tablet sent it, its errors beside their fields."""
    record = rules.get_record_or_404(request.user, pk)
    try:
        content = read_content(Opener(), record)
    except Unreadable:
        return _page(request, record, None)
    if request.method != "POST":
        return _page(request, record, form_for(content))
    form = RecordForm(request.POST)
    if not form.is_valid():
        return _page(request, record, form)
    try:
        actions.correct_record(
            record=record, request=request_for(record, content, form), author=request.user
        )
    except actions.RecordSettled:
        messages.warning(request, GONE)
    else:
        messages.success(request, f"{form.cleaned_data['first_name']} : enregistré·e.")
    return redirect("field:record-list")


def _page(request: UserRequest, record: SealedRecord, form: RecordForm | None) -> HttpResponse:
    context = {"record": record, "form": form, "crumbs": _crumbs("Corriger")}
    return render(request, "field/record_correct.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_discard(request: UserRequest, pk: int) -> HttpResponse:
    record = rules.get_record_or_404(request.user, pk)
    if request.method != "POST":
        return confirm(
            request,
            title="Écarter cette fiche ?",
            text="Ce qui a été saisi sera effacé pour de bon. Qui l’écarte est noté.",
            label="Écarter la fiche",
            back=reverse("field:record-correct", args=[pk]),
        )
    try:
        actions.discard_record(record=record, author=request.user)
    except actions.RecordSettled:
        messages.warning(request, GONE)
    else:
        messages.success(request, "La fiche est écartée : son contenu est effacé.")
    return redirect("field:record-list")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def record_discard_several(request: UserRequest) -> HttpResponse:
    """Those ticked in the list, named in the address: the question and its answer share it."""
    _check_staff(request)
    records = list(rules.picked_records(request.user, request.GET.getlist("fiche")))
    if not records:
        messages.warning(request, "Cochez d’abord les fiches à écarter.")
    elif request.method != "POST":
        named = counted(len(records), "fiche", "fiches")
        return confirm(
            request,
            title=f"Écarter {named} ?",
            text="Ce qui a été saisi sera effacé pour de bon. Qui les écarte est noté.",
            label=f"Écarter {named}",
            back=reverse("field:record-list"),
        )
    else:
        count = actions.discard_records(records=records, author=request.user)
        said = counted(count, "fiche écartée", "fiches écartées")
        messages.success(request, f"{said} : leur contenu est effacé.")
    return redirect("field:record-list")


@require_POST
def record_retry(request: UserRequest, pk: int) -> HttpResponse:
    """Have one record opened again, whatever its session's dates."""
    record = rules.get_record_or_404(request.user, pk)
    records = rules.records_to_correct(request.user).filter(pk=record.pk)
    actions.approve_records(records=records, author=request.user)
    messages.success(request, "La fiche est relue : elle revient ici si elle reste à corriger.")
    return redirect("field:record-list")


@require_POST
def session_approve(request: UserRequest, pk: int) -> HttpResponse:
    """Have the records of one session opened again, whatever its dates.

    Those of a removed device are looked at one by one: it may have been stolen.
    """
    session = rules.get_managed_session_or_404(request.user, pk)
    records = rules.records_to_correct(request.user).filter(session=session)
    records = records.exclude(reason=Reason.REVOKED)
    count = actions.approve_records(records=records, author=request.user)
    said = counted(count, "fiche relue", "fiches relues")
    messages.success(request, f"{said} : celles à corriger reviendront ici.")
    return redirect("field:record-list")


@require_http_methods(["GET", "HEAD", "POST"])
def export_import(request: UserRequest) -> HttpResponse:
    """Take in the file of a tablet that could not send."""
    _check_staff(request)
    form = ExportForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "crumbs": _crumbs("Fichier d’une tablette")}
        return render(request, "field/export_import.html", context)
    envelopes = form.upload.envelopes
    openings = rules.openings_of(request.user, envelopes)
    kept = [each for each in envelopes if openings.hold(each)]
    new = actions.import_records(
        envelopes=kept,
        openings=openings,
        author=request.user,
        own_source=open_activist_source(
            user=request.user, organisation=request.user.active_memberships[0].organisation
        ),
    )
    known = len(kept) - new
    messages.success(
        request,
        f"{counted(new, 'fiche reçue', 'fiches reçues')}, "
        f"{counted(known, 'déjà connue', 'déjà connues')}.",
    )
    if foreign := len(envelopes) - len(kept):
        messages.warning(
            request,
            f"{counted(foreign, 'fiche vient', 'fiches viennent')} d’une session ou d’un téléphone "
            "que vous ne gérez pas : transmettez le fichier à l’organisation qui l’a ouvert.",
        )
    if damaged := len(form.upload.malformed):
        said = counted(damaged, "fiche abîmée, non reprise", "fiches abîmées, non reprises")
        messages.warning(request, f"{said}.")
    return redirect("field:record-list")
