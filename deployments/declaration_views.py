"""The tab « Déclarations » of an action: how far each has got, its letter."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from deployments import declaration_rules as fetch
from deployments import declaring, letters, rules
from deployments.crumbs import deployment_crumbs, deployment_tabs
from deployments.day_rules import takes_part
from deployments.declaration_forms import LetterForm, StepForm
from deployments.declaration_wording import next_act, what_to_do
from deployments.enums import DeclarationAlert, DeclarationState
from deployments.models import Deployment, PublicSpaceDeclaration
from deployments.receipt_views import last_grant
from library.files import pdf_attachment
from organisations.models import Organisation, User
from organisations.requests import UserRequest
from organisations.rules import can_administer
from organisations.wording import named_after

form_view = require_http_methods(["GET", "HEAD", "POST"])
TONES = {
    DeclarationAlert.LATE: "bad",
    DeclarationAlert.REFUSED: "bad",
    DeclarationAlert.DUE: "warning",
    DeclarationAlert.SENT: "info",
    DeclarationAlert.GRANTED: "ok",
}
PRESSING = {"bad", "warning"}
MOVED = "Quelqu’un vient de modifier cette déclaration : voici où elle en est."


@require_safe
def declaration_list(request: UserRequest, pk: int) -> HttpResponse:
    deployment = rules.get_deployment_or_404(request.user, pk)
    today = fetch.today_at(deployment)
    is_managed = rules.can_manage(request.user, deployment)
    context = {
        "deployment": deployment,
        "crumbs": deployment_crumbs("Déclarations", deployment),
        "tabs": deployment_tabs(deployment, "declarations", is_managed=is_managed),
        "declarations": [_line(one, today) for one in fetch.declarations_of(deployment)],
        "is_managed": is_managed,
        "reads_receipts": takes_part(request.user, deployment),
        "can_keep_rules": fetch.can_keep_rules(request.user),
        "granted": last_grant(request, deployment) if is_managed else None,
    }
    return render(request, "deployments/declarations/list.html", context)


def _line(declaration: PublicSpaceDeclaration, today: object) -> dict[str, object]:
    is_needed = declaration.state != DeclarationState.NOT_NEEDED
    alert = declaration.alert_on(today) if is_needed else None  # type: ignore[arg-type]
    tone = TONES.get(alert, "") if alert else ""
    return {
        "declaration": declaration,
        "alert": alert,
        "label": alert.label if alert else "Sans objet",
        "tone": tone,
        "to_do": what_to_do(declaration, alert),
        "urgency": tone if tone in PRESSING else "",
        "next": next_act(declaration),
        "rule": fetch.rule_behind(declaration),
        "recipient": letters.recipient(declaration),
    }


def _managed(
    request: UserRequest, pk: int, declaration_pk: int
) -> tuple[Deployment, PublicSpaceDeclaration]:
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    return deployment, fetch.get_declaration_or_404(deployment, declaration_pk)


@form_view
def declaration_step(request: UserRequest, pk: int, declaration_pk: int) -> HttpResponse:
    """Note that it was sent, answered, or is not needed."""
    deployment, declaration = _managed(request, pk, declaration_pk)
    today = fetch.today_at(deployment)
    form = StepForm(request.POST or None, declaration=declaration, today=today)
    status, wish, has_moved = 200, "", False
    if request.method == "POST":
        try:
            if form.is_about_an_older_state():
                raise declaring.DeclarationMoved
            if form.is_valid():
                declaring.settle_declaration(
                    declaration=declaration, author=request.user, **form.settled()
                )
                messages.success(request, "C’est noté.")
                return redirect("deployments:declarations", pk=pk)
        except (declaring.DeclarationMoved, declaring.WrongStep):
            deployment, declaration = _managed(request, pk, declaration_pk)
            status, wish = 409, form.wish()
            has_moved = form.is_about_another_action(deployment)
            form = StepForm(declaration=declaration, today=today)
            if not wish:
                messages.warning(request, MOVED)
    context = {
        "form": form,
        "wish": wish,
        "has_moved": has_moved,
        "where": letters.where_line(deployment),
        "whens": letters.when_lines(deployment),
        "declaration": declaration,
        "deployment": deployment,
        "crumbs": deployment_crumbs("Déclaration", deployment),
    }
    return render(request, "deployments/declarations/step.html", context, status=status)


@form_view
def declaration_letter(request: UserRequest, pk: int, declaration_pk: int) -> HttpResponse:
    """Read and change the words of the letter."""
    deployment, declaration = _managed(request, pk, declaration_pk)
    text = declaration.letter or letters.proposed_body(declaration)
    initial = {"letter": text, "revision": declaration.revision}
    form = LetterForm(request.POST or None, initial=initial)
    newer = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["letter"]
        try:
            declaring.write_letter(
                declaration=declaration, author=request.user,
                letter="" if typed == letters.proposed_body(declaration) else typed,
                revision=form.cleaned_data["revision"],
            )  # fmt: skip
        except declaring.DeclarationMoved:
            newer = text
            form = LetterForm({"letter": typed, "revision": declaration.revision})
        else:
            messages.success(request, "La lettre est enregistrée.")
            return redirect("deployments:declarations", pk=pk)
    context = {
        "form": form,
        "newer": newer,
        "declaration": declaration,
        "letter": letters.letter_of(declaration),
        "lacks_address": not deployment.organisation.postal_address,
        "of_sender": named_after("de", deployment.organisation),
        "address_url": _address_url(request.user, deployment.organisation),
        "is_stale": bool(declaration.letter)
        and declaration.letter_facts != declaring.facts_of(deployment),
        "deployment": deployment,
        "crumbs": deployment_crumbs("Lettre", deployment),
    }
    status = 409 if newer is not None else 200
    return render(request, "deployments/declarations/letter.html", context, status=status)


def _address_url(user: User, organisation: Organisation) -> str:
    """Where the person writes the address of the sender, if it is theirs to write."""
    if not can_administer(user, organisation):
        return ""
    return reverse("organisations:organisation-address", args=[organisation.pk])


@require_safe
def declaration_letter_pdf(request: UserRequest, pk: int, declaration_pk: int) -> HttpResponseBase:
    _, declaration = _managed(request, pk, declaration_pk)
    name = f"declaration-{declaration.authority}-{pk}.pdf"
    return pdf_attachment(letters.letter_pdf(declaration), name)
