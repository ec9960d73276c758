"""What the preparation reads: places known, lessons of the past, lines of the lists."""

from django.conf import settings
from django.db.models import Q, QuerySet

from deployments.enums import TaskKind
from deployments.models import Deployment, DeploymentType, Place, Task, TeamMember, TeamRole
from deployments.neighbours import neighbours_of
from library.models import Document
from library.rules import visible_documents
from organisations.models import Organisation, User
from territory.models import Trade

# Suggestions a browser can show under a field.
MOST_PLACES = 200


def tpe_map_url(deployment: Deployment) -> str:
    """Where the small enterprises around are seen; nothing without a commune, or a map."""
    if deployment.commune_id is None:
        return ""
    return settings.TPE_MAP_URL.replace("{insee}", deployment.commune_id)


def lessons_for(deployment: Deployment) -> QuerySet[Task, Task]:
    """What earlier actions at the same place taught, and nobody has settled yet."""
    if deployment.place_id is None:
        return Task.objects.none()
    lessons = Task.objects.filter(place=deployment.place_id, kind=TaskKind.LESSON, done_at=None)
    return lessons.exclude(deployment=deployment.pk).order_by("-created_at", "-pk")


def places_known_to(user: User, deployment: Deployment) -> QuerySet[Place, Place]:
    """Where teams stood before, near this action, or where the person acts."""
    near = Q(commune__departement=deployment.organisation.departement_id)
    if deployment.commune_id:
        near |= Q(commune=deployment.commune_id)
    elif user.scope.departements:
        near |= Q(commune__departement__in=user.scope.departements)
    return Place.objects.filter(near).select_related("commune").order_by("name")[:MOST_PLACES]


def partners_for(deployment: Deployment) -> QuerySet[Organisation, Organisation]:
    """The organisations likely to act together: those around, those above, those of the trades."""
    own = deployment.organisation
    likely = Q(pk__in=neighbours_of(deployment).values("pk")) | Q(parent=own.pk)
    likely |= Q(pk__in=deployment.co_organisers.values("pk"))
    if own.parent_id:
        likely |= Q(pk=own.parent_id) | Q(parent=own.parent_id)
    found = Organisation.objects.active().filter(likely).exclude(pk=own.pk)
    return found.distinct().order_by("kind", "name")


def offered_trades(deployment: Deployment) -> QuerySet[Trade, Trade]:
    """Trades in use, and those of the action even if nobody offers them any more."""
    wanted = Trade.objects.filter(Q(is_active=True) | Q(deployments=deployment))
    return wanted.distinct()


def offered_types(deployment: Deployment) -> QuerySet[DeploymentType, DeploymentType]:
    wanted = DeploymentType.objects.filter(Q(is_active=True) | Q(deployments=deployment))
    return wanted.distinct()


def offered_roles() -> QuerySet[TeamRole, TeamRole]:
    return TeamRole.objects.all()


def offered_documents(user: User, deployment: Deployment) -> QuerySet[Document, Document]:
    offered = Q(retired_at=None) | Q(deployments=deployment)
    return visible_documents(user).filter(offered).distinct()


def bearers_in(deployment: Deployment) -> QuerySet[TeamMember, TeamMember]:
    """Who may carry something: the team, those who declined left out."""
    return deployment.team.in_team()


def filled_steps(deployment: Deployment) -> set[str]:
    """The steps of the preparation that hold something."""
    holds = {
        "objectif": deployment.objective or deployment.objective_count,
        "public": deployment.theme or deployment.partners or deployment.trades.exists(),
        "lieu": deployment.commune_id and (deployment.place_id or deployment.route),
        "moment": deployment.starts_at,
        "type": deployment.types.exists(),
        "equipe": deployment.needs.exists(),
        "materiel": deployment.checklist.exists(),
        "paroles": deployment.speech or deployment.talking_points or deployment.documents.exists(),
        "budget": deployment.budget.exists(),
    }
    return {slug for slug, held in holds.items() if held}
