"""Pages for activists and staff: enter a contact, find one, correct one."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts import actions, rules
from contacts.consent_forms import ConsentForm
from contacts.crumbs import contact_crumbs
from contacts.enums import CaptureMethod
from contacts.forms import CaptureForm, ContactFilterForm, CorrectionForm
from contacts.hooks import history_of
from contacts.listing import filter_contacts, page_of
from contacts.models import Contact
from contacts.proof import proof_as_json, statements_of
from organisations.requests import UserRequest


def capture(request: UserRequest) -> HttpResponse:
    """The form an activist fills in with the person in front of them."""
    rules.check_can_capture(request.user)
    form = CaptureForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        source = form.cleaned_data["source"] or actions.open_activist_source(
            user=request.user, organisation=request.user.active_memberships[0].organisation
        )
        actions.capture_contact(
            capture_id=form.capture_id(),
            source=source,
            details=form.details(),
            method=CaptureMethod.TABLET,
            captured_by=request.user,
        )
        messages.success(request, f"{form.cleaned_data['first_name']} : enregistré·e.")
        again = urlencode({"source": source.pk} if form.cleaned_data["source"] else {})
        return redirect(f"{request.path}?{again}" if again else request.path)
    if request.method != "POST":
        form.initial["source"] = request.GET.get("source")
    count = rules.count_captures_today(request.user)
    return render(request, "contacts/capture.html", {"form": form, "count_today": count})


def contact_list(request: UserRequest) -> HttpResponse:
    form = ContactFilterForm(request.GET, departements=rules.departements_of(request.user))
    contacts = filter_contacts(rules.visible_contacts(request.user), form)
    page = page_of(contacts, before=request.GET.get("avant", ""))
    context = {
        "form": form,
        "page": page,
        "flagged": rules.flagged_duplicates(request.user, page.contacts),
        "lists_people": request.user.lists_people,
        "capture_url": reverse("contacts:capture") if rules.can_capture(request.user) else "",
    }
    is_partial = request.htmx and not request.htmx.history_restore_request
    part = "#results" if is_partial else ""
    response = render(request, f"contacts/list.html{part}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def contact_detail(request: UserRequest, pk: int) -> HttpResponse:
    contact = rules.get_contact_or_404(request.user, rules.standing_number(pk))
    if contact.pk != pk:
        return redirect("contacts:contact-detail", pk=contact.pk)
    context = {
        "contact": contact,
        "may_be_called": rules.may_be_called(contact),
        "crumbs": contact_crumbs(contact),
        "consents": rules.consent_state(contact),
        "captures": contact.captures.select_related("source", "captured_by"),
        "history": history_of(contact),
        "duplicates": rules.visible_duplicates(request.user, contact),
        "is_managed": rules.can_manage(request.user, contact),
        "last_merge": contact.merges.standing().select_related("merged_by").first(),
    }
    return render(request, "contacts/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: UserRequest, pk: int) -> HttpResponse:
    contact = rules.get_managed_contact_or_404(request.user, pk)
    form = CorrectionForm.for_contact(contact, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            corrected = actions.correct_contact(contact=contact, **form.corrected())
        except actions.ContactMoved:
            form.show_newer(rules.get_managed_contact_or_404(request.user, pk))
            return _edit_page(request, contact, form, status=409)
        if rules.can_manage(request.user, corrected):
            messages.success(request, "Les coordonnées sont corrigées.")
            return redirect("contacts:contact-detail", pk=pk)
        messages.success(request, "Corrigé : ce contact relève d’une autre organisation.")
        return redirect("contacts:contact-list")
    return _edit_page(request, contact, form)


def _edit_page(
    request: UserRequest, contact: Contact, form: CorrectionForm, status: int = 200
) -> HttpResponse:
    context = {"form": form, "contact": contact, "crumbs": contact_crumbs(contact, "Corriger")}
    return render(request, "contacts/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_consents(request: UserRequest, pk: int) -> HttpResponse:
    """Record what the person asked for by telephone: a withdrawal acts at once."""
    contact = rules.get_managed_contact_or_404(request.user, pk)
    form = ConsentForm(request.POST or None, contact=contact)
    if request.method == "POST" and form.is_valid():
        actions.change_consents(contact=contact, given=form.given(), author=request.user)
        messages.success(request, "Les choix de la personne sont enregistrés.")
        return redirect("contacts:contact-detail", pk=pk)
    context = {"form": form, "contact": contact, "crumbs": contact_crumbs(contact, "Choix")}
    return render(request, "contacts/consents.html", context)


@require_safe
def contact_proof(request: UserRequest, pk: int) -> HttpResponse:
    """What a person agreed to, with the words, the times and who took it."""
    contact = rules.get_managed_contact_or_404(request.user, pk)
    context = {
        "contact": contact,
        "statements": statements_of(contact),
        "crumbs": contact_crumbs(contact, "Accords"),
    }
    return render(request, "contacts/proof.html", context)


@require_safe
def contact_proof_download(request: UserRequest, pk: int) -> HttpResponse:
    contact = rules.get_managed_contact_or_404(request.user, pk)
    return JsonResponse(
        proof_as_json(contact), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def contact_erase(request: UserRequest, pk: int) -> HttpResponse:
    """Erase a person who asked for it: a page of confirmation, then nothing is left."""
    contact = rules.get_managed_contact_or_404(request.user, pk)
    if request.method == "POST":
        actions.erase_contact(contact=contact, author=request.user)
        messages.success(request, "Les données de cette personne sont effacées.")
        return redirect("contacts:contact-list")
    context = {"contact": contact, "crumbs": contact_crumbs(contact, "Effacer")}
    return render(request, "contacts/erase.html", context)


@require_POST
def duplicate_dismiss(request: UserRequest, pk: int) -> HttpResponse:
    """Say that two people sharing an address are two people."""
    contact = rules.get_managed_contact_or_404(request.user, pk)
    actions.dismiss_duplicate(contact=contact, author=request.user)
    messages.success(request, "Noté : ce sont deux personnes différentes.")
    return redirect("contacts:contact-detail", pk=pk)
