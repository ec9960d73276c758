"""The receipt of a declaration: handed in, read, and what it said of the declaration taken back."""

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns import clock
from deployments import declaration_rules as fetch
from deployments import declaring, rules
from deployments.crumbs import deployment_crumbs
from deployments.declaration_forms import ReceiptForm
from deployments.enums import DeclarationState
from deployments.models import Deployment, PublicSpaceDeclaration
from library.files import attachment
from library.uploads import FILE_TYPES, PDF
from organisations.requests import UserRequest

# In the session: what a receipt last changed, for as long as one regrets it.
GRANTED = "deployments-granted"
REGRET = timedelta(minutes=10)


@require_http_methods(["GET", "HEAD", "POST"])
def declaration_receipt(request: UserRequest, pk: int, declaration_pk: int) -> HttpResponse:
    """Hand in what the authority sent back, which also says how far the declaration has got."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    declaration = fetch.get_declaration_or_404(deployment, declaration_pk)
    today = fetch.today_at(deployment)
    form = ReceiptForm(
        request.POST or None, request.FILES or None, declaration=declaration, today=today
    )
    left_out = ""
    if request.method == "POST" and form.is_valid():
        try:
            kept = declaring.keep_receipt(
                declaration=declaration, author=request.user, **form.cleaned_data
            )
        except (declaring.DeclarationMoved, declaring.WrongStep):
            deployment = rules.get_managed_deployment_or_404(request.user, pk)
            declaration = fetch.get_declaration_or_404(deployment, declaration_pk)
            left_out = form.cleaned_data["file"].name
            form = ReceiptForm(declaration=declaration, today=today)
        else:
            if form.cleaned_data["is_granted"]:
                _remember(request, kept, before=declaration)
            messages.success(request, "Le récépissé est joint : l’équipe peut l’imprimer.")
            return redirect("deployments:declarations", pk=pk)
    context = {
        "form": form,
        "left_out": left_out,
        "declaration": declaration,
        "crumbs": deployment_crumbs("Récépissé", deployment),
        "deployment": deployment,
    }
    status = 409 if left_out else 200
    return render(request, "deployments/declarations/receipt.html", context, status=status)


@require_POST
def declaration_receipt_undo(request: UserRequest, pk: int, declaration_pk: int) -> HttpResponse:
    """The file was not that: the declaration is again what it was, unless it changed since."""
    deployment = rules.get_managed_deployment_or_404(request.user, pk)
    declaration = fetch.get_declaration_or_404(deployment, declaration_pk)
    last = request.session.pop(GRANTED, None)
    if not last or last["pk"] != declaration_pk:
        raise Http404
    answered = last["answered_on"]
    try:
        declaring.take_back_grant(
            declaration=declaration,
            revision=last["revision"],
            state=DeclarationState(last["state"]),
            answered_on=date.fromisoformat(answered) if answered else None,
            author=request.user,
        )
    except (declaring.DeclarationMoved, declaring.WrongStep):
        messages.warning(
            request, "Quelqu’un a changé cette déclaration depuis : rien n’est annulé."
        )
    else:
        messages.success(
            request, "La déclaration est redevenue ce qu’elle était. Le fichier reste joint."
        )
    return redirect("deployments:declarations", pk=pk)


@require_safe
def declaration_receipt_file(
    request: UserRequest, pk: int, declaration_pk: int
) -> HttpResponseBase:
    """The receipt, for who prepares the action or is in its team."""
    deployment = fetch.get_deployment_of_team_or_404(request.user, pk)
    declaration = fetch.get_declaration_or_404(deployment, declaration_pk)
    if not declaration.receipt:
        raise Http404
    extension = declaration.receipt_name.rpartition(".")[2]
    known = {one.extension: one.content_type for one in FILE_TYPES.values()}
    kind = known.get(extension, PDF.content_type)
    return attachment(declaration.receipt, declaration.receipt_name, kind)


def _remember(
    request: UserRequest, kept: PublicSpaceDeclaration, *, before: PublicSpaceDeclaration
) -> None:
    answered = before.answered_on
    request.session[GRANTED] = {
        "pk": kept.pk,
        "revision": kept.revision,
        "state": before.state,
        "answered_on": answered.isoformat() if answered else None,
        "at": clock.now().isoformat(),
    }


def last_grant(request: UserRequest, deployment: Deployment) -> PublicSpaceDeclaration | None:
    """The declaration a receipt has just changed; nothing once it is old, or changed again."""
    last = request.session.get(GRANTED)
    if not last or clock.now() - datetime.fromisoformat(last["at"]) > REGRET:
        return None
    return fetch.find_declaration(deployment, last["pk"], last["revision"])
