"""Organisations and their members."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.pages import confirm
from organisations import actions, rules
from organisations.enums import Kind, Role
from organisations.errors import DetailsMoved, NameTaken, OrganisationError
from organisations.forms import (
    ContactDetailsForm,
    FederationForm,
    FilterForm,
    LocalUnionForm,
    NameForm,
    RoleForm,
)
from organisations.models import Membership, Organisation
from organisations.requests import UserRequest
from organisations.wording import address_facts, describe_scope

GET_OR_POST = ["GET", "HEAD", "POST"]
PER_PAGE = 50


@require_GET
def organisation_list(request: UserRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    search = form.cleaned_data["q"] if form.is_valid() else ""
    kinds = rules.kinds_seen(request.user)
    kind = request.GET.get("type", "")
    kind = kind if kind in kinds else ""
    found = rules.list_organisations(request.user, kind=kind, search=search)
    context = {
        "form": form,
        "search": search,
        "kind": kind,
        "tabs": _tabs(kinds, kind),
        "page_obj": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "can_create_local_union": rules.list_parents_for_local_union(request.user).exists(),
        "can_create_specific": rules.is_confederation_admin(request.user),
    }
    return render(request, "organisations/list.html", context)


def _tabs(kinds: list[Kind], current: str) -> list[dict[str, Any]]:
    base = reverse("organisations:organisation-list")
    everything = {"label": "Toutes", "url": base, "current": not current}
    return [everything] + [
        {"label": kind.label, "url": f"{base}?type={kind}", "current": kind == current}
        for kind in kinds
    ]


@require_GET
def organisation_detail(request: UserRequest, pk: int) -> HttpResponse:
    organisation = rules.get_organisation_or_404(request.user, pk)
    context = {
        "organisation": organisation,
        "scope": describe_scope(organisation),
        "member_count": rules.list_members(organisation).count(),
        "children": rules.list_children(request.user, organisation),
        "can_administer": rules.can_administer(request.user, organisation),
        "can_edit": rules.can_edit(request.user, organisation),
    }
    return render(request, "organisations/detail.html", context)


@require_GET
def members(request: UserRequest, pk: int) -> HttpResponse:
    organisation = rules.get_administered_organisation_or_404(request.user, pk)
    found = Paginator(rules.list_members(organisation), PER_PAGE)
    context = {
        "organisation": organisation,
        "page_obj": found.get_page(request.GET.get("page")),
        "sees_accounts": rules.is_confederation_admin(request.user),
    }
    return render(request, "organisations/members.html", context)


@require_http_methods(GET_OR_POST)
def member_edit(request: UserRequest, pk: int) -> HttpResponse:
    membership = rules.get_managed_membership_or_404(request.user, pk)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if form.is_valid():
        try:
            actions.change_role(membership=membership, role=Role(form.cleaned_data["role"]))
        except OrganisationError as error:
            form.add_error("role", str(error))
        else:
            messages.success(request, f"Le rôle de {membership.user} est enregistré.")
            return redirect("organisations:member-list", membership.organisation_id)
    context = {"membership": membership, "form": form}
    return render(request, "organisations/member_edit.html", context)


@require_http_methods(GET_OR_POST)
def member_remove(request: UserRequest, pk: int) -> HttpResponse:
    membership = rules.get_managed_membership_or_404(request.user, pk)
    back = reverse("organisations:member-list", args=[membership.organisation_id])
    if request.method != "POST":
        return confirm(
            request,
            title=f"Retirer {membership.user} de {membership.organisation} ?",
            text=(
                "Cette personne ne verra plus rien au nom de l’organisation. Son compte et ce "
                "qu’elle a saisi restent. Pour revenir en arrière, invitez-la de nouveau."
            ),
            label="Retirer de l’équipe",
            back=back,
        )
    done = f"{membership.user} ne fait plus partie de l’organisation."
    return _end(request, membership, done=done, then=back)


@require_http_methods(GET_OR_POST)
def leave(request: UserRequest, pk: int) -> HttpResponse:
    membership = rules.get_own_membership_or_404(request.user, pk)
    back = reverse("accounts:me")
    if request.method != "POST":
        return confirm(
            request,
            title=f"Quitter {membership.organisation} ?",
            text=(
                "Vous ne verrez plus rien au nom de cette organisation. Votre compte reste "
                "ouvert. Pour revenir, il faudra une nouvelle invitation."
            ),
            label="Quitter l’organisation",
            back=back,
        )
    return _end(request, membership, done=f"Vous avez quitté {membership.organisation}.", then=back)


def _end(request: UserRequest, membership: Membership, *, done: str, then: str) -> HttpResponse:
    try:
        actions.end_membership(membership=membership)
        messages.success(request, done)
    except OrganisationError as error:
        messages.error(request, str(error))
    return redirect(then)


@require_http_methods(GET_OR_POST)
def local_union_create(request: UserRequest) -> HttpResponse:
    parents = rules.list_parents_for_local_union_or_404(request.user)
    form = LocalUnionForm(request.POST or None, parents=parents)
    if form.is_valid():
        try:
            union = actions.create_local_union(**form.cleaned_data)
        except NameTaken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"{union} est ouverte. Invitez maintenant son équipe.")
            return redirect("organisations:organisation-detail", union.pk)
    context = {
        "form": form,
        "title": "Nouvelle union locale",
        "back": reverse("organisations:organisation-list"),
    }
    return render(request, "organisations/edit.html", context)


@require_http_methods(GET_OR_POST)
def specific_create(request: UserRequest) -> HttpResponse:
    confederation = rules.get_own_confederation_or_404(request.user)
    form = NameForm(request.POST or None)
    if form.is_valid():
        try:
            created = actions.create_specific_organisation(
                name=form.cleaned_data["name"], parent=confederation
            )
        except NameTaken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"{created} est créée. Invitez maintenant son équipe.")
            return redirect("organisations:organisation-detail", created.pk)
    context = {
        "form": form,
        "title": "Nouvelle organisation spécifique",
        "back": reverse("organisations:organisation-list"),
    }
    return render(request, "organisations/edit.html", context)


@require_http_methods(GET_OR_POST)
def organisation_edit(request: UserRequest, pk: int) -> HttpResponse:
    organisation = rules.get_editable_organisation_or_404(request.user, pk)
    form = _edit_form(request, organisation)
    if form.is_valid():
        try:
            _save(organisation, form.cleaned_data)
        except NameTaken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, "C’est enregistré.")
            return redirect("organisations:organisation-detail", pk)
    back = reverse("organisations:organisation-detail", args=[pk])
    context = {"form": form, "title": f"Modifier {organisation}", "back": back}
    return render(request, "organisations/edit.html", context)


def _edit_form(request: UserRequest, organisation: Organisation) -> NameForm:
    data = request.POST or None
    if organisation.kind == Kind.UL:
        return LocalUnionForm(data, organisation=organisation)
    if organisation.kind == Kind.FD:
        return FederationForm(data, organisation=organisation)
    return NameForm(data, organisation=organisation)


def _save(organisation: Organisation, data: dict[str, Any]) -> None:
    if organisation.kind == Kind.UL:
        actions.update_local_union(organisation=organisation, **data)
    elif organisation.kind == Kind.FD:
        actions.update_federation(organisation=organisation, **data)
    else:
        actions.rename_organisation(organisation=organisation, **data)


@require_http_methods(GET_OR_POST)
def organisation_address(request: UserRequest, pk: int) -> HttpResponse:
    """Where letters come from: whoever manages the members says it."""
    organisation = rules.get_administered_organisation_or_404(request.user, pk)
    form = ContactDetailsForm(request.POST or None, organisation=organisation)
    stored: list[dict[str, str]] = []
    if form.is_valid():
        try:
            actions.set_contact_details(organisation=organisation, **form.cleaned_data)
        except DetailsMoved:
            organisation = rules.get_administered_organisation_or_404(request.user, pk)
            form.show_newer(organisation)
            stored = address_facts(organisation)
        else:
            messages.success(request, "C’est enregistré : les lettres portent cette adresse.")
            return redirect("organisations:organisation-detail", pk)
    back = reverse("organisations:organisation-detail", args=[pk])
    context = {"form": form, "title": f"Adresse – {organisation}", "back": back, "stored": stored}
    status = 409 if stored else 200
    return render(request, "organisations/edit.html", context, status=status)


@require_http_methods(GET_OR_POST)
def organisation_deactivate(request: UserRequest, pk: int) -> HttpResponse:
    organisation = rules.get_editable_organisation_or_404(request.user, pk)
    back = reverse("organisations:organisation-detail", args=[pk])
    if request.method != "POST":
        return confirm(
            request,
            title=f"Fermer {organisation} ?",
            text=(
                "Ses membres gardent leur compte mais ne verront plus rien au nom de cette "
                "organisation. Vous pourrez la rouvrir à tout moment."
            ),
            label="Fermer l’organisation",
            back=back,
        )
    try:
        actions.deactivate_organisation(organisation=organisation)
        messages.success(request, f"{organisation} est fermée.")
    except OrganisationError as error:
        messages.error(request, str(error))
    return redirect(back)


@require_POST
def organisation_reactivate(request: UserRequest, pk: int) -> HttpResponse:
    organisation = rules.get_editable_organisation_or_404(request.user, pk)
    try:
        actions.reactivate_organisation(organisation=organisation)
        messages.success(request, f"{organisation} est rouverte.")
    except OrganisationError as error:
        messages.error(request, str(error))
    return redirect("organisations:organisation-detail", pk)
