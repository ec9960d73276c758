"""Field actions for tests, in the words of the domain."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from campaigns.clock import current_campaign
from campaigns.loading import load_campaign
from deployments import staffing
from deployments.actions import create_deployment, report_deployment
from deployments.models import Deployment, DeploymentType, TeamMember, TeamRole
from deployments.shifts import Slot
from territory.models import Commune
from tests.factories import CAEN, get_organisation

PARIS = ZoneInfo("Europe/Paris")


def postcode_commune(postcode: str) -> Commune:
    """The biggest commune of a postcode."""
    found = Commune.objects.with_postcode(postcode).order_by("-population").first()
    assert found is not None
    return found


def slot(start: datetime, hours: float = 3, label: str = "") -> Slot:
    return Slot(start, start + timedelta(hours=hours), label)


def next_week(hour: int = 9) -> datetime:
    """An hour of the same weekday next week, in Paris."""
    day = timezone.localtime(timezone=PARIS) + timedelta(days=7)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def make_deployment(
    organisation: str = "ul-caen",
    *,
    commune: Commune | None = None,
    types: list[str] | None = None,
    reported: bool = True,
    **fields: Any,
) -> Deployment:
    """An action of next week on a market of Caen, announced."""
    campaign = current_campaign()
    if campaign is None:
        load_campaign()
        campaign = current_campaign()
    assert campaign is not None
    defaults: dict[str, Any] = {
        "title": "Marché Saint-Pierre",
        "commune": commune or Commune.objects.get(pk=CAEN),
        "slots": [slot(next_week())],
        "created_by": None,
        "types": DeploymentType.objects.filter(pk__in=types or ["tractage-marche"]),
    }
    deployment = create_deployment(
        campaign=campaign, organisation=get_organisation(organisation), **(defaults | fields)
    )
    if not reported:
        return deployment
    return report_deployment(deployment=deployment, revision=deployment.revision)


def role(slug: str = "equipe") -> TeamRole:
    return TeamRole.objects.get(pk=slug)


def add_member(
    deployment: Deployment,
    number: int = 1,
    *,
    slug: str = "equipe",
    comes: bool = True,
    **fields: Any,
) -> TeamMember:
    """Somebody without an account, of the number 06 39 98 77 `number`, who comes."""
    member = staffing.invite_person(
        deployment=deployment,
        invited_by=None,
        **{
            "first_name": f"Sacha {number}",
            "phone": f"+3363998{7700 + number}",
            "email": "",
            "role": role(slug),
        }
        | fields,
    )
    return staffing.say_coming(member=member) if comes else member
