"""Field actions: what is planned, who comes, what the law asks, what came of it."""

from deployments.models.aftermath import Debrief, Incident, Photo, Remark, Tally
from deployments.models.calendars import CalendarFeed
from deployments.models.declarations import DeclarationRule, PublicSpaceDeclaration
from deployments.models.deployment import (
    Deployment,
    DeploymentQuerySet,
    DeploymentType,
    Place,
    Shift,
)
from deployments.models.preparation import BudgetLine, ChecklistItem, ChecklistTemplate, Task
from deployments.models.team import Absence, Booking, RoleNeed, TeamLink, TeamMember, TeamRole

__all__ = [
    "Absence",
    "Booking",
    "BudgetLine",
    "CalendarFeed",
    "ChecklistItem",
    "ChecklistTemplate",
    "Debrief",
    "DeclarationRule",
    "Deployment",
    "DeploymentQuerySet",
    "DeploymentType",
    "Incident",
    "Photo",
    "Place",
    "PublicSpaceDeclaration",
    "Remark",
    "RoleNeed",
    "Shift",
    "Tally",
    "Task",
    "TeamLink",
    "TeamMember",
    "TeamRole",
]
