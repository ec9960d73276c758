"""The rules behind the dates of declarations, kept by département."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaigns import clock
from core.pages import confirm
from deployments import declaration_rules as fetch
from deployments import declaring
from deployments.crumbs import deployment_crumbs
from deployments.declaration_forms import RuleForm
from deployments.declaration_wording import rule_facts
from deployments.models import DeclarationRule
from organisations.requests import UserRequest

form_view = require_http_methods(["GET", "HEAD", "POST"])
MOVED = "Quelqu’un vient de modifier cette règle : la voici."


@require_safe
def rule_list(request: UserRequest) -> HttpResponse:
    context = {
        "rules": fetch.readable_rules_or_404(request.user),
        "managed": fetch.managed_rule_numbers(request.user),
        "crumbs": deployment_crumbs("Règles de déclaration"),
    }
    return render(request, "deployments/declarations/rules.html", context)


@form_view
def rule_create(request: UserRequest) -> HttpResponse:
    if not fetch.can_keep_rules(request.user):
        raise Http404
    return _rule_page(request, DeclarationRule(), "Nouvelle règle")


@form_view
def rule_edit(request: UserRequest, pk: int) -> HttpResponse:
    return _rule_page(request, fetch.get_rule_or_404(request.user, pk), "Modifier la règle")


def _rule_page(request: UserRequest, rule: DeclarationRule, title: str) -> HttpResponse:
    form = RuleForm(
        request.POST or None,
        instance=rule,
        departements=fetch.departements_to_rule(request.user),
        may_rule_everywhere=request.user.scope.everything,
        today=timezone.localdate(clock.now()),
    )
    newer = None
    if request.method == "POST" and form.is_valid():
        try:
            declaring.save_rule(
                rule=form.instance, revision=form.cleaned_data["revision"] or 0, now=clock.now()
            )
        except declaring.RuleMoved:
            newer = fetch.get_rule_or_404(request.user, rule.pk)
            form.show_newer(newer)
        else:
            messages.success(request, "La règle vaut dès maintenant pour les actions à venir.")
            return redirect("deployments:rule-list")
    trail = [
        *deployment_crumbs("Règles de déclaration")[:-1],
        {"label": "Règles de déclaration", "url": reverse("deployments:rule-list")},
        {"label": title, "url": ""},
    ]
    context = {
        "form": form,
        "newer": rule_facts(newer) if newer else None,
        "title": title,
        "crumbs": trail,
    }
    status = 409 if newer else 200
    return render(request, "deployments/declarations/rule_form.html", context, status=status)


@form_view
def rule_remove(request: UserRequest, pk: int) -> HttpResponse:
    """A rule of a place goes; the one for everywhere stays, since dates must come from one."""
    rule = fetch.get_rule_or_404(request.user, pk)
    if rule.departement_id is None and rule.commune_id is None:
        raise Http404
    if request.method == "POST":
        seen = request.GET.get("vue", "")
        try:
            declaring.remove_rule(
                rule=rule, revision=int(seen) if seen.isdecimal() else rule.revision,
                now=clock.now(),
            )  # fmt: skip
        except declaring.RuleMoved:
            messages.warning(request, MOVED)
            return redirect("deployments:rule-edit", pk)
        messages.success(request, "La règle est retirée : la règle plus large s’applique.")
        return redirect("deployments:rule-list")
    return confirm(
        request,
        title="Retirer cette règle ?",
        text=f"{rule}. La règle plus large s’appliquera aux actions à venir.",
        label="Retirer la règle",
        back=reverse("deployments:rule-list"),
    )
