"""The page behind a personal link: everything known of the person, and all they can do about it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts import actions, lost_links, own_page, rules
from contacts.consent_forms import ConsentForm
from contacts.devices import device_of, with_device
from contacts.export import person_as_json
from contacts.forms import CorrectionForm, LanguageForm, LinkForm
from contacts.limits import may_ask_link
from contacts.links import personal_token
from contacts.models import Contact
from core.languages import asked_language, in_every_language


def _open(request: HttpRequest, token: str) -> Contact:
    """The person of a personal link; the page speaks their language unless another was chosen."""
    contact = rules.get_contact_by_token_or_404(token)
    if not asked_language(request) and contact.language in dict(settings.LANGUAGES):
        translation.activate(contact.language)
    return contact


@login_not_required
@in_every_language
@never_cache
@require_safe
def personal(request: HttpRequest, token: str) -> HttpResponse:
    """What is known of the person, and everything they can do about it."""
    contact = _open(request, token)
    context = {
        "contact": contact,
        "token": token,
        "awaits_confirmation": rules.must_confirm(contact),
        "consent_form": ConsentForm(contact=contact),
        "language_form": LanguageForm(initial={"language": contact.language}),
        "sheets": rules.sheets_for(trade=contact.trade_id, agreement=contact.agreement_id),
    }
    return render(request, "contacts/personal.html", context)


@login_not_required
@in_every_language
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal_edit(request: HttpRequest, token: str) -> HttpResponse:
    contact = _open(request, token)
    form = CorrectionForm.for_contact(contact, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            corrected = actions.correct_contact(contact=contact, **form.corrected())
        except actions.ContactMoved:
            form.show_newer(_open(request, token))
        else:
            messages.success(request, _("Vos coordonnées sont corrigées."))
            return redirect("contacts:personal", token=personal_token(corrected))
    context = {"form": form, "contact": contact, "token": token}
    return render(request, "contacts/personal_edit.html", context)


@login_not_required
@in_every_language
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal_consents(request: HttpRequest, token: str) -> HttpResponse:
    contact = _open(request, token)
    form = ConsentForm(request.POST or None, contact=contact)
    if request.method == "POST" and form.is_valid():
        actions.change_consents(contact=contact, given=form.given())
        messages.success(request, _("Vos choix sont enregistrés : ils valent dès maintenant."))
        return redirect("contacts:personal", token=token)
    context = {"form": form, "contact": contact, "token": token}
    return render(request, "contacts/personal_consents.html", context)


@login_not_required
@in_every_language
@require_POST
def change_language(request: HttpRequest, token: str) -> HttpResponse:
    """The language of what we write to them, and of this page from now on."""
    contact = _open(request, token)
    form = LanguageForm(request.POST)
    response = redirect("contacts:personal", token=token)
    if form.is_valid():
        language = form.cleaned_data["language"]
        own_page.change_language(contact=contact, language=language)
        with translation.override(language):
            messages.success(request, _("C’est noté : nous vous écrirons dans cette langue."))
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, path="/", samesite="Lax")
    return response


@login_not_required
@in_every_language
@require_POST
def resend(request: HttpRequest, token: str) -> HttpResponse:
    """Send the mail that confirms the address again."""
    contact = _open(request, token)
    if rules.must_confirm(contact):
        own_page.resend_confirmation(contact=contact)
        messages.success(
            request,
            _("Le message repart. Il arrive dans quelques minutes, trois fois par jour au plus."),
        )
    return redirect("contacts:personal", token=token)


@login_not_required
@in_every_language
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm one's e-mail address by a button: mail programs open every link of a mail."""
    contact = rules.get_contact_to_confirm_or_404(token)
    if not asked_language(request) and contact.language in dict(settings.LANGUAGES):
        translation.activate(contact.language)
    if request.method == "POST":
        own_page.confirm_email(contact=contact)
        return redirect("contacts:confirm", token=token)
    context = {"contact": contact, "token": personal_token(contact)}
    return render(request, "contacts/personal_confirm.html", context)


@login_not_required
@in_every_language
@never_cache
@require_safe
def personal_download(request: HttpRequest, token: str) -> HttpResponse:
    """Everything stored about the person, in a file a machine can read (RGPD art. 15 and 20)."""
    contact = rules.get_contact_by_token_or_404(token)
    response = JsonResponse(
        person_as_json(contact), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    return response


@login_not_required
@in_every_language
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def personal_erase(request: HttpRequest, token: str) -> HttpResponse:
    contact = _open(request, token)
    if request.method == "POST":
        actions.erase_contact(contact=contact)
        return redirect("contacts:erased")
    return render(request, "contacts/personal_erase.html", {"contact": contact, "token": token})


@login_not_required
@in_every_language
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "contacts/erased.html")


@login_not_required
@in_every_language
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_request(request: HttpRequest) -> HttpResponse:
    """Ask for one's personal link again. The answer never says who is known."""
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.is_robot and may_ask_link(device_of(request)):
            channel, address = form.cleaned_data["address"]
            lost_links.ask_personal_link(
                channel=channel, address=address, language=translation.get_language()
            )
        return redirect("contacts:link-sent")
    response = render(request, "contacts/link_request.html", {"form": form})
    return with_device(request, response, path="/moi/")


@login_not_required
@in_every_language
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "contacts/link_sent.html")
