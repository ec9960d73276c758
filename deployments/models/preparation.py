"""What must be done and carried before the day."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from deployments.enums import PILOT_ROLE, Answer, TaskKind
from deployments.models.deployment import Deployment, DeploymentType, Place
from organisations.models import User

PRESENT = (Answer.COMING, Answer.INVITED)


class ChecklistTemplate(models.Model):
    """A line that the list of an action starts with; without a type, that of every action."""

    type = models.ForeignKey(
        DeploymentType, models.CASCADE, null=True, blank=True, related_name="checklist"
    )
    needs_fixed_point = models.BooleanField("pour un point fixe seulement", default=False)
    category = models.CharField("rubrique", max_length=40)
    label = models.CharField("à prendre", max_length=150)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "modèle de liste"
        verbose_name_plural = "modèles de liste"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label


class ChecklistItem(models.Model):
    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="checklist")
    category = models.CharField("rubrique", max_length=40)
    label = models.CharField("à prendre", max_length=150)
    quantity = models.CharField("combien", max_length=40, blank=True)
    bearer = models.ForeignKey(
        "TeamMember", models.SET_NULL, null=True, blank=True, related_name="carried",
        verbose_name="qui l’apporte",
    )  # fmt: skip
    done_at = models.DateTimeField("prêt le", null=True, blank=True)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "ligne de la liste"
        verbose_name_plural = "lignes de la liste"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label


# The step of the back-plan that the declarations of an action decide of.
DECLARATION = "declaration"


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def of(self, user: User) -> Self:
        """Those the person took, and those nobody took of the actions they pilot."""
        theirs = Q(assignee__user=user, assignee__answer__in=PRESENT)
        piloted = Deployment.objects.filter(
            team__user=user, team__role=PILOT_ROLE, team__answer__in=PRESENT
        )
        return self.filter(theirs | Q(assignee=None, deployment__in=piloted.values("pk")))


class Task(models.Model):
    """Something to do by a day, for an action; or a lesson that waits for the next one here."""

    deployment = models.ForeignKey(
        Deployment, models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    place = models.ForeignKey(
        Place, models.CASCADE, null=True, blank=True, related_name="lessons", verbose_name="lieu"
    )
    kind = models.CharField("sorte", max_length=13, choices=TaskKind, default=TaskKind.OTHER)
    label = models.CharField("à faire", max_length=200)
    due_on = models.DateField("pour le", null=True, blank=True)
    assignee = models.ForeignKey(
        "TeamMember", models.SET_NULL, null=True, blank=True, related_name="tasks",
        verbose_name="qui s’en charge",
    )  # fmt: skip
    # The flop it came from.
    remark = models.ForeignKey(
        "Remark", models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    done_at = models.DateTimeField("fait le", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Of a step of the back-plan: when its day was last counted.
    created_at = models.DateTimeField("créée le", default=timezone.now)
    # Which step of the back-plan it is (`deployments.back_plan`), and the day that proposed: a task
    # whose day nobody changed moves with the action.
    step = models.CharField(max_length=20, blank=True, editable=False)
    planned_on = models.DateField(null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche"
        ordering = [models.F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deployment__isnull=False) | Q(place__isnull=False),
                name="task_of_an_action_or_a_place",
            ),
            models.UniqueConstraint(
                fields=["deployment", "step"], condition=~Q(step=""), name="one_task_per_step"
            ),
        ]

    def __str__(self) -> str:
        return self.label


class BudgetLine(models.Model):
    deployment = models.ForeignKey(Deployment, models.CASCADE, related_name="budget")
    label = models.CharField("poste", max_length=120)
    euros = models.DecimalField("montant (€)", max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = "ligne de budget"
        verbose_name_plural = "lignes de budget"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(euros__gte=0), name="budget_line_is_positive")
        ]

    def __str__(self) -> str:
        return self.label
