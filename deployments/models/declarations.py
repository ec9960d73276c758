"""What the law asks of who stands in the public space."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.dates import day
from deployments.enums import Authority, DeclarationAlert, DeclarationState
from deployments.models.deployment import Deployment
from organisations.enums import Kind
from organisations.models import User
from territory.models import Commune, Departement


def departements_kept_by(user: User) -> list[str]:
    """The départements whose rules the person keeps: those of the UD they work for."""
    led = (one.organisation for one in user.active_memberships if one.leads)
    return sorted(str(one.departement_id) for one in led if one.kind == Kind.UD)


class DeclarationRuleQuerySet(models.QuerySet["DeclarationRule"]):
    def managed_by(self, user: User) -> Self:
        """Every rule for the confederation's team; an UD keeps those of its département."""
        if user.scope.everything:
            return self.all()
        own = departements_kept_by(user)
        return self.filter(Q(departement__in=own) | Q(commune__departement__in=own))


class DeclarationRule(models.Model):
    """When an authority must have heard of a fixed point. The narrowest place wins.

    Rules are data because local practice differs (DOMAIN.md): 3 to 14 days before a préfecture,
    the mayor's authorisation elsewhere. Without département nor commune it is the default.
    """

    departement = models.ForeignKey(
        Departement, models.CASCADE, null=True, blank=True, related_name="declaration_rules"
    )
    commune = models.ForeignKey(
        Commune, models.CASCADE, null=True, blank=True, related_name="declaration_rules"
    )
    authority = models.CharField("autorité", max_length=10, choices=Authority)
    is_needed = models.BooleanField("nécessaire", default=True)
    days_before = models.PositiveSmallIntegerField("dernier délai (jours)")
    advised_days_before = models.PositiveSmallIntegerField("délai conseillé (jours)")
    # Only days on which the office answers the telephone count.
    counts_working_days = models.BooleanField("en jours ouvrés", default=False)
    address = models.TextField("adresse du service", max_length=300, blank=True)
    email = models.EmailField("e-mail du service", blank=True)
    source = models.CharField("d’où vient cette règle", max_length=300)
    verified_on = models.DateField("vérifiée le")
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = DeclarationRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "règle de déclaration"
        verbose_name_plural = "règles de déclaration"
        ordering = ["departement", "commune", "authority"]
        constraints = [
            models.UniqueConstraint(
                fields=["departement", "commune", "authority"],
                nulls_distinct=False,
                name="one_declaration_rule_per_place",
                violation_error_message="Une règle existe déjà pour ce lieu et cette autorité.",
            ),
            models.CheckConstraint(
                condition=Q(commune=None) | Q(departement=None),
                name="declaration_rule_of_one_place",
            ),
            models.CheckConstraint(
                condition=Q(advised_days_before__gte=models.F("days_before")),
                name="declaration_advised_before_last_day",
                violation_error_message="Le délai conseillé est au moins le dernier délai.",
            ),
        ]

    def __str__(self) -> str:
        where = self.commune or self.departement or "partout"
        return f"{self.get_authority_display()}, {where} : {self.days_before} j"


class DeclarationQuerySet(models.QuerySet["PublicSpaceDeclaration"]):
    def needed(self) -> Self:
        return self.exclude(state=DeclarationState.NOT_NEEDED)


class PublicSpaceDeclaration(models.Model):
    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="declarations")
    authority = models.CharField("autorité", max_length=10, choices=Authority)
    state = models.CharField(
        "état", max_length=10, choices=DeclarationState, default=DeclarationState.TO_SEND
    )
    advised_on = models.DateField("à envoyer vers le")
    last_day = models.DateField("dernier jour")
    # Empty as long as nobody changed the words proposed.
    letter = models.TextField("lettre", max_length=5000, blank=True)
    # The place and hours the letter and the state are about: another day must be told anew.
    letter_facts = models.CharField(max_length=200, blank=True, editable=False)
    settled_facts = models.CharField(max_length=200, blank=True, editable=False)
    sent_on = models.DateField("envoyée le", null=True, blank=True)
    answered_on = models.DateField("réponse le", null=True, blank=True)
    receipt = models.FileField("récépissé", upload_to="deployments/receipts/", blank=True)
    receipt_name = models.CharField(max_length=200, blank=True)
    # The place and hours it answers: it is of no use another day.
    receipt_facts = models.CharField(max_length=200, blank=True, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    updated_at = models.DateTimeField("modifiée le", default=timezone.now)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = "déclaration"
        ordering = ["last_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "authority"], name="one_declaration_per_authority"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_authority_display()}, avant le {day(self.last_day)}"

    @property
    def is_to_send_again(self) -> bool:
        """Whether it was sent for another day, hour or place than today's."""
        return self.state == DeclarationState.TO_SEND and self.sent_on is not None

    def alert_on(self, day: date) -> DeclarationAlert:
        """What it calls for; meaningless for one that is not needed."""
        if self.state != DeclarationState.TO_SEND:
            return DeclarationAlert(self.state)
        if self.last_day < day:
            return DeclarationAlert.LATE
        return DeclarationAlert.DUE if self.advised_on <= day else DeclarationAlert.TO_SEND
