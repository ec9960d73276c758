"""Fetching is the permission check, for declarations and the rules behind them."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaigns import clock
from deployments.enums import DeclarationAlert, DeclarationState
from deployments.models import DeclarationRule, Deployment, PublicSpaceDeclaration, TeamMember
from deployments.models.declarations import departements_kept_by
from deployments.rules import DETAILS
from organisations.models import User
from territory.models import Commune, Departement

PRESSING = (DeclarationAlert.LATE, DeclarationAlert.DUE)


def get_deployment_of_team_or_404(user: User, pk: int) -> Deployment:
    """A deployment the person manages, or is in the team of."""
    own = TeamMember.objects.in_team().filter(user=user).values("deployment")
    managed = Deployment.objects.managed_by(user).values("pk")
    theirs = Deployment.objects.filter(Q(pk__in=own) | Q(pk__in=managed))
    return get_object_or_404(theirs.select_related(*DETAILS), pk=pk)


def declarations_of(deployment: Deployment) -> QuerySet[PublicSpaceDeclaration]:
    return deployment.declarations.select_related("updated_by").order_by("last_day", "pk")


def get_declaration_or_404(deployment: Deployment, pk: int) -> PublicSpaceDeclaration:
    """One of the declarations of an action whose fetching was the check."""
    declaration = get_object_or_404(deployment.declarations, pk=pk)
    declaration.deployment = deployment
    return declaration


def find_declaration(
    deployment: Deployment, pk: int, revision: int
) -> PublicSpaceDeclaration | None:
    """One of the declarations of an action, as long as nobody changed it."""
    return deployment.declarations.filter(pk=pk, revision=revision).first()


def pressing_declarations(deployments: Iterable[Deployment]) -> list[PublicSpaceDeclaration]:
    """Those to send now, to send again, or it is too late to send; in one query."""
    now = clock.now()
    coming = [one.pk for one in deployments if not one.is_off and not one.is_over_at(now)]
    to_send = PublicSpaceDeclaration.objects.filter(
        deployment__in=coming, state=DeclarationState.TO_SEND
    )
    return [
        one
        for one in to_send.select_related("deployment").order_by("last_day", "pk")
        if one.is_to_send_again or one.alert_on(today_at(one.deployment)) in PRESSING
    ]


def rule_behind(declaration: PublicSpaceDeclaration) -> DeclarationRule | None:
    """The rule its days come from: the commune's, else the département's, else the wide one."""
    commune = declaration.deployment.commune
    if commune is None:
        return None
    places = Q(commune=commune) | Q(departement=commune.departement_id)
    found = DeclarationRule.objects.filter(places | Q(commune=None, departement=None))
    rules = found.filter(authority=declaration.authority)
    narrowest = sorted(rules, key=lambda rule: (not rule.commune_id, not rule.departement_id))
    return narrowest[0] if narrowest else None


def today_at(deployment: Deployment) -> date:
    """The day it is where the action takes place."""
    return clock.now().astimezone(deployment.zone).date()


def can_keep_rules(user: User) -> bool:
    return user.scope.everything or bool(departements_kept_by(user))


def readable_rules_or_404(user: User) -> QuerySet[DeclarationRule]:
    """The rules one keeps, and those for everywhere."""
    if not can_keep_rules(user):
        raise Http404
    managed = DeclarationRule.objects.managed_by(user).values("pk")
    seen = DeclarationRule.objects.filter(Q(pk__in=managed) | Q(departement=None, commune=None))
    return seen.select_related("departement", "commune").order_by(
        "departement", "commune", "authority"
    )


def managed_rule_numbers(user: User) -> set[int]:
    return set(DeclarationRule.objects.managed_by(user).order_by().values_list("pk", flat=True))


def get_rule_or_404(user: User, pk: int) -> DeclarationRule:
    rules = DeclarationRule.objects.managed_by(user)
    return get_object_or_404(rules.select_related("departement", "commune"), pk=pk)


def departements_to_rule(user: User) -> QuerySet[Departement]:
    """Where the person may say which rule holds."""
    if user.scope.everything:
        return Departement.objects.order_by("code")
    return Departement.objects.filter(pk__in=departements_kept_by(user)).order_by("code")


def rule_exists(
    authority: str, departement: Departement | None, commune: Commune | None, but: int | None
) -> bool:
    same = DeclarationRule.objects.filter(
        authority=authority, departement=departement, commune=commune
    )
    return (same.exclude(pk=but) if but else same).exists()
